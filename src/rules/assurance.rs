//! What funnels and anomalies ask after, what a published workbook leaves out, and how long records that defend a claim are kept: limits and small numbers, from `assurance.toml`. Where a pack has none, the file
//! that comes with the program holds.

use super::cited::{Cited, Entry, Values, whole};
use super::file::OpenFile;
use serde::Deserialize;

/// Every key that the file must give, with the least and the greatest value.
const KEYS: [(&str, (i64, i64)); 16] = [
    ("control.deviations", (1, 10)),
    ("control.quarters", (1, 80)),
    ("control.fewest_quarters", (1, 80)),
    ("control.looked_at", (1, 80)),
    ("control.named_percent", (0, 100)),
    ("small.expected", (0, 1000)),
    ("small.families", (0, 1000)),
    ("closing.days", (0, 3660)),
    ("day.share_percent", (1, 100)),
    ("day.fewest", (1, 100_000)),
    ("gap.days", (1, 3660)),
    ("low.percent", (1, 100)),
    ("low.years", (1, 50)),
    ("low.quarters", (0, 4)),
    ("published.below", (1, 1000)),
    ("kept.attendance_years", (1, 100)),
];

/// All settings, each a whole number.
#[derive(Clone, Debug, Default)]
pub struct Assurance(Values<usize>);

impl Assurance {
    /// The value of a key. The file gives all of them, so nought is never met.
    pub fn value(&self, key: &str) -> usize {
        self.0.get(key).map_or(0, |setting| setting.value)
    }

    /// All of them, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &Cited<usize>> {
        self.0.iter()
    }

    pub(super) fn take_in(&mut self, file: &mut OpenFile<'_>) {
        let Some(parsed) = file.parsed::<File>() else { return };
        self.0.take_in(file, "setting", &parsed.setting, &KEYS, |(least, most), value| {
            whole(value, least, most).map(|number| usize::try_from(number).unwrap_or(0))
        });
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    setting: Vec<Entry>,
}
