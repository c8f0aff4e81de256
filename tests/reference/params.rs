//! The table of parameters of section 2, and `--set key=value` of section 5.

use super::dates::{self, Date};

#[derive(Clone, Debug)]
pub struct Params {
    pub minimum_criteria: i64,
    pub counting_need: bool,
    pub require_dependent: bool,
    pub expecting_weeks: i64,
    pub sustainment_months: i64,
    pub clock_closure: bool,
    pub new_case_breaks: bool,
    pub whole_months: bool,
    pub threshold: i64,
    pub terms: i64,
    pub combined: bool,
    pub only_unauthorised: bool,
    pub with_need: bool,
    pub held: bool,
    pub above: bool,
    pub any_term: bool,
    pub minimum_coverage: i64,
    pub maximum_coverage: i64,
    pub reclaim_years: i64,
    pub intervention_since: Date,
    pub support_since: Date,
    pub months_after_closure: i64,
    pub required: Vec<String>,
}

pub fn defaults() -> Params {
    let april_2020 = Date { y: 2020, m: 4, d: 1 };
    Params {
        minimum_criteria: 3,
        counting_need: false,
        require_dependent: true,
        expecting_weeks: 42,
        sustainment_months: 6,
        clock_closure: false,
        new_case_breaks: true,
        whole_months: false,
        threshold: 90,
        terms: 2,
        combined: false,
        only_unauthorised: false,
        with_need: false,
        held: false,
        above: false,
        any_term: false,
        minimum_coverage: 70,
        maximum_coverage: 110,
        reclaim_years: 2,
        intervention_since: april_2020,
        support_since: april_2020,
        months_after_closure: 0,
        required: Vec::new(),
    }
}

fn unquoted(value: &str) -> &str {
    let v = value.trim();
    for q in ['"', '\''] {
        if v.len() >= 2 && v.starts_with(q) && v.ends_with(q) {
            return &v[1..v.len() - 1];
        }
    }
    v
}

fn whole(key: &str, value: &str) -> Result<i64, String> {
    match value.trim().parse::<i64>() {
        Ok(n) if n >= 0 => Ok(n),
        _ => Err(format!("{key}: not a whole number: {value}")),
    }
}

fn flag(key: &str, value: &str) -> Result<bool, String> {
    match value.trim() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("{key}: neither true nor false: {value}")),
    }
}

/// Is it the second of the two words?
fn word(key: &str, value: &str, first: &str, second: &str) -> Result<bool, String> {
    let v = unquoted(value);
    if v == first {
        Ok(false)
    } else if v == second {
        Ok(true)
    } else {
        Err(format!("{key}: neither {first} nor {second}: {value}"))
    }
}

fn day(key: &str, value: &str) -> Result<Date, String> {
    dates::parse(unquoted(value)).ok_or(format!("{key}: not a date: {value}"))
}

pub fn with_sets(sets: &[(String, String)]) -> Result<Params, String> {
    let mut p = defaults();
    for (key, value) in sets {
        match key.trim() {
            "eligibility.minimum_criteria" => p.minimum_criteria = whole(key, value)?,
            "eligibility.counting" => p.counting_need = word(key, value, "headline", "need")?,
            "family.require_dependent" => p.require_dependent = flag(key, value)?,
            "family.expecting_weeks" => p.expecting_weeks = whole(key, value)?,
            "sustainment.months" => p.sustainment_months = whole(key, value)?,
            "sustainment.clock" => p.clock_closure = word(key, value, "progress", "closure")?,
            "sustainment.new_case_breaks" => p.new_case_breaks = flag(key, value)?,
            "sustainment.whole_months" => p.whole_months = flag(key, value)?,
            "attendance.threshold_percent" => p.threshold = whole(key, value)?,
            "attendance.terms" => p.terms = whole(key, value)?,
            "attendance.basis" => p.combined = word(key, value, "each_term", "combined")?,
            "attendance.absence_counted" => p.only_unauthorised = word(key, value, "all", "unauthorised")?,
            "attendance.children" => p.with_need = word(key, value, "all", "with_need")?,
            "attendance.window" => p.held = word(key, value, "completed", "held")?,
            "attendance.boundary" => p.above = word(key, value, "at_least", "above")?,
            "attendance.school_age" => p.any_term = word(key, value, "as_at", "any_term")?,
            "attendance.minimum_coverage_percent" => p.minimum_coverage = whole(key, value)?,
            "attendance.maximum_coverage_percent" => p.maximum_coverage = whole(key, value)?,
            "reclaim.years" => p.reclaim_years = whole(key, value)?,
            "reclaim.intervention_since" => p.intervention_since = day(key, value)?,
            "timeliness.support_since" => p.support_since = day(key, value)?,
            "timeliness.months_after_closure" => p.months_after_closure = whole(key, value)?,
            "evidence.required" => {
                let v = value.trim();
                if !(v.starts_with('[') && v.ends_with(']')) {
                    return Err(format!("{key}: not a list: {value}"));
                }
                p.required.clear();
                for part in v[1..v.len() - 1].split(',') {
                    match unquoted(part) {
                        "" => {}
                        f @ ("assessment_on" | "plan_on" | "lead_practitioner") => p.required.push(f.to_string()),
                        other => return Err(format!("{key}: unknown field {other}")),
                    }
                }
            }
            other => return Err(format!("unknown parameter {other}")),
        }
    }
    Ok(p)
}
