//! Every rate of the simulation, read from TOML. What each one is stands beside it in `rules/sample.toml`.
#![allow(missing_docs, reason = "rules/sample.toml says what each value is, once")]

use serde::Deserialize;

use super::error::Error;
use crate::dates::{self, Date, Span};

/// What an invented authority is made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub town: Town,
    pub openings: Openings,
    pub household: Households,
    pub needs: Needs,
    pub work: Work,
    #[serde(rename = "return")]
    pub again: Again,
    pub transforming_lives: TransformingLives,
    pub attendance: Attendance,
    pub claims: Claims,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Town {
    pub authority_number: u32,
    pub schools_per_family: f64,
    pub families_per_practitioner: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Openings {
    pub new_families_a_year: f64,
    pub months: [f64; 12],
    pub quarter_deviation: f64,
    pub warm_up_months: i32,
    pub earlier_result: f64,
    pub social_care: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Households {
    pub one_adult: f64,
    pub children: Vec<f64>,
    pub months_between_children: [i32; 2],
    pub birth: f64,
    pub expecting: f64,
    pub moves_out: f64,
    pub moves_in: f64,
    pub adult_birth_date: f64,
    pub no_birth_date: f64,
    pub restricted: f64,
    pub shared_child: f64,
    pub at_home: f64,
    pub no_school: f64,
    pub upn_missing: f64,
    pub upn_un1: f64,
    pub upn_temporary: f64,
    pub upn_changed: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    pub headlines: Vec<f64>,
    pub weights: [f64; 10],
    pub two_needs: f64,
    pub numbered: f64,
    pub found_later: f64,
    pub evidence: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    pub no_assessment: f64,
    pub no_plan: f64,
    pub late: f64,
    pub review_days: i32,
    pub most_reviews: i32,
    pub met_at_review: f64,
    pub never_met: f64,
    pub practitioner_deviation: f64,
    pub quarter_deviation: f64,
    pub leaves_at_review: f64,
    pub recorded_not_achieved: f64,
    pub relapse: f64,
    pub recovers: f64,
    pub recorded_late: f64,
    pub recorded_days: i32,
    pub second_case: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Again {
    pub returns: f64,
    pub when: [f64; 3],
    pub most_times: u8,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransformingLives {
    pub families: f64,
    pub meets_criteria: f64,
    pub all_met: f64,
    pub all_met_known: f64,
    pub others_known: f64,
    pub days: [i32; 2],
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attendance {
    pub least_absence: f64,
    pub common_absence: f64,
    pub severe_absence: f64,
    pub family_deviation: f64,
    pub quarter_deviation: f64,
    pub seasons: [f64; 3],
    pub with_need: f64,
    pub need_met: f64,
    pub unevenness: f64,
    pub not_sent: f64,
    pub half_sent: f64,
    pub moved_school: f64,
    pub two_schools: f64,
    pub kept_months: i32,
    pub as_marks: f64,
    pub missing_mark: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    pub seen_days: i32,
    pub overlooked: f64,
    pub overlooked_days: i32,
    pub months: [f64; 3],
    pub all_at_the_end: f64,
    pub slips: f64,
    pub slips_days: [i32; 2],
    pub places: f64,
    pub places_deviation: f64,
    pub wait_for_term_days: i32,
    pub rejected: f64,
    pub withdrawn: f64,
    pub clawed_back: f64,
    pub decided_days: [i32; 2],
    pub clawed_back_days: [i32; 2],
    pub weak: f64,
    pub no_case: f64,
    pub minimum_headlines: usize,
    pub sustained_months: i32,
    pub attendance_percent: u32,
    pub years_since_result: i32,
    pub weak_attendance_percent: u32,
    pub agreed: f64,
    /// Off where it is not given.
    pub unsteady: Option<Unsteady>,
    pub results: Vec<Results>,
}

/// What makes claims come unsteadily, for studies of forecasts. Chances are from 0 to 1.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsteady {
    /// That a family which is ready is handed in with a batch; else it waits for the next.
    pub handed_in: f64,
    /// By quarter of the financial year, April first: by what the odds of it are multiplied.
    #[serde(default = "alike")]
    pub season: [f64; 4],
    /// How far good and bad quarters move the log odds of it, as a deviation.
    #[serde(default)]
    pub quarter_shock: f64,
    /// That a month's batch is not signed off, and waits for the next month's.
    #[serde(default)]
    pub claim_batch: f64,
    /// Claims that are put into the records late, by up to two months: those of the last weeks are missing.
    #[serde(default)]
    pub late_recording: f64,
}

fn alike() -> [f64; 4] {
    [1.0; 4]
}

/// Results handed in over whole quarters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    #[serde(deserialize_with = "date")]
    pub from: Date,
    #[serde(deserialize_with = "date")]
    pub until: Date,
    /// For 580 open families.
    pub results: u64,
}

impl Results {
    pub(crate) fn span(&self) -> Span {
        Span { from: self.from, to: self.until }
    }
}

fn date<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    dates::read(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a date")))
}

/// The number of open families for which results are given.
pub(crate) const RESULTS_ARE_FOR: u64 = 580;

impl Profile {
    /// The invented authority that comes with the program.
    ///
    /// # Errors
    /// None, unless the program was built with a broken `rules/sample.toml`.
    pub fn invented() -> Result<Profile, Error> {
        Profile::read(include_str!("../../rules/sample.toml"))
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// When it is not TOML, a value is missing, unknown or impossible.
    pub fn read(text: &str) -> Result<Profile, Error> {
        let profile: Profile = toml::from_str(text).map_err(|cause| Error::Profile(cause.to_string()))?;
        profile.check()
    }

    fn check(self) -> Result<Profile, Error> {
        let wrong = |what: &str| Err(Error::Profile(what.to_owned()));
        let positive = [
            ("openings.new_families_a_year", self.openings.new_families_a_year),
            ("openings.months, in sum,", self.openings.months.iter().sum()),
            ("household.children, in sum,", self.household.children.iter().sum()),
            ("needs.headlines, in sum,", self.needs.headlines.iter().sum()),
            ("needs.weights, the least of them,", self.needs.weights.iter().copied().fold(f64::MAX, f64::min)),
            ("claims.months, in sum,", self.claims.months.iter().sum()),
        ];
        for (name, value) in positive {
            if value.is_nan() || value <= 0.0 {
                return wrong(&format!("{name} must be more than 0"));
            }
        }
        if self.household.children.len() > 7 || self.needs.headlines.len() > 10 {
            return wrong("household.children takes 0 to 6 children, needs.headlines 1 to 10 headlines");
        }
        if self.work.review_days < 7 || self.town.families_per_practitioner == 0 {
            return wrong("work.review_days must be at least 7, town.families_per_practitioner at least 1");
        }
        if !(1..=990).contains(&self.town.authority_number) {
            return wrong("town.authority_number must be 1 to 990");
        }
        if let Some(unsteady) = &self.claims.unsteady {
            let chances = [unsteady.handed_in, unsteady.claim_batch, unsteady.late_recording];
            if !chances.iter().all(|chance| (0.0..=1.0).contains(chance))
                || !(0.0..=1.0).contains(&unsteady.quarter_shock)
            {
                return wrong("claims.unsteady: chances and quarter_shock must be from 0 to 1");
            }
            if unsteady.season.iter().any(|factor| factor.is_nan() || *factor <= 0.0) {
                return wrong("claims.unsteady.season must be more than 0");
            }
        }
        for results in &self.claims.results {
            let whole = results.from.day() == 1
                && (results.from.month() - 1) % 3 == 0
                && results.until.month() % 3 == 0
                && dates::day_after(results.until).day() == 1
                && results.from < results.until;
            if !whole {
                return wrong(&format!("claims.results from {}: give whole quarters", results.from));
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invented_profile_can_be_read() {
        assert!(Profile::invented().is_ok());
    }

    #[test]
    fn a_part_of_a_quarter_is_refused() {
        let text = include_str!("../../rules/sample.toml").replace("2011-03-31", "2011-03-30");
        assert!(matches!(Profile::read(&text), Err(Error::Profile(why)) if why.contains("whole quarters")));
    }

    #[test]
    fn an_unknown_value_is_refused() {
        let text = include_str!("../../rules/sample.toml").replace("not_sent =", "not_send =");
        assert!(matches!(Profile::read(&text), Err(Error::Profile(why)) if why.contains("not_send")));
    }
}
