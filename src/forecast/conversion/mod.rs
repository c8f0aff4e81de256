//! Conversion: what became of families of each kind in the months after past quarter ends, and from it the chance that a
//! family of today is claimed by a coming month end.
//!
//! The kinds of family are those of [`cells`](super::cells).
//!
//! - [`history`] families at risk, claimed and failed, month by month.
//! - [`fit`] chances from that: competing hazards by month, shrunk towards stated assumptions, with effects that all
//!   families of a month, season or quarter share.

pub mod fit;
pub mod history;

/// The chance of having been claimed by the end of each step, from the chances of being claimed and of failing in it, each
/// of those who had neither before. This is the one formula by which chances of a month become chances of many.
pub fn incidence(steps: impl IntoIterator<Item = (f64, f64)>) -> Vec<f64> {
    let (mut open, mut claimed) = (1.0, 0.0);
    let mut by_step = Vec::new();
    for (claim, fail) in steps {
        claimed += open * claim;
        open *= (1.0 - claim - fail).max(0.0);
        by_step.push(claimed);
    }
    by_step
}

#[cfg(test)]
mod tests {
    use super::incidence;

    /// The Aalen-Johansen estimator for one of two causes as it is written in textbooks, from single persons: time, and 0
    /// for censored, 1 for the cause, 2 for the other. A second way to the same figures that shares nothing with the first.
    fn aalen_johansen(persons: &[(u32, u8)], until: u32) -> f64 {
        let mut sum = 0.0;
        for time in 1..=until {
            let at_risk = |time: u32| persons.iter().filter(|person| person.0 >= time).count() as f64;
            let events = persons.iter().filter(|person| person.0 == time && person.1 == 1).count() as f64;
            if events == 0.0 {
                continue;
            }
            // Kaplan-Meier of either event, up to just before.
            let survival: f64 = (1..time)
                .map(|before| {
                    let any = persons.iter().filter(|person| person.0 == before && person.1 > 0).count() as f64;
                    if any > 0.0 { 1.0 - any / at_risk(before) } else { 1.0 }
                })
                .product();
            sum += survival * events / at_risk(time);
        }
        sum
    }

    /// Hazards of each month from the same persons.
    fn hazards(persons: &[(u32, u8)], until: u32) -> Vec<(f64, f64)> {
        let share = |time: u32, kind: u8| {
            let at_risk = persons.iter().filter(|person| person.0 >= time).count() as f64;
            let events = persons.iter().filter(|person| person.0 == time && person.1 == kind).count() as f64;
            if at_risk > 0.0 { events / at_risk } else { 0.0 }
        };
        (1..=until).map(|time| (share(time, 1), share(time, 2))).collect()
    }

    // Published: Satagopan and others, A note on competing risks in survival data analysis, British Journal of Cancer 91
    // (2004) 1229-1235, table 2: 305 patients, of whom nine have their event or leave by month 27: at 7, 14, 18 (other
    // cause), 24, 26 (other cause) and, of the cause looked at, 10, 16, 23 and 27.
    //   month  at risk  cause  other   survival          incidence of the cause
    //   10     304      1      0       303/304 = 0.9967  1/304             = 0.003289
    //   16     302      1      0       0.9934            0.99671/302       = 0.003300
    //   18     301      0      1       0.9901
    //   23     300      1      0       0.9868            0.99011/300       = 0.003300
    //   26     298      0      1       0.9835
    //   27     297      1      0       0.9802            0.98350/297       = 0.003311   together 0.013201
    // The paper prints survival 99.7, 99.3, 99.0, 98.7, 98.3, 98.0% and each incidence as 0.3%.
    #[test]
    fn incidence_is_that_of_a_published_table_and_of_aalen_johansen() {
        let nine = [(7, 0), (10, 1), (14, 0), (16, 1), (18, 2), (23, 1), (24, 0), (26, 2), (27, 1)];
        let mut persons = nine.to_vec();
        persons.extend(std::iter::repeat_n((60, 0), 296));
        let found = incidence(hazards(&persons, 27));
        let at = |month: usize| found[month - 1];
        for (month, sum) in
            [(9, 0.0), (10, 0.003_289), (16, 0.006_590), (22, 0.006_590), (23, 0.009_890), (27, 0.013_201)]
        {
            assert!((at(month) - sum).abs() < 1e-6, "month {month}: {}", at(month));
        }
        for (before, month) in [(9, 10), (15, 16), (22, 23), (26, 27)] {
            assert_eq!(format!("{:.1}", 100.0 * (at(month) - at(before))), "0.3");
        }
        for until in 1..=27 {
            assert!((found[until as usize - 1] - aalen_johansen(&persons, until)).abs() < 1e-12);
        }
        let open: Vec<String> = [10, 16, 18, 23, 26, 27]
            .map(|month: usize| {
                let left: f64 = hazards(&persons, month as u32).iter().map(|(one, other)| 1.0 - one - other).product();
                format!("{:.1}", 100.0 * left)
            })
            .to_vec();
        assert_eq!(open, ["99.7", "99.3", "99.0", "98.7", "98.3", "98.0"]);
    }
}
