//! What is recorded of a family, whether simulated or made by hand.

use crate::dates::Date;

/// A family and everything of it that is written, save attendance, which follows from the pupils.
#[derive(Clone, Debug, Default)]
pub(crate) struct Household {
    pub family_id: String,
    pub people: Vec<Person>,
    /// By `opened`.
    pub cases: Vec<Case>,
    pub agreements: Vec<Agreement>,
    /// A result of long ago.
    pub earlier_result: Option<Date>,
    /// How officers treat the family when they claim.
    pub officers: Officers,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Person {
    pub person_id: String,
    /// The streams of this person: family and place in it. The same for a child in both its families.
    pub stream: (u64, u64),
    pub born: Option<Date>,
    pub adult: bool,
    pub schooling: &'static str,
    pub upn: String,
    /// An earlier number, and the day it was replaced: records before it carry the earlier one.
    pub former_upn: Option<(String, Date)>,
    pub first_name: &'static str,
    pub last_name: String,
    pub postcode: String,
    pub joined: Option<Date>,
    pub left: Option<Date>,
    pub expecting: bool,
    /// The day on which the child is expected, where it is recorded.
    pub due: Option<Date>,
    pub restricted: bool,
    /// The pupil, where the child goes to a school that sends attendance.
    pub pupil: Option<Pupil>,
    /// Whether the rows of attendance are written with another family.
    pub elsewhere: bool,
}

/// What a child's attendance follows from.
#[derive(Clone, Debug)]
pub(crate) struct Pupil {
    /// First and last day at school.
    pub from: Date,
    pub to: Date,
    /// Sessions missed, of 1, when nothing else is the matter.
    pub absence: f64,
    /// How much of what is missed is authorised.
    pub authorised: f64,
    pub school: u32,
    /// A second school: from this day on instead of the first, or beside it.
    pub second: Option<(u32, Option<Date>)>,
    /// Whether the last two terms are given as marks.
    pub as_marks: bool,
    /// When a need about education was found and when it was met.
    pub need: Option<(Date, Option<Date>)>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub case_id: String,
    pub source: &'static str,
    pub opened: Date,
    pub closed: Option<Date>,
    pub team: String,
    pub ward: &'static str,
    pub lead: String,
    pub assessed: Option<Date>,
    pub planned: Option<Date>,
    pub needs: Vec<Need>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Need {
    pub headline: u8,
    /// 0: written without a number below the headline.
    pub below: u8,
    /// Place of the person in `people`.
    pub person: Option<usize>,
    /// Written only where it is not the day the case opened.
    pub identified: Date,
    pub outcome: Option<Date>,
    pub relapsed: Option<Date>,
    /// After a relapse.
    pub again: Option<Date>,
    pub result: &'static str,
    pub evidence: &'static str,
    /// When the outcome was put into the system.
    pub recorded: Date,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Agreement {
    pub case_id: String,
    pub rule: &'static str,
    pub person_id: String,
    pub academic_year: String,
    pub term: String,
    pub answer: &'static str,
    pub reason: &'static str,
    pub by: &'static str,
    pub on: Date,
    pub until: Option<Date>,
    pub evidence: &'static str,
}

/// Sessions of a pupil's term at a school.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sessions {
    pub school: u32,
    pub possible: u32,
    pub authorised: u32,
    pub unauthorised: u32,
}

/// A result claimed.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub family_id: String,
    pub case_id: String,
    pub submitted: Date,
    pub decided: Option<Date>,
    pub outcome: &'static str,
}

impl Claim {
    /// Whether it counts as a result on `day`: handed in, and not refused or taken back by then.
    pub(crate) fn counts_on(&self, day: Date) -> bool {
        let failed = !matches!(self.outcome, "approved" | "submitted");
        self.submitted <= day && !(failed && self.decided.is_none_or(|decided| decided <= day))
    }
}

/// How officers treat a family when they claim.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Officers {
    /// Days until they see that it can be claimed.
    pub see_after: i32,
    /// What they let pass.
    pub let_pass: Option<Lapse>,
}

/// What should not have been let pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lapse {
    /// Attendance somewhat below the threshold.
    LowAttendance,
    /// Some weeks before the six months are over.
    TooEarly,
    /// Two headlines instead of three.
    TooFewNeeds,
    /// The family came back within the six months.
    CameBack,
}

impl Need {
    /// The date on which the need was met for good, as recorded on `day`; none while it is open.
    pub(crate) fn met_by(&self, day: Date) -> Option<Date> {
        let known = |date: &Date| *date <= day;
        let latest = self.again.filter(known).or(self.outcome.filter(known))?;
        let relapsed = self.relapsed.filter(known).is_some_and(|relapse| relapse >= latest);
        (!relapsed && self.result != "not_achieved").then_some(latest)
    }

    /// The `outcome_on` that is written.
    pub(crate) fn outcome_on(&self) -> Option<Date> {
        self.again.or(self.outcome)
    }

    /// Takes away what lies after `until`, or was put into the system after it.
    pub(crate) fn clip(&mut self, until: Date) {
        self.again = self.again.filter(|day| *day <= until);
        self.relapsed = self.relapsed.filter(|day| *day <= until);
        self.outcome = self.outcome.filter(|day| *day <= until && self.recorded <= until);
        if self.outcome.is_none() {
            (self.again, self.relapsed) = (None, None);
            if self.recorded > until {
                self.result = "";
            }
        }
    }
}
