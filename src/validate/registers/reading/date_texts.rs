//! Texts of dates that were read, so that each is read once.

use crate::dates::{self, Date, DateOrder, Form, day_number};
use crate::validate::registers::kinds::Kinds;

/// Dates by their text. A register has few days and many rows.
pub(super) struct DateTexts {
    entries: Vec<Option<DateText>>,
}

impl Default for DateTexts {
    fn default() -> Self {
        DateTexts { entries: vec![None; DATES] }
    }
}

impl DateTexts {
    /// The day of a text, and a number for the shape it is written in: two texts are the same when both are. Beside them
    /// what the text says of the order.
    pub(super) fn read(&mut self, text: &str, order: DateOrder, kinds: &Kinds) -> Option<(i32, u32, Form)> {
        let bytes = text.as_bytes();
        let key = match (bytes.first_chunk(), bytes.last_chunk()) {
            // The two ends of a text of 8 to 16 bytes, which may overlap, are those of no other text of its length.
            (Some(first), Some(last)) if bytes.len() <= 16 => [u64::from_le_bytes(*first), u64::from_le_bytes(*last)],
            (Some(_), _) => return interpreted(text, order, kinds),
            _ => [bytes.iter().fold(0, |key, byte| key << 8 | u64::from(*byte)), 0],
        };
        let mixed = (key[0] ^ key[1].rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let entry = &mut self.entries[(mixed >> 54) as usize % DATES];
        if let Some(known) = entry.as_ref().filter(|known| known.text == key && known.length == bytes.len()) {
            return Some((known.day, known.shape, known.form));
        }
        let (day, shape, form) = interpreted(text, order, kinds)?;
        *entry = Some(DateText { text: key, length: bytes.len(), day, shape, form });
        Some((day, shape, form))
    }
}

/// How many texts of dates a worker remembers: more than a school year has days.
const DATES: usize = 1024;

#[derive(Clone, Copy)]
struct DateText {
    text: [u64; 2],
    length: usize,
    day: i32,
    shape: u32,
    form: Form,
}

fn interpreted(text: &str, order: DateOrder, kinds: &Kinds) -> Option<(i32, u32, Form)> {
    let date: Date = dates::read_in(text, order)?;
    Some((day_number(date), kinds.word(&shape(text)), dates::form(text)))
}

/// How a date is written: its digits as zeros, whether the month clearly comes first, and a time of day as it stands. Blank
/// for `2024-09-30`.
fn shape(text: &str) -> String {
    let form = dates::form(text);
    let day_ends = match form {
        // The time of day is what stands behind the point.
        dates::Form::Serial => text.find('.').unwrap_or(text.len()),
        _ => text.find(':').and_then(|colon| text[..colon].rfind([' ', 'T'])).unwrap_or(text.len()),
    };
    let (day, time) = text.split_at(day_ends);
    let mut day: String = day.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    if form == Form::MonthFirst {
        day.insert_str(0, "month first ");
    }
    if day == "0000-00-00" && time.is_empty() { String::new() } else { format!("{day}{time}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_texts_of_a_date_are_the_same_when_day_and_shape_are() {
        let kinds = Kinds::default();
        let mut dates = DateTexts::default();
        let texts = [
            "2024-09-03",
            "03/09/2024",
            "3/9/2024",
            "03-09-2024",
            "3 Sep 2024",
            "3 sep 2024",
            "2024-09-03 00:00:00",
            "2024-09-03 08:45:00",
            "2024-09-03T08:45",
            "45538",
            "45538.25",
            "45538.50",
        ];
        let read: Vec<(i32, u32, Form)> =
            texts.iter().map(|text| dates.read(text, DateOrder::DayFirst, &kinds).unwrap()).collect();
        for (position, one) in read.iter().enumerate() {
            assert_eq!(one.0, 19_969, "{}", texts[position]);
            assert!(read[..position].iter().all(|other| (other.0, other.1) != (one.0, one.1)), "{}", texts[position]);
            assert_eq!(dates.read(texts[position], DateOrder::DayFirst, &kinds), Some(*one));
        }
        assert_eq!(read[0].1, 0);
        assert_eq!(dates.read("04/09/2024", DateOrder::DayFirst, &kinds), Some((19_970, read[1].1, Form::EitherWay)));
        assert_eq!(dates.read("31/09/2024", DateOrder::DayFirst, &kinds), None);
        let [day_first, month_first] =
            ["16/01/2023", "01/16/2023"].map(|text| dates.read(text, DateOrder::MostlyDayFirst, &kinds).unwrap());
        assert_eq!(day_first.0, month_first.0);
        assert_ne!(day_first.1, month_first.1);
    }
}
