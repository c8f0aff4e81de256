//! Section 1, "Ids": how ids are cleaned, when two are nearly alike, and how names are folded.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Byte-order marks, zero-width characters, soft hyphens, controls.
fn invisible(c: char) -> bool {
    let zero_width = matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}');
    zero_width || matches!(c, '\u{FEFF}' | '\u{00AD}' | '\u{180E}') || c.is_control()
}

/// "Ids, UPNs and school numbers are cleaned."
pub fn clean(cell: &str) -> String {
    let composed: String = cell.nfc().collect();
    let spaced: String = composed.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let visible: String = spaced.chars().filter(|c| !invisible(*c)).collect();
    visible.trim().to_string()
}

/// "A UPN loses all white space and is upper case."
pub fn clean_upn(cell: &str) -> String {
    clean(cell).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase()
}

/// Blanks, `UN1`-`UN5` and placeholders (no digit, or all digits the same) never match nor link: they are as blank here.
pub fn usable_upn(cell: &str) -> String {
    let upn = clean_upn(cell);
    let mut digits: Vec<char> = upn.chars().filter(|c| c.is_ascii_digit()).collect();
    digits.dedup();
    // UN1 to UN5 have one digit each, so they are among them.
    if digits.len() < 2 { String::new() } else { upn }
}

/// Written with an exponent, with its plus sign: `2.02E+11`.
pub fn lost_its_digits(id: &str) -> bool {
    let lower = id.to_lowercase();
    let Some((number, exponent)) = lower.split_once("e+") else {
        return false;
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    let number_is_one = match number.split_once('.') {
        Some((whole, rest)) => digits(whole) && digits(rest),
        None => digits(number),
    };
    number_is_one && digits(exponent)
}

/// What two ids that are nearly alike have in common. `case_counts`: the step to lower case is left out.
pub fn likeness(id: &str, case_counts: bool) -> String {
    let mut text: String = id.nfkc().collect();
    if !case_counts {
        text = text.to_lowercase();
    }
    let mut plain = String::new();
    for c in text.chars() {
        if c.is_whitespace() {
            continue;
        }
        let dash = matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}');
        plain.push(if dash { '-' } else { c });
    }
    if let Some((before, zeros)) = plain.rsplit_once('.') {
        if !zeros.is_empty() && zeros.chars().all(|c| c == '0') {
            plain = before.to_string();
        }
    }
    // Leading zeros of every run of digits; one zero stays.
    let chars: Vec<char> = plain.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        let mut end = at;
        while end < chars.len() && chars[end].is_ascii_digit() {
            end += 1;
        }
        while at + 1 < end && chars[at] == '0' {
            at += 1;
        }
        while at < end {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// Of a kind: does the case of letters count? "Where over 1 in 5 of a kind's ids (of 100 or more) are nearly alike to
/// another by case of letters alone."
pub fn case_counts(ids: &[String]) -> bool {
    let mut different: Vec<&String> = Vec::new();
    for id in ids {
        if !id.is_empty() && !different.contains(&id) {
            different.push(id);
        }
    }
    if different.len() < 100 {
        return false;
    }
    let lower: Vec<String> = different.iter().map(|id| id.to_lowercase()).collect();
    let like_another = (0..lower.len()).filter(|&i| (0..lower.len()).any(|j| i != j && lower[i] == lower[j])).count();
    5 * like_another > different.len()
}

/// "Folded": NFKD without combining marks, lower case, letters and digits only.
pub fn folded(name: &str) -> String {
    let bare: String = name.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    bare.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaned() {
        assert_eq!(clean(" \u{FEFF}F\u{200B}1\u{00A0}2\t3\u{00AD} "), "F1 2 3");
        assert_eq!(clean("e\u{301}"), "\u{e9}");
        assert_eq!(clean("0012"), "0012");
        assert_eq!(clean_upn(" w88 9200\u{00A0}024001 "), "W889200024001");
        assert_eq!(usable_upn("UN3") + &usable_upn("unknown") + &usable_upn("A000000000000"), "");
        assert_eq!(usable_upn("A000000000001"), "A000000000001");
        assert!(lost_its_digits("2.02E+11") && lost_its_digits("2E+11") && lost_its_digits("2.02e+11"));
        assert!(!lost_its_digits("2E11") && !lost_its_digits("E+11") && !lost_its_digits("2.02E-11"));
    }

    #[test]
    fn nearly_alike() {
        let alike = |a: &str, b: &str| likeness(a, false) == likeness(b, false);
        assert!(alike("F-0012", "f\u{2013}12") && alike("12.0", "12") && alike("12.000", "0012"));
        assert!(
            alike("F 1 2", "f12") && alike("\u{FF26}\u{FF11}", "F1") && alike("F0", "F000") && alike("0-0", "00-000")
        );
        assert!(!alike("F1", "F10") && !alike("12.10", "12.1") && !alike("F_1", "F-1") && !alike("12.0.1", "12.1"));
        assert!(alike("12.00.0", "12.0") || likeness("12.00.0", false) == "12.0");
        assert_ne!(likeness("F1", true), likeness("f1", true));
    }

    #[test]
    fn case_of_letters_counts_where_many_differ_by_it_alone() {
        let ids = |pairs: usize, all: usize| -> Vec<String> {
            (0..all)
                .map(|n| if n < 2 * pairs && n % 2 == 1 { format!("a{}", n - 1) } else { format!("A{n}") })
                .collect()
        };
        assert!(!case_counts(&ids(10, 100)) && case_counts(&ids(11, 100)) && !case_counts(&ids(49, 99)));
    }

    #[test]
    fn names() {
        assert_eq!(folded("Zo\u{eb} O\u{2019}Neil-Smith"), "zoeoneilsmith");
        assert_eq!(folded("ZOE\u{308} O'NEIL SMITH"), "zoeoneilsmith");
    }
}
