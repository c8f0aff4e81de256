//! The exception report: the form in which a council reports a measure that is off its target, filled from a run, with the
//! owner's own words.
//!
//! - [`content`] what it says, block by block; nothing is computed there but what is said.
//! - [`narrative`] the owner's words, kept in a file of the data folder and carried forward.
//! - [`written`] the blocks as Markdown, as a page and as a document of a word processor.

mod block;
mod content;
pub mod narrative;
mod written;
pub mod year;

use crate::error::Result;
use crate::report::output::folder::OutFolder;
pub use year::Year;

/// Its files.
pub const NAMES: [&str; 4] =
    ["exception-report.docx", "exception-report.html", "exception-report.md", narrative::TEMPLATE];

/// Writes the report in its three forms (in a browser without the document), and the file of the owner's words for the next one.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &OutFolder, year: &Year<'_>) -> Result<()> {
    let blocks = content::blocks(year);
    let [_, page, text, words] = NAMES;
    #[cfg(feature = "native")]
    folder.write(NAMES[0], &written::document(&blocks)?)?;
    folder.write(page, written::page(&blocks).as_bytes())?;
    folder.write(text, written::markdown(&blocks).as_bytes())?;
    folder.write(words, year.narrative.as_file().as_bytes())
}
