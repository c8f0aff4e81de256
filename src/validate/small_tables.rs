//! The rules of each small table: which values must be there, and what they may be (contract section 1).

use super::days::Horizon;
use super::known_cases::{KnownCases, Named};
use super::known_families::{KnownFamilies, OfPeriod};
use super::reading::{About, ReadTable, RowReader, find_word, read_table};
use super::rows::{
    Agreement, Case, Claim, ClaimOutcome, Criterion, Expecting, FormerId, IdKind, Need, NeedResult, PersonRow, Role,
    RuleName, Schooling,
};
use crate::dates::{Date, Span};
use crate::error::Result;
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::{CaseId, ClaimId, FamilyId, PersonId};
use crate::load::Loaded;
use crate::load::tables::TableName;
use crate::place::Place;
use crate::rules::Rules;
use crate::rules::calendar::{Term, is_academic_year};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

fn family_of(row: &RowReader<'_>) -> Option<FamilyId> {
    row.id_if_any("family_id").map(|id| FamilyId::new(&id))
}

fn case_of(row: &RowReader<'_>) -> Option<CaseId> {
    row.id_if_any("case_id").map(|id| CaseId::new(&id))
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn key_of(row: &RowReader<'_>, column: &str) -> Option<String> {
    row.id_if_any(column).map(|id| id.into_owned())
}

/// Cases.
pub fn cases(loaded: &Loaded, horizon: &Horizon) -> Result<ReadTable<Case>> {
    let about = |row: &RowReader<'_>| About {
        key: key_of(row, "case_id"),
        family: family_of(row),
        case: case_of(row),
        ..About::default()
    };
    read_table(loaded, TableName::Cases, horizon, &about, &mut |row| {
        let case_id = row.need_id("case_id").map(|id| CaseId::new(&id));
        let family_id = row.need_id("family_id").map(|id| FamilyId::new(&id));
        let opened_on = row.need_date("opened_on");
        let closed_on = row.date("closed_on");
        let (assessment_on, plan_on) = (row.date("assessment_on"), row.date("plan_on"));
        if let (Some(opened), Some(closed)) = (opened_on, closed_on)
            && closed < opened
        {
            row.wrong(
                "closed_on",
                FindingCode::ClosedBeforeOpened,
                format!("the case closes on {closed}, before it opens on {opened}."),
            );
        }
        Some(Case {
            case_id: case_id?,
            family_id: family_id?,
            source: row.text("source").unwrap_or("early_help").to_owned(),
            opened_on: opened_on?,
            closed_on,
            team: owned(row.text("team")),
            ward: owned(row.text("ward")),
            lead_practitioner: owned(row.text("lead_practitioner")),
            assessment_on,
            plan_on,
            place: row.place.clone(),
        })
    })
}

/// People. A word that a column does not know is a warning: the value is then read in the way that lets nothing pass.
pub fn people(loaded: &Loaded, horizon: &Horizon, findings: &mut Findings) -> Result<ReadTable<PersonRow>> {
    const SCHOOLING: [(&str, Schooling); 3] =
        [("school", Schooling::School), ("home", Schooling::Home), ("none", Schooling::None)];
    const YES_NO: [(&str, bool); 8] = [
        ("y", true),
        ("n", false),
        ("yes", true),
        ("no", false),
        ("true", true),
        ("false", false),
        ("1", true),
        ("0", false),
    ];
    let about = |row: &RowReader<'_>| About {
        key: row
            .id_if_any("person_id")
            .zip(row.id_if_any("family_id"))
            .map(|(person, family)| format!("{person} in {family}")),
        family: family_of(row),
        // Of a row whose cells have moved it cannot be told: naming somebody cannot be undone.
        restricted: row.is_ragged()
            || row.text("restricted").is_some_and(|text| find_word(text, &YES_NO) != Some(false)),
        ..About::default()
    };
    let mut doubts = Findings::default();
    let read = read_table(loaded, TableName::People, horizon, &about, &mut |row| {
        let person_id = row.need_id("person_id").map(|id| PersonId::new(&id));
        let family_id = row.need_id("family_id").map(|id| FamilyId::new(&id));
        let date_of_birth = row.date("date_of_birth");
        let (joined_on, left_on) = (row.date("joined_on"), row.date("left_on"));
        let (upn, former_upn) = (row.upn("upn"), row.upn("former_upn"));
        left_too_early(row, left_on, [("joined_on", joined_on), ("date_of_birth", date_of_birth)]);
        let words = |text: &str| find_word(text, &YES_NO).map(|yes| yes.then_some(Expecting::Yes));
        let mut expecting = row.text("expecting").and_then(words);
        if expecting.is_none() && row.text("expecting").is_some() {
            expecting = row.date("expecting").map(|day| Some(Expecting::On(day)));
        }
        let before = row.mistakes.len();
        let role = row.word("role", &Role::WORDS, FindingCode::UnknownValue);
        let schooling = row.word("schooling", &SCHOOLING, FindingCode::UnknownValue);
        let restricted = match row.word("restricted", &YES_NO, FindingCode::UnknownValue) {
            Some(restricted) => restricted,
            // A word that cannot be read might say yes, and naming somebody cannot be undone.
            None => row.text("restricted").is_some(),
        };
        let record = row.text("person_id").unwrap_or_default();
        for mistake in row.mistakes.drain(before..) {
            let read_as = if mistake.column == "restricted" { "y" } else { "blank" };
            let message = format!("{} It is read as {read_as}.", mistake.message);
            let finding = Finding::at(mistake.code, &row.place, &mistake.column, mistake.value, message);
            doubts.add(finding.about(record));
        }
        for (column, upn) in [("upn", &upn), ("former_upn", &former_upn)] {
            let Some(upn) = upn.as_ref().filter(|upn| !upn.check_letter_is_right()) else { continue };
            let message = format!(
                "the UPN {upn} is not of the form of a UPN, or its check letter is wrong. It is matched as it stands."
            );
            let finding = Finding::at(FindingCode::UpnCheckLetter, &row.place, column, upn, message);
            doubts.add(finding.about(record));
        }
        Some(PersonRow {
            person_id: person_id?,
            family_id: family_id?,
            date_of_birth,
            role,
            schooling,
            upn,
            former_upn,
            first_name: owned(row.text("first_name")),
            last_name: owned(row.text("last_name")),
            joined_on,
            left_on,
            expecting: expecting.flatten(),
            restricted,
            place: row.place.clone(),
        })
    })?;
    findings.append(doubts);
    Ok(read)
}

/// Nobody leaves a family before joining it or being born: one of the days is wrong, and the person may still be there.
fn left_too_early(row: &mut RowReader<'_>, left_on: Option<Date>, since: [(&str, Option<Date>); 2]) {
    let Some(left) = left_on else { return };
    for (column, day) in since {
        if let Some(day) = day.filter(|day| left < *day) {
            let what = if column == "joined_on" { "joining the family" } else { "being born" };
            let message = format!("the person left on {left}, before {what} on {day}.");
            row.wrong("left_on", FindingCode::LeftBeforeJoined, message);
        }
    }
}

/// Reads `n` or `n.m` with a headline that the framework has.
fn criterion(text: &str, rules: &Rules) -> Option<Criterion> {
    let (number, need) = text.split_once('.').map_or((text, None), |(number, need)| (number, Some(need)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(number) || number.starts_with('0') || need.is_some_and(|need| !digits(need)) {
        return None;
    }
    let headline = number.parse().ok()?;
    rules.framework.headline(headline).map(|_| Criterion { headline, text: text.to_owned() })
}

/// Needs. A criterion of a case that is not there is held; one of a quarantined case is held with it. A row without a case
/// may name the family instead.
pub fn criteria(
    loaded: &Loaded,
    rules: &Rules,
    cases: &KnownCases,
    families: &KnownFamilies,
    horizon: &Horizon,
) -> Result<ReadTable<Need>> {
    const RESULTS: [(&str, NeedResult); 2] =
        [("achieved", NeedResult::Achieved), ("not_achieved", NeedResult::NotAchieved)];
    let by_family = files_by_family(loaded, cases, families)?;
    let of_row = |row: &RowReader<'_>| -> Option<NeedOf> {
        let family = |column: &str| row.id_if_any(column).map(|id| FamilyId::new(&id));
        let family = match row.text("case_id") {
            Some(_) if by_family.contains(&row.place.file) => family("case_id"),
            Some(_) => return Some(NeedOf::Case(case_of(row)?)),
            None => family("family_id"),
        };
        let period = families.named(family.as_ref()?, row.date_if_any("identified_on"));
        Some(NeedOf::Family(family?, period))
    };
    let about = |row: &RowReader<'_>| {
        let mut about = About::default();
        match of_row(row) {
            Some(NeedOf::Case(case)) => match cases.named(&case) {
                Named::Case(case) | Named::Held(case, _) => about.case = Some(case),
                Named::OneOf(cases) | Named::Nearly(cases) => about.may_be_of = cases,
                Named::Nothing => {}
            },
            Some(NeedOf::Family(_, OfPeriod::Case(case) | OfPeriod::Held(case, ..))) => about.case = Some(case),
            Some(NeedOf::Family(_, OfPeriod::OneOf(cases))) => about.may_be_of = cases,
            Some(NeedOf::Family(_, OfPeriod::Nothing)) | None => {}
        }
        about
    };
    let mut read = read_table(loaded, TableName::Criteria, horizon, &about, &mut |row| {
        let of_row = of_row(row);
        let column = if row.text("case_id").is_some() { "case_id" } else { "family_id" };
        let mut case_id = match &of_row {
            Some(NeedOf::Family(_, OfPeriod::Case(case))) => Some(case.clone()),
            Some(NeedOf::Family(..)) => None,
            Some(NeedOf::Case(_)) => row.id("case_id").map(|id| CaseId::new(&id)),
            // Neither can be read: which of the two is wrong is said by what the row has.
            None if row.text("family_id").is_some() && column == "family_id" => {
                row.id("family_id");
                None
            }
            None => row.need_id("case_id").map(|id| CaseId::new(&id)),
        };
        let held = |row: &mut RowReader<'_>, case: CaseId, place: &Place, by_day: bool| {
            // First, so that the row is held with its case whatever else is wrong with it.
            row.mistakes.clear();
            let message = format!("its case {case} is quarantined: see {place}.");
            row.wrong(column, FindingCode::HeldWithCase, message);
            if by_day {
                // At another as-at date the case may be used, and the row with it.
                row.only_by_day();
            }
            by_day.then_some(case)
        };
        match of_row {
            Some(NeedOf::Case(id)) => match cases.named(&id) {
                Named::Case(case) => case_id = Some(case),
                Named::Held(case, of) => case_id = Some(held(row, case, &of.place, of.by_day)?),
                Named::Nearly(cases) => {
                    let message = format!(
                        "there is no case {id} in the cases table; {} is nearly alike: is it meant?",
                        listed(&cases)
                    );
                    row.wrong("case_id", FindingCode::NoSuchCase, message);
                }
                Named::OneOf(cases) => {
                    let message = format!(
                        "{id} is a former id of several cases: {}. Name the one that is meant.",
                        listed(&cases)
                    );
                    row.wrong("case_id", FindingCode::NoSuchCase, message);
                }
                Named::Nothing => {
                    let hint = if families.has(&FamilyId::new(id.as_str())) {
                        " There is a family of this id: a file with a row a family may name it in family_id instead."
                    } else {
                        ""
                    };
                    let message = format!("there is no case {id} in the cases table.{hint}");
                    row.wrong("case_id", FindingCode::NoSuchCase, message);
                }
            },
            Some(NeedOf::Family(_, OfPeriod::Held(case, place, by_day))) => {
                case_id = Some(held(row, case, &place, by_day)?);
            }
            Some(NeedOf::Family(family, OfPeriod::OneOf(cases))) => {
                let message = format!(
                    "which period of support of the family {family} the need is of is not said, and it may be any: its cases are {}. Give case_id, or in identified_on a day on which one of them was open.",
                    listed(&cases)
                );
                row.wrong(column, FindingCode::WhichPeriod, message);
            }
            Some(NeedOf::Family(family, OfPeriod::Nothing)) => {
                let message = format!("there is no case of the family {family} in the cases table.");
                row.wrong(column, FindingCode::NoSuchCase, message);
            }
            Some(NeedOf::Family(_, OfPeriod::Case(_))) | None => {}
        }
        let written = row.need("criterion");
        let criterion = written.and_then(|text| criterion(text, rules));
        if let (Some(text), None) = (written, &criterion) {
            let most = rules.framework.headlines.iter().map(|headline| headline.number).max().unwrap_or(0);
            row.wrong(
                "criterion",
                FindingCode::UnknownCriterion,
                format!("\"{text}\" is not a criterion of {}: write 1 to {most}, or n.m.", rules.framework.id),
            );
        }
        let person_id = row.id("person_id").map(|id| PersonId::new(&id));
        let identified_on = row.date("identified_on");
        let (outcome_on, relapsed_on) = (row.date("outcome_on"), row.date("relapsed_on"));
        // An unknown result cannot be read as blank: the need would then count as resolved.
        let result = row.word("result", &RESULTS, FindingCode::UnknownOutcome);
        Some(Need {
            case_id: case_id?,
            criterion: criterion?,
            person_id,
            identified_on,
            outcome_on,
            relapsed_on,
            result,
            evidence: owned(row.text("evidence")),
            side_by_side: row.side_by_side(),
            place: row.place.clone(),
        })
    })?;
    for file in by_family {
        let message = format!(
            "{file}: its case ids are those of families, and none is that of a case. Each need is taken for one of the family's period of support."
        );
        read.findings.say(FindingCode::FamilyIdsAsCaseIds, message);
    }
    Ok(read)
}

/// What the row of a need names.
enum NeedOf {
    /// A case, whether there is one or not.
    Case(CaseId),
    /// A family, and the period that it stands for.
    Family(FamilyId, OfPeriod),
}

/// The files of needs in which no case id is that of a case, and most are those of families: a list with a row a family
/// whose column was taken for that of cases.
fn files_by_family(
    loaded: &Loaded,
    cases: &KnownCases,
    families: &KnownFamilies,
) -> Result<BTreeSet<std::sync::Arc<str>>> {
    let mut found = BTreeSet::new();
    for file in loaded.of(TableName::Criteria) {
        let Some(column) = file.column("case_id") else { continue };
        let (mut rows, mut of_families, mut of_cases) = (0usize, 0usize, false);
        file.for_each(&mut |row| {
            let id = row.cell(column).filter(|_| !of_cases);
            if let Some(id) = id.map(CaseId::new) {
                rows += 1;
                of_cases = !matches!(cases.named(&id), Named::Nothing);
                of_families += usize::from(families.has(&FamilyId::new(id.as_str())));
            }
        })?;
        if !of_cases && of_families * 2 > rows {
            found.insert(file.file.clone());
        }
    }
    Ok(found)
}

/// The first of some cases, and how many more there are.
fn listed(cases: &[CaseId]) -> String {
    const NAMED: usize = 5;
    let named: Vec<&str> = cases.iter().take(NAMED).map(CaseId::as_str).collect();
    let more = cases.len().saturating_sub(NAMED);
    if more > 0 { format!("{} and {more} more", named.join(", ")) } else { named.join(", ") }
}

/// Claims.
pub fn claims(loaded: &Loaded, horizon: &Horizon) -> Result<ReadTable<Claim>> {
    let about = |row: &RowReader<'_>| About {
        key: key_of(row, "claim_id"),
        family: family_of(row),
        case: case_of(row),
        may_be_success: row
            .text("outcome")
            .and_then(|text| find_word(text, &ClaimOutcome::WORDS))
            .is_none_or(|outcome| matches!(outcome, ClaimOutcome::Approved | ClaimOutcome::Submitted)),
        ..About::default()
    };
    read_table(loaded, TableName::Claims, horizon, &about, &mut |row| {
        let claim_id = row.need_id("claim_id").map(|id| ClaimId::new(&id));
        let family_id = row.need_id("family_id").map(|id| FamilyId::new(&id));
        let case_id = row.id("case_id").map(|id| CaseId::new(&id));
        let submitted_on = row.need_date("submitted_on");
        let decided_on = row.date("decided_on");
        row.need("outcome");
        let outcome = row.word("outcome", &ClaimOutcome::WORDS, FindingCode::UnknownOutcome);
        Some(Claim {
            claim_id: claim_id?,
            family_id: family_id?,
            case_id,
            submitted_on: submitted_on?,
            decided_on,
            outcome: outcome?,
            place: row.place.clone(),
        })
    })
}

/// The columns that a person fills in to answer a question.
const ANSWER: [&str; 4] = ["answer", "reason", "agreed_by", "agreed_on"];

/// Agreements.
pub fn agreements(loaded: &Loaded, horizon: &Horizon) -> Result<ReadTable<Agreement>> {
    let words: Vec<(&'static str, RuleName)> = RuleName::ALL.into_iter().map(|rule| (rule.word(), rule)).collect();
    let about = |row: &RowReader<'_>| About {
        case: case_of(row),
        rule: row.text("rule").and_then(|text| find_word(text, &words)),
        ..About::default()
    };
    read_table(loaded, TableName::Agreements, horizon, &about, &mut |row| {
        let case_id = row.need_id("case_id").map(|id| CaseId::new(&id));
        row.need("rule");
        let rule = row.word("rule", &words, FindingCode::UnknownRule);
        // A row that `review` made and nobody has filled in: it says nothing yet, and nothing is wrong with it.
        if row.mistakes.is_empty() && ANSWER.iter().all(|column| row.text(column).is_none()) {
            let message = "the question has no answer yet: answer, reason, agreed_by and agreed_on are blank.";
            row.wrong("answer", FindingCode::UnansweredQuestion, message.to_owned());
            return None;
        }
        row.need("answer");
        let met = row.word("answer", &[("met", true), ("not_met", false)], FindingCode::UnknownOutcome);
        let reason = owned(row.need("reason"));
        let agreed_by = owned(row.need("agreed_by"));
        let agreed_on = row.need_date("agreed_on");
        let until = row.date("until");
        let term = match (row.text("academic_year"), row.text("term")) {
            (None, None) => None,
            (year, term) => {
                for column in ["academic_year", "term"] {
                    if row.text(column).is_none() {
                        let message =
                            format!("{column} is blank: an agreement on a term names both its year and its term.");
                        row.wrong(column, FindingCode::MissingValue, message);
                    }
                }
                year.zip(term).map(|(year, term)| (year.to_owned(), term.to_owned()))
            }
        };
        let person_id = row.id("person_id").map(|id| PersonId::new(&id));
        Some(Agreement {
            case_id: case_id?,
            rule: rule?,
            person_id,
            term,
            met: met?,
            reason: reason?,
            agreed_by: agreed_by?,
            agreed_on: agreed_on?,
            until,
            place: row.place.clone(),
        })
    })
}

/// Says which agreements can have no effect, or another one than was perhaps meant.
pub fn check_agreements(
    agreements: &[Agreement],
    cases: &KnownCases,
    people: Option<&[PersonRow]>,
    rules: &Rules,
    findings: &mut Findings,
) {
    let persons: FxHashSet<&PersonId> = people.into_iter().flatten().map(|person| &person.person_id).collect();
    for agreement in agreements {
        let mut warn = |column: &str, value: &str, code: FindingCode, message: String| {
            findings.add(Finding::at(code, &agreement.place, column, value, message).about(&agreement.case_id));
        };
        let case = agreement.case_id.as_str();
        if !matches!(cases.named(&agreement.case_id), Named::Case(_) | Named::Held(..)) {
            let message = format!("there is no case {case} in the cases table; the agreement has no effect.");
            warn("case_id", case, FindingCode::AgreementWithoutCase, message);
        }
        if !agreement.rule.can_be_agreed() {
            let message = format!("nobody can agree on {}; the agreement has no effect.", agreement.rule);
            warn("rule", agreement.rule.word(), FindingCode::CannotBeAgreed, message);
        }
        if agreement.person_id.is_none() && agreement.term.is_some() {
            let message =
                "the agreement names a term and no person: it is read as an answer on the whole rule.".to_owned();
            warn("person_id", "", FindingCode::AgreementWithoutPerson, message);
        }
        let on_a_child = agreement.rule == RuleName::Attendance && agreement.person_id.is_some();
        if let Some((year, term)) = &agreement.term
            && on_a_child
            && rules.calendar.named(year, term).is_none()
        {
            let message = format!("the calendar in use has no term {term} {year}; the agreement changes nothing.");
            warn("term", term, FindingCode::AgreementOnNothing, message);
        }
        if let Some(person) =
            agreement.person_id.as_ref().filter(|person| on_a_child && people.is_some() && !persons.contains(person))
        {
            let message = format!("nobody in the people table is {person}; the agreement changes nothing.");
            warn("person_id", person.as_str(), FindingCode::AgreementOnNothing, message);
        }
        if let Some(until) = agreement.until.filter(|until| *until < agreement.agreed_on) {
            let message = format!("the agreement ends on {until}, before it begins on {}.", agreement.agreed_on);
            warn("until", &until.to_string(), FindingCode::AgreementNeverInForce, message);
        }
    }
}

/// The authority's own calendar.
pub fn terms(loaded: &Loaded, horizon: &Horizon) -> Result<ReadTable<Term>> {
    let about = |row: &RowReader<'_>| About {
        key: row.text("academic_year").zip(row.text("term")).map(|(year, term)| format!("{term} {year}")),
        ..About::default()
    };
    read_table(loaded, TableName::Terms, horizon, &about, &mut |row| {
        let academic_year = row.need("academic_year");
        if let Some(year) = academic_year.filter(|year| !is_academic_year(year)) {
            row.wrong(
                "academic_year",
                FindingCode::AcademicYear,
                format!("\"{year}\" is not an academic year: write it as 2023/24."),
            );
        }
        let term = owned(row.need("term"));
        let (from, to) = (row.need_date("starts_on"), row.need_date("ends_on"));
        Some(Term { academic_year: academic_year?.to_owned(), term: term?, span: Span { from: from?, to: to? } })
    })
}

/// What ids were before. A row that cannot be read leaves open whether the family that it names was claimed.
pub fn former_ids(loaded: &Loaded, horizon: &Horizon) -> Result<ReadTable<FormerId>> {
    let about = |row: &RowReader<'_>| {
        let kind = row.text("kind").and_then(|text| find_word(text, &IdKind::WORDS));
        About {
            family: row.id_if_any("id").filter(|_| kind != Some(IdKind::Case)).map(|id| FamilyId::new(&id)),
            case: row.id_if_any("id").filter(|_| kind != Some(IdKind::Family)).map(|id| CaseId::new(&id)),
            ..About::default()
        }
    };
    read_table(loaded, TableName::FormerIds, horizon, &about, &mut |row| {
        row.need("kind");
        let kind = row.word("kind", &IdKind::WORDS, FindingCode::UnknownValue);
        let id = row.need_id("id");
        let former_id = row.need_id("former_id");
        Some(FormerId {
            kind: kind?,
            id: id?.into_owned(),
            former_id: former_id?.into_owned(),
            place: row.place.clone(),
        })
    })
}
