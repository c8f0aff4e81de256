//! What the shades of a grid stand for, and where today is in it.

use crate::forecast::whatif::grid::{Grid, HEATS};
use rust_decimal::Decimal;

/// Each shade that a grid has, least first, with its least and its greatest figure as they are said.
pub(super) fn shades(grid: &Grid) -> Vec<(usize, String, String)> {
    let of = |heat: usize| {
        let mine = grid.cells.iter().flatten().filter(|cell| cell.heat == heat && !cell.plain.is_empty());
        let mut mine: Vec<(Decimal, &str)> =
            mine.map(|cell| (cell.plain.parse().unwrap_or_default(), cell.shown.as_str())).collect();
        mine.sort();
        let (least, most) = mine.first().zip(mine.last())?;
        Some((heat, least.1.to_owned(), most.1.to_owned()))
    };
    (0..HEATS).filter_map(of).collect()
}

/// `37 to 77`, or the one figure.
pub(super) fn from_to(from: &str, to: &str) -> String {
    if from == to { from.to_owned() } else { format!("{from} to {to}") }
}

/// Today's figure and where it stands.
pub(super) fn said_of_todays_cell(grid: &Grid) -> String {
    let place = grid.today_at.and_then(|(row, column)| {
        let down = format!("{} {}", grid.rows.key, grid.rows.values.get(row)?.value);
        let across = grid
            .columns
            .as_ref()
            .and_then(|columns| Some(format!(" and {} {}", columns.key, columns.values.get(column)?.value)));
        Some(format!("{down}{}", across.unwrap_or_default()))
    });
    match place {
        Some(place) => format!("Today: {}, at {place}.", grid.today),
        None => format!("Today: {}, which is at other values than these.", grid.today),
    }
}
