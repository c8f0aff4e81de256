//! What stands in a row under a column: a fact with its kind, not yet text. How it is written is said by the column's
//! [`Kind`], so that each format can write a day as a day and money as money.

use crate::dates::Date;
use crate::ids::{CaseId, ClaimId, FamilyId, PersonId, Upn};
use crate::money::Pounds;
use rust_decimal::Decimal;
use serde_json::Value;
use std::borrow::Cow;

/// A cell.
///
/// ```
/// use sfclaim::report::output::{Cell, Kind};
/// assert_eq!(Cell::from(true).text(Kind::YesNo(["yes", "no"])), "yes");
/// assert_eq!(["B02-C1", "B02-C2"].into_iter().collect::<Cell>().text(Kind::List(";")), "B02-C1;B02-C2");
/// assert_eq!(Cell::from(None::<usize>).text(Kind::Whole), "");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Blank,
    /// Text, ids and words among it.
    Text(Cow<'a, str>),
    /// A whole number.
    Whole(i64),
    /// A number that need not be whole, with the decimals that are shown.
    Number(Decimal),
    /// A share, in per cent, with the decimal that is shown.
    Share(Decimal),
    /// Pounds and pence; less than nothing where a difference is.
    Money {
        /// Whether it is less than nothing.
        less: bool,
        /// The amount without its sign.
        amount: Pounds,
    },
    /// A day.
    Day(Date),
    /// Yes or no.
    YesNo(bool),
    /// Several texts.
    List(Vec<Cow<'a, str>>),
}

/// What the cells of a column are, blank ones aside, and how they are written where all is text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers with up to so many decimals.
    Number(u32),
    /// Numbers rounded to one decimal; without it where it is nought.
    Tenths,
    /// Shares in per cent, written with the sign: `38.2%`.
    Share,
    /// Shares in per cent, written without the sign: `38.2`.
    Percent,
    /// Pounds and pence: `800.00`.
    Money,
    /// Days: `2024-09-30`.
    Day,
    /// The words for yes and for no.
    YesNo([&'static str; 2]),
    /// Lists, joined by this.
    List(&'static str),
}

/// The words for yes and no of nearly every table.
pub const YES_NO: Kind = Kind::YesNo(["yes", "no"]);

impl Kind {
    /// What the cells are, for the page of outputs.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Whole => "whole number",
            Kind::Number(_) | Kind::Tenths => "number",
            Kind::Share | Kind::Percent => "per cent",
            Kind::Money => "pounds",
            Kind::Day => "day",
            Kind::YesNo(_) => "yes or no",
            Kind::List(_) => "list",
        }
    }

    /// Whether a cell may stand under a column of this kind.
    pub fn takes(self, cell: &Cell<'_>) -> bool {
        matches!(
            (self, cell),
            (_, Cell::Blank)
                | (Kind::Text, Cell::Text(_))
                | (Kind::Whole, Cell::Whole(_))
                | (Kind::Number(_) | Kind::Tenths, Cell::Number(_))
                | (Kind::Share | Kind::Percent, Cell::Share(_))
                | (Kind::Money, Cell::Money { .. })
                | (Kind::Day, Cell::Day(_))
                | (Kind::YesNo(_), Cell::YesNo(_))
                | (Kind::List(_), Cell::List(_))
        )
    }
}

impl<'a> Cell<'a> {
    /// A number with four decimals, as chances and expected numbers have them.
    pub fn four(number: impl std::fmt::Display) -> Cell<'a> {
        Cell::number(format!("{number:.4}"))
    }

    /// A number that is shown so.
    pub fn number(shown: String) -> Cell<'a> {
        match shown.parse() {
            Ok(number) => Cell::Number(number),
            // Told where it is written: no column of numbers takes it.
            Err(_) => Cell::Text(shown.into()),
        }
    }

    /// A share that is shown so, with the sign or without.
    pub fn share(shown: String) -> Cell<'a> {
        match shown.trim_end_matches('%').parse() {
            Ok(share) => Cell::Share(share),
            Err(_) => Cell::Text(shown.into()),
        }
    }

    /// As text; blank for nothing.
    pub fn text(&self, kind: Kind) -> Cow<'_, str> {
        match (self, kind) {
            (Cell::Blank, _) => Cow::Borrowed(""),
            (Cell::Text(text), _) => Cow::Borrowed(text),
            (Cell::Whole(number), _) => Cow::Owned(number.to_string()),
            (Cell::Share(share), Kind::Share) => Cow::Owned(format!("{share}%")),
            (Cell::Number(number) | Cell::Share(number), _) => Cow::Owned(number.to_string()),
            (Cell::Money { less, amount }, _) => {
                Cow::Owned(format!("{}{}", if *less { "-" } else { "" }, amount.plain()))
            }
            (Cell::Day(day), _) => Cow::Owned(day.to_string()),
            (Cell::YesNo(yes), Kind::YesNo([word, other])) => Cow::Borrowed(if *yes { word } else { other }),
            (Cell::YesNo(yes), _) => Cow::Borrowed(if *yes { "yes" } else { "no" }),
            (Cell::List(texts), Kind::List(joint)) => Cow::Owned(texts.join(joint)),
            (Cell::List(texts), _) => Cow::Owned(texts.join(";")),
        }
    }

    /// As JSON: `null` for nothing; money, shares and tenths as text, since a reader must not make floats of them.
    pub fn json(&self, kind: Kind) -> Value {
        match (self, kind) {
            (Cell::Blank, _) => Value::Null,
            (Cell::Whole(number), _) => (*number).into(),
            (Cell::YesNo(yes), _) => (*yes).into(),
            (Cell::List(texts), _) => texts.iter().map(|text| text.as_ref()).collect(),
            (Cell::Number(number), Kind::Number(_)) => number.to_string().parse().map_or(Value::Null, Value::Number),
            _ => self.text(kind).into_owned().into(),
        }
    }

    /// The number that a reader of decimals has: of money pounds, of a share per cent. `None` for anything else.
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Cell::Number(number) | Cell::Share(number) => Some(*number),
            Cell::Money { less, amount } => {
                let amount: Decimal = amount.plain().parse().ok()?;
                Some(if *less { -amount } else { amount })
            }
            _ => None,
        }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Cell<'a> {
        Cell::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Cell<'a> {
        Cell::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Cell::Text(Cow::Owned(text))
    }
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Cell::Whole(number)
    }
}

impl From<u32> for Cell<'_> {
    fn from(number: u32) -> Self {
        Cell::Whole(number.into())
    }
}

impl From<usize> for Cell<'_> {
    fn from(number: usize) -> Self {
        Cell::Whole(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Pounds> for Cell<'_> {
    fn from(amount: Pounds) -> Self {
        Cell::Money { less: false, amount }
    }
}

impl From<Date> for Cell<'_> {
    fn from(day: Date) -> Self {
        Cell::Day(day)
    }
}

impl From<bool> for Cell<'_> {
    fn from(yes: bool) -> Self {
        Cell::YesNo(yes)
    }
}

impl<'a, C: Into<Cell<'a>>> From<Option<C>> for Cell<'a> {
    fn from(cell: Option<C>) -> Cell<'a> {
        cell.map_or(Cell::Blank, Into::into)
    }
}

impl<'a, T: Into<Cow<'a, str>>> FromIterator<T> for Cell<'a> {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Cell<'a> {
        Cell::List(texts.into_iter().map(Into::into).collect())
    }
}

macro_rules! from_ids {
    ($($id:ty),*) => {
        $(impl<'a> From<&'a $id> for Cell<'a> {
            fn from(id: &'a $id) -> Cell<'a> {
                id.as_str().into()
            }
        })*
    };
}

from_ids!(CaseId, FamilyId, PersonId, ClaimId, Upn);
