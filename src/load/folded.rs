//! Words as headings and values are compared.

use crate::ids;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// A word as a heading or a value is compared: folded as ids are (see [`ids::likeness`]), so without what is not seen, in
/// small letters and with every dash a hyphen; and with one space for whatever separates its parts.
pub fn folded(text: &str) -> String {
    let text = ids::cleaned(text);
    let text: Cow<'_, str> = if text.is_ascii() { text } else { Cow::Owned(text.nfkc().collect()) };
    let is_gap = |c: char| c.is_whitespace() || c == '_' || c == '-' || ids::is_dash(c);
    let mut folded = String::with_capacity(text.len());
    for part in text.split(is_gap).filter(|part| !part.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        if part.is_ascii() {
            folded.extend(part.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        } else {
            folded.push_str(&part.to_lowercase());
        }
    }
    folded
}
