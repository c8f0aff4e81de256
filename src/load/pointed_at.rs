//! A mistake in the settings, with the line that it is in.

use crate::error::Error;
use std::ops::Range;
use std::path::Path;

/// A mistake at a place of the settings, with the line that it is in.
pub fn pointed_at((path, text): (&Path, &str), place: Range<usize>, message: &str) -> Error {
    let start = place.start.min(text.len());
    let before = text.get(..start).unwrap_or_default();
    let number = before.matches('\n').count() + 1;
    let begins = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(begins..).unwrap_or_default().lines().next().unwrap_or_default();
    let column = before.get(begins..).unwrap_or_default().chars().count();
    let length = text.get(place).and_then(|part| part.lines().next()).map_or(1, |part| part.chars().count()).max(1);
    // Of a line that is longer than any screen, the part around the place.
    const AROUND: usize = 100;
    let before_it = column.saturating_sub(AROUND / 2);
    let shown: String = line.chars().skip(before_it).take(AROUND).collect();
    let indent = column - before_it;
    let length = length.min(shown.chars().count().saturating_sub(indent).max(1));
    let (margin, indent, marks) = (" ".repeat(number.to_string().len()), " ".repeat(indent), "^".repeat(length));
    Error::new(format!(
        "{} line {number}, column {}: {message}\n {margin} |\n {number} | {shown}\n {margin} | {indent}{marks}",
        path.display(),
        column + 1
    ))
}
