//! What stands in place of a cell that holds no value which can be read: the errors of spreadsheets as cells show them, and
//! texts of the program's own for cells of workbooks that say less than they seem to. None of them is ever blank, and none
//! is a date, a number or an id, wherever it comes to stand; a quarantine file has them as they are.

use crate::dates::Date;

/// A formula of which the workbook has no result.
pub const NO_VALUE: &str = "#NO VALUE!";

/// What a day begins with that stands where an id should.
const DAY: &str = "#DATE! ";

/// Between the two days that a swapped date may be.
const OR: &str = " or ";

/// The errors of spreadsheets, as cells show them.
const CELL_ERRORS: [&str; 8] = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!"];

/// The most digits that a number of a workbook keeps.
const DIGITS: usize = 15;

/// A day in a column of ids: what was typed has become a date.
pub fn day_as_id(day: &str) -> String {
    format!("{DAY}{day}")
}

/// A number in a column of ids as a spreadsheet shows it, with an exponent, where it has more digits than it keeps.
pub fn lost_digits(number: &str) -> Option<String> {
    let (sign, digits) = number.split_at(usize::from(number.starts_with('-')));
    let whole = digits.split_once('.').map_or(digits, |(whole, _)| whole);
    let counted = digits.bytes().filter(u8::is_ascii_digit).count();
    (counted > DIGITS && whole.is_ascii()).then(|| {
        let exponent = whole.len().saturating_sub(1);
        let kept: String = digits.chars().filter(char::is_ascii_digit).take(DIGITS).collect();
        let (first, rest) = kept.split_at(1.min(kept.len()));
        format!("{sign}{first}.{rest}E+{exponent:02}")
    })
}

/// A date whose day and month a spreadsheet may have swapped: both days that it may be.
pub fn swapped(day: Date) -> String {
    let other = Date::new(day.year(), day.day(), day.month()).unwrap_or(day);
    format!("{day}{OR}{other}")
}

/// Whether a text is one of [`swapped`].
pub fn is_swapped(text: &str) -> bool {
    let is_day = |text: &str| text.parse::<Date>().is_ok();
    text.split_once(OR).is_some_and(|(one, other)| is_day(one) && is_day(other))
}

/// Whether a text stands where a cell holds no value that can be read.
pub fn is_no_value(text: &str) -> bool {
    // UPNs are compared without spaces.
    let bare = |text: &str| text.chars().filter(|char| !char.is_whitespace()).collect::<String>();
    text.starts_with('#') && {
        let bare_text = bare(text);
        is_error(text) || bare_text == bare(NO_VALUE) || bare_text.starts_with(&bare(DAY))
    }
}

fn is_error(text: &str) -> bool {
    CELL_ERRORS.iter().any(|error| text.eq_ignore_ascii_case(error))
}

/// What is the matter with a cell that cannot be read, in a sentence; none of any other text.
pub fn said(column: &str, text: &str) -> Option<String> {
    if !is_no_value(text) {
        return None;
    }
    if text == NO_VALUE {
        return Some(format!(
            "{column} is a formula without a value: the program that wrote the workbook has not worked it out. Open the workbook in Excel and save it."
        ));
    }
    if let Some(day) = text.strip_prefix(DAY) {
        return Some(format!(
            "{column} is an id, and the workbook has the date {day} there: a spreadsheet has made a date of it, and the id is lost. Format the column as text and type it again."
        ));
    }
    Some(format!("{column} has the error {text} of a spreadsheet instead of a value."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;

    #[test]
    fn a_number_keeps_fifteen_digits_and_is_no_id_beyond() {
        assert_eq!(lost_digits("123456789012345"), None);
        assert_eq!(lost_digits("1234567890123456").as_deref(), Some("1.23456789012345E+15"));
        assert_eq!(lost_digits("-1234567890123456").as_deref(), Some("-1.23456789012345E+15"));
        assert_eq!(lost_digits("202301000001"), None);
        for number in ["1234567890123456", "10000000000000000", "1.2345678901234567"] {
            assert!(crate::ids::lost_its_digits(&lost_digits(number).unwrap()), "{number}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_by_its_text() {
        for text in [NO_VALUE, "#N/A", "#DATE! 2024-05-03"] {
            assert!(said("case_id", text).is_some(), "{text}");
            assert_eq!(crate::dates::read(text), None);
        }
        for text in ["#", "C1", "", "#1", "# N/A"] {
            assert_eq!(said("case_id", text), None, "{text}");
        }
        let both = swapped(date(2024, 3, 5));
        assert_eq!(both, "2024-03-05 or 2024-05-03");
        assert!(is_swapped(&both) && !is_swapped("2024-03-05"));
        assert_eq!(crate::dates::read(&both), None);
    }
}
