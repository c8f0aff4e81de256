//! Edges of needs, outcomes, periods of support and dates.

use super::boundary::Boundary;
use crate::dates::Date;
use crate::dates::{add_days, add_months};
use crate::sample::record::Need;

/// Support before this day is not asked about by the programme as it was (domain.md; a parameter of the rules).
const SUPPORT_SINCE: Date = crate::dates::date(2020, 4, 1);

pub(super) const FAMILIES: &[Boundary] = &[
    Boundary {
        id: "B33",
        what: "sustained for exactly six months on the day",
        statuses: &["claimable"],
        make: |at, family| family.timed(at.ago(6)),
    },
    Boundary {
        id: "B34",
        what: "the last day of a month whose sixth month is over on the day, where that month is shorter",
        statuses: &["claimable"],
        make: |at, family| family.timed(add_days(one_day_short(at.day), -1)),
    },
    Boundary {
        id: "B35",
        what: "sustained for six months tomorrow",
        statuses: &["waiting"],
        make: |at, family| family.timed(one_day_short(at.day)),
    },
    Boundary {
        id: "B36",
        what: "progress on 31 August: six months end on the last day of February",
        statuses: &["claimable"],
        make: |at, family| {
            let august = |year: i16| crate::dates::date(year, 8, 31);
            let year = at.day.year() - 1;
            let fits = add_months(august(year), 6) <= at.day;
            family.timed(august(if fits { year } else { year - 1 }));
        },
    },
    Boundary {
        id: "B37",
        what: "a need that came back and was not met again",
        statuses: &["not_claimable"],
        make: |at, family| family.household.cases[0].needs[1].relapsed = Some(at.ago(7)),
    },
    Boundary {
        id: "B38",
        what: "a need that came back and was met again, six months ago",
        statuses: &["claimable"],
        make: |at, family| {
            family.household.cases[0].needs[1].relapsed = Some(at.ago(8));
            family.household.cases[0].needs[1].again = Some(at.ago(6));
        },
    },
    Boundary {
        id: "B39",
        what: "a need that came back on the day it was met",
        statuses: &["not_claimable"],
        make: |at, family| family.household.cases[0].needs[1].relapsed = Some(at.ago(9)),
    },
    Boundary {
        id: "B40",
        what: "the family came back within the six months",
        statuses: &["not_claimable", "in_progress"],
        make: |at, family| {
            family.case("early_help", at.ago(5), None, &[3, 8, 10]);
        },
    },
    Boundary {
        id: "B41",
        what: "the family came back on the last day of the six months",
        statuses: &["not_claimable", "in_progress"],
        make: |at, family| {
            family.case("early_help", add_months(at.ago(9), 6), None, &[3, 8, 10]);
        },
    },
    Boundary {
        id: "B42",
        what: "the family came back on the day after the six months",
        statuses: &["claimable", "in_progress"],
        make: |at, family| {
            family.case("early_help", add_days(add_months(at.ago(9), 6), 1), None, &[3, 8, 10]);
        },
    },
    Boundary {
        id: "B43",
        what: "overlapping cases of two services: one period, with the needs of both",
        statuses: &["claimable"],
        make: |at, family| {
            family.no_case();
            family.case("early_help", at.ago(17), Some(at.ago(10)), &[1, 3]);
            family.case("social_care", at.ago(12), Some(at.ago(8)), &[6]);
            family.met_on(at.ago(10));
        },
    },
    Boundary {
        id: "B44",
        what: "one case opens on the day another closes: one period",
        statuses: &["claimable"],
        make: |at, family| {
            family.no_case();
            family.case("social_care", at.ago(17), Some(at.ago(12)), &[1, 6]);
            family.case("early_help", at.ago(12), Some(at.ago(8)), &[8]);
            family.met_on(at.ago(9));
        },
    },
    Boundary {
        id: "B45",
        what: "one case opens on the day after another closes: two periods, too few needs in each",
        statuses: &["not_eligible", "not_eligible"],
        make: |at, family| {
            family.no_case();
            family.case("social_care", at.ago(17), Some(at.ago(12)), &[1, 6]);
            family.case("early_help", add_days(at.ago(12), 1), Some(at.ago(8)), &[8]);
            family.met_on(at.ago(8));
        },
    },
    Boundary {
        id: "B46",
        what: "closed without any need",
        statuses: &["not_eligible"],
        make: |_, family| family.household.cases[0].needs.clear(),
    },
    Boundary {
        id: "B47",
        what: "two headlines while the case is open",
        statuses: &["in_progress"],
        make: |_, family| {
            family.household.cases[0].closed = None;
            family.household.cases[0].needs.truncate(2);
        },
    },
    Boundary {
        id: "B48",
        what: "four needs under two headlines",
        statuses: &["not_eligible"],
        make: |_, family| {
            let needs = &mut family.household.cases[0].needs;
            needs.truncate(2);
            needs.extend_from_within(..);
            for (place, need) in needs.iter_mut().enumerate() {
                need.below = place as u8 / 2 + 1;
            }
        },
    },
    Boundary {
        id: "B49",
        what: "closed, and nothing recorded of one need",
        statuses: &["review"],
        make: |_, family| {
            let need = &mut family.household.cases[0].needs[2];
            (need.outcome, need.result) = (None, "");
        },
    },
    Boundary {
        id: "B50",
        what: "closed, and one need not achieved",
        statuses: &["not_claimable"],
        make: |_, family| family.household.cases[0].needs[2].result = "not_achieved",
    },
    Boundary {
        id: "B51",
        what: "claimable while the case is still open",
        statuses: &["claimable"],
        make: |_, family| family.household.cases[0].closed = None,
    },
    Boundary {
        id: "B52",
        what: "a need found after all others were met, and not met yet",
        statuses: &["in_progress"],
        make: |at, family| {
            family.household.cases[0].closed = None;
            let found = Need { headline: 10, identified: at.ago(2), ..Need::default() };
            family.household.cases[0].needs.push(found);
        },
    },
    Boundary {
        id: "B53",
        what: "closed the day before support counts",
        statuses: &["review"],
        make: |_, family| family.timed(add_days(SUPPORT_SINCE, -1)),
    },
    Boundary {
        id: "B54",
        what: "closed on the first day on which support counts",
        statuses: &["claimable"],
        make: |_, family| family.timed(SUPPORT_SINCE),
    },
    Boundary {
        id: "B55",
        what: "closed the day before support counts, and an agreement that it does",
        statuses: &["claimable"],
        make: |at, family| {
            family.timed(add_days(SUPPORT_SINCE, -1));
            family.agree("timeliness", "met", at.ago(2));
        },
    },
    Boundary {
        id: "B56",
        what: "no plan and no practitioner recorded",
        statuses: &["claimable"],
        make: |_, family| {
            family.household.cases[0].planned = None;
            family.household.cases[0].lead.clear();
        },
    },
];

/// The first day from which six months end after `day`.
fn one_day_short(day: Date) -> Date {
    let mut start = add_months(day, -6);
    while add_months(start, 6) <= day {
        start = add_days(start, 1);
    }
    start
}
