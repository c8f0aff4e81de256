//! A value of a parameter: how it is read from a rule file or the command line, and how it is said.

use super::keys::ValueKind;
use crate::dates::{self, Date};
use crate::error::did_you_mean;
use crate::money::Pounds;
use crate::rules::cited::{text_of, whole};
use crate::share::Percent;
use std::fmt;

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// See [`ValueKind::Whole`].
    Whole(i64),
    /// See [`ValueKind::Percent`].
    Percent(Percent),
    /// See [`ValueKind::YesNo`].
    YesNo(bool),
    /// See [`ValueKind::Choice`].
    Choice(&'static str),
    /// See [`ValueKind::Day`].
    Day(Date),
    /// See [`ValueKind::Fields`]; sorted, each once.
    Fields(Vec<&'static str>),
    /// See [`ValueKind::Money`].
    Money(Pounds),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Whole(number) => number.fmt(f),
            Value::Percent(percent) => percent.fmt(f),
            Value::YesNo(yes) => yes.fmt(f),
            Value::Choice(word) => f.pad(word),
            Value::Day(day) => day.fmt(f),
            Value::Fields(fields) if fields.is_empty() => f.pad("none"),
            Value::Fields(fields) => f.pad(&fields.join(", ")),
            Value::Money(pounds) => pounds.fmt(f),
        }
    }
}

impl Value {
    /// Reads a TOML value as what `kind` may hold; the error says what it may be.
    pub fn read(kind: ValueKind, value: &toml::Value) -> std::result::Result<Value, String> {
        let said = text_of(value);
        let wrong = |may_be: String| Err(format!("cannot be {value}: it may be {may_be}"));
        let word = |allowed: &'static [&'static str], text: &str| allowed.iter().copied().find(|known| *known == text);
        match kind {
            ValueKind::Whole(least, most) => whole(value, least, most).map(Value::Whole),
            ValueKind::Percent => match said.parse() {
                Ok(percent) => Ok(Value::Percent(percent)),
                Err(()) => wrong("a percentage from 0 to 100 with at most four decimals".into()),
            },
            ValueKind::YesNo => {
                value.as_bool().map_or_else(|| wrong("true or false".into()), |yes| Ok(Value::YesNo(yes)))
            }
            ValueKind::Choice(allowed) => match word(allowed, &said) {
                Some(known) => Ok(Value::Choice(known)),
                None => wrong(format!("{}{}", allowed.join(" or "), nearest(&said, allowed))),
            },
            ValueKind::Day => match dates::read(&said) {
                Some(day) => Ok(Value::Day(day)),
                None => wrong("a date such as 2020-04-01".into()),
            },
            ValueKind::Fields(allowed) => {
                let known: Option<Vec<_>> =
                    value.as_array().and_then(|list| list.iter().map(|item| word(allowed, &text_of(item))).collect());
                match known {
                    Some(mut fields) => {
                        fields.sort_unstable();
                        fields.dedup();
                        Ok(Value::Fields(fields))
                    }
                    None => wrong(format!("a list of any of {}, such as [\"{}\"]", allowed.join(", "), allowed[0])),
                }
            }
            ValueKind::Money => match Pounds::read(&said) {
                Some(pounds) => Ok(Value::Money(pounds)),
                None => wrong("an amount in pounds such as 800 or \"800.00\"".into()),
            },
        }
    }
}

/// The word that was perhaps meant, inside a sentence.
fn nearest(said: &str, allowed: &[&str]) -> String {
    let hint = did_you_mean(said, allowed.iter().copied());
    let word = hint.trim().trim_start_matches("Did you mean ").trim_end_matches('?');
    if word.is_empty() { String::new() } else { format!(" (perhaps {word})") }
}
