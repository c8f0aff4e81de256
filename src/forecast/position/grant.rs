//! The grant of a financial year: what is earned, what may be added, and what is not paid for since payment was suspended.

use super::stretches::{Counted, Line};
use crate::dates::{Date, Span};
use crate::money::Pounds;
use crate::rules::targets::YearTarget;
use crate::share::Ratio;

/// The grant of the year.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The payment for each family.
    pub payment: Pounds,
    /// Results that the grant applies to.
    pub funded_places: usize,
    /// Places taken if every pending claim is approved, whenever it was submitted (contract section 7).
    pub paid_places: usize,
    /// The payment for approved claims, within the funded places; without claims submitted after payment was suspended.
    pub earned: Pounds,
    /// What the pending claims add to it if all are approved; without claims submitted after payment was suspended.
    pub pending: Pounds,
    /// The payment for the places that no claim has taken, where it can still be earned: nothing once the year is over or
    /// payment is suspended.
    pub still_to_earn: Pounds,
    /// The payment for the places that no claim has taken, whether or not it can still be earned.
    pub without_claim: Pounds,
    /// Places that the straight line leaves without a claim; `None` while it is too early for the line.
    pub line_short_by: Option<usize>,
    /// The straight-line shortfall, "grant at risk" in councils' words; `None` while it is too early for the line.
    pub line_shortfall: Option<Pounds>,
    /// Grant paid whatever is claimed, where given.
    pub upfront: Option<Pounds>,
    /// Money received for results, where given.
    pub received: Option<Pounds>,
    /// Of the pending claims that are paid for, those expected to be rejected (half up), and their payment, where a share is
    /// given.
    pub expected_rejected: Option<(usize, Pounds)>,
}

impl Grant {
    /// The payment for the funded places that a straight line leaves without a claim; `None` while it is too early for it.
    pub fn at_risk_on(&self, line: &Line) -> Option<Pounds> {
        line.year_end.map(|end| self.payment.for_each_of(self.funded_places.saturating_sub(end)))
    }
}

/// That payment was suspended, and what of the year's claims came too late for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspended {
    /// The first day on which nothing is paid.
    pub from: Date,
    /// Claims of the year submitted from then on.
    pub not_payable: Counted,
    /// The payment for the approved ones of them, had it not been suspended.
    pub approved_value: Pounds,
    /// The payment for the pending ones of them, had it not been suspended.
    pub pending_value: Pounds,
}

impl Suspended {
    /// What of the claims came too late; `None` where the year had ended before payment was suspended.
    pub(super) fn of(from: Date, days: Span, counted: impl Fn(Span) -> Counted, payment: Pounds) -> Option<Suspended> {
        (from <= days.to).then(|| {
            let not_payable = counted(Span { from: from.max(days.from), to: days.to });
            Suspended {
                from,
                not_payable,
                approved_value: payment.for_each_of(not_payable.approved),
                pending_value: payment.for_each_of(not_payable.pending),
            }
        })
    }
}

/// The grant of claims so counted. `can_grow`: whether the year is not over.
pub(super) fn grant(
    target: &YearTarget,
    counted: Counted,
    line: Line,
    payment: Pounds,
    suspended: Option<Suspended>,
    can_grow: bool,
) -> Grant {
    let funded = target.funded_places;
    let late = suspended.map(|suspended| suspended.not_payable).unwrap_or_default();
    let approved = (counted.approved - late.approved).min(funded);
    let payable = (counted.claims() - late.claims()).min(funded);
    let paid_places = counted.claims().min(funded);
    let without_claim = payment.for_each_of(funded - paid_places);
    let line_short_by = line.year_end.map(|end| funded.saturating_sub(end));
    Grant {
        payment,
        funded_places: funded,
        paid_places,
        earned: payment.for_each_of(approved),
        pending: payment.for_each_of(payable - approved),
        still_to_earn: if can_grow && suspended.is_none() { without_claim } else { Pounds::default() },
        without_claim,
        line_short_by,
        line_shortfall: line_short_by.map(|places| payment.for_each_of(places)),
        upfront: target.upfront_grant,
        received: target.cash_received,
        expected_rejected: target.expected_rejection.map(|share| {
            let rejected = Ratio::whole(counted.pending - late.pending).times(share.share()).rounded();
            (rejected, payment.for_each_of(rejected))
        }),
    }
}
