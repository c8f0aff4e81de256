//! The typed rows of the small tables (contract section 1). Each knows its place.

use crate::dates::Date;
use crate::finding::FindingCode;
use crate::ids::{CaseId, ClaimId, FamilyId, NhsNumber, PersonId, Upn};
use crate::load::row::SideBySide;
use crate::place::Place;
use crate::rules::name::RuleName;
use crate::words::worded;
use std::fmt;
use std::sync::Arc;

/// A case of a family.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Case {
    pub case_id: CaseId,
    pub family_id: FamilyId,
    pub source: String,
    pub opened_on: Date,
    pub closed_on: Option<Date>,
    pub team: Option<String>,
    pub ward: Option<String>,
    pub lead_practitioner: Option<String>,
    pub assessment_on: Option<Date>,
    pub plan_on: Option<Date>,
    pub place: Place,
}

impl Case {
    /// Its days, by their columns.
    pub fn days(&self) -> [(&'static str, Option<Date>); 4] {
        [
            ("opened_on", Some(self.opened_on)),
            ("closed_on", self.closed_on),
            ("assessment_on", self.assessment_on),
            ("plan_on", self.plan_on),
        ]
    }

    /// The case as known at `as_at`: not at all before it opens; what happens later has not happened.
    pub fn known_at(&self, as_at: Date) -> Option<Case> {
        let known = |day: Option<Date>| day.filter(|day| *day <= as_at);
        (self.opened_on <= as_at).then(|| Case {
            closed_on: known(self.closed_on),
            assessment_on: known(self.assessment_on),
            plan_on: known(self.plan_on),
            ..self.clone()
        })
    }
}

worded! {
    /// Whether a person is a child or an adult of the family.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Role {
        /// A child.
        Child = "child",
        /// An adult: a missing birth date then settles nothing that matters.
        Adult = "adult",
    }
}

/// Where a child is educated, as far as the register says. Changes no verdict; named in reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schooling {
    /// At a school.
    School,
    /// At home.
    Home,
    /// Nowhere.
    None,
}

/// That a person expects a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expecting {
    /// Without a day.
    Yes,
    /// On this day.
    On(Date),
}

/// A person as a member of one family.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct PersonRow {
    pub person_id: PersonId,
    pub family_id: FamilyId,
    pub date_of_birth: Option<Date>,
    pub role: Option<Role>,
    pub schooling: Option<Schooling>,
    pub upn: Option<Upn>,
    pub former_upn: Option<Upn>,
    pub nhs_number: Option<NhsNumber>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub joined_on: Option<Date>,
    pub left_on: Option<Date>,
    pub expecting: Option<Expecting>,
    pub restricted: bool,
    pub place: Place,
}

impl PersonRow {
    /// Whether the row exists at `as_at`: people who join later do not (contract section 3).
    pub fn exists_at(&self, as_at: Date) -> bool {
        self.joined_on.is_none_or(|day| day <= as_at)
    }

    /// Whether the person lives in the family at `as_at`: a member, unless the birth date says that there was no such
    /// person yet.
    pub fn is_there_at(&self, as_at: Date) -> bool {
        self.exists_at(as_at) && self.left_on.is_none_or(|day| day > as_at)
    }

    /// Whether the person is a member of the family at `as_at`.
    pub fn is_member_at(&self, as_at: Date) -> bool {
        self.is_there_at(as_at) && self.date_of_birth.is_none_or(|day| day <= as_at)
    }
}

/// A criterion as written: a headline outcome, `3`, or a need under it, `3.2`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Criterion {
    /// The number of the headline.
    pub headline: u8,
    /// As written.
    pub text: String,
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// What became of a need, where the record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeedResult {
    /// The outcome was achieved.
    Achieved,
    /// It was not.
    NotAchieved,
}

/// A need of a case.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Need {
    pub case_id: CaseId,
    pub criterion: Criterion,
    pub person_id: Option<PersonId>,
    pub identified_on: Option<Date>,
    pub outcome_on: Option<Date>,
    pub relapsed_on: Option<Date>,
    pub result: Option<NeedResult>,
    pub evidence: Option<String>,
    /// Which criterion of its row it is, where the file has several side by side.
    pub side_by_side: Option<Arc<SideBySide>>,
    pub place: Place,
}

impl Need {
    /// The need as known at `as_at`. A result whose outcome comes later is not known yet.
    pub fn known_at(&self, as_at: Date) -> Need {
        let known = |day: Option<Date>| day.filter(|day| *day <= as_at);
        let decided_later = self.outcome_on.is_some_and(|day| day > as_at);
        Need {
            outcome_on: known(self.outcome_on),
            relapsed_on: known(self.relapsed_on),
            result: if decided_later { None } else { self.result },
            ..self.clone()
        }
    }
}

worded! {
    /// What became of a claim.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum ClaimOutcome {
        /// Sent, not decided.
        Submitted = "submitted",
        /// Accepted.
        Approved = "approved",
        /// Refused.
        Rejected = "rejected",
        /// Taken back by the authority.
        Withdrawn = "withdrawn",
        /// Accepted, and the money taken back later.
        ClawedBack = "clawed_back",
    }
}

/// A result claimed before.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Claim {
    pub claim_id: ClaimId,
    pub family_id: FamilyId,
    pub case_id: Option<CaseId>,
    pub submitted_on: Date,
    pub decided_on: Option<Date>,
    pub outcome: ClaimOutcome,
    pub place: Place,
}

impl Claim {
    /// The claim as known at `as_at`: `None` before it was submitted; still `submitted` before it was decided.
    pub fn known_at(&self, as_at: Date) -> Option<Claim> {
        if self.submitted_on > as_at {
            return None;
        }
        let mut known = self.clone();
        if self.decided_on.is_some_and(|day| day > as_at) {
            known.decided_on = None;
            known.outcome = ClaimOutcome::Submitted;
        }
        Some(known)
    }

    /// The day of the success that the claim stands for: decided, else submitted; the later of both where it is said to
    /// have been decided before it was submitted. `None` for claims that are neither approved nor waiting for a decision.
    pub fn success_on(&self) -> Option<Date> {
        self.is_success().then(|| self.decided_on.map_or(self.submitted_on, |decided| decided.max(self.submitted_on)))
    }

    /// Whether it is approved, or waits for a decision.
    pub fn is_success(&self) -> bool {
        matches!(self.outcome, ClaimOutcome::Approved | ClaimOutcome::Submitted)
    }
}

/// What a person has decided on a rule of a case.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Agreement {
    pub case_id: CaseId,
    pub rule: RuleName,
    pub person_id: Option<PersonId>,
    /// Academic year and term, where the agreement is about one.
    pub term: Option<(String, String)>,
    /// Whether the answer is `met`; else it is `not_met`.
    pub met: bool,
    pub reason: String,
    pub agreed_by: String,
    pub agreed_on: Date,
    pub until: Option<Date>,
    pub place: Place,
}

impl Agreement {
    /// Whether it applies at `as_at`: from `agreed_on` to `until`, both included.
    pub fn in_force_at(&self, as_at: Date) -> bool {
        self.agreed_on <= as_at && self.until.is_none_or(|day| as_at <= day)
    }
}

/// That a person has looked at a finding and found it right as it stands.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct Confirmation {
    pub finding: FindingCode,
    /// Blank: the findings that are about no single record.
    pub record: String,
    pub confirmed_by: String,
    pub confirmed_on: Date,
    pub reason: String,
    pub until: Option<Date>,
    pub place: Place,
}

impl Confirmation {
    /// Whether it holds at `as_at`: from `confirmed_on` to `until`, both included.
    pub fn in_force_at(&self, as_at: Date) -> bool {
        self.confirmed_on <= as_at && self.until.is_none_or(|day| as_at <= day)
    }
}

worded! {
    /// What an id is of.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum IdKind {
        /// A family.
        Family = "family",
        /// A case.
        Case = "case",
        /// A person.
        Person = "person",
    }
}

/// What an id was before.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct FormerId {
    pub kind: IdKind,
    pub id: String,
    pub former_id: String,
    pub place: Place,
}
