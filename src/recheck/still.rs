//! Whether what a past claim lacks can still be had. How long a school keeps its register is an assumption of the rules; how
//! long a council keeps a case is its own schedule, which no rule knows.

use crate::dates::{Date, add_years};
use crate::decide::Decision;
use crate::evaluate::Ruling;
use crate::evaluate::attendance::Settles;
use crate::rules::Rules;
use crate::rules::name::RuleName;

/// Of rules that the rule pack has not.
pub(super) const RULES: &str =
    "Yes, where the guidance of that time can be found: your council can add it to the rules as a framework.";

/// Of what stands in the case system alone.
pub(super) const IN_THE_CASE_SYSTEM: &str =
    "From the case system or the case file, for as long as your council keeps the case: see your retention schedule.";

/// An agreement counts from its day on.
const NO_AGREEMENT: &str = "An agreement that is made now does not count for that day.";

/// Of what a person must say of a day that has passed.
pub(super) const SOMEBODY: &str = "Somebody who knows the family can still say. An agreement that is made now does not count for that day. Keep what is said with the claim.";

const MENDED: &str = "Yes: the rows are in the data, and can be mended.";

/// Whether what would settle a rule for a past day can still be had, as at today.
pub(super) fn to_be_had(ruling: &Ruling, decision: &Decision, rules: &Rules, today: Date) -> String {
    if ruling.to_mend {
        return MENDED.to_owned();
    }
    match ruling.rule {
        RuleName::Attendance => of_attendance(decision, rules, today),
        RuleName::Sustainment | RuleName::Reclaim | RuleName::Timeliness => SOMEBODY.to_owned(),
        // Of any other rule, what is lacking is a column of the case system.
        rule if rule.can_be_agreed() => format!("{IN_THE_CASE_SYSTEM} {NO_AGREEMENT}"),
        _ => IN_THE_CASE_SYSTEM.to_owned(),
    }
}

/// Of attendance: by the first day on which a school need no longer have the register of a term that is lacking.
fn of_attendance(decision: &Decision, rules: &Rules, today: Date) -> String {
    let years = rules.pack.assurance.value("kept.attendance_years");
    let taken = |until: Date| add_years(until, i32::try_from(years).unwrap_or(i32::MAX));
    let unsettled = decision.evaluated.children.iter().flat_map(|child| child.unsettled());
    let (mut by, mut at_home, mut to_mend, mut any) = (None::<Date>, false, false, false);
    for (term, settles) in unsettled {
        any = true;
        match settles {
            Settles::FromSchool(_) | Settles::AtNoSchool | Settles::Upn => {
                let until = taken(rules.calendar.term(term.term).span.to);
                by = Some(by.map_or(until, |by| by.min(until)));
            }
            Settles::AtHome => at_home = true,
            Settles::Mending => to_mend = true,
        }
    }
    let mut said = Vec::new();
    if let Some(by) = by {
        let assumed = format!(
            "a school is taken to keep its register for {years} years after the term (kept.attendance_years, an assumption)"
        );
        said.push(if today <= by {
            format!("From the school, until {by}: {assumed}.")
        } else {
            format!("Perhaps not: {assumed}, which was over on {by}. Ask the school all the same.")
        });
    }
    if at_home {
        said.push("Not from a register: no school holds one of a child educated at home.".to_owned());
    }
    if to_mend {
        said.push(MENDED.to_owned());
    }
    if !any {
        said.push(IN_THE_CASE_SYSTEM.to_owned());
    }
    said.push(NO_AGREEMENT.to_owned());
    said.join(" ")
}
