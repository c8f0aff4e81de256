//! Families that will come: how many new ones to expect in each month, from the months before.

use super::assumed::Assumed;
use super::conversion::history::History;
use super::months::Month;

/// New families by calendar month, and claims of families that never have a case.
#[derive(Clone, Debug, Default)]
pub struct Openings {
    by_month: [f64; 12],
    /// Claims a month of families without a case.
    pub claims_without_case: f64,
    /// Months looked back on.
    pub months: usize,
}

impl Openings {
    /// New families to expect in a month.
    pub fn expected(&self, month: Month) -> f64 {
        self.by_month[month.in_year()]
    }

    /// New families to expect in the average month.
    pub fn average(&self) -> f64 {
        self.by_month.iter().sum::<f64>() / 12.0
    }

    /// The same with another number in the average month; busy months stay as much busier than others.
    pub fn with_average(mut self, families: f64) -> Openings {
        let average = self.average();
        for month in &mut self.by_month {
            *month = if average > 0.0 { *month * families / average } else { families };
        }
        self
    }
}

/// What to expect: the average month, times how busy each calendar month was, shrunk to the average.
pub fn openings(history: &History, assumed: &Assumed) -> Openings {
    let months = history.openings.len();
    if months == 0 {
        return Openings { claims_without_case: history.claims_without_case, ..Openings::default() };
    }
    let all: usize = history.openings.iter().map(|(_, families)| families).sum();
    let average = all as f64 / months as f64;
    let by_month = std::array::from_fn(|place| {
        let mine = || history.openings.iter().filter(|(month, _)| month.in_year() == place);
        let found: usize = mine().map(|(_, families)| families).sum();
        let expected = average * mine().count() as f64;
        let busy = (found as f64 + assumed.openings_weight) / (expected + assumed.openings_weight);
        average * busy
    });
    Openings { by_month, claims_without_case: history.claims_without_case, months }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;
    use crate::rules::pack::Pack;

    // Two years of 10 families a month, save in August: none. The average month has 220/24 = 9.1667; August expects
    // 2 x 9.1667 = 18.333 and has 0: with a weight of 12 it is (0 + 12) / (18.333 + 12) = 0.3956 as busy.
    #[test]
    fn a_calendar_month_is_shrunk_to_the_average_month() {
        let assumed = Assumed::of(&Pack::built_in().unwrap().assumptions, Default::default()).unwrap();
        let first = Month::of(date(2022, 1, 1));
        let months = (0..24).map(|months| first.plus(months));
        let opened = months.map(|month| (month, if month.in_year() == 7 { 0 } else { 10 })).collect();
        let found = openings(&History { openings: opened, ..History::empty(first, first) }, &assumed);
        let average = 220.0 / 24.0;
        let august = found.expected(Month::of(date(2025, 8, 1)));
        assert!((august - average * 12.0 / (2.0 * average + 12.0)).abs() < 1e-12);
        let may = found.expected(Month::of(date(2025, 5, 1)));
        assert!((may - average * 32.0 / (2.0 * average + 12.0)).abs() < 1e-12);
    }
}
