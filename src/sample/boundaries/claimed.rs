//! Edges of claims made before, and of families that share a person.

use super::boundary::{Boundary, plain};
use crate::dates::{add_days, add_months, add_years};

pub(super) const FAMILIES: &[Boundary] = &[
    Boundary {
        id: "B57",
        what: "last success two years ago to the day",
        statuses: &["waiting"],
        make: |at, family| family.claim("", "approved", add_years(at.day, -2)),
    },
    Boundary {
        id: "B58",
        what: "last success two years and a day ago",
        statuses: &["claimable"],
        make: |at, family| family.claim("", "approved", add_days(add_years(at.day, -2), -1)),
    },
    Boundary {
        id: "B59",
        what: "claimed and approved",
        statuses: &["claimed"],
        make: |at, family| family.claim("B59-C1", "approved", at.ago(1)),
    },
    Boundary {
        id: "B60",
        what: "claimed and not decided yet",
        statuses: &["claimed"],
        make: |at, family| family.claim("B60-C1", "submitted", at.day),
    },
    Boundary {
        id: "B61",
        what: "claimed without naming the case",
        statuses: &["claimed"],
        make: |at, family| family.claim("", "approved", at.ago(1)),
    },
    Boundary {
        id: "B62",
        what: "claimed and rejected",
        statuses: &["claimable"],
        make: |at, family| family.claim("B62-C1", "rejected", at.ago(1)),
    },
    Boundary {
        id: "B63",
        what: "claimed and withdrawn, then claimed and clawed back",
        statuses: &["claimable"],
        make: |at, family| {
            family.claim("B63-C1", "withdrawn", at.ago(2));
            family.claim("B63-C1", "clawed_back", at.ago(1));
        },
    },
    Boundary {
        id: "B64",
        what: "its claim names the case of the next family",
        statuses: &["waiting"],
        make: |at, family| {
            family.household.cases[0].closed = None;
            family.claim("B65-C1", "approved", at.ago(1));
        },
    },
    Boundary { id: "B65", what: "claimed by mistake under the family before", statuses: &["claimed"], make: |_, _| {} },
    Boundary {
        id: "B66",
        what: "a success long ago, and closed before support counts again",
        statuses: &["not_claimable"],
        make: |_, family| {
            family.timed(crate::dates::date(2019, 11, 29));
            family.claim("", "approved", crate::dates::date(2016, 9, 30));
        },
    },
    Boundary {
        id: "B67",
        what: "a period that closed before a later success of the family",
        statuses: &["claimed"],
        make: |at, family| family.claim("", "approved", at.ago(7)),
    },
    Boundary {
        id: "B68",
        what: "two periods that could be claimed: the second waits two years",
        statuses: &["claimable", "waiting"],
        make: |at, family| {
            family.no_case();
            family.case("early_help", at.ago(30), Some(at.ago(21)), &[1, 3, 5]);
            family.met_on(at.ago(22));
            let second = family.case("social_care", at.ago(14), Some(at.ago(8)), &[3, 6, 8]);
            for need in &mut second.needs {
                (need.outcome, need.result) = (Some(add_months(at.day, -8)), "achieved");
            }
        },
    },
    Boundary {
        id: "B69",
        what: "a child in two families that could both be claimed",
        statuses: &["review"],
        make: |_, _| {},
    },
    Boundary {
        id: "B70",
        what: "the other family of that child",
        statuses: &["review"],
        make: |at, family| family.same_child(at, "B69", false),
    },
    Boundary {
        id: "B71",
        what: "a child in two families, neither of which may learn of the other",
        statuses: &["review"],
        make: |_, family| family.household.people[1].restricted = true,
    },
    Boundary {
        id: "B72",
        what: "the other family of that child",
        statuses: &["review"],
        make: |at, family| family.same_child(at, "B71", true),
    },
    Boundary {
        id: "B73",
        what: "a family with the same child came within the six months",
        statuses: &["review"],
        make: |_, _| {},
    },
    Boundary {
        id: "B74",
        what: "the family that came, with children of B73 and of B75",
        statuses: &["in_progress"],
        make: |at, family| {
            family.same_child(at, "B73", false);
            let second = plain(at, "B75").household.people.swap_remove(1);
            family.household.people.push(second);
            family.no_case();
            family.case("social_care", at.ago(5), None, &[3, 6, 8]);
        },
    },
    Boundary {
        id: "B75",
        what: "the same, and an agreement that it breaks nothing",
        statuses: &["claimable"],
        make: |at, family| {
            family.agree("sustainment", "met", at.ago(1));
        },
    },
    Boundary {
        id: "B76",
        what: "a family with the same child was claimed a month ago",
        statuses: &["review"],
        make: |_, _| {},
    },
    Boundary {
        id: "B77",
        what: "that family",
        statuses: &["claimed"],
        make: |at, family| {
            family.same_child(at, "B76", false);
            family.claim("B77-C1", "approved", at.ago(1));
        },
    },
];
