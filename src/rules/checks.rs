//! From when on a check across tables finds something odd: whole numbers, from `checks.toml`. They warn and no more,
//! so they are no parameters: a decision is the same whatever they are.

use super::cited::{Cited, Entry, Values, whole};
use super::file::OpenFile;
use std::collections::BTreeMap;

/// Before each key, where it is listed and shown beside those of other files.
const PREFIX: &str = "checks.";

/// No more than the type holds.
const ANY: i64 = u32::MAX as i64;

macro_rules! thresholds {
    ($($name:ident <= $most:expr,)*) => {
        const KEYS: &[(&str, i64)] = &[$((concat!("checks.", stringify!($name)), $most),)*];

        /// All of them. `checks.toml` says what each is.
        #[derive(Clone, Debug)]
        #[allow(missing_docs, reason = "checks.toml says what each is, once")]
        pub struct Thresholds { $(pub $name: Cited<u32>,)* }

        impl Thresholds {
            /// Each of them.
            pub fn iter(&self) -> impl Iterator<Item = &Cited<u32>> {
                [$(&self.$name,)*].into_iter()
            }

            /// Those of a file that gives all; `None` where one is missing, which has been told.
            pub(super) fn of(values: &Values<u32>) -> Option<Thresholds> {
                Some(Thresholds { $($name: values.get(concat!("checks.", stringify!($name)))?.clone(),)* })
            }
        }
    };
}

thresholds! {
    roll_age_years <= ANY,
    need_before_opening_months <= ANY,
    outcome_after_closing_months <= ANY,
    cases_to_judge_headlines <= ANY,
    headline_on_nearly_all_percent <= 100,
    headline_is_common_percent <= 100,
    cases_to_judge_a_team <= ANY,
    rows_to_compare <= ANY,
    rows_lost_percent <= ANY,
    rows_gained_percent <= ANY,
}

/// Takes in the file: a table for each number, named after it.
pub(super) fn take_in(values: &mut Values<u32>, file: &mut OpenFile<'_>) {
    let Some(parsed) = file.parsed::<BTreeMap<String, Entry>>() else { return };
    let mut entries = Vec::new();
    for (name, mut entry) in parsed {
        entry.key = format!("{PREFIX}{name}");
        entries.push(entry);
    }
    values.take_in(file, "check", &entries, KEYS, |most, value| {
        whole(value, 0, most).map(|number| u32::try_from(number).unwrap_or(u32::MAX))
    });
}

impl Cited<u32> {
    /// The number as an amount of months or years.
    pub fn span(&self) -> i32 {
        i32::try_from(self.value).unwrap_or(i32::MAX)
    }

    /// The number as a count.
    pub fn count(&self) -> usize {
        usize::try_from(self.value).unwrap_or(usize::MAX)
    }
}
