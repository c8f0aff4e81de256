//! Which heading is which column of a table: a score for each pair by name and by content, and the best assignment, in which
//! no heading is two columns.
//!
//! Longer than most files, since each way in which a heading can be like another is tried in turn.

use super::column::ColumnSeen;
use super::headings::{Headings, key, tokens};
use super::sureness::{Sureness, is_date};
use super::wide::Reader;
use crate::load::folded::folded;
use crate::load::tables::TableName;
use crate::rules::council_words::CouncilWords;
use crate::words::counted;

/// A pair of a table's column and a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The table's column.
    pub column: &'static str,
    /// The position of the heading among the sheet's columns.
    pub position: usize,
    /// From 0 to 100.
    pub score: i64,
    /// Why, in a few words, without a value of the file.
    pub why: String,
    /// Another heading that would do as well.
    pub rival: Option<usize>,
    /// How many of the rows looked at are blank there.
    pub blank: usize,
    /// Whether a person has said so.
    pub is_said: bool,
}

impl Pair {
    /// A pair that a person has named.
    pub fn said(column: &'static str, position: usize, heading: &str) -> Pair {
        // The table's own name need not be written.
        let score = if folded(heading) == folded(column) { 100 } else { 99 };
        Pair { column, position, score, why: String::new(), rival: None, blank: 0, is_said: true }
    }

    /// Whether the values are what they should be, or may be.
    pub fn fits(&self) -> bool {
        self.is_said || self.score >= 60 || self.rival.is_some()
    }

    /// How sure the pair is.
    pub fn sureness(&self) -> Sureness {
        match self.score {
            _ if self.is_said => Sureness::Said,
            _ if self.rival.is_some() => Sureness::Guess,
            // The table's own name is read whatever is below it. Of another heading blanks may say that it is not the one.
            86.. if self.blank == 0 || self.score == 100 => Sureness::Certain,
            60.. => Sureness::Likely,
            _ => Sureness::Guess,
        }
    }
}

/// The lowest score that is shown at all.
const SHOWN: i64 = 40;

/// How much a column's values say of what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// They are what they should be.
    Good,
    /// There are none.
    Blank,
    /// They may be anything.
    Open,
    /// They are something else.
    Bad,
}

/// The column of attendance that has percentages in place of sessions.
pub(super) const PERCENT: &str = "percent";

/// Whether a column of the tables counts sessions.
fn is_of_sessions(column: &str) -> bool {
    matches!(column, "possible" | "attended" | "authorised" | "unauthorised" | "sessions")
}

fn fit(table: TableName, name: &str, column: &ColumnSeen, headings: &Headings, reader: &Reader<'_>) -> Fit {
    if column.filled == 0 {
        return Fit::Blank;
    }
    let mostly = |count| if column.is_mostly(count, 80) { Fit::Good } else { Fit::Bad };
    let said = |name: &str| {
        let words = column.words.as_ref()?;
        let known = |word: &str| {
            let of_column = headings.words.get(name)?;
            of_column
                .iter()
                .find(|(own, others)| folded(own) == word || others.iter().any(|other| folded(other) == word))
        };
        Some(
            words
                .iter()
                .filter(|(word, _)| known(word).is_some() || CouncilWords::get().yes_no(word).is_some())
                .map(|(_, word)| word.times)
                .sum::<usize>(),
        )
    };
    match name {
        _ if is_date(name) => {
            let no_day: usize = column
                .words
                .iter()
                .flatten()
                .map(
                    |(word, seen)| {
                        if headings.is_blank_word(word) || headings.is_not_yet(word) { seen.times } else { 0 }
                    },
                )
                .sum();
            mostly(column.dates + column.short_years + no_day)
        }
        "upn" | "former_upn" => mostly(column.upns),
        "nhs_number" => mostly(column.nhs_numbers),
        "criterion" => {
            let labels: usize = column
                .words
                .iter()
                .flatten()
                .filter(|(word, _)| reader.headline(word).is_some())
                .map(|(_, word)| word.times)
                .sum();
            mostly(column.criteria.max(labels))
        }
        "session" => mostly(column.sessions.max(said("session").unwrap_or(0))),
        "code" | "am" | "pm" => mostly(column.codes),
        "marks" => mostly(column.weeks),
        "academic_year" => mostly(
            column
                .words
                .iter()
                .flatten()
                .filter(|(_, word)| super::words::year_of(&word.text).is_some())
                .map(|(_, word)| word.times)
                .sum::<usize>()
                .max(column.years),
        ),
        _ if is_of_sessions(name) => mostly(column.whole),
        PERCENT if column.is_of_percentages() => Fit::Good,
        PERCENT => Fit::Bad,
        "outcome" | "role" | "schooling" | "result" | "answer" | "expecting" | "restricted" => match said(name) {
            None => Fit::Bad,
            Some(times) if column.is_mostly(times, 50) => Fit::Good,
            Some(_) => Fit::Open,
        },
        "case_id" if table == TableName::Cases => key_fit(column),
        "claim_id" => key_fit(column),
        "case_id" | "family_id" | "person_id" if column.dates > column.serial && column.is_mostly(column.dates, 50) => {
            Fit::Bad
        }
        _ => Fit::Open,
    }
}

/// Whether the values are whole labels of headlines, or their numbers and labels.
fn has_labels(column: &ColumnSeen, reader: &Reader<'_>) -> bool {
    let whole = |word: &str| {
        reader.headline(word).is_some_and(|part| part.is_sure)
            && !word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    let times = column.words.iter().flatten().filter(|(word, _)| whole(word)).map(|(_, word)| word.times).sum();
    column.is_mostly(times, 80)
}

fn key_fit(column: &ColumnSeen) -> Fit {
    if column.is_mostly(column.dates - column.serial.min(column.dates), 50) || column.upns == column.filled {
        Fit::Bad
    } else if column.is_key() {
        Fit::Good
    } else {
        Fit::Open
    }
}

/// How well a heading names a column, and how that is said.
fn by_name(table: TableName, name: &str, heading: &str, headings: &Headings) -> (i64, String) {
    let said = |score, why: &str| (score, why.to_owned());
    if folded(heading) == folded(name) {
        return said(100, "the table's own name");
    }
    let letters = key(heading);
    if letters == key(name) {
        return said(98, "the table's own name");
    }
    let Some(words) = headings.of(table, name) else { return (0, String::new()) };
    if words.sure.iter().any(|word| key(word) == letters) {
        return said(90, "a usual heading");
    }
    let bare = tokens(heading);
    if [name]
        .into_iter()
        .chain(words.sure.iter().map(String::as_str))
        .any(|word| tokens(word).concat() == bare.concat())
    {
        return said(88, "a usual heading");
    }
    // One letter wrong, left out or too many.
    let slip = |word: &&String| key(word).len() >= 6 && strsim::osa_distance(&key(word), &letters) == 1;
    if words.sure.iter().any(|word| slip(&word)) || (name.len() >= 6 && strsim::osa_distance(&key(name), &letters) == 1)
    {
        return said(72, "a usual heading but for one letter");
    }
    if words.loose.iter().any(|word| key(word) == letters || tokens(word) == bare) {
        return said(60, "a heading that may mean this");
    }
    let within = |word: &String| {
        let word = tokens(word);
        word.len() >= 2 && bare.windows(word.len()).any(|window| window == word.as_slice())
    };
    if words.sure.iter().any(within) {
        return said(56, "a usual heading with more words");
    }
    (0, String::new())
}

/// How well a heading and its values are a column of a table.
pub fn score(
    table: TableName,
    name: &'static str,
    column: &ColumnSeen,
    headings: &Headings,
    reader: &Reader<'_>,
) -> (i64, String) {
    let (named, why) = by_name(table, name, &column.heading, headings);
    // A percentage is no number of sessions, whatever it is called.
    if is_of_sessions(name) && column.is_of_percentages() {
        return (0, String::new());
    }
    // Nor is a number of sessions a percentage.
    if name == PERCENT && named < 100 && !column.is_of_percentages() {
        return (0, String::new());
    }
    let fit = fit(table, name, column, headings, reader);
    let values = match name {
        "upn" | "former_upn" => "UPNs with the right check letter",
        "nhs_number" => "NHS numbers with the right check digit",
        "criterion" => "numbers or labels of headlines",
        "marks" => "weeks of marks",
        "code" => "attendance codes",
        "session" => "AM and PM",
        "academic_year" => "academic years",
        "case_id" | "claim_id" => "one for each row",
        _ if is_of_sessions(name) => "whole numbers",
        PERCENT => "percentages",
        _ if is_date(name) => "dates",
        _ => "words that are known for it",
    };
    // The loader takes a column of the table's own name whatever is in it.
    if named == 100 {
        let why = if fit == Fit::Bad { format!("{why}, but most values are not {values}") } else { why };
        return (named, why);
    }
    match (named, fit) {
        (0, Fit::Good) => {
            let tells = match name {
                "upn" => column.filled >= 3,
                "marks" | "session" => true,
                "code" => column.presents > 0,
                "academic_year" => column.years > 0,
                "criterion" => has_labels(column, reader),
                _ => false,
            };
            if tells { (70, format!("the values are {values}, whatever the heading")) } else { (0, String::new()) }
        }
        (0, _) => (0, String::new()),
        (named, Fit::Good) => (named.min(94) + 5, format!("{why}, and the values are {values}")),
        (named, Fit::Blank) => (named.min(85), format!("{why}; it is blank in the rows looked at")),
        (named, Fit::Open) => (named, why),
        (named, Fit::Bad) => ((named - 40).clamp(SHOWN, 55), format!("{why}, but most values are not {values}")),
    }
}

/// The best assignment of headings to the columns of a table: the sum of the scores is the highest there is.
pub fn assigned(
    table: TableName,
    names: &[&'static str],
    columns: &[ColumnSeen],
    headings: &Headings,
    reader: &Reader<'_>,
) -> Vec<Pair> {
    let scores: Vec<Vec<(i64, String)>> = names
        .iter()
        .map(|name| columns.iter().map(|column| score(table, name, column, headings, reader)).collect())
        .collect();
    // A better heading is worth more than several that fit badly.
    let weight = |row: usize, position: usize| match scores[row].get(position) {
        Some((score, _)) if *score >= SHOWN => score * score,
        _ => 0,
    };
    let chosen = best_assignment(names.len(), columns.len() + names.len(), &weight);
    // Rows without a heading of their own were given any.
    let has_it = |row: usize| scores[row].get(chosen[row]).is_some_and(|(score, _)| *score >= SHOWN);
    let taken: Vec<usize> = (0..names.len()).filter(|row| has_it(*row)).map(|row| chosen[row]).collect();
    let pairs = names.iter().enumerate().filter_map(|(row, name)| {
        let position = chosen[row];
        let (score, why) = scores[row].get(position)?.clone();
        if score < SHOWN {
            return None;
        }
        let as_good =
            |other: &usize| *other != position && !taken.contains(other) && scores[row][*other].0 >= score.min(97);
        let rival = (0..columns.len()).find(as_good);
        let (blank, rows) = (columns[position].blank, columns[position].blank + columns[position].filled);
        let why = if blank > 0 && score < 100 && columns[position].filled > 0 {
            format!("{why}; blank in {blank} of {}", counted(rows, "row", "rows"))
        } else {
            why
        };
        Some(Pair { column: name, position, score, why, rival, blank, is_said: false })
    });
    pairs.collect()
}

/// For each row the column that it gets, each column once, so that the sum of the weights is the highest (the Hungarian
/// method). There are at least as many columns as rows.
fn best_assignment(rows: usize, columns: usize, weight: &dyn Fn(usize, usize) -> i64) -> Vec<usize> {
    let (mut of_row, mut of_column) = (vec![0i64; rows + 1], vec![0i64; columns + 1]);
    // By column, counted from 1: the row that has it, 0 for none.
    let mut holder = vec![0usize; columns + 1];
    let mut way = vec![0usize; columns + 1];
    for row in 1..=rows {
        holder[0] = row;
        let mut at = 0;
        let mut least = vec![i64::MAX; columns + 1];
        let mut used = vec![false; columns + 1];
        while holder[at] != 0 {
            used[at] = true;
            let (mut step, mut next) = (i64::MAX, 0);
            for column in 1..=columns {
                if used[column] {
                    continue;
                }
                let cost = -weight(holder[at] - 1, column - 1) - of_row[holder[at]] - of_column[column];
                if cost < least[column] {
                    (least[column], way[column]) = (cost, at);
                }
                if least[column] < step {
                    (step, next) = (least[column], column);
                }
            }
            for column in 0..=columns {
                if used[column] {
                    of_row[holder[column]] += step;
                    of_column[column] -= step;
                } else if least[column] < i64::MAX {
                    least[column] -= step;
                }
            }
            at = next;
        }
        while at != 0 {
            let before = way[at];
            holder[at] = holder[before];
            at = before;
        }
    }
    let mut chosen = vec![columns; rows];
    for column in 1..=columns {
        if holder[column] > 0 {
            chosen[holder[column] - 1] = column - 1;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    // Row 0 would like column 0 a little more than column 1, row 1 can only have column 0.
    #[test]
    fn the_sum_counts_and_no_column_is_given_twice() {
        let weights = [[90, 80, 0, 0], [85, 0, 0, 0]];
        assert_eq!(best_assignment(2, 4, &|row, column| weights[row][column]), [1, 0]);
        // The sums of all six assignments of these by hand: the best is 7 + 9 + 5.
        let weights = [[7, 2, 1], [3, 9, 4], [6, 8, 5]];
        assert_eq!(best_assignment(3, 3, &|row, column| weights[row][column]), [0, 1, 2]);
    }
}
