//! Tables against those of an earlier run: one that lost many rows, or gained very many.

use crate::finding::{Finding, FindingCode, Findings};
use crate::load::tables::TableName;
use crate::rules::checks::Thresholds;
use crate::validate::held::RowCounts;
use crate::words::grouped;
use serde::Serialize;
use std::collections::BTreeMap;

/// What an earlier run says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EarlierCounts {
    /// The as-at date it was made for.
    pub as_at: String,
    /// The rows it read, by the word of the table.
    pub rows: BTreeMap<String, usize>,
}

/// The tables that changed out of proportion. Rows read are compared, those that could not be used among them. A table
/// that the earlier run did not have, or had empty, has nothing to be held against.
pub fn against(earlier: &EarlierCounts, counts: &BTreeMap<TableName, RowCounts>, thresholds: &Thresholds) -> Findings {
    let mut findings = Findings::default();
    for table in TableName::ALL {
        let before = earlier.rows.get(table.word()).copied().unwrap_or(0);
        let now = counts.get(&table).map_or(0, |counts| counts.read);
        if before == 0 || before.max(now) < thresholds.rows_to_compare.count() {
            continue;
        }
        let percent = |share: usize| before.saturating_mul(share);
        let lost = percent(100usize.saturating_sub(thresholds.rows_lost_percent.count()));
        let gained = percent(thresholds.rows_gained_percent.count().saturating_add(100));
        let (code, how) = match now.saturating_mul(100) {
            rows if rows < lost => {
                (FindingCode::RowsLost, format!("{}% of them are gone", thresholds.rows_lost_percent.value))
            }
            rows if rows > gained => {
                (FindingCode::RowsGained, format!("{}% have come on top", thresholds.rows_gained_percent.value))
            }
            _ => continue,
        };
        let number = |rows: usize| grouped(&rows.to_string());
        let message = format!(
            "{table}: {} rows, and {} in the run as at {}: more than {how}.",
            number(now),
            number(before),
            earlier.as_at
        );
        let finding = Finding { value: table.to_string(), ..Finding::of_run(code, message) };
        findings.add(finding.about(table));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::pack::Pack;

    fn found(before: usize, now: usize) -> Vec<FindingCode> {
        let earlier =
            EarlierCounts { as_at: "2024-06-30".into(), rows: BTreeMap::from([("cases".to_owned(), before)]) };
        let counts = BTreeMap::from([(TableName::Cases, RowCounts { read: now, used: now, ..RowCounts::default() })]);
        let findings = against(&earlier, &counts, &Pack::built_in().unwrap().thresholds.unwrap());
        findings.sorted().into_iter().map(|finding| finding.code).collect()
    }

    // A tenth of 100 rows is 10: with 90 exactly a tenth is gone, and not more. Twice 100 is 200.
    #[test]
    fn more_than_a_tenth_lost_or_more_than_twice_as_many_is_told_of() {
        assert_eq!(found(100, 90), []);
        assert_eq!(found(100, 89), [FindingCode::RowsLost]);
        assert_eq!(found(100, 0), [FindingCode::RowsLost]);
        assert_eq!(found(100, 200), []);
        assert_eq!(found(100, 201), [FindingCode::RowsGained]);
    }

    #[test]
    fn a_handful_of_rows_and_a_new_table_say_nothing() {
        assert_eq!(found(19, 1), []);
        assert_eq!(found(20, 17), [FindingCode::RowsLost]);
        assert_eq!(found(0, 5000), []);
    }
}
