//! The rules of each small table: which values must be there, and what they may be (contract section 1). Needs have their
//! own file, [`super::needs`].

use super::days::{Horizon, MayBeSuccess};
use super::reading::{About, ReadTable, read_table};
use super::row_reader::{RowReader, case_of, find_word, role_meant};
use super::rows::{Agreement, Case, Claim, ClaimOutcome, Expecting, FormerId, IdKind, PersonRow, Role, Schooling};
use super::which_case::{Answer, OfCase, WhichCase, is_on_period, named_case};
use crate::dates::{Date, Span};
use crate::error::{Result, misspelt};
use crate::finding::{Finding, FindingCode, Findings};
use crate::ids::{CaseId, ClaimId, FamilyId, NhsNumber, PersonId};
use crate::load::Loaded;
use crate::load::tables::TableName;
use crate::rules::calendar::{Calendar, Term, academic_year_of};
use crate::rules::council_words::CouncilWords;
use crate::rules::name::RuleName;

fn family_of(row: &RowReader<'_>) -> Option<FamilyId> {
    row.id_if_any("family_id").map(|id| FamilyId::new(&id))
}

pub(super) fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

/// Cases.
pub fn cases(loaded: &Loaded, horizon: &Horizon) -> Result<ReadTable<Case>> {
    let about = |row: &RowReader<'_>| About { family: family_of(row), case: case_of(row), ..About::default() };
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
    let about = |row: &RowReader<'_>| About {
        family: family_of(row),
        // Of a row whose cells have moved it cannot be told: naming somebody cannot be undone.
        restricted: row.is_ragged()
            || row.text("restricted").is_some_and(|text| CouncilWords::get().yes_no(text) != Some(false)),
        ..About::default()
    };
    let mut doubts = Findings::default();
    // The people of a family mostly stand together, and share its id.
    let mut family_before: Option<FamilyId> = None;
    let read = read_table(loaded, TableName::People, horizon, &about, &mut |row| {
        let person_id = row.need_id("person_id").map(|id| PersonId::new(&id));
        let family_id = row.need_id("family_id").map(|id| FamilyId::shared(&id, &mut family_before));
        let date_of_birth = row.date("date_of_birth");
        let (joined_on, left_on) = (row.date("joined_on"), row.date("left_on"));
        let (upn, former_upn) = (row.upn("upn"), row.upn("former_upn"));
        let nhs_number = row.id("nhs_number").and_then(|text| NhsNumber::read(&text));
        left_too_early(row, left_on, [("joined_on", joined_on), ("date_of_birth", date_of_birth)]);
        let words = |text: &str| CouncilWords::get().yes_no(text).map(|yes| yes.then_some(Expecting::Yes));
        let mut expecting = row.text("expecting").and_then(words);
        if expecting.is_none() && row.text("expecting").is_some() {
            expecting = row.date("expecting").map(|day| Some(Expecting::On(day)));
        }
        let before = row.mistakes.len();
        let role = match row.text("role").and_then(role_meant) {
            Some(role) => role,
            None => row.word("role", &Role::WORDS, FindingCode::UnknownValue),
        };
        let schooling = row.word("schooling", &SCHOOLING, FindingCode::UnknownValue);
        let restricted = match row.yes_or_no("restricted") {
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
        if let Some(Err(number)) = &nhs_number {
            let message =
                format!("the NHS number {number} has not ten digits, or its check digit is wrong. It is not used.");
            let finding = Finding::at(FindingCode::NhsNumberCheck, &row.place, "nhs_number", number, message);
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
            nhs_number: nhs_number.and_then(|read| read.ok()),
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

/// Claims.
pub fn claims(loaded: &Loaded, horizon: &Horizon) -> Result<ReadTable<Claim>> {
    let about = |row: &RowReader<'_>| About {
        family: family_of(row),
        case: case_of(row),
        may_be_success: Some(may_be_success(row)),
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

/// What a row of claims says of its success, as far as it can be read. Of a row whose cells have moved it cannot be told.
fn may_be_success(row: &RowReader<'_>) -> MayBeSuccess {
    let outcome = row.text("outcome").and_then(|text| find_word(text, &ClaimOutcome::WORDS));
    let decided_otherwise =
        outcome.is_some_and(|outcome| !matches!(outcome, ClaimOutcome::Approved | ClaimOutcome::Submitted));
    if row.is_ragged() || !decided_otherwise {
        return MayBeSuccess::Yes;
    }
    match (row.text("decided_on"), row.date_if_any("decided_on")) {
        (None, _) => MayBeSuccess::No,
        (Some(_), Some(day)) => MayBeSuccess::Until(day),
        // It may have been decided after the as-at date.
        (Some(_), None) => MayBeSuccess::Yes,
    }
}

/// The columns that a person fills in to answer a question.
const ANSWER: [&str; 4] = ["answer", "reason", "agreed_by", "agreed_on"];

/// Agreements, and answers to which case rows are of. A row without a case may name the family instead.
pub fn agreements(
    loaded: &Loaded,
    which: &WhichCase<'_>,
    calendar: &Calendar,
    horizon: &Horizon,
) -> Result<ReadTable<Answer>> {
    let of_row = |row: &RowReader<'_>| match (row.text("case_id"), row.id_if_any("family_id")) {
        (None, Some(family)) => {
            let day = row.date_if_any("agreed_on");
            which.of_family(TableName::Agreements, row, &FamilyId::new(&family), day)
        }
        (Some(_), Some(_)) => match which.of_case_in_family(TableName::Agreements, row) {
            // Without a family the case stands as it is named: whether it is there is said of the agreement.
            OfCase::Held(case, ..) => OfCase::Case(case),
            of => of,
        },
        _ => case_of(row).map_or(OfCase::NotSaid, OfCase::Case),
    };
    let is_unanswered = |row: &RowReader<'_>| ANSWER.iter().all(|column| row.text(column).is_none());
    let about = |row: &RowReader<'_>| {
        if is_on_period(row) {
            return About { family: family_of(row), ..About::default() };
        }
        // Without an answer it is none, whatever else is wrong with it.
        if is_unanswered(row) {
            return About::default();
        }
        // A rule that is misspelt is the one that is meant, as far as that can be told.
        let of_misspelt = |text: &str| {
            let word = misspelt(text, RuleName::WORDS.iter().map(|(word, _)| *word))?;
            find_word(word, &RuleName::WORDS)
        };
        let rule = row.text("rule").and_then(|text| find_word(text, &RuleName::WORDS).or_else(|| of_misspelt(text)));
        About { rule, ..which.about(row, of_row(row)) }
    };
    read_table(loaded, TableName::Agreements, horizon, &about, &mut |row| {
        if is_on_period(row) && !(row.mistakes.is_empty() && is_unanswered(row)) {
            return named_case(row).map(Answer::WhichCase);
        }
        // An agreement of a case that is held changes nothing until the case is mended, as where it names the case.
        let case_id = match of_row(row) {
            _ if is_on_period(row) => None,
            OfCase::Case(case) | OfCase::Held(case, ..) => Some(case),
            _ if is_unanswered(row) && row.text("family_id").is_some() => None,
            OfCase::Either(_, _, code, message) => {
                row.wrong("case_id", code, message);
                None
            }
            OfCase::OneOf(_, code, message) => {
                row.wrong(if row.text("case_id").is_some() { "case_id" } else { "family_id" }, code, message);
                None
            }
            OfCase::Nothing(message) => {
                row.wrong(
                    if row.text("case_id").is_some() { "case_id" } else { "family_id" },
                    FindingCode::NoSuchCase,
                    message,
                );
                None
            }
            OfCase::NotSaid => {
                let column = if row.text("case_id").is_none() && row.text("family_id").is_some() {
                    "family_id"
                } else {
                    "case_id"
                };
                row.need_id(column);
                None
            }
        };
        row.need("rule");
        let rule = if is_on_period(row) { None } else { row.word("rule", &RuleName::WORDS, FindingCode::UnknownRule) };
        // A row that `review` made and nobody has filled in: it says nothing yet, and nothing is wrong with it.
        if row.mistakes.is_empty() && is_unanswered(row) {
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
                let named = year.zip(term);
                let of_half = named.filter(|(year, term)| calendar.named(year, term).is_none());
                if let Some((half, _)) = of_half.and_then(|(year, term)| calendar.half_named(year, term)) {
                    // Whether the whole term is meant must be asked: a "not met" would be lost.
                    let message = format!(
                        "\"{}\" is half of a term, and an agreement is about a whole one: write {}.",
                        term.unwrap_or_default(),
                        calendar.term(half).term
                    );
                    row.wrong("term", FindingCode::UnknownTerm, message);
                }
                named.map(|(year, term)| (year.to_owned(), term.to_owned()))
            }
        };
        let person_id = row.id("person_id").map(|id| PersonId::new(&id));
        Some(Answer::OnRule(Agreement {
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
        }))
    })
}

/// The authority's own calendar.
pub fn terms(loaded: &Loaded, horizon: &Horizon) -> Result<ReadTable<Term>> {
    read_table(loaded, TableName::Terms, horizon, &|_| About::default(), &mut |row| {
        let written = row.need("academic_year");
        let academic_year = written.and_then(academic_year_of);
        if let (Some(year), None) = (written, &academic_year) {
            row.wrong(
                "academic_year",
                FindingCode::AcademicYear,
                format!("\"{year}\" is not an academic year: write it as 2023/24."),
            );
        }
        let term = owned(row.need("term"));
        let (from, to) = (row.need_date("starts_on"), row.need_date("ends_on"));
        Some(Term { academic_year: academic_year?, term: term?, span: Span { from: from?, to: to? } })
    })
}

/// What ids were before. A row that cannot be read leaves open whether the family that it names was claimed.
pub fn former_ids(loaded: &Loaded, horizon: &Horizon) -> Result<ReadTable<FormerId>> {
    let about = |row: &RowReader<'_>| {
        let kind = row.text("kind").and_then(|text| find_word(text, &IdKind::WORDS));
        About {
            family: row
                .id_if_any("id")
                .filter(|_| matches!(kind, None | Some(IdKind::Family)))
                .map(|id| FamilyId::new(&id)),
            case: row.id_if_any("id").filter(|_| matches!(kind, None | Some(IdKind::Case))).map(|id| CaseId::new(&id)),
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
