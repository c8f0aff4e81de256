//! Families made by hand, one for each edge of the rules, planted as at a given day.
//!
//! Each starts from the same plain family, which can be claimed: one adult (`-P1`), one child of nine (`-P2`) at 95% in
//! both terms, and one case (`-C1`) that closed eight months ago with needs 1, 3 and 5 met nine months ago. What is
//! changed is the edge; [`Boundary::what`] says which, [`Boundary::statuses`] what follows under the rules as they
//! come with the program, for each period of support in order of opening. The lists are in [`attendance`], [`course`]
//! and [`claimed`].

mod attendance;
pub mod boundary;
mod claimed;
mod course;

use super::error::Error;
use crate::{dates::Date, rules::calendar::Term};
pub(crate) use boundary::At;
pub use boundary::Boundary;
pub(crate) use boundary::ByHand;
pub(crate) use boundary::SentTerm;
use boundary::plain;

/// All families made by hand, by id.
pub fn all() -> impl Iterator<Item = &'static Boundary> {
    attendance::FAMILIES.iter().chain(course::FAMILIES).chain(claimed::FAMILIES)
}

/// The families as at `day`.
///
/// # Errors
/// When the calendar has no two terms that ended by then.
pub(crate) fn families(day: Date, calendar: &[Term]) -> Result<Vec<ByHand>, Error> {
    let mut ended: Vec<&Term> = calendar.iter().filter(|term| term.span.to <= day).collect();
    ended.sort_by_key(|term| term.span.to);
    let [.., first, second] = ended.as_slice() else {
        return Err(Error::Asked(format!("the calendar has no two terms that ended by {day}")));
    };
    let at = At { day, terms: [SentTerm::of(first), SentTerm::of(second)] };
    Ok(all()
        .map(|boundary| {
            let mut family = plain(&at, boundary.id);
            (boundary.make)(&at, &mut family);
            family
        })
        .collect())
}
