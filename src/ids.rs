//! Identifiers as councils write them (contract section 1, "Ids"). All are text: `0012` keeps its zeros, and two ids are
//! the same only when every character is, once both are [`cleaned`]. They sort by characters.
//!
//! Two different ids may be *nearly alike* ([`likeness`]): a reason to look, never proof that they are one.
//!
//! Longer than most files, since every kind of id is cleaned and compared here.

use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A cell as an id is compared: Unicode NFC; other spaces, tabs and line breaks become a space; invisible characters
/// (byte-order marks, zero-width characters, soft hyphens, controls) go; the ends are trimmed.
///
/// ```
/// assert_eq!(sfclaim::ids::cleaned("\u{feff} F\u{200b}12\u{a0}b\t"), "F12 b");
/// assert_eq!(sfclaim::ids::cleaned("0012"), "0012");
/// assert_eq!(sfclaim::ids::cleaned("F\u{3164}1\u{115f}\u{1160}\u{17b4}\u{ffa0}\u{1d173}\u{2800}"), "F1");
/// ```
pub fn cleaned(cell: &str) -> Cow<'_, str> {
    let trimmed = cell.trim_matches(' ');
    if trimmed.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(trimmed);
    }
    let is_plain = |char: char| char == ' ' || !(char.is_whitespace() || is_invisible(char));
    if is_nfc_quick(trimmed.chars()) == IsNormalized::Yes && trimmed.chars().all(is_plain) {
        return Cow::Borrowed(trimmed);
    }
    let seen = trimmed.chars().filter(|char| char.is_whitespace() || !is_invisible(*char));
    let text: String = seen.map(|char| if char.is_whitespace() { ' ' } else { char }).nfc().collect();
    Cow::Owned(text.trim_matches(' ').to_owned())
}

/// Whether a character shows nothing and is no space: controls, byte-order marks, zero-width characters, soft hyphens,
/// marks of direction, selectors of variants.
fn is_invisible(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// What two ids that are nearly alike have in common: NFKC, lower case, every dash a hyphen, no white space, no `.0` at
/// the end, no leading zeros in a run of digits (one zero stays).
///
/// ```
/// use sfclaim::ids::likeness;
/// assert_eq!(likeness("F\u{2013}0012.0"), likeness("f-12"));
/// assert_ne!(likeness("F-120"), likeness("f-12"));
/// ```
pub fn likeness(id: &str) -> String {
    likeness_of(id, true)
}

fn likeness_of(id: &str, any_case: bool) -> String {
    let clean = cleaned(id);
    // Nearly all ids are plain, and have no other form.
    let mut text: String = if clean.is_ascii() {
        let mut seen: String = clean.into_owned();
        if seen.bytes().any(|byte| byte.is_ascii_whitespace()) {
            seen.retain(|char| !char.is_ascii_whitespace());
        }
        if any_case {
            seen.make_ascii_lowercase();
        }
        seen
    } else {
        let mut whole: String = clean.nfkc().collect();
        if any_case {
            whole = whole.to_lowercase();
        }
        let seen = whole.chars().filter(|char| !char.is_whitespace());
        seen.map(|char| if is_dash(char) { '-' } else { char }).collect()
    };
    let without_zeros = text.trim_end_matches('0');
    if without_zeros.len() < text.len() && without_zeros.ends_with('.') {
        text.truncate(without_zeros.len() - 1);
    }
    let bytes = text.as_bytes();
    let (mut short, mut kept_from) = (String::with_capacity(text.len()), 0);
    let mut after_digit = false;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'0' && !after_digit && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            short.push_str(&text[kept_from..at]);
            kept_from = at + 1;
        } else {
            after_digit = byte.is_ascii_digit();
        }
    }
    short.push_str(&text[kept_from..]);
    short
}

/// What makes two ids of a kind nearly alike in this data.
///
/// Some systems tell ids apart by the case of letters alone. Where over 1 in 5 of a kind's ids, of 100 or more, differ
/// from another by that alone, it counts for the kind.
#[derive(Clone, Copy, Debug, Default)]
pub struct Likeness {
    /// Whether capital and small letters are told apart.
    pub case_counts: bool,
}

impl Likeness {
    /// What makes these ids, each given once, nearly alike.
    pub fn of<'a>(ids: impl Iterator<Item = &'a str> + Clone) -> Likeness {
        const FEWEST: usize = 100;
        const ONE_IN: usize = 5;
        let mut folded: FxHashMap<String, usize> = FxHashMap::default();
        let mut number = 0;
        for id in ids {
            *folded.entry(id.to_lowercase()).or_default() += 1;
            number += 1;
        }
        let alike: usize = folded.values().filter(|ids| **ids > 1).sum();
        Likeness { case_counts: number >= FEWEST && alike * ONE_IN > number }
    }

    /// What two ids that are nearly alike have in common.
    pub fn key(self, id: &str) -> String {
        if self.case_counts { likeness_of(id, false) } else { likeness(id) }
    }
}

/// Whether a character is a dash that is compared as a hyphen.
pub fn is_dash(char: char) -> bool {
    matches!(char, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// Whether an id was written as a rounded number, as `2.02E+11`: a spreadsheet has lost its digits, and it stands for many.
///
/// ```
/// assert!(sfclaim::ids::lost_its_digits("2.02E+11"));
/// assert!(!sfclaim::ids::lost_its_digits("2E11"));
/// ```
pub fn lost_its_digits(id: &str) -> bool {
    let Some((number, exponent)) = id.split_once(['e', 'E']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.strip_prefix(['-', '+']).unwrap_or(number);
    let (whole, part) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    digits(whole) && digits(part) && exponent.strip_prefix('+').is_some_and(digits)
}

/// A name as it is compared: NFKD without combining marks, lower case, letters and digits only. `O'Néill-Day` and
/// `o neill day` are one.
///
/// ```
/// use sfclaim::ids::folded_name;
/// assert_eq!(folded_name("O\u{2019}Ne\u{301}ill-Day"), folded_name("oneill day"));
/// ```
pub fn folded_name(name: &str) -> String {
    if name.is_ascii() {
        return name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect();
    }
    let plain = name.nfkd().filter(|char| !unicode_normalization::char::is_combining_mark(*char));
    plain.flat_map(char::to_lowercase).filter(|char| char.is_alphanumeric()).collect()
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id that this cell gives, [`cleaned`].
            pub fn new(cell: &str) -> Self {
                Self(Arc::from(&*cleaned(cell)))
            }

            /// The same, sharing its text with the one before where both are one.
            pub fn shared(cell: &str, before: &mut Option<Self>) -> Self {
                match before.take().filter(|before| *before.0 == *cell) {
                    Some(same) => before.insert(same).clone(),
                    None => before.insert(Self::new(cell)).clone(),
                }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

text_id!(
    /// A case in the case system; unique.
    CaseId
);
text_id!(
    /// A family; a family may have many cases.
    FamilyId
);
text_id!(
    /// A person, who may belong to more than one family.
    PersonId
);
text_id!(
    /// A result claimed from the programme; unique.
    ClaimId
);
text_id!(
    /// A unique pupil number that identifies somebody: [`cleaned`], without white space, upper case, and no placeholder.
    Upn
);

/// An NHS number with the right check digit: ten digits, without spaces or hyphens between them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NhsNumber(String);

impl NhsNumber {
    /// Reads a cell. `None` when it is blank or a placeholder, a text without a digit or whose digits are all the same: those
    /// are nobody's. An error, the text as it was read, when it is no NHS number.
    pub fn read(cell: &str) -> Option<Result<NhsNumber, String>> {
        let text = Self::text_of(cell);
        let mut digits = text.chars().filter(char::is_ascii_digit);
        let first = digits.next()?;
        if digits.all(|digit| digit == first) {
            return None;
        }
        Some(if Self::check_digit_is_right(&text) { Ok(NhsNumber(text)) } else { Err(text) })
    }

    /// A cell as NHS numbers are compared: [`cleaned`], without white space and hyphens, with which they are written in groups.
    pub fn text_of(cell: &str) -> String {
        cleaned(cell).chars().filter(|char| !char.is_whitespace() && *char != '-').collect()
    }

    /// The last of the ten digits is 11 less the sum of the others, weighted 10 to 2, modulo 11. 11 is written 0, and a number
    /// that would have 10 is never given out. Source: NHS Data Model and Dictionary, NHS number.
    fn check_digit_is_right(text: &str) -> bool {
        let digits: Vec<u32> = text.chars().filter_map(|char| char.to_digit(10)).collect();
        if digits.len() != 10 || text.len() != 10 {
            return false;
        }
        let sum: u32 = digits.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
        digits.last() == Some(&((11 - sum % 11) % 11))
    }
}

impl fmt::Display for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Upn {
    /// Reads a cell. `None` when it is blank, says "no UPN because ..." (`UN1` to `UN5`), or is a placeholder: those never
    /// match anyone.
    pub fn read(cell: &str) -> Option<Upn> {
        let text = Self::text_of(cell);
        (!text.is_empty() && !Self::is_placeholder(&text)).then(|| Upn::new(&text))
    }

    /// A cell as UPNs are compared: [`cleaned`], without white space, upper case.
    pub fn text_of(cell: &str) -> Cow<'_, str> {
        let text = cleaned(cell);
        if text.bytes().all(|byte| matches!(byte, b'!'..=b'~') && !byte.is_ascii_lowercase()) {
            return text;
        }
        Cow::Owned(text.chars().filter(|char| !char.is_whitespace()).collect::<String>().to_uppercase())
    }

    /// Whether a text stands where there is no UPN: `UN1` to `UN5`, a text without a digit (`N/A`, `NULL`, `tbc`), or one
    /// whose digits are all the same (`0000000000000`).
    pub fn is_placeholder(text: &str) -> bool {
        let says_why_none = matches!(text, "UN1" | "UN2" | "UN3" | "UN4" | "UN5");
        let mut digits = text.chars().filter(char::is_ascii_digit);
        let first = digits.next();
        says_why_none || digits.all(|digit| Some(digit) == first)
    }

    /// Whether this is a temporary UPN: 13 characters, of which the last is a letter.
    pub fn is_temporary(&self) -> bool {
        let bytes = self.0.as_bytes();
        bytes.len() == 13 && bytes[12].is_ascii_alphabetic()
    }

    /// Whether this is a UPN whose check letter is right: 13 characters, the check letter first, the
    /// others digits, save the last, which is a letter in a temporary UPN.
    ///
    /// The letter is the sum of positions 2 to 13 weighted 2 to 13, modulo 23, in an alphabet without
    /// I, O and S. Source: Department for Education, unique pupil numbers guidance.
    pub fn check_letter_is_right(&self) -> bool {
        const ALPHABET: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";
        let bytes = self.0.as_bytes();
        if bytes.len() != 13 {
            return false;
        }
        let mut sum = 0;
        for (position, byte) in bytes.iter().enumerate().skip(1) {
            let value = match byte {
                b'0'..=b'9' => usize::from(byte - b'0'),
                letter if position == 12 => match ALPHABET.iter().position(|known| known == letter) {
                    Some(value) => value,
                    None => return false,
                },
                _ => return false,
            };
            sum += (position + 1) * value;
        }
        bytes[0] == ALPHABET[sum % 23]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The examples of domain.md. A widely copied help page gives Q for 207000016049; its arithmetic is wrong.
    #[test]
    fn check_letters_of_the_published_examples_are_right() {
        for text in ["W889200024001", "L889123424001", "R889400122017", "P207000016049", "G88920002400A"] {
            assert!(Upn::new(text).check_letter_is_right(), "{text}");
        }
        assert!(Upn::new("G88920002400A").is_temporary());
        assert!(!Upn::new("W889200024001").is_temporary());
        for text in ["Q207000016049", "W889200024002", "W88920002400", "W88920002400I"] {
            assert!(!Upn::new(text).check_letter_is_right(), "{text}");
        }
    }

    #[test]
    fn reasons_for_having_no_upn_identify_nobody() {
        assert_eq!(Upn::read(" un3 "), None);
        assert_eq!(Upn::read(""), None);
        assert_eq!(Upn::read(" w889200024001"), Some(Upn::new("W889200024001")));
        assert_eq!(Upn::read("w8892 0002\u{a0}4001"), Some(Upn::new("W889200024001")));
        for placeholder in ["NULL", "n/a", "0", "-", "0000000000000", "A111111111111", "TBC", "unknown"] {
            assert_eq!(Upn::read(placeholder), None, "{placeholder}");
        }
        assert!(Upn::read("A111111111112").is_some());
    }

    // 943 476 5919, an invented number for tests: 90 + 36 + 24 + 28 + 42 + 30 + 20 + 27 + 2 = 299, which is 2 modulo 11, and
    // 11 - 2 = 9. 100 000 000: 10, and the digit would be 1; 401 000 000: 40 + 0 + 8 = 48, 4, so 7. 000 000 001: 2, so 9;
    // 000 000 006: 12, 1, so 10, which is never given out.
    #[test]
    fn nhs_numbers_have_their_check_digit() {
        let good = NhsNumber::read("9434765919").unwrap().unwrap();
        assert_eq!(NhsNumber::read(" 943 476-5919\u{200b}"), Some(Ok(good.clone())));
        assert_eq!(good.to_string(), "9434765919");
        assert!(NhsNumber::read("1000000001").unwrap().is_ok() && NhsNumber::read("4010000007").unwrap().is_ok());
        for bad in ["9434765918", "943476591", "94347659190", "A434765919", "9434765919X", "0000000060", "9434765919.0"]
        {
            assert_eq!(NhsNumber::read(bad), Some(Err(bad.to_owned())), "{bad}");
        }
        for placeholder in ["", " ", "0000000000", "9999999999", "1111111111", "111 111 1111", "N/A", "unknown", "-"] {
            assert_eq!(NhsNumber::read(placeholder), None, "{placeholder}");
        }
    }

    #[test]
    fn ids_are_cleaned_and_nothing_more() {
        assert_eq!(FamilyId::new("F1\u{200b}"), FamilyId::new("F1"));
        assert_eq!(FamilyId::new(" F\u{2003}1\n"), FamilyId::new("F 1"));
        assert_eq!(FamilyId::new("Jose\u{301}"), FamilyId::new("Jos\u{e9}"));
        for (one, other) in [("0012", "12"), ("F1", "f1"), ("F-1", "F\u{2013}1"), ("12.0", "12"), ("F 1", "F1")] {
            assert_ne!(FamilyId::new(one), FamilyId::new(other));
            assert_eq!(likeness(one), likeness(other));
        }
        assert_eq!(likeness("\u{ff26}-007a010.00"), "f-7a10");
        assert_eq!(likeness("000"), "0");
        assert_ne!(likeness("10"), likeness("1"));
    }

    #[test]
    fn rounded_numbers_are_no_ids() {
        for id in ["2.02E+11", "2.02301e+11", "2E+05", "-1.5E+3"] {
            assert!(lost_its_digits(id), "{id}");
        }
        for id in ["2E11", "E+11", "F2.02E+11", "2.02E-11", "202301000001", "2.E+11", "2.02E+"] {
            assert!(!lost_its_digits(id), "{id}");
        }
    }
}
