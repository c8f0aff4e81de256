//! Column names that stand a second time among the rows: two exports put under each other. Where they are the same and in
//! the same order, the row is no row; where they are others, what follows would be read under the wrong names.

use super::dialect::Header;
use super::folded::folded;
use super::row::Row;
use super::tables;
use super::text_file::TextFile;
use crate::error::{Error, Result};
use crate::load::tables::TableName;
use crate::place::Place;

/// What column names among the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderAgain {
    /// Those of the file, in their order.
    Same,
    /// Others, or in another order.
    Other,
}

impl TextFile {
    /// Whether a row is column names again: it has all those that the file must have.
    pub fn header_again(&self, row: &Row<'_>) -> Option<HeaderAgain> {
        let heading = |name: &str| folded(self.heading(name).unwrap_or(name));
        let must: Vec<&str> = if self.table == TableName::Attendance {
            let has = |column: &&str| self.column(column).is_some_and(|at| at < self.width);
            let layout = tables::LAYOUTS.iter().find(|layout| layout.iter().all(has))?;
            layout.iter().chain(&tables::PUPIL).copied().filter(has).collect()
        } else {
            let must = self.table.columns().iter().filter(|(_, must)| *must).map(|(name, _)| *name);
            must.filter(|name| self.column(name).is_some_and(|at| at < self.width)).collect()
        };
        let cells: Vec<&str> = (0..row.cells()).map(|at| row.untrimmed(at)).collect();
        is_header(&must.into_iter().map(heading).collect::<Vec<_>>(), &cells).then(|| {
            let own = self.header.iter().take(self.width).map(|name| heading(name));
            let is_same = cells.len() >= self.width
                && own.zip(&cells).all(|(own, cell)| own == folded(cell))
                && cells.iter().skip(self.width).all(|cell| cell.trim().is_empty());
            if is_same { HeaderAgain::Same } else { HeaderAgain::Other }
        })
    }
}

/// Whether cells have all of these headings, which are folded.
pub(super) fn is_header(headings: &[String], cells: &[&str]) -> bool {
    let longest = headings.iter().map(String::len).max().unwrap_or(0);
    // A cell much longer than any heading is none, whatever is folded away.
    let cells = cells.iter().filter(|cell| cell.len() <= 4 * longest + 16);
    headings.len() > 1 && {
        let cells: Vec<String> = cells.map(|cell| folded(cell)).collect();
        headings.iter().all(|heading| cells.contains(heading))
    }
}

/// What to say of a row that has the same column names again.
pub fn said() -> String {
    "the column names stand here again: two exports were put under each other. Delete the row.".to_owned()
}

/// What to say of a file whose rows have other column names from a row on.
pub fn refused(place: &Place) -> Error {
    Error::new(format!(
        "{place} has column names again, and not the same as those at the top: two exports were put under each other, and the rows of the second would be misread. Put it into a file of its own, and name both files in sfclaim.toml."
    ))
}

/// Checks that no other column names stand above those of a file.
///
/// # Errors
/// They do: the rows between them would be taken for text.
pub(super) fn check_above(file: &str, header: &Header) -> Result<()> {
    match header.whole_above {
        None => Ok(()),
        Some(row) => Err(Error::new(format!(
            "{file} has column names in row {row} already, and header_row says row {}: the rows between them would be left out. If two exports were put under each other, put each into a file of its own; if row {row} is the header, take header_row away.",
            header.row
        ))),
    }
}
