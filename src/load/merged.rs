//! Merged areas of a sheet. A file keeps their value in the first cell alone; a person sees it in all of them, so that is
//! how they are read (contract section 1).

use super::cell::{Cell, SheetRows};
use super::limits::{CELLS, UNPACKED};

/// An area: its first and its last cell, by row (as a spreadsheet numbers it) and column (from 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) first: (u32, usize),
    pub(super) last: (u32, usize),
}

/// Gives every cell of each area the value of its first. Rows below the last that has a value of its own are no rows.
///
/// # Errors
/// The areas have more cells than any sheet; in a few words.
pub(super) fn fill(rows: &mut SheetRows, areas: &[Area]) -> Result<(), String> {
    let Some(end) = rows.last().map(|(row, _)| *row) else { return Ok(()) };
    let (mut cells, mut texts) = (0usize, 0u64);
    for area in areas {
        let ((top, left), (bottom, right)) = (area.first, area.last);
        let bottom = bottom.min(end);
        if bottom < top || right < left {
            continue;
        }
        let at = rows.binary_search_by_key(&top, |(row, _)| *row);
        let value = at.ok().and_then(|at| rows[at].1.get(left)).cloned().unwrap_or_default();
        if value.text.is_empty() {
            // What stands hidden behind a blank area is not seen.
            let from = rows.partition_point(|(row, _)| *row < top);
            let to = rows.partition_point(|(row, _)| *row <= bottom);
            for cell in rows[from..to].iter_mut().flat_map(|(_, cells)| cells.iter_mut().take(right + 1).skip(left)) {
                *cell = Cell::default();
            }
            continue;
        }
        let height = (bottom - top) as usize + 1;
        // Blank cells before the area take room too.
        cells = cells.saturating_add(height.saturating_mul(right + 1));
        texts =
            texts.saturating_add((height as u64).saturating_mul((right - left + 1) as u64 * value.text.len() as u64));
        if cells > CELLS || texts > UNPACKED {
            return Err("its merged areas have more cells than a sheet of any council".to_owned());
        }
        make_rows(rows, top, bottom);
        let from = rows.partition_point(|(row, _)| *row < top);
        for (row, cells) in &mut rows[from..from + height] {
            if cells.len() <= right {
                cells.resize_with(right + 1, Cell::default);
            }
            for (column, cell) in cells.iter_mut().enumerate().take(right + 1).skip(left) {
                *cell = Cell { from_above: *row > top, from_left: column > left, ..value.clone() };
            }
        }
    }
    Ok(())
}

/// Sees to it that every row from `top` to `bottom` is there.
fn make_rows(rows: &mut SheetRows, top: u32, bottom: u32) {
    let from = rows.partition_point(|(row, _)| *row < top);
    let to = rows.partition_point(|(row, _)| *row <= bottom);
    if to - from == (bottom - top) as usize + 1 {
        return;
    }
    let mut there = rows.drain(from..to).collect::<Vec<_>>().into_iter().peekable();
    let all = (top..=bottom).map(|row| there.next_if(|(number, _)| *number == row).unwrap_or((row, Vec::new())));
    let all: SheetRows = all.collect();
    rows.splice(from..from, all);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[(u32, &[&str])]) -> SheetRows {
        let cell = |text: &&str| Cell { text: (*text).to_owned(), ..Cell::default() };
        rows.iter().map(|(row, cells)| (*row, cells.iter().map(cell).collect())).collect()
    }

    fn texts(rows: &SheetRows) -> Vec<(u32, Vec<&str>)> {
        rows.iter().map(|(row, cells)| (*row, cells.iter().map(|cell| cell.text.as_str()).collect())).collect()
    }

    fn area(first: (u32, usize), last: (u32, usize)) -> Area {
        Area { first, last }
    }

    #[test]
    fn every_cell_of_an_area_has_the_value_of_its_first() {
        let mut rows = sheet(&[(1, &["a", "b"]), (2, &["c", "day"]), (3, &["d"]), (5, &["e"])]);
        fill(&mut rows, &[area((2, 1), (4, 2))]).unwrap();
        assert_eq!(
            texts(&rows),
            [
                (1, vec!["a", "b"]),
                (2, vec!["c", "day", "day"]),
                (3, vec!["d", "day", "day"]),
                (4, vec!["", "day", "day"]),
                (5, vec!["e"]),
            ]
        );
        let flags: Vec<(bool, bool)> = rows[1].1.iter().map(|cell| (cell.from_above, cell.from_left)).collect();
        assert_eq!(flags, [(false, false), (false, false), (false, true)]);
        assert!(rows[2].1[1].from_above && !rows[2].1[1].from_left);
    }

    #[test]
    fn what_a_blank_area_hides_is_not_read_and_rows_below_the_last_are_none() {
        let mut rows = sheet(&[(1, &["a", "", "hidden"]), (2, &["b", "x"])]);
        fill(&mut rows, &[area((1, 1), (1, 2)), area((2, 0), (1_048_576, 0))]).unwrap();
        assert_eq!(texts(&rows), [(1, vec!["a", "", ""]), (2, vec!["b", "x"])]);
    }

    #[test]
    fn areas_of_more_cells_than_a_sheet_are_refused() {
        let mut rows = sheet(&[(1, &["a"]), (1_048_576, &["z"])]);
        assert!(fill(&mut rows, &[area((1, 0), (1_048_576, 16_383))]).is_err());
    }
}
