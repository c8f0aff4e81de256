//! Text that a spreadsheet would run as a formula: held back by an apostrophe in what is written, and given back when a
//! quarantine file is read again.

use std::borrow::Cow;

/// What a formula begins with. Tab and carriage return are passed over by some programs, which then see what follows.
const BEGINNINGS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Whether a text, after any apostrophes, begins as a formula does.
fn begins_as_one(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(BEGINNINGS)
}

/// `-5` and `+12.5` are numbers in a spreadsheet too, and a single `-` or `@` is a text: neither is run.
fn is_harmless(text: &str) -> bool {
    let after = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = after.bytes().any(|byte| byte.is_ascii_digit())
        && after.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && after.bytes().filter(|byte| *byte == b'.').count() <= 1;
    is_number || text.chars().count() == 1
}

/// The text as it may stand in a CSV file: with an apostrophe before it where a spreadsheet would run it.
pub fn held_back(text: &str) -> Cow<'_, str> {
    if begins_as_one(text) && !is_harmless(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that was meant: without the apostrophe that [`held_back`] put before it.
pub fn given_back(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| begins_as_one(rest)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_held_back_and_numbers_and_codes_are_not() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("+44 1254", "'+44 1254"),
            ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("----------", "'----------"),
            ("-1-1", "'-1-1"),
            ("'=1", "''=1"),
            ("-5", "-5"),
            ("+12.50", "+12.50"),
            ("-", "-"),
            ("@", "@"),
            ("'", "'"),
            ("'tis", "'tis"),
            ("C1", "C1"),
            ("", ""),
        ] {
            assert_eq!(held_back(text), written);
            assert_eq!(given_back(written), text);
        }
        // An officer types them without an apostrophe.
        assert_eq!(given_back("-/////////"), "-/////////");
    }

    proptest! {
        #![proptest_config(proptest::test_runner::Config {
            rng_seed: proptest::test_runner::RngSeed::Fixed(218),
            failure_persistence: None,
            ..Default::default()
        })]

        #[test]
        fn what_is_held_back_is_given_back(text in "['=+@\t\r 1.a-]{0,6}") {
            let written = held_back(&text);
            prop_assert_eq!(given_back(&written), text.as_str());
            prop_assert!(!written.starts_with(BEGINNINGS) || is_harmless(&written));
        }
    }
}
