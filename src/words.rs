//! Numbers and things as sentences have them, values that have a word each, and text as a terminal may be given it.

use std::borrow::Cow;

/// Declares an enum each of whose values has a word, by which files, settings and messages name it. The word stands beside
/// the value, once, and from it come `ALL`, `WORDS`, `word` and `of_word`.
macro_rules! worded {
    (
        $(#[$of_all:meta])*
        $seen:vis enum $name:ident {
            $($(#[$of_one:meta])* $value:ident = $word:literal,)+
        }
    ) => {
        $(#[$of_all])*
        $seen enum $name {
            $($(#[$of_one])* $value,)+
        }

        #[allow(dead_code, reason = "not every enum needs each of these")]
        impl $name {
            /// All of them, in order.
            $seen const ALL: [$name; [$($word),+].len()] = [$($name::$value),+];

            /// Their words, with what each means.
            $seen const WORDS: [(&'static str, $name); [$($word),+].len()] = [$(($word, $name::$value)),+];

            /// The word by which files and messages name it.
            $seen const fn word(self) -> &'static str {
                match self { $($name::$value => $word,)+ }
            }

            /// What a word means; `None` where it is none of [`Self::WORDS`].
            $seen fn of_word(word: &str) -> Option<$name> {
                Self::WORDS.into_iter().find(|(known, _)| *known == word).map(|(_, value)| value)
            }
        }
    };
}

pub(crate) use worded;

/// The words with a capital letter first, to begin a sentence.
pub fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Digits in groups of three: `12,345`.
pub fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 term`, `2 terms`.
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(&number.to_string()), if number == 1 { one } else { many })
}

/// A text in which nothing is an order to a terminal: control characters are written as `\u001b`, and so are characters
/// that nobody sees or that turn the order of others around. Line feeds and tabs stay. JSON stays the same JSON.
pub fn neutral(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_order) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_order(character) {
            out.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

fn is_order(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        // Soft hyphen, Arabic letter mark, marks and breaks without width, direction, byte-order mark.
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => true,
        other => other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    worded! {
        #[derive(Clone, Copy, Debug, PartialEq)]
        enum Half {
            Morning = "am",
            Afternoon = "pm",
        }
    }

    #[test]
    fn a_word_and_its_value_are_found_from_each_other() {
        assert_eq!(Half::ALL.map(Half::word), ["am", "pm"]);
        assert_eq!((Half::of_word("pm"), Half::of_word("PM")), (Some(Half::Afternoon), None));
        assert_eq!(Half::WORDS[0], ("am", Half::Morning));
    }

    #[test]
    fn orders_to_a_terminal_are_written_out() {
        assert_eq!(neutral("C1\tO'Hara-Ægir 日本\n"), "C1\tO'Hara-Ægir 日本\n");
        assert_eq!(neutral("\u{1b}[2Jx\r\0\u{9b}31m"), "\\u001b[2Jx\\u000d\\u0000\\u009b31m");
        assert_eq!(neutral("a\u{202e}b\u{200f}\u{feff}"), "a\\u202eb\\u200f\\ufeff");
        let json = serde_json::to_string("x\u{7f}\u{202e}\u{1b}").unwrap();
        assert_eq!(serde_json::from_str::<String>(&neutral(&json)).unwrap(), "x\u{7f}\u{202e}\u{1b}");
    }
}
