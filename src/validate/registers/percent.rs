//! Percentages as schools give them in place of sessions: what a cell says, and whether a column is of fractions.

use super::layouts::{Columns, Doubt, Fault, Scale};
use crate::finding::FindingCode;
use crate::load::Row;
use crate::load::folded::folded;
use crate::rules::calendar::TermIndex;
use crate::rules::council_words::CouncilWords;
use crate::share::SchoolPercent;

/// The column.
pub(super) const PERCENT: &str = "percent";

/// What the numbers of a file are like.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    above_one: bool,
    between: bool,
    any: bool,
}

impl Seen {
    /// Takes a cell in. One with a % sign is a percentage whatever the others are.
    fn note(&mut self, text: &str) {
        if let Some(number) = SchoolPercent::read(text, false).filter(|_| !text.contains('%')) {
            self.any = true;
            self.above_one |= number > SchoolPercent::ONE;
            self.between |= number > SchoolPercent::NOUGHT && number < SchoolPercent::ONE;
        }
    }

    /// Takes in what another has seen of the same file.
    pub(super) fn add(&mut self, other: Seen) {
        self.above_one |= other.above_one;
        self.between |= other.between;
        self.any |= other.any;
    }

    /// What the numbers are: fractions where none is above one.
    pub(super) fn scale(self) -> Scale {
        match (self.above_one, self.between, self.any) {
            (true, ..) | (_, _, false) => Scale::OfHundred,
            (false, true, _) => Scale::OfOne,
            (false, false, _) => Scale::Unclear,
        }
    }
}

/// The percentage of a row; `None` where it gives none.
pub(super) fn percentage(
    columns: &Columns,
    seen: &mut Seen,
    row: &Row<'_>,
    term: Option<TermIndex>,
) -> std::result::Result<Option<SchoolPercent>, Fault> {
    let Some(text) = columns.text(row, PERCENT) else { return Ok(None) };
    let scale = columns.scale;
    seen.note(text);
    let word = folded(text);
    if word.is_empty() || CouncilWords::get().says_no_figure(&word) {
        return Ok(None);
    }
    let fault = |message: String| Fault {
        column: PERCENT,
        code: FindingCode::PercentageCannotBeRight,
        message,
        term: Doubt::of(term),
    };
    let with_sign = text.contains('%');
    let read = SchoolPercent::read(text, scale == Scale::OfOne && !with_sign);
    let Some(percent) = read else {
        let message = match scale {
            Scale::OfOne if !with_sign => {
                format!("percent \"{text}\" is no number from 0 to 1, and the column is of fractions: 0.924 for 92.4%.")
            }
            _ => format!("percent \"{text}\" is no percentage from 0 to 100."),
        };
        return Err(fault(message));
    };
    let may_be_fraction = !with_sign && percent > SchoolPercent::NOUGHT && percent <= SchoolPercent::ONE;
    if may_be_fraction && scale != Scale::OfOne {
        let message = format!(
            "percent \"{text}\" may be {text}% or, as a fraction, a hundred times as much: nobody can tell. Write it with a % sign."
        );
        return Err(fault(message));
    }
    Ok(Some(percent))
}
