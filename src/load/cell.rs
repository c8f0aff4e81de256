//! A cell of a sheet, and the rows of one.

/// What a cell is in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellKind {
    /// Text, yes or no, an error.
    #[default]
    Text,
    /// A plain number, so that zeros in front are lost.
    Number,
    /// A number that is shown as a day.
    Day,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text; a date as `2024-09-30`. What cannot be read has a text of [`super::unreadable`].
    pub text: String,
    /// What it is in the file.
    pub kind: CellKind,
    /// Whether it is part of a merged area that begins in a row above.
    pub from_above: bool,
    /// Whether it is part of a merged area that begins in a column before.
    pub from_left: bool,
}

impl Cell {
    /// The text as a heading, or as a line of text: what a merged area says, it says once.
    pub fn once(&self) -> &str {
        if self.from_left { "" } else { &self.text }
    }
}

/// The rows of a sheet that are not blank: the number that Excel shows, and the cells from column A on.
pub type SheetRows = Vec<(u32, Vec<Cell>)>;
