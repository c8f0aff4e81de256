//! The parameters of a framework.
//!
//! - [`KEYS`] which keys there are and what each may hold; [`Parameters`] their values on a day, typed for the stages.
//! - [`Value`] what a key holds, read and said.
//! - [`dated`] the values of a framework, each with the days on which it holds, and those that hold on one day.

pub mod dated;
mod keys;
mod typed;
mod value;

pub use dated::{DatedParameters, Origin, Override, ParameterSet, Setting};
pub use keys::{KEYS, ValueKind, kind_of};
pub use typed::{
    AbsenceCounted, Basis, Boundary, ChildrenLookedAt, Clock, Counting, Parameters, PercentOnly, SchoolAgeAt, Window,
};
pub use value::Value;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_word_after_set_is_a_string_and_toml_is_toml() {
        let read = |text: &str| Override::read(text).unwrap().value;
        assert_eq!(read("attendance.basis=combined"), toml::Value::String("combined".into()));
        assert_eq!(read("attendance.terms = 3"), toml::Value::Integer(3));
        assert_eq!(read("attendance.basis=\"combined\""), toml::Value::String("combined".into()));
        assert!(read("evidence.required=[\"plan_on\"]").is_array());
        assert!(read("reclaim.intervention_since=2020-04-01").is_datetime());
        assert!(Override::read("attendance.terms").is_err());
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        let message = kind_of("attendance.treshold").unwrap_err().to_string();
        assert!(message.contains("attendance.threshold_percent"), "{message}");
    }

    #[test]
    fn values_out_of_bounds_are_refused() {
        let read = |kind, text: &str| Value::read(kind, &Override::read(&format!("k={text}")).unwrap().value);
        assert!(read(ValueKind::Percent, "101").is_err());
        assert!(read(ValueKind::Percent, "92.5").is_ok());
        assert!(read(ValueKind::Whole(1, 30), "0").is_err());
        assert!(read(ValueKind::YesNo, "yes").is_err());
        assert!(
            read(ValueKind::Choice(&["each_term", "combined"]), "combine")
                .unwrap_err()
                .contains("perhaps \"combined\"")
        );
        assert!(read(ValueKind::Fields(&["plan_on"]), "[\"plan\"]").is_err());
        assert!(read(ValueKind::Day, "2020-04-31").is_err());
    }
}
