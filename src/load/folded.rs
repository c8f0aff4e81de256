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
    let parts: Vec<String> = text.split(is_gap).filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
    parts.join(" ")
}
