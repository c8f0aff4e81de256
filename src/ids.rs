//! Identifiers as councils write them. All are text: `0012` keeps its zeros, and two ids are the same
//! only when every character is. They sort by characters.

use std::fmt;
use std::sync::Arc;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id with this text, as it stands.
            pub fn new(text: &str) -> Self {
                Self(Arc::from(text))
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
    /// A unique pupil number that identifies somebody: trimmed, upper case, not blank and not one of
    /// `UN1` to `UN5`, which say why there is none.
    Upn
);

impl Upn {
    /// Reads a cell. `None` when it is blank or says "no UPN because ..." (`UN1` to `UN5`): those never match anyone.
    pub fn read(cell: &str) -> Option<Upn> {
        let text = cell.trim().to_uppercase();
        let says_why_none = matches!(text.as_str(), "UN1" | "UN2" | "UN3" | "UN4" | "UN5");
        (!text.is_empty() && !says_why_none).then(|| Upn::new(&text))
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
    }
}
