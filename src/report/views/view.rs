//! What every view is, and words that several of them need.

use crate::error::Result;
use crate::report::output::folder::OutFolder;
use crate::report::output::page::Screen;
use serde_json::Value;

/// What a command has found, in every form in which it is shown.
pub trait View {
    /// Writes its files.
    ///
    /// # Errors
    /// A file cannot be written.
    fn write(&self, folder: &OutFolder) -> Result<()>;

    /// It as data, which `--json` prints.
    fn data(&self) -> Value;

    /// It as text.
    ///
    /// # Errors
    /// A file cannot be read again to show a row of it.
    fn text(&self, screen: Screen) -> Result<String>;

    /// What is said below the text of the files that were written, or of there being none. `written` is the sentence that names
    /// them.
    fn of_files(&self, written: Option<String>) -> Option<String> {
        written
    }
}

/// What the sums of a file are: money that is paid for results, or, from the day on which payment was suspended, only what the
/// same results would have been worth.
pub(crate) fn sums_are(suspended: bool) -> &'static str {
    if suspended { "what the same results would have been worth" } else { "payment by results" }
}

/// A chance from 0 to 1 as a percentage that never says never.
pub(in crate::report) fn percent(chance: &str) -> String {
    let chance: rust_decimal::Decimal = chance.parse().unwrap_or_default();
    let percent = chance * rust_decimal::Decimal::ONE_HUNDRED;
    match () {
        () if percent < rust_decimal::Decimal::ONE => "less than 1%".to_owned(),
        () if percent > rust_decimal::Decimal::from(99) => "more than 99%".to_owned(),
        () => format!("{}%", percent.round_dp(0).normalize()),
    }
}
