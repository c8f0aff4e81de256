//! Column names that stand a second time among the rows: two exports put under each other. Where they are the same and in
//! the same order, the row is no row; where they are others, what follows would be read under the wrong names.

use super::dialect::{self, Header};
use super::folded::folded;
use super::footers::TableRows;
use super::mapping::Mapping;
use super::row::Row;
use super::tables;
use super::text_file::TextFile;
use super::unreadable;
use crate::error::{Error, Result};
use crate::finding::shortened;
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
        let cells: Vec<&str> = (0..row.cells()).map(|at| row.untrimmed(at)).collect();
        if self.table == TableName::Attendance {
            let pupil = tables::PUPIL.map(heading);
            if !cells.iter().any(|cell| cell.len() <= LONGEST && pupil.contains(&folded(cell))) {
                return None;
            }
        }
        // Any layout's: two exports of attendance may be of two layouts.
        let sets: Vec<Vec<&str>> = if self.table == TableName::Attendance {
            let with = |layout: &[&'static str], pupil| layout.iter().copied().chain([pupil]).collect();
            let layouts = tables::LAYOUTS.iter();
            layouts.flat_map(|layout| tables::PUPIL.map(|pupil| with(layout, pupil))).collect()
        } else {
            let must = self.table.columns().iter().filter(|(_, must)| *must).map(|(name, _)| *name);
            vec![must.filter(|name| self.column(name).is_some_and(|at| at < self.width)).collect()]
        };
        let mut sets = sets.into_iter().map(|set| set.into_iter().map(heading).collect::<Vec<_>>());
        sets.any(|set| is_header(&set, &cells)).then(|| {
            let own = self.header.iter().take(self.width).map(|name| heading(name));
            let is_same = cells.len() >= self.width
                && own.zip(&cells).all(|(own, cell)| own == folded(cell))
                && cells.iter().skip(self.width).all(|cell| cell.trim().is_empty());
            if is_same { HeaderAgain::Same } else { HeaderAgain::Other }
        })
    }
}

/// A heading that names a pupil is no longer than this.
const LONGEST: usize = 200;

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

/// Checks that the column names can be read, and that neither other column names nor rows of the table stand above the column names of a file.
///
/// # Errors
/// They do: they would be taken for text.
pub(super) fn check_above(file: &str, header: &Header, mapping: &Mapping) -> Result<()> {
    if let Some((at, heading)) = header.names.iter().enumerate().find(|(_, name)| unreadable::is_no_value(name.trim()))
    {
        return Err(Error::new(format!(
            "{file} has {} for the name of column {} in row {}: what the column holds cannot be told, and a relapse or a claim in it would be lost. Open the file in Excel, type the name and save it.",
            heading.trim(),
            at + 1,
            header.row
        )));
    }
    if let Some(row) = header.whole_above {
        return Err(Error::new(format!(
            "{file} has column names in row {row} already, and header_row says row {}: the rows between them would be left out. If two exports were put under each other, put each into a file of its own; if row {row} is the header, take header_row away.",
            header.row
        )));
    }
    // Who says where the column names stand has seen what is above them.
    if mapping.header_row.is_some() {
        return Ok(());
    }
    let rows = TableRows::of(mapping, &header.names);
    for (row, cells) in &header.above {
        let texts: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
        let what = if dialect::has_several_headings(mapping, cells) {
            "other column names"
        } else if rows.has_above(&texts, &header.names) {
            "what looks like a row of the table"
        } else {
            continue;
        };
        return Err(Error::new(format!(
            "{file} has {what} in row {row}, above the column names in row {}: \"{}\". What stands above the column names is not read. If two exports were put under each other, put each into a file of its own; if the rows were sorted together with the column names, put these into the first row; if row {row} is neither, say header_row = {} for the file in sfclaim.toml.",
            header.row,
            shortened(dialect::quoted(cells)),
            header.row
        )));
    }
    Ok(())
}
