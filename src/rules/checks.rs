//! From when on a check across tables finds something odd: whole numbers, from `checks.toml`. They warn and no more,
//! so they are no parameters: a decision is the same whatever they are.

use super::{Standing, Who};
use serde::Deserialize;

/// One of the numbers, with everything said of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The number.
    pub value: u32,
    /// What it counts.
    pub unit: String,
    /// What it means, in a sentence.
    pub title: String,
    /// The key of the source.
    pub source: String,
    /// How far it can be relied on.
    pub standing: Standing,
    /// Who may change it.
    pub who: Who,
    /// The day on which somebody last checked it.
    pub last_checked: toml::value::Datetime,
}

macro_rules! thresholds {
    ($($name:ident)*) => {
        /// All of them. `checks.toml` says what each is.
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[allow(missing_docs, reason = "checks.toml says what each is, once")]
        pub struct Thresholds { $(pub $name: Threshold,)* }

        impl Thresholds {
            /// Each with its key.
            pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Threshold)> {
                [$((stringify!($name), &self.$name),)*].into_iter()
            }
        }
    };
}

thresholds! {
    roll_age_years
    need_before_opening_months
    outcome_after_closing_months
    cases_to_judge_headlines
    headline_on_nearly_all_percent
    headline_is_common_percent
    cases_to_judge_a_team
    rows_to_compare
    rows_lost_percent
    rows_gained_percent
}

impl Thresholds {
    /// Those of a pack that gives none of its own.
    pub fn built_in() -> Option<Thresholds> {
        toml::from_str(include_str!("../../rules/checks.toml")).ok()
    }
}

impl Threshold {
    /// The number as an amount of months or years.
    pub fn span(&self) -> i32 {
        i32::try_from(self.value).unwrap_or(i32::MAX)
    }

    /// The number as a count.
    pub fn count(&self) -> usize {
        usize::try_from(self.value).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_every_number() {
        let thresholds = Thresholds::built_in().unwrap();
        assert_eq!(thresholds.iter().count(), 10);
        assert!(thresholds.iter().all(|(_, threshold)| !threshold.title.is_empty() && !threshold.unit.is_empty()));
    }
}
