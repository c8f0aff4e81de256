//! The tables of the register, and what the database itself refuses, whoever writes to it: another program too.
//!
//! The tables have a version. What a version adds to the one before stands in [`added_in`], once: a new file begins with the
//! tables of version 1 and all that was added since, and a file of an earlier version is brought up to date by the same words.

use crate::register::entry::FIELDS;
use crate::register::state::{Action, MOVES, State};
use std::fmt::Write as _;

/// By which SQLite knows the file as one of ours: `sfcr`.
pub const APPLICATION_ID: i64 = 0x7366_6372;

/// The version of the tables. A file of a later one is refused; one of an earlier one is brought up to date before it is changed.
pub const VERSION: i64 = 2;

/// The first version that there was.
pub const FIRST_VERSION: i64 = 1;

/// What a version adds to the one before it.
pub fn added_in(version: i64) -> &'static str {
    match version {
        // Version 1 let another program put a detail in later, beside an entry that names none or of which it was taken out.
        2 => {
            "CREATE TRIGGER details_go_in_with_their_entry BEFORE INSERT ON details
    WHEN NEW.sequence IS NOT (SELECT max(sequence) FROM log)
        OR (SELECT detail_sha256 FROM log WHERE sequence = NEW.sequence) IS NULL
    BEGIN SELECT RAISE(ABORT, 'a detail is kept with its entry, and never put in later'); END;
"
        }
        _ => "",
    }
}

/// The columns of the table `claims`, in order.
pub const CLAIM_COLUMNS: [&str; 14] = [
    "claim_id",
    "family_id",
    "family_key",
    "case_id",
    "origin",
    "as_at",
    "submitted_on",
    "decided_on",
    "window",
    "reclaim_years",
    "bars_until",
    "by_agreement",
    "state",
    "sequence",
];

/// A claim that stands in the way of another one decided for the day `NEW.as_at`.
const BARS: &str =
    "(c.state IN ('prepared', 'audited') OR (c.state IN ('submitted', 'approved') AND NEW.as_at <= c.bars_until))";

fn quoted(state: Option<State>) -> String {
    state.map_or("NULL".to_owned(), |state| format!("'{}'", state.word()))
}

/// Everything that a file of a version begins with.
pub fn sql(version: i64) -> String {
    let mut sql = tables_of_the_first();
    sql.extend((FIRST_VERSION + 1..=version).map(added_in));
    let _ = write!(sql, "PRAGMA application_id = {APPLICATION_ID};\nPRAGMA user_version = {version};\n");
    sql
}

/// What version 1 had, word for word: what changes of it is a new version, and so is a new state or action.
fn tables_of_the_first() -> String {
    let mut sql = String::new();
    let words = |all: Vec<&str>| all.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ");
    let states = words(State::ALL.into_iter().map(State::word).collect());
    let actions = words(Action::ALL.into_iter().map(Action::word).collect());
    let fields: String = FIELDS
        .iter()
        .map(|field| match *field {
            "done_on" | "done_by" => format!("    {field} TEXT NOT NULL CHECK (length({field}) > 0),\n"),
            "action" => format!("    action TEXT NOT NULL CHECK (action IN ({actions})),\n"),
            _ => format!("    {field} TEXT,\n"),
        })
        .collect();
    let _ = write!(
        sql,
        "CREATE TABLE log (
    sequence INTEGER PRIMARY KEY NOT NULL CHECK (sequence > 0),
{fields}    previous_sha256 TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX log_of_claim ON log (claim_id, sequence);
CREATE TABLE details (
    sequence INTEGER PRIMARY KEY NOT NULL REFERENCES log (sequence),
    body TEXT NOT NULL
) STRICT;
CREATE TABLE receipts (
    sha256 TEXT PRIMARY KEY NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE secrets (
    name TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT;
CREATE TABLE linked (
    claim_id TEXT NOT NULL,
    family_key TEXT NOT NULL,
    PRIMARY KEY (claim_id, family_key)
) STRICT;
CREATE TABLE claims (
    claim_id TEXT PRIMARY KEY NOT NULL,
    family_id TEXT NOT NULL,
    family_key TEXT NOT NULL,
    case_id TEXT,
    origin TEXT NOT NULL CHECK (origin IN ('imported', 'prepared')),
    as_at TEXT CHECK (origin = 'imported' OR as_at IS NOT NULL),
    submitted_on TEXT CHECK (state NOT IN ('submitted', 'approved', 'rejected', 'clawed_back') OR submitted_on IS NOT NULL),
    decided_on TEXT,
    window TEXT,
    reclaim_years INTEGER NOT NULL CHECK (reclaim_years >= 0),
    bars_until TEXT CHECK (state NOT IN ('submitted', 'approved') OR bars_until IS NOT NULL),
    by_agreement TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ({states})),
    sequence INTEGER NOT NULL REFERENCES log (sequence)
) STRICT;
CREATE INDEX claims_of_family ON claims (family_id);
CREATE INDEX claims_of_family_key ON claims (family_key);
CREATE INDEX claims_of_case ON claims (case_id);
CREATE UNIQUE INDEX claims_one_live_a_case ON claims (case_id)
    WHERE origin = 'prepared' AND state IN ('prepared', 'audited', 'submitted');
"
    );
    let mut refuse = |name: &str, when: &str, condition: &str, why: &str| {
        let when_clause = if condition.is_empty() { String::new() } else { format!("\n    WHEN {condition}") };
        let _ = write!(
            sql,
            "CREATE TRIGGER {name} BEFORE {when}{when_clause}\n    BEGIN SELECT RAISE(ABORT, '{why}'); END;\n"
        );
    };
    for table in ["log", "receipts", "secrets", "details", "linked"] {
        refuse(
            &format!("{table}_never_changed"),
            &format!("UPDATE ON {table}"),
            "",
            "nothing in the register is changed",
        );
    }
    for table in ["log", "secrets", "linked", "claims"] {
        refuse(
            &format!("{table}_never_deleted"),
            &format!("DELETE ON {table}"),
            "",
            "nothing in the register is deleted",
        );
    }
    // Personal detail alone may go, and only once the log says that it goes.
    for table in ["details", "receipts"] {
        refuse(
            &format!("{table}_go_by_redaction_alone"),
            &format!("DELETE ON {table}"),
            "(SELECT action FROM log ORDER BY sequence DESC LIMIT 1) IS NOT 'redacted'",
            "personal detail goes by redact alone",
        );
    }
    refuse(
        "log_in_order",
        "INSERT ON log",
        "NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM log)
        OR NEW.previous_sha256 IS NOT coalesce((SELECT sha256 FROM log ORDER BY sequence DESC LIMIT 1), '0000000000000000000000000000000000000000000000000000000000000000')",
        "the log goes on from its last entry",
    );
    let lawful: Vec<String> = MOVES
        .iter()
        .map(|(action, before, to)| {
            format!(
                "(NEW.action = '{}' AND NEW.state_before IS {} AND NEW.state_after = '{}')",
                action.word(),
                quoted(*before),
                to.word()
            )
        })
        .collect();
    let lawful = lawful.join("\n        OR ");
    refuse(
        "log_lawful",
        "INSERT ON log",
        &format!("NEW.claim_id IS NOT NULL AND NOT coalesce({lawful}, 0)"),
        "a claim in this state cannot be moved so",
    );
    refuse(
        "log_from_the_state",
        "INSERT ON log",
        "NEW.claim_id IS NOT NULL AND NEW.state_before IS NOT (SELECT state FROM claims WHERE claim_id = NEW.claim_id)",
        "the claim is not in the state that it is moved from",
    );
    let mut moves: Vec<String> = MOVES
        .iter()
        .filter_map(|(_, before, to)| {
            Some(format!("(OLD.state = '{}' AND NEW.state = '{}')", (*before)?.word(), to.word()))
        })
        .collect();
    moves.dedup();
    refuse(
        "claims_lawful",
        "UPDATE ON claims",
        &format!("NOT ({})", moves.join(" OR ")),
        "a claim in this state cannot be moved so",
    );
    refuse(
        "claims_stay_of_their_family",
        "UPDATE ON claims",
        "NEW.claim_id <> OLD.claim_id OR NEW.family_id <> OLD.family_id OR NEW.family_key <> OLD.family_key
        OR NEW.case_id IS NOT OLD.case_id OR NEW.origin <> OLD.origin OR NEW.as_at IS NOT OLD.as_at",
        "of a claim only its state and its days change",
    );
    for (name, table) in
        [("claims_follow_the_log_at_first", "INSERT ON claims"), ("claims_follow_the_log", "UPDATE ON claims")]
    {
        refuse(
            name,
            table,
            "NOT EXISTS (SELECT 1 FROM log WHERE log.sequence = NEW.sequence AND log.claim_id = NEW.claim_id
        AND log.state_after = NEW.state AND log.family_id = NEW.family_id)",
            "what the log does not say cannot be kept",
        );
    }
    refuse(
        "claims_of_a_case_once",
        "INSERT ON claims",
        &format!(
            "NEW.origin = 'prepared' AND EXISTS (SELECT 1 FROM claims c WHERE c.case_id = NEW.case_id AND {BARS})"
        ),
        "double claim: the case has a claim that stands",
    );
    refuse(
        "claims_of_a_family_once",
        "INSERT ON claims",
        &format!(
            "NEW.origin = 'prepared' AND instr(';' || NEW.by_agreement || ';', ';reclaim;') = 0
        AND EXISTS (SELECT 1 FROM claims c WHERE c.family_id = NEW.family_id AND {BARS})"
        ),
        "double claim: the family has a claim within the reclaim years",
    );
    refuse(
        "claims_of_a_linked_family_once",
        "INSERT ON claims",
        &format!(
            "NEW.origin = 'prepared' AND instr(';' || NEW.by_agreement || ';', ';reclaim;') = 0
        AND EXISTS (SELECT 1 FROM linked l JOIN claims c ON c.family_key = l.family_key WHERE l.claim_id = NEW.claim_id AND {BARS})"
        ),
        "double claim: a linked family has a claim within the reclaim years",
    );
    sql
}
