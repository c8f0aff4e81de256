//! `sfclaim explain`: one case or family, so that it can be read aloud to an auditor.

use super::args::Explain;
use super::printing::{say, say_json};
use super::steps::{Ended, ended, judged, prepared, say_register};
use crate::decide::Decision;
use crate::error::{Error, Result};
use crate::ids::cleaned;
use crate::load::tables::TableName;
use crate::recheck::{of_periods, past_of};
use crate::report::output::page::Screen;
use crate::report::views::explain::{explain, records, text};
use crate::run::Outcome;

pub(super) fn run(typed: &Explain) -> Result<Ended> {
    let (loaded, prepared) = prepared(&typed.judging, None)?;
    let outcome = judged(&prepared, &typed.agreements);
    let decisions = named(&outcome, &cleaned(&typed.id))?;
    let records = records(&outcome, &decisions, &loaded)?;
    let past = of_periods(&outcome, &decisions);
    let explanations: Vec<_> = decisions
        .into_iter()
        .map(|decision| explain(&outcome, decision, &records, past_of(&past, decision), typed.show_names))
        .collect();
    if typed.json {
        say_json(&explanations)?;
    } else {
        let texts: Vec<String> = explanations.iter().map(|one| text(one, Screen::terminal())).collect();
        say(&texts.join("\n"));
        say_register(&prepared);
    }
    Ok(ended(&outcome))
}

/// The decisions on the period that a case belongs to, or on all periods of a family.
pub(super) fn named<'a>(outcome: &'a Outcome<'_>, id: &str) -> Result<Vec<&'a Decision>> {
    let has_case = |decision: &&Decision| {
        outcome.linked.periods[decision.period].cases.iter().any(|case| case.case_id.as_str() == id)
    };
    let decisions: Vec<&Decision> =
        outcome.decisions.iter().filter(|decision| has_case(decision) || decision.family_id.as_str() == id).collect();
    if !decisions.is_empty() {
        return Ok(decisions);
    }
    let register = &outcome.prepared.register;
    let as_at = outcome.prepared.as_at;
    if let Some(case) = register.cases.iter().find(|case| case.case_id.as_str() == id) {
        return Err(Error::new(format!(
            "case {id} opened on {}, after {as_at}: at that day it does not exist.",
            case.opened_on
        )));
    }
    let held = register.held.iter().find(|held| {
        held.table == TableName::Cases
            && (held.case.as_ref().is_some_and(|case| case.as_str() == id)
                || held.family.as_ref().is_some_and(|family| family.as_str() == id))
    });
    if let Some(held) = held {
        return Err(Error::new(format!(
            "{id} has no decision, because its row could not be read: {}: {}",
            held.place, held.message
        )));
    }
    let same_letters = outcome
        .decisions
        .iter()
        .flat_map(|decision| [decision.case_id.as_str(), decision.family_id.as_str()])
        .find(|known| known.eq_ignore_ascii_case(id));
    let hint = same_letters
        .map(|known| format!(" There is \"{known}\": ids are the same only in every letter."))
        .unwrap_or_default();
    Err(Error::new(format!(
        "there is no case or family \"{id}\" with a case at {as_at}: check the id, as decisions.csv has it.{hint}"
    )))
}
