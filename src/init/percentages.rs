//! Attendance in percentages with a column a term: which heading names which term, or half-term, of which year.

use super::headings::tokens;
use super::knowledge::{Knowledge, year_in};
use super::matching::PERCENT;
use super::sheet::Sheet;
use crate::load::tables::TableName;
use crate::rules::calendar::academic_year_of;
use crate::rules::council_words::Half;
use std::collections::BTreeSet;

/// A column of percentages of one term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermColumn {
    /// The term and its academic year, as the settings name them: `Spring 2023/24`, or `Spring 1 2023/24` of a half-term.
    pub term: String,
    /// The heading.
    pub heading: String,
}

/// The columns of percentages whose headings name a term, in the order of the file. Two of one term are neither.
pub(super) fn terms_side_by_side(sheet: &Sheet, knowledge: &Knowledge<'_>) -> Vec<TermColumn> {
    let found: Vec<TermColumn> = sheet
        .columns
        .iter()
        .filter(|column| column.is_of_percentages())
        .filter_map(|column| {
            let term = term_of(&column.heading, &sheet.name(), knowledge)?;
            Some(TermColumn { term, heading: column.heading.clone() })
        })
        .collect();
    let is_alone = |one: &TermColumn| found.iter().filter(|other| other.term == one.term).count() == 1;
    found.iter().filter(|one| is_alone(one)).cloned().collect()
}

/// The term that a heading names beside words for a percentage, with its year, which may be in the name of the file instead.
fn term_of(heading: &str, file: &str, knowledge: &Knowledge<'_>) -> Option<String> {
    let known = knowledge.headings.of(TableName::Attendance, PERCENT)?;
    let beside: BTreeSet<String> = known.sure.iter().chain(&known.loose).flat_map(|words| tokens(words)).collect();
    let is_beside = |part: &&str| !tokens(part).iter().all(|token| beside.contains(token));
    let is_sign = |c: char| !c.is_alphanumeric();
    let mut parts: Vec<&str> =
        heading.split_whitespace().map(|part| part.trim_matches(is_sign)).filter(is_beside).collect();
    // A year in front is as good as one behind.
    if parts.first().is_some_and(|first| academic_year_of(first).is_some()) {
        parts.rotate_left(1);
    }
    let text = parts.join(" ");
    let calendar = knowledge.pack.calendar.as_ref()?;
    let in_year = |year: &String| {
        let whole = || calendar.named(year, &text).map(|term| (term, None));
        let half = || calendar.half_named(year, &text).map(|(term, half)| (term, Some(half)));
        let (term, half) = whole().or_else(half)?;
        let half = match half {
            None => "",
            Some(Half::First) => " 1",
            Some(Half::Second) => " 2",
        };
        Some((year.clone(), format!("{}{half} {year}", calendar.term(term).term)))
    };
    let found: Vec<(String, String)> = knowledge.terms.academic_years.iter().filter_map(in_year).collect();
    match found.as_slice() {
        [] => None,
        [(_, only)] => Some(only.clone()),
        // The heading has no year, so that every year has the term.
        several => {
            let year = year_in(file)?;
            several.iter().find(|(of, _)| *of == year).map(|(_, term)| term.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::pack::Pack;

    #[test]
    fn a_heading_names_a_term_and_its_year_beside_words_for_a_percentage() {
        let (headings, pack) = (super::super::headings::read().unwrap(), Pack::built_in().unwrap());
        let knowledge = Knowledge::of(&headings, &pack);
        let of = |heading, file| term_of(heading, file, &knowledge);
        for (heading, term) in [
            ("Spring Term 2024 %", "Spring 2023/24"),
            ("Autumn 2023/24 Attendance %", "Autumn 2023/24"),
            ("% Att Summer 2023-24", "Summer 2023/24"),
            ("2023/24 Spr (%)", "Spring 2023/24"),
            ("Spring 1 2024 %", "Spring 1 2023/24"),
            ("HT2 2023/24 attendance percentage", "Autumn 2 2023/24"),
        ] {
            assert_eq!(of(heading, "list.csv").as_deref(), Some(term), "{heading}");
        }
        // Without a year it may be of any, unless the file names one; other words are no term.
        for heading in ["Spring %", "HT3 %", "Overall %", "Attendance %", "Spring of 2024 %", "Spring 3 2024 %"] {
            assert_eq!(of(heading, "list.csv"), None, "{heading}");
        }
        assert_eq!(of("Spring %", "St Marys 2023-24.csv").as_deref(), Some("Spring 2023/24"));
    }
}
