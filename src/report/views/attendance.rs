//! The attendance of children of open periods, with what the running term still allows, and of those who were below
//! the threshold when support began: rows for files, data, and text.

use crate::attend::outlook::{ChildOutlook, Improvement, Outlook, Outlooks, TermShare};
use crate::error::Result;
use crate::report::output::Kind::{List, Text, Whole};
use crate::report::output::Table;
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::{Page, Screen};
use crate::report::views::held;
use crate::report::views::people::{OfPerson, People, Person, with_person};
use crate::report::views::view::View;
use crate::rules::Rules;
use crate::run::Prepared;
use crate::share::Sessions;
use crate::words::{capitalised, counted};
use serde_json::{Value, json};

/// The files of the lists.
pub const NAMES: [&str; 3] = ["attendance_now.csv", "attendance_improved.csv", "attendance.json"];

/// What makes a folder known as one of these lists.
pub const MARKER: Marker = Marker { file: "attendance.json", program: "sfclaim attendance", spares: None };

/// A row of `attendance_now`.
pub struct NowRow<'a> {
    child: &'a ChildOutlook,
    person: Person<'a>,
    rules: &'a Rules,
}

/// A row of `attendance_improved`.
pub struct ImprovedRow<'a> {
    child: &'a Improvement,
    person: Person<'a>,
    rules: &'a Rules,
}

impl OfPerson for NowRow<'_> {
    fn person(&self) -> Person<'_> {
        self.person
    }
}

impl OfPerson for ImprovedRow<'_> {
    fn person(&self) -> Person<'_> {
        self.person
    }
}

/// The table `attendance_now`.
pub fn now<'a>() -> Table<NowRow<'a>> {
    let table = Table::<NowRow<'a>>::of(
        "attendance_now",
        "A row a school-age child of an open period, by case and child.",
    )
    .column("case_id", Text, |row| (&row.child.case_id).into())
    .about("the case that names the period")
    .column("family_id", Text, |row| (&row.child.family_id).into())
    .about("the family")
    .column("person_id", Text, |row| (&row.child.person_id).into())
    .about("the child")
    .column("last_terms", List("; "), |row| row.child.terms.iter().map(|term| share(term, row.rules)).collect())
    .about("the latest completed terms with the share of each")
    .column("trend", Text, |row| row.child.trend.map(|trend| trend.word()).into())
    .about("`up`, `level` or `down` from the last but one term to the last, by the exact shares")
    .column("running_term", Text, |row| row.child.running.map(|term| row.rules.calendar.term(term).to_string()).into())
    .about("the term that runs at the as-at date")
    .column("so_far", Text, |row| so_far(row.child.so_far).into())
    .about("sessions attended and possible up to the as-at date, or as the school's totals have them")
    .column("so_far_from", Text, |row| {
        row.child.so_far.map(|_| if row.child.by_totals { "totals" } else { "marks" }).into()
    })
    .about("`marks` with their days, or `totals`, which do not say up to which day they are")
    .column("half_days_left", Whole, |row| row.child.running.map(|_| row.child.half_days_left).into())
    .about("of the weekdays from the day after it to the end of the term; by totals what they leave of the whole term")
    .column("outlook", Text, |row| outlook(row.child, row.rules).into())
    .about("what the term still allows");
    with_person(table)
}

/// The table `attendance_improved`.
pub fn improved<'a>() -> Table<ImprovedRow<'a>> {
    let table = Table::<ImprovedRow<'a>>::of("attendance_improved", "A row a child who was below the threshold in the last term completed when the period opened, by case and child.")
        .column("case_id", Text, |row| (&row.child.case_id).into())
        .about("the case that names the period")
        .column("family_id", Text, |row| (&row.child.family_id).into())
        .about("the family")
        .column("person_id", Text, |row| (&row.child.person_id).into())
        .about("the child")
        .column("at_start", Text, |row| share(&row.child.at_start, row.rules).into())
        .about("the share in that term")
        .column("at_end", Text, |row| share(&row.child.at_end, row.rules).into())
        .about("the share in the last term completed when the period closed, or by the as-at date while it is open")
        .column("period", Text, |row| if row.child.closed { "closed" } else { "open" }.into())
        .about("whether the period is `open` or `closed`")
        .column("trend", Text, |row| row.child.trend.map(|trend| trend.word()).into())
        .about("`up`, `level` or `down` from the one to the other");
    with_person(table)
}

fn share(share: &TermShare, rules: &Rules) -> String {
    let term = rules.calendar.term(share.term);
    let percent = share.sessions.and_then(Sessions::shown);
    match (percent, share.judged) {
        (Some(percent), true) => format!("{term}: {percent}%"),
        (Some(percent), false) => format!("{term}: {percent}% (not enough to judge)"),
        (None, _) => format!("{term}: nothing on record"),
    }
}

fn so_far(sessions: Option<Sessions>) -> String {
    sessions
        .map(|sessions| {
            let percent = sessions.shown().map(|percent| format!(" ({percent}%)")).unwrap_or_default();
            format!("{} of {}{percent}", sessions.attended, sessions.possible)
        })
        .unwrap_or_default()
}

/// What the running term allows, in words.
pub(in crate::report) fn outlook(child: &ChildOutlook, rules: &Rules) -> String {
    let threshold = rules.parameters.threshold;
    match child.outlook {
        Outlook::CanMiss(0) => format!("can miss no more sessions to reach {threshold}%"),
        Outlook::CanMiss(most) => {
            format!(
                "can miss at most {} to reach {threshold}%",
                counted(usize::try_from(most).unwrap_or(0), "more session", "more sessions")
            )
        }
        Outlook::OutOfReach => format!("can no longer reach {threshold}%"),
        Outlook::NoMarks => "no attendance of the running term is held".to_owned(),
        Outlook::NoTerm => "no term is running".to_owned(),
    }
}

impl AttendanceView<'_> {
    fn now_rows(&self) -> impl Iterator<Item = NowRow<'_>> {
        let person = |child: &ChildOutlook| self.people.person(&child.family_id, &child.person_id);
        self.found.children.iter().map(move |child| NowRow {
            child,
            person: person(child),
            rules: &self.prepared.rules,
        })
    }

    fn improved_rows(&self) -> impl Iterator<Item = ImprovedRow<'_>> {
        let person = |child: &Improvement| self.people.person(&child.family_id, &child.person_id);
        let rules = &self.prepared.rules;
        self.found.improvements.iter().map(move |child| ImprovedRow { child, person: person(child), rules })
    }
}

/// What `sfclaim attendance` shows.
pub struct AttendanceView<'a> {
    /// The data and rules.
    pub prepared: &'a Prepared,
    /// Both lists.
    pub found: Outlooks,
    /// Who the children are.
    pub people: People<'a>,
}

impl View for AttendanceView<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        now().write(folder, self.now_rows())?;
        improved().write(folder, self.improved_rows())?;
        json_file(folder, NAMES[2], &self.data())
    }

    fn data(&self) -> Value {
        let Prepared { register, rules, as_at, .. } = self.prepared;
        let (table, other) = (now(), improved());
        let now = self.now_rows().map(|row| table.json_of_text(&row).into());
        let improved = self.improved_rows().map(|row| other.json_of_text(&row).into());
        json!({
            "program": MARKER.program,
            "as_at": as_at.to_string(),
            "rules": rules.label(),
            "children_of_open_periods": now.collect::<Vec<Value>>(),
            "below_the_threshold_at_the_start": improved.collect::<Vec<Value>>(),
            "attendance_held": held::json(register.registers.as_ref(), rules, *as_at),
        })
    }

    fn text(&self, screen: Screen) -> Result<String> {
        let Prepared { register, rules, as_at, .. } = self.prepared;
        let mut text = text(&self.found, &self.people, rules, &as_at.to_string(), screen);
        // The terms that children are shown with.
        let first = rules.calendar.latest_completed(*as_at, rules.parameters.terms + 1).next();
        let held = held::text(register.registers.as_ref(), rules, *as_at, first);
        if !held.is_empty() {
            text.push('\n');
            text.push_str(&held);
        }
        Ok(text)
    }

    fn of_files(&self, _: Option<String>) -> Option<String> {
        None
    }
}

/// Both lists as text; of the children now, those first who can no longer reach the threshold or have least to spare.
fn text(outlooks: &Outlooks, people: &People<'_>, rules: &Rules, as_at: &str, screen: Screen) -> String {
    let mut out = Page::on(screen);
    out.line(&format!("Attendance as at {as_at}, by the rules of {}\n", rules.label()));
    let mut children: Vec<&ChildOutlook> = outlooks.children.iter().collect();
    children.sort_by_key(|child| match child.outlook {
        Outlook::OutOfReach => (0, 0),
        Outlook::CanMiss(most) => (1, most),
        // Then those with the lowest share in the last term.
        Outlook::NoMarks | Outlook::NoTerm => {
            let last = child.terms.last().and_then(|term| term.sessions).filter(|sessions| sessions.possible > 0);
            (2, last.map_or(i64::MAX, |sessions| sessions.attended * 1000 / sessions.possible))
        }
    });
    let count = |test: fn(Outlook) -> bool| children.iter().filter(|child| test(child.outlook)).count();
    let all = counted(children.len(), "school-age child", "school-age children");
    let without = count(|outlook| outlook == Outlook::NoMarks);
    let running = children.iter().find_map(|child| child.running);
    let summary = match running.map(|term| rules.calendar.term(term)) {
        None => format!("{all} of open periods. No term is running."),
        Some(term) if without == children.len() => {
            format!("{all} of open periods. No attendance of {term}, the running term, is held of any of them.")
        }
        Some(term) => format!(
            "{all} of open periods. In {term}, the running term, {} can no longer reach {}%, {} can miss at most 4 more sessions, and of {without} no attendance is held.",
            count(|outlook| outlook == Outlook::OutOfReach),
            rules.parameters.threshold,
            count(|outlook| matches!(outlook, Outlook::CanMiss(..=4))),
        ),
    };
    out.say(&summary);
    for child in children.iter().take(20) {
        let terms: Vec<String> = child.terms.iter().map(|term| share(term, rules)).collect();
        let trend = child.trend.map(|trend| format!(", {}", trend.word())).unwrap_or_default();
        let left = child.running.map(|_| child.half_days_left.to_string()).unwrap_or_default();
        let so_far = match so_far(child.so_far) {
            none if none.is_empty() => none,
            some if child.by_totals => format!("{some} so far by totals, which leave {left} half-days of the term"),
            some => format!("{some} so far, with {left} half-days left"),
        };
        let now = match child.outlook {
            // Said once above.
            Outlook::NoTerm => String::new(),
            Outlook::NoMarks if without == children.len() => String::new(),
            _ if so_far.is_empty() => format!(" {}.", capitalised(&outlook(child, rules))),
            _ => format!(" {}: {so_far}.", capitalised(&outlook(child, rules))),
        };
        let line = format!(
            "{}, case {}.{now} {}{trend}.",
            people.person(&child.family_id, &child.person_id).said(&child.person_id),
            child.case_id,
            terms.join("; ")
        );
        out.wrapped(&line, "  ", "      ");
    }
    if children.len() > 20 {
        out.line(&format!("  and {} more: add --out DIR for all of them", children.len() - 20));
    }
    out.heading("Children below the threshold in the last term before support began");
    let mut counts = std::collections::BTreeMap::new();
    for child in &outlooks.improvements {
        let period = if child.closed { "closed" } else { "open" };
        let trend = match child.trend {
            Some(trend) => trend.word(),
            None if child.at_start.term == child.at_end.term => "no term completed since",
            None => "cannot be told",
        };
        *counts.entry((period, trend)).or_insert(0usize) += 1;
    }
    let rows: Vec<Vec<String>> = counts
        .into_iter()
        .map(|((period, trend), count)| vec![period.to_owned(), trend.to_owned(), count.to_string()])
        .collect();
    out.table(&[("Period", false), ("Attendance since", false), ("Children", true)], &rows);
    out.done()
}
