//! Which sheet is which table: each table from the sheet that is it, and never from one of two that might be.

use super::candidate::{Candidate, candidates};
use super::headings::key;
use super::knowledge::Knowledge;
use super::sheet::Sheet;
use super::sureness::Sureness;
use crate::load::mapping::{Encoding, Separator};
use crate::load::tables::TableName;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A sheet as one table, and what becomes of that.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The position of the sheet.
    pub sheet: usize,
    /// What it is.
    pub candidate: Candidate,
    /// What becomes of it.
    pub state: State,
}

/// What becomes of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The file is named and written as the table: nothing need be said.
    AsItStands,
    /// It is written into the settings.
    Written,
    /// It is written as a comment, with what is to be decided.
    ToDecide(Open, String),
}

/// What is open of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// Which headings are columns of the table.
    Columns,
    /// Whether a hidden sheet counts.
    Hidden,
    /// Which of several sheets is the table.
    Rivals,
    /// Whether the rows of another table hold all of this one.
    WithinAnother,
    /// It holds percentages alone, which are no numbers of sessions.
    Percentages,
    /// A person has left it out.
    LeftOut,
}

/// Everything that the sheets might be, and what is proposed.
pub struct Chosen {
    /// By sheet, what it would be as each table.
    pub all: Vec<Vec<Candidate>>,
    /// What is proposed.
    pub proposals: Vec<Proposal>,
    /// Sheets of which settings speak that somebody has written: nobody is asked what they are.
    pub spoken_of: BTreeSet<usize>,
}

/// Chooses among all that the sheets might be.
pub fn chosen(sheets: &[Sheet], knowledge: &Knowledge<'_>) -> Chosen {
    let all: Vec<Vec<Candidate>> = sheets.iter().map(|sheet| candidates(sheet, knowledge)).collect();
    let rank = |sheet: &Sheet, candidate: &Candidate| {
        let named = knowledge.headings.named_for(candidate.table, &sheet.name())
            + 5 * usize::from(sheet.named_table() == Some(candidate.table));
        let is_own = sheet.named_table() == Some(candidate.table) && candidate.sureness() == Sureness::Certain;
        let must = candidate.must();
        let fits = candidate.pairs.iter().all(|pair| !must.contains(&pair.column) || pair.fits());
        (
            candidate.missing.is_empty() && fits,
            is_own,
            candidate.is_long_criteria(),
            candidate.has_key || candidate.table != TableName::Cases,
            candidate.sureness(),
            // Beside the criteria in its row the case stands first.
            candidate.wide.is_none(),
            named,
            candidate.total(),
            Reverse(candidate.table),
        )
    };
    let mut proposals = Vec::new();
    for (position, sheet) in sheets.iter().enumerate() {
        let best = all[position].iter().max_by_key(|candidate| rank(sheet, candidate));
        let Some(best) = best.filter(|best| is_worth_showing(best)) else { continue };
        proposals.push(Proposal { sheet: position, candidate: best.clone(), state: first_state(sheet, best) });
        // The criteria that stand beside their case come from the same sheet.
        let wide = all[position].iter().find(|other| other.wide.is_some());
        if let Some(wide) = wide.filter(|_| best.wide.is_none() && best.table == TableName::Cases) {
            let state = match (first_state(sheet, wide), wide.sureness()) {
                (State::AsItStands | State::Written, Sureness::Guess) => {
                    State::ToDecide(Open::Columns, "which headings are criteria is a guess".to_owned())
                }
                (state, _) => state,
            };
            proposals.push(Proposal { sheet: position, candidate: wide.clone(), state });
        }
    }
    percentages(sheets, &all, &mut proposals);
    settle_rivals(sheets, &mut proposals);
    second_tables(sheets, &all, &mut proposals);
    whole_files(sheets, &mut proposals);
    proposals.sort_by_key(|proposal| (proposal.sheet, proposal.candidate.table));
    Chosen { all, proposals, spoken_of: BTreeSet::new() }
}

/// Attendance in percentages of which it cannot be told whose or of which terms they are. With both they are read, and decide
/// nothing by themselves.
fn percentages(sheets: &[Sheet], all: &[Vec<Candidate>], proposals: &mut Vec<Proposal>) {
    for (position, sheet) in sheets.iter().enumerate() {
        let is_settled = |other: &Proposal| other.sheet == position && other.candidate.missing.is_empty();
        let found = all[position].iter().find(|candidate| candidate.table == TableName::Attendance);
        let Some(candidate) = found.filter(|_| !proposals.iter().any(is_settled)) else { continue };
        let names_pupil = candidate.pair("upn").or_else(|| candidate.pair("person_id")).is_some();
        let headings: Vec<&str> = sheet
            .columns
            .iter()
            .filter(|column| column.is_of_percentages())
            .map(|column| column.heading.as_str())
            .collect();
        if !names_pupil || headings.is_empty() {
            continue;
        }
        proposals.retain(|other| other.sheet != position);
        let why = format!(
            "it has percentages alone ({}), and their terms cannot be told, or there are sessions without all of their columns. Ask for the sessions possible and attended of each term",
            headings.join(", ")
        );
        let state = State::ToDecide(Open::Percentages, why);
        // No layout is nearly there, so that no column of one is missed.
        let candidate = Candidate { missing: Vec::new(), constants: BTreeMap::new(), ..candidate.clone() };
        proposals.push(Proposal { sheet: position, candidate, state });
    }
}

/// Whether enough of a table is there to speak of it.
fn is_worth_showing(candidate: &Candidate) -> bool {
    let must = candidate.must().len();
    if candidate.table == TableName::Attendance {
        return candidate.missing.is_empty() || (candidate.missing.len() <= 2 && candidate.pairs.len() >= 2);
    }
    candidate.missing.is_empty()
        || (candidate.missing.len() <= 2 && must >= 2 + candidate.missing.len())
        || (candidate.missing.len() == 1 && must >= 2 && candidate.pairs.len() >= 3)
}

/// What becomes of a sheet on its own.
pub(super) fn first_state(sheet: &Sheet, candidate: &Candidate) -> State {
    if !candidate.missing.is_empty() {
        return State::ToDecide(Open::Columns, format!("no heading was found for {}", candidate.missing.join(", ")));
    }
    if sheet.hidden {
        return State::ToDecide(Open::Hidden, "the sheet is hidden: its rows may be out of use".to_owned());
    }
    let must = candidate.must();
    let guessed: Vec<&str> = candidate
        .pairs
        .iter()
        .filter(|pair| must.contains(&pair.column) && pair.sureness() == Sureness::Guess)
        .map(|pair| pair.column)
        .collect();
    if !guessed.is_empty() {
        return State::ToDecide(Open::Columns, format!("which heading is {} is a guess", guessed.join(", ")));
    }
    if is_tidy(sheet, candidate) { State::AsItStands } else { State::Written }
}

/// Whether the loader reads the sheet rightly without a word.
fn is_tidy(sheet: &Sheet, candidate: &Candidate) -> bool {
    let is_named = sheet.named_table() == Some(candidate.table);
    let own = candidate.pairs.iter().all(|pair| pair.score == 100);
    let plain = sheet.separator.is_none_or(|separator| separator == Separator::Comma)
        && sheet.encoding.is_none_or(|encoding| encoding == Encoding::Utf8)
        && sheet.above == 0;
    let words = candidate.meanings.iter().all(|(column, meanings)| {
        *column == "source" && meanings.words.iter().all(|word| word.sureness == Sureness::Guess)
    });
    is_named
        && own
        && plain
        && words
        && candidate.wide.is_none()
        && candidate.terms.is_empty()
        && candidate.constants.is_empty()
        && candidate.order.month_first == 0
}

/// Several sheets that are the same table: the one that is read by its name, else the only one that is surest, else none.
fn settle_rivals(sheets: &[Sheet], proposals: &mut [Proposal]) {
    for table in TableName::ALL.into_iter().filter(|table| *table != TableName::Attendance) {
        let of_table: Vec<usize> = (0..proposals.len())
            .filter(|at| {
                proposals[*at].candidate.table == table && !matches!(proposals[*at].state, State::ToDecide(..))
            })
            .collect();
        if of_table.len() < 2 {
            continue;
        }
        let by_name: Vec<usize> =
            of_table.iter().copied().filter(|at| sheets[proposals[*at].sheet].named_table() == Some(table)).collect();
        let sureness = |at: &usize| proposals[*at].candidate.sureness();
        let surest = of_table.iter().map(sureness).max();
        let of_surest: Vec<usize> = of_table.iter().copied().filter(|at| Some(sureness(at)) == surest).collect();
        let kept = match (by_name.as_slice(), of_surest.as_slice()) {
            ([only], _) | ([], [only]) => Some(*only),
            _ => None,
        };
        let headings = |at: usize| -> BTreeSet<String> {
            sheets[proposals[at].sheet].columns.iter().map(|column| key(&column.heading)).collect()
        };
        let reasons: Vec<(usize, String)> = of_table
            .iter()
            .filter(|at| Some(**at) != kept)
            .map(|at| {
                let others: Vec<String> = of_table.iter().filter(|other| *other != at).map(|other| sheets[proposals[*other].sheet].name()).collect();
                let alike = of_table.iter().all(|other| headings(*other) == headings(*at));
                let hint = if alike {
                    "They have the same headings: if their rows belong together (years, teams), take away the # of each; if one is an older copy, leave it out"
                } else {
                    "If their rows belong together, take away the # of each; else of the right one alone"
                };
                (*at, format!("{} may be the table {table} too. {hint}", others.join(", ")))
            })
            .collect();
        for (at, reason) in reasons {
            proposals[at].state = State::ToDecide(Open::Rivals, reason);
        }
    }
}

/// Tables that no sheet is first of all, and that stand in the rows of another: cases in a list of needs, for example.
fn second_tables(sheets: &[Sheet], all: &[Vec<Candidate>], proposals: &mut Vec<Proposal>) {
    for table in TableName::ALL {
        if proposals.iter().any(|proposal| proposal.candidate.table == table) {
            continue;
        }
        let holding: Vec<(usize, &Candidate)> = all
            .iter()
            .enumerate()
            .filter_map(|(at, of_sheet)| {
                Some((at, of_sheet.iter().find(|candidate| candidate.table == table && candidate.wide.is_none())?))
            })
            .filter(|(_, candidate)| candidate.missing.is_empty() && candidate.sureness() > Sureness::Guess)
            .collect();
        let only = holding.len() == 1;
        for (at, candidate) in holding {
            // Part of a family, or of the claims, is worse than none: what is not there would pass for settled.
            let state = match table {
                TableName::Cases if only && !sheets[at].hidden => State::Written,
                TableName::Cases => State::ToDecide(Open::Rivals, "several files could be it".to_owned()),
                _ => State::ToDecide(
                    Open::WithinAnother,
                    format!(
                        "the rows of another table hold it too: take away the # only if they are all the rows of {table} that there are"
                    ),
                ),
            };
            proposals.push(Proposal { sheet: at, candidate: candidate.clone(), state });
        }
    }
}

/// A file that the settings speak of is not read by its name any more, so that all of it must be spoken of.
pub(super) fn whole_files(sheets: &[Sheet], proposals: &mut [Proposal]) {
    let spoken_of: BTreeSet<String> = proposals
        .iter()
        .filter(|proposal| proposal.state == State::Written)
        .map(|proposal| sheets[proposal.sheet].file.clone())
        .collect();
    for proposal in proposals.iter_mut().filter(|proposal| proposal.state == State::AsItStands) {
        if spoken_of.contains(&sheets[proposal.sheet].file) {
            proposal.state = State::Written;
        }
    }
}
