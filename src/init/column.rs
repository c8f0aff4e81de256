//! What the values of a column are like: dates and how they are written, pupil numbers, codes, weeks of marks, words.
//! Values are counted and never kept, but for those of short lists.

use crate::dates::{self, DateOrder, Form};
use crate::ids::{NhsNumber, Upn};
use crate::load::folded::folded;
use crate::load::left_aside;
use crate::rules::calendar::is_academic_year;
use crate::rules::pack::Pack;
use std::collections::{BTreeMap, BTreeSet};

/// The most different values of a column that are kept as words.
const WORDS: usize = 40;

/// How many values of a column are shown to whoever is asked.
const EXAMPLES: usize = 3;

/// How many characters of each.
const LONGEST_EXAMPLE: usize = 24;

/// The longest value that is kept as a word.
const LONGEST: usize = 60;

/// What a column holds, by the counts of its values.
#[derive(Clone, Debug, Default)]
pub struct ColumnSeen {
    /// Its heading as it stands.
    pub heading: String,
    /// Rows with a value.
    pub filled: usize,
    /// Rows without.
    pub blank: usize,
    /// Values that can be read as a date in some order.
    pub dates: usize,
    /// Of those, the ones that show that the day comes first, that the month does, that show nothing; and numbers of days.
    pub day_first: usize,
    /// See `day_first`.
    pub month_first: usize,
    /// See `day_first`.
    pub either_way: usize,
    /// See `day_first`.
    pub serial: usize,
    /// Values that look like a date with a year of two digits.
    pub short_years: usize,
    /// Values that are a UPN with the right check letter.
    pub upns: usize,
    /// Values that are an NHS number with the right check digit.
    pub nhs_numbers: usize,
    /// Values that are `n` or `n.m` with a headline, and of those the ones with a need.
    pub criteria: usize,
    /// See `criteria`.
    pub needs: usize,
    /// Values that are AM or PM.
    pub sessions: usize,
    /// Values that are an attendance code, and of those the ones that are `/` or `\`.
    pub codes: usize,
    /// See `codes`.
    pub presents: usize,
    /// Values of ten or fourteen marks.
    pub weeks: usize,
    /// Values such as `2023/24`.
    pub years: usize,
    /// Whole numbers, `134` or `134.0`.
    pub whole: usize,
    /// Percentages: with their sign, or up to 100 with a part behind the point.
    pub percentages: usize,
    /// How many different values there are.
    pub different: usize,
    /// The rows that have no value here, where each stands below one that has: see [`RowsWithout`].
    pub rows_without: Option<RowsWithout>,
    /// A few values as they stand, for the screen of whoever is asked: never for a file.
    pub examples: Examples,
    /// The different values that are no dates with their counts, folded, where there are few and short ones.
    pub words: Option<BTreeMap<String, Word>>,
}

/// Rows without a value in a column, such as that of the case, each below a row that has one: they may belong to the row above.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowsWithout {
    /// How many.
    pub rows: usize,
    /// By heading, how many of them have a value there, and of those how many have a day.
    pub filled: BTreeMap<String, (usize, usize)>,
}

/// Values as they stand, for the screen of whoever is asked. They are neither printed with the rest nor written.
#[derive(Clone, Default)]
pub struct Examples(Vec<String>);

impl Examples {
    /// The values.
    pub fn on_screen(&self) -> &[String] {
        &self.0
    }

    fn note(&mut self, value: &str) {
        if self.0.len() < EXAMPLES && !self.0.iter().any(|known| known == value) {
            self.0.push(value.chars().take(LONGEST_EXAMPLE).collect());
        }
    }
}

impl std::fmt::Debug for Examples {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} values", self.0.len())
    }
}

/// A value of a short list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As it stands first.
    pub text: String,
    /// In how many rows.
    pub times: usize,
}

impl ColumnSeen {
    /// Looks at the values of a column. Those of restricted rows, which `is_shown` leaves out, are no examples.
    pub fn of<'a>(
        heading: &str,
        values: impl Iterator<Item = &'a str>,
        is_shown: &dyn Fn(usize) -> bool,
        pack: &Pack,
    ) -> ColumnSeen {
        let mut column = ColumnSeen { heading: heading.trim().to_owned(), ..ColumnSeen::default() };
        let mut words: BTreeMap<String, Word> = BTreeMap::new();
        let mut different = BTreeSet::new();
        let mut is_list = true;
        for (row, raw) in values.enumerate() {
            let value = raw.trim();
            if value.is_empty() {
                column.blank += 1;
                continue;
            }
            column.filled += 1;
            if is_shown(row) {
                column.examples.note(value);
            }
            let is_day = column.note(raw, value, pack);
            // Between days the words count: "Ongoing" in a column of closing dates.
            if is_list && !is_day {
                let next = Word { text: value.to_owned(), times: 0 };
                words.entry(folded(value)).or_insert(next).times += 1;
                is_list = words.len() <= WORDS && value.chars().count() <= LONGEST;
            }
            different.insert(value);
        }
        column.different = different.len();
        column.words = is_list.then_some(words);
        column
    }

    /// Counts a value. Gives back whether it is a date, or meant as one.
    fn note(&mut self, raw: &str, value: &str, pack: &Pack) -> bool {
        let read = is_day(value);
        if read {
            self.dates += 1;
            match dates::form(value) {
                Form::Plain => {}
                Form::EitherWay => self.either_way += 1,
                Form::DayFirst => self.day_first += 1,
                Form::MonthFirst => self.month_first += 1,
                Form::Serial => self.serial += 1,
            }
        }
        let is_short = !read && has_short_year(value);
        self.short_years += usize::from(is_short);
        if value.len() == 13 && Upn::read(value).is_some_and(|upn| upn.check_letter_is_right()) {
            self.upns += 1;
        }
        self.nhs_numbers += usize::from(NhsNumber::read(value).is_some_and(|read| read.is_ok()));
        let (headline, need) = value.split_once('.').map_or((value, None), |(headline, need)| (headline, Some(need)));
        let is_headline =
            headline.parse().ok().is_some_and(|number: u8| is_headline(pack, number)) && !headline.starts_with('0');
        if is_headline && need.is_none_or(|need| !need.is_empty() && need.bytes().all(|byte| byte.is_ascii_digit())) {
            self.criteria += 1;
            self.needs += usize::from(need.is_some());
        }
        self.sessions += usize::from(["am", "pm"].contains(&value.to_lowercase().as_str()));
        if value.chars().count() <= 2 && pack.codes.get(value).is_some() {
            self.codes += 1;
            self.presents += usize::from(value == "/" || value == "\\");
        }
        self.weeks += usize::from([raw, value].into_iter().any(|text| is_week(text, pack)));
        self.years += usize::from(is_academic_year(value));
        let whole = value.strip_suffix(".0").unwrap_or(value);
        self.whole += usize::from(whole.len() <= 8 && whole.bytes().all(|byte| byte.is_ascii_digit()));
        self.percentages += usize::from(is_percentage(value));
        read || is_short
    }

    /// Whether it holds percentages, by its heading or by its values.
    pub fn is_of_percentages(&self) -> bool {
        left_aside::is_percentage(&self.heading) || self.is_mostly(self.percentages, 30)
    }

    /// Whether at least so many of a hundred values are counted.
    pub fn is_mostly(&self, count: usize, percent: usize) -> bool {
        self.filled > 0 && 100 * count >= percent * self.filled
    }

    /// Takes in the words of another column that holds the same.
    pub fn add_words(&mut self, other: &ColumnSeen) {
        let words = self.words.get_or_insert_default();
        for (folded, word) in other.words.iter().flatten() {
            words.entry(folded.clone()).or_insert(Word { text: word.text.clone(), times: 0 }).times += word.times;
        }
    }

    /// Finds the rows without a value at a position, where there are some and each stands below a row that has one.
    pub fn note_rows_without(&mut self, position: usize, names: &[String], rows: &[&[String]]) {
        let cell = |row: &[String], at: usize| row.get(at).map_or("", |cell| cell.trim()).to_owned();
        let mut found = RowsWithout::default();
        let mut is_above = false;
        for row in rows.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())) {
            let has_value = !cell(row, position).is_empty();
            if has_value {
                is_above = true;
                continue;
            }
            if !std::mem::take(&mut is_above) {
                return;
            }
            found.rows += 1;
            for (at, name) in names.iter().enumerate() {
                let text = cell(row, at);
                if !text.is_empty() {
                    let (filled, days) = found.filled.entry(name.trim().to_owned()).or_default();
                    *filled += 1;
                    *days += usize::from(is_day(&text));
                }
            }
        }
        self.rows_without = (found.rows > 0).then_some(found);
    }

    /// Whether every row has a value of its own, but for a few.
    pub fn is_key(&self) -> bool {
        100 * self.different >= 98 * self.filled
    }
}

/// Whether a value can be read as a date in some order.
fn is_day(value: &str) -> bool {
    [DateOrder::DayFirst, DateOrder::MonthFirst].into_iter().any(|order| dates::read_in(value, order).is_some())
}

/// Whether some framework of the pack has a headline of this number.
pub fn is_headline(pack: &Pack, number: u8) -> bool {
    pack.frameworks.iter().any(|framework| framework.headline(number).is_some())
}

/// Ten or fourteen marks, most of them codes and some of them present.
fn is_week(text: &str, pack: &Pack) -> bool {
    let length = text.chars().count();
    if !matches!(length, 10 | 14) {
        return false;
    }
    let known =
        text.chars().filter(|mark| matches!(mark, '-' | '@' | ' ') || pack.codes.get(&mark.to_string()).is_some());
    let shows_presence =
        text.contains(['/', '\\', '#']) || text.chars().all(|mark| !mark.is_ascii_digit() && mark != ' ');
    shows_presence && 10 * known.count() >= 8 * length
}

/// `30/09/24` and the like: the century would be a guess.
fn has_short_year(value: &str) -> bool {
    let day = value.split(' ').next().unwrap_or_default();
    let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
    let [first, second, year] = parts.as_slice() else { return false };
    let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(first) && (digits(second) || second.len() == 3) && year.len() == 2 && digits(year)
}

/// Whether a value is one of a hundred: `95%`, or `94.6`.
fn is_percentage(value: &str) -> bool {
    let (number, has_sign) = value.strip_suffix('%').map_or((value, false), |number| (number.trim_end(), true));
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has_part = digits(part) && part.bytes().any(|byte| byte != b'0');
    digits(whole)
        && (part.is_empty() || digits(part))
        && whole.parse().is_ok_and(|whole: u32| whole <= 100)
        && (has_sign || has_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[&str]) -> ColumnSeen {
        ColumnSeen::of("Heading", values.iter().copied(), &|_| true, &Pack::built_in().unwrap())
    }

    #[test]
    fn values_are_counted_by_what_they_are() {
        let dates = column(&["30/09/2024", "01/02/2024", "09/30/2024", "2024-09-30", "45565", "30/09/24", "", "soon"]);
        assert_eq!((dates.filled, dates.dates, dates.short_years), (7, 5, 1));
        assert_eq!((dates.day_first, dates.month_first, dates.either_way, dates.serial), (1, 1, 1, 1));
        assert_eq!(column(&["W889200024001", "W889200024002", "UN1"]).upns, 1);
        let criteria = column(&["1", "10", "11", "0", "01", "3.2", "3.", "education"]);
        assert_eq!((criteria.criteria, criteria.needs), (3, 1));
        let marks = column(&["/\\/\\/\\/\\/\\", "/\\##DDXX##/\\/\\", "2024-09-09", "0123456789"]);
        assert_eq!(marks.weeks, 2);
        let codes = column(&["/", "C1", "q", "??"]);
        assert_eq!((codes.codes, codes.presents), (3, 1));
        assert_eq!(column(&["2023/24", "2023/25", "2023"]).years, 1);
    }

    #[test]
    fn only_short_lists_are_kept() {
        let list = column(&["Paid", "paid", "Not paid"]);
        assert_eq!(list.words.unwrap()["paid"], Word { text: "Paid".to_owned(), times: 2 });
        let many: Vec<String> = (0..50).map(|number| format!("name {number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(column(&many).words.is_none());
    }
}
