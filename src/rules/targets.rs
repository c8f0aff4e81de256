//! Targets and funded places of an authority by financial year.

use super::Standing;
use crate::dates::{Date, Span, day_or_last};

/// What an authority is expected to achieve in a financial year.
#[derive(Clone, Debug)]
pub struct YearTarget {
    /// The financial year, `2024/25`.
    pub financial_year: String,
    /// Results expected.
    pub target: usize,
    /// Results that the grant applies to.
    pub funded_places: usize,
    /// The key of the source in `sources.toml`.
    pub source: String,
    /// How far the figures can be relied on.
    pub standing: Standing,
}

/// The targets of one authority.
#[derive(Clone, Debug)]
pub struct Targets {
    /// The authority's id, as `sfclaim.toml` names it.
    pub authority: String,
    /// Its name.
    pub title: String,
    /// One entry a financial year, earliest first.
    pub years: Vec<YearTarget>,
}

impl Targets {
    /// The target of the financial year that `date` lies in.
    pub fn at(&self, date: Date) -> Option<&YearTarget> {
        let (name, _) = financial_year(date);
        self.years.iter().find(|year| year.financial_year == name)
    }
}

/// The financial year that `date` lies in, 1 April to 31 March: its name, `2024/25`, and its days.
pub fn financial_year(date: Date) -> (String, Span) {
    let starts = if date.month() >= 4 { date.year() } else { date.year() - 1 };
    let span = Span { from: day_or_last(starts, 4, 1), to: day_or_last(starts + 1, 3, 31) };
    (format!("{starts}/{:02}", (starts + 1) % 100), span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_financial_year_runs_from_april_to_march() {
        assert_eq!(financial_year(date(2024, 3, 31)).0, "2023/24");
        assert_eq!(financial_year(date(2024, 4, 1)).0, "2024/25");
        assert_eq!(financial_year(date(1999, 4, 1)).0, "1999/00");
    }
}
