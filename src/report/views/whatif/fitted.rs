//! Tables that fit a screen: a long name in the first column is broken, a grid with many columns is shown in blocks.

use crate::report::output::page::{TextColumn, plain_table};

/// Narrowest that a column of names may become.
const NARROWEST: usize = 12;

/// How wide the columns are together, with the spaces between them.
fn wide(columns: &[TextColumn<'_>], rows: &[Vec<String>], from: usize, to: usize) -> usize {
    let of = |place: usize| {
        let cells = rows.iter().filter_map(|row| row.get(place)).map(|cell| cell.chars().count());
        cells.chain(columns.get(place).map(|column| column.0.chars().count())).max().unwrap_or(0) + 2
    };
    (from..to).map(of).sum()
}

/// A plain table no wider than `width` where that can be: names in the first column are broken over lines.
pub(super) fn fitted(columns: &[TextColumn<'_>], rows: &[Vec<String>], width: usize) -> String {
    let first = width.saturating_sub(wide(columns, rows, 1, columns.len()) + 2).max(NARROWEST);
    let mut broken: Vec<Vec<String>> = Vec::new();
    for row in rows {
        let Some((name, cells)) = row.split_first() else { continue };
        for (place, line) in lines(name, first).into_iter().enumerate() {
            let rest = cells.iter().map(|cell| if place == 0 { cell.clone() } else { String::new() });
            broken.push(std::iter::once(line).chain(rest).collect());
        }
    }
    plain_table(columns, &broken)
}

/// The same in as many tables as are needed, each with the first column and as many others as fit.
pub(super) fn in_blocks(columns: &[TextColumn<'_>], rows: &[Vec<String>], width: usize) -> String {
    let mut tables: Vec<String> = Vec::new();
    let mut from = 1;
    while from < columns.len() {
        let fits = |to: &usize| 1 + wide(columns, rows, 0, 1) + wide(columns, rows, from, *to) <= width + 1;
        let to = (from + 1..=columns.len()).take_while(fits).last().unwrap_or(from + 1);
        let part = |row: &Vec<String>| {
            let cells = row.first().into_iter().chain(row.get(from..to).into_iter().flatten());
            cells.cloned().collect::<Vec<String>>()
        };
        let headings: Vec<TextColumn<'_>> =
            columns.first().into_iter().chain(columns.get(from..to).into_iter().flatten()).copied().collect();
        tables.push(plain_table(&headings, &rows.iter().map(part).collect::<Vec<_>>()));
        from = to;
    }
    tables.join("\n")
}

/// A name in lines: broken at spaces, else after a full stop, underscore, comma or equals sign, else anywhere.
fn lines(name: &str, width: usize) -> Vec<String> {
    let name = name.replace(['\n', '\r'], " ");
    let mut lines = vec![String::new()];
    for piece in name.split_inclusive([' ', '.', '_', ',', '=']) {
        let mut letters: Vec<char> = piece.chars().collect();
        while !letters.is_empty() {
            let here = lines.last().map_or(0, |line| line.chars().count());
            // A space at the end of a line takes no room.
            let needs = letters.len() - usize::from(letters.last() == Some(&' '));
            if here > 0 && here + needs > width {
                lines.push(String::new());
                continue;
            }
            let rest = if needs > width { letters.split_off(width) } else { Vec::new() };
            if let Some(line) = lines.last_mut() {
                line.extend(&letters);
            }
            letters = rest;
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_break_at_spaces_points_and_underscores() {
        assert_eq!(lines("threshold 88", 12), ["threshold 88"]);
        assert_eq!(lines("threshold 88", 11), ["threshold", "88"]);
        let key = "resolve.attendance.no_attendance = 0.5";
        assert_eq!(lines(key, 19), ["resolve.attendance.", "no_attendance = 0.5"]);
        assert_eq!(lines(key, 18), ["resolve.", "attendance.no_", "attendance = 0.5"]);
        assert_eq!(lines("abcdefghijkl", 5), ["abcde", "fghij", "kl"]);
        assert_eq!(lines("", 5), [""]);
    }

    #[test]
    fn tables_keep_to_the_width() {
        let row = |name: &str| vec![name.to_owned(), "123".to_owned(), "£4,000".to_owned()];
        let rows = [row("a name that is far too long for it"), row("short")];
        let table = fitted(&[("Scenario", false), ("Count", true), ("Value", true)], &rows, 32);
        assert!(table.lines().all(|line| line.chars().count() <= 32), "{table}");
        // 32 less two columns of 5 + 2 and 6 + 2, less 2, leaves 15, of which the longest line takes 14.
        let expected = [
            "  Scenario        Count   Value\n",
            "  a name that is    123  £4,000\n",
            "  far too long\n",
            "  for it\n",
            "  short             123  £4,000\n",
        ];
        assert_eq!(table, expected.concat());
        let blocks = in_blocks(&[("", false), ("Count", true), ("Value", true)], &[row("x")], 12);
        assert_eq!(blocks, "     Count\n  x    123\n\n      Value\n  x  £4,000\n");
    }
}
