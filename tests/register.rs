//! The register of claims: lawful moves, no double claim, one process at a time, tampering, damaged files, and a whole life on the
//! sample authority. Killed runs and files of earlier versions are in `register_survives.rs`.
//!
//! Longer than most files, since the tests share how a register is made for them.

#![cfg(feature = "native")]

use rusqlite::Connection;
use sfclaim::dates::{Date, date};
use sfclaim::register::kept::COLUMNS;
use sfclaim::register::{Action, ClaimsRegister, Digest, KeptClaim, Origin, State, Who};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// A new register.
    fn register(&self, name: &str) -> ClaimsRegister {
        ClaimsRegister::make(&self.path(name), &who(date(2022, 1, 1))).unwrap();
        ClaimsRegister::open(&self.path(name)).unwrap()
    }
}

fn who(on: Date) -> Who {
    Who::new("Alex Officer", on).unwrap()
}

fn sfclaim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What is said by a command that must go well.
fn well(arguments: &[&str]) -> String {
    let output = sfclaim(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}{}", stdout(&output), stderr(&output));
    stdout(&output)
}

/// What is said by a command that cannot be done: one message, and the register stays as it is.
fn refused(register: &Path, arguments: &[&str]) -> String {
    let before = std::fs::read(register).unwrap_or_default();
    let output = sfclaim(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}{}", stdout(&output), stderr(&output));
    assert_eq!(std::fs::read(register).unwrap_or_default(), before, "{arguments:?}");
    let said = stderr(&output);
    assert!(said.starts_with("sfclaim: ") && said.lines().count() == 1, "{said}");
    said
}

fn sample_data() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data").display().to_string()
}

fn imported(
    id: &str,
    family: &str,
    case: Option<&str>,
    state: State,
    submitted: Date,
    decided: Option<Date>,
) -> KeptClaim {
    KeptClaim {
        claim_id: id.to_owned(),
        family_id: family.to_owned(),
        case_id: case.map(str::to_owned),
        origin: Origin::Imported,
        as_at: None,
        submitted_on: Some(submitted),
        decided_on: decided,
        window: None,
        reclaim_years: 2,
        by_agreement: Vec::new(),
        linked: Vec::new(),
        state,
        sequence: 0,
    }
}

fn prepared(id: &str, family: &str, case: &str, as_at: Date) -> KeptClaim {
    KeptClaim {
        origin: Origin::Prepared,
        as_at: Some(as_at),
        submitted_on: None,
        state: State::Prepared,
        ..imported(id, family, Some(case), State::Prepared, as_at, None)
    }
}

fn put(register: &mut ClaimsRegister, claim: KeptClaim) -> Result<Digest, String> {
    register
        .change(&who(date(2024, 9, 30)), |changing| changing.take_in(claim, Some("{\"why\":\"a test\"}")))
        .map(|(_, digest)| digest)
        .map_err(|why| why.to_string())
}

fn move_it(register: &mut ClaimsRegister, id: &str, action: Action, on: Date) -> Result<(), String> {
    let change = |claim: &mut KeptClaim| match action {
        Action::Submitted => claim.submitted_on = Some(on),
        Action::Approved | Action::Rejected => claim.decided_on = Some(on),
        _ => {}
    };
    let moved = register.change(&who(on), |changing| changing.do_to(id, action, None, change));
    moved.map(drop).map_err(|why| why.to_string())
}

/// A register with a claim in this state.
fn with_claim_in(place: &Place, name: &str, state: State) -> ClaimsRegister {
    let mut register = place.register(name);
    put(&mut register, prepared("K1", "F1", "C1", date(2024, 9, 30))).unwrap();
    let moves: &[Action] = match state {
        State::Prepared => &[],
        State::Audited => &[Action::Passed],
        State::Submitted => &[Action::Passed, Action::Submitted],
        State::Approved => &[Action::Passed, Action::Submitted, Action::Approved],
        State::Rejected => &[Action::Passed, Action::Submitted, Action::Rejected],
        State::Withdrawn => &[Action::Withdrawn],
        State::ClawedBack => &[Action::Passed, Action::Submitted, Action::Approved, Action::ClawedBack],
    };
    for action in moves {
        move_it(&mut register, "K1", *action, date(2024, 10, 1)).unwrap();
    }
    assert_eq!(register.claims().unwrap()[0].state, state);
    register
}

#[test]
fn only_lawful_moves_can_be_made() {
    use Action::{Approved, ClawedBack, Drawn, Failed, NotDrawn, Passed, Rejected, Submitted, Withdrawn};
    // Written by hand, from what becomes of a claim.
    let lawful = [
        (State::Prepared, Drawn, State::Prepared),
        (State::Prepared, NotDrawn, State::Audited),
        (State::Prepared, Passed, State::Audited),
        (State::Prepared, Failed, State::Withdrawn),
        (State::Prepared, Withdrawn, State::Withdrawn),
        (State::Audited, Submitted, State::Submitted),
        (State::Audited, Withdrawn, State::Withdrawn),
        (State::Submitted, Approved, State::Approved),
        (State::Submitted, Rejected, State::Rejected),
        (State::Submitted, Withdrawn, State::Withdrawn),
        (State::Approved, ClawedBack, State::ClawedBack),
    ];
    let place = Place::new();
    for state in State::ALL {
        for action in [Drawn, NotDrawn, Passed, Failed, Submitted, Approved, Rejected, Withdrawn, ClawedBack] {
            let name = format!("{}-{}", state.word(), action.word());
            let mut register = with_claim_in(&place, &name, state);
            let before = register.digest().unwrap();
            let done = move_it(&mut register, "K1", action, date(2024, 10, 2));
            match lawful.iter().find(|(from, by, _)| (*from, *by) == (state, action)) {
                Some((.., to)) => {
                    done.unwrap();
                    assert_eq!(register.claims().unwrap()[0].state, *to, "{name}");
                }
                None => {
                    assert!(done.unwrap_err().contains("cannot be"), "{name}");
                    assert_eq!(register.digest().unwrap(), before, "{name}");
                }
            }
            assert_eq!(register.verify(None).unwrap(), [], "{name}");
        }
        // Another program is refused too.
        let name = format!("{}-raw", state.word());
        drop(with_claim_in(&place, &name, state));
        let raw = Connection::open(place.path(&name)).unwrap();
        for to in State::ALL {
            if lawful.iter().all(|(from, _, into)| (*from, *into) != (state, to)) {
                let done = raw.execute(
                    "UPDATE claims SET state = ?1, submitted_on = '2024-10-01', bars_until = '2026-10-01'",
                    [to.word()],
                );
                assert!(done.is_err(), "{name} to {}", to.word());
            }
        }
        for forbidden in [
            "DELETE FROM claims",
            "DELETE FROM log",
            "DELETE FROM details",
            "UPDATE log SET done_by = 'x'",
            "UPDATE details SET body = ''",
        ] {
            assert!(raw.execute_batch(forbidden).is_err(), "{forbidden}");
        }
    }
}

#[test]
fn a_move_cannot_be_before_the_days_of_its_claim() {
    let place = Place::new();
    let mut register = with_claim_in(&place, "r", State::Submitted);
    let early = move_it(&mut register, "K1", Action::Approved, date(2024, 9, 30)).unwrap_err();
    assert!(early.contains("2024-10-01") && early.contains("--on 2024-09-30"), "{early}");
    let none = move_it(&mut register, "K2", Action::Approved, date(2024, 10, 2)).unwrap_err();
    assert!(none.contains("there is no claim K2."), "{none}");
}

#[test]
fn no_case_or_family_is_claimed_twice() {
    let place = Place::new();
    let mut register = place.register("r");
    // Decided on 30 September 2022: with two years it bars until 30 September 2024, that day included.
    put(&mut register, imported("OLD", "F1", Some("C0"), State::Approved, date(2022, 9, 1), Some(date(2022, 9, 30))))
        .unwrap();
    let family = put(&mut register, prepared("A", "F1", "C1", date(2024, 9, 30))).unwrap_err();
    assert!(family.contains("double claim: the family has a claim within the reclaim years"), "{family}");
    let case = put(&mut register, prepared("A", "F9", "C0", date(2024, 9, 30))).unwrap_err();
    assert!(case.contains("double claim: the case has a claim that stands"), "{case}");
    put(&mut register, prepared("A", "F1", "C1", date(2024, 10, 1))).unwrap();
    // Now one that is being prepared bars any other, whatever the day.
    let again = put(&mut register, prepared("B", "F1", "C2", date(2030, 1, 1))).unwrap_err();
    assert!(again.contains("double claim"), "{again}");

    // A family linked to it, by its pseudonym.
    let key = register.key().unwrap();
    let linked = KeptClaim {
        linked: vec![sfclaim::register::pseudonym::pseudonym(&key, "F1")],
        ..prepared("C", "F2", "C3", date(2024, 10, 1))
    };
    let of_linked = put(&mut register, linked.clone()).unwrap_err();
    assert!(of_linked.contains("double claim: a linked family has a claim within the reclaim years"), "{of_linked}");
    put(&mut register, KeptClaim { by_agreement: vec!["reclaim".to_owned()], ..linked }).unwrap();

    // What is rejected, withdrawn or clawed back bars nothing.
    for (number, state) in [State::Rejected, State::Withdrawn, State::ClawedBack].into_iter().enumerate() {
        let (family, case) = (format!("G{number}"), format!("D{number}"));
        put(&mut register, imported(&format!("X{number}"), &family, Some(&case), state, date(2024, 9, 1), None))
            .unwrap();
        put(&mut register, prepared(&format!("Y{number}"), &family, &case, date(2024, 9, 30))).unwrap();
    }
    // An agreement lets a family be claimed, never a case twice.
    let same_case =
        KeptClaim { by_agreement: vec!["reclaim".to_owned()], ..prepared("Z", "F1", "C1", date(2024, 10, 1)) };
    assert!(put(&mut register, same_case).unwrap_err().contains("the case has a claim"));
    assert_eq!(register.verify(None).unwrap(), []);
}

#[test]
fn two_years_after_29_february_are_28_february() {
    let approved = imported("K", "F", None, State::Approved, date(2024, 2, 1), Some(date(2024, 2, 29)));
    assert_eq!(approved.bars_until(), Some(date(2026, 2, 28)));
    // Decided before it was submitted: the later day counts, as in a table of claims.
    let odd = imported("K", "F", None, State::Approved, date(2024, 3, 1), Some(date(2024, 2, 29)));
    assert_eq!(odd.bars_until(), Some(date(2026, 3, 1)));
}

#[test]
fn of_two_processes_at_once_one_wins_and_the_other_is_told() {
    let place = Place::new();
    drop(with_claim_in(&place, "r", State::Submitted));
    let register = place.text("r");
    let approve = ["register", "approve", &register, "K1", "--by", "Bo", "--on", "2024-10-02"];
    // Somebody holds it.
    {
        let raw = Connection::open(place.path("r")).unwrap();
        raw.execute_batch("BEGIN IMMEDIATE").unwrap();
        std::fs::write(place.path("r-held-by"), "Sam Clerk on DESK7 (process 12)\n").unwrap();
        // Not read here: a process that closes a file gives up its locks on it.
        let run = sfclaim(&approve);
        let said = stderr(&run);
        assert_eq!(run.status.code(), Some(2), "{said}");
        assert!(said.contains("is being changed by Sam Clerk on DESK7 (process 12): try again"), "{said}");
        // To look is allowed meanwhile.
        assert!(well(&["register", "list", &register]).contains("1 claim: 1 submitted."));
    }
    // A file left behind by a broken run does no harm. Eight at once: one approves, the others are told.
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_sfclaim"))
            .args(approve)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let runs: Vec<_> = (0..8).map(|_| start()).collect();
    let ended: Vec<Output> = runs.into_iter().map(|run| run.wait_with_output().unwrap()).collect();
    let won = ended.iter().filter(|output| output.status.code() == Some(0)).count();
    assert_eq!(won, 1);
    for output in ended.iter().filter(|output| output.status.code() != Some(0)) {
        let said = stderr(output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("is being changed by") || said.contains("claim K1 is approved"), "{said}");
    }
    let kept = ClaimsRegister::open(&place.path("r")).unwrap();
    assert_eq!(kept.verify(None).unwrap(), []);
    // Made, prepared, passed, submitted, approved once.
    assert_eq!(kept.digest().unwrap().sequence, 5);
    assert!(!place.path("r-held-by").exists());
}

#[test]
fn a_disk_that_is_full_leaves_the_register() {
    let place = Place::new();
    drop(with_claim_in(&place, "r", State::Audited));
    let claims: String =
        (0..3000).map(|number| format!("O{number},P{number},,2015-01-01,2015-02-01,approved\n")).collect();
    std::fs::write(place.path("claims.csv"), format!("{}\n{claims}", COLUMNS.join(","))).unwrap();
    let before = std::fs::read(place.path("r")).unwrap();
    let run = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\"",
            env!("CARGO_BIN_EXE_sfclaim"),
            "register",
            "import",
        ])
        .args([place.path("r"), place.path("claims.csv")])
        .args(["--by", "Alex", "--on", "2024-10-01"])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2), "{}", stderr(&run));
    assert!(stderr(&run).contains("Nothing was changed"), "{}", stderr(&run));
    let kept = ClaimsRegister::open(&place.path("r")).unwrap();
    assert_eq!(kept.verify(None).unwrap(), []);
    drop(kept);
    assert_eq!(std::fs::read(place.path("r")).unwrap(), before);
}

/// Does something to a register with what the database refuses taken away and put back, as somebody would who hides it.
fn tamper(path: &Path, sql: &str) {
    let raw = Connection::open(path).unwrap();
    raw.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;").unwrap();
    let mut statement =
        raw.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid").unwrap();
    let triggers: Vec<(String, String)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    drop(statement);
    for (name, _) in &triggers {
        raw.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    raw.execute_batch(sql).unwrap_or_else(|why| panic!("{sql}: {why}"));
    for (_, sql) in &triggers {
        raw.execute_batch(sql).unwrap();
    }
}

#[test]
fn whatever_is_tampered_with_is_named_with_the_first_entry_that_shows_it() {
    let place = Place::new();
    let mut base = place.register("base");
    // 2 and 3 imported, 4 and 5 prepared, 6 and 7 audited, 8 submitted.
    for (id, family) in [("OLD1", "F8"), ("OLD2", "F9")] {
        put(&mut base, imported(id, family, None, State::Approved, date(2020, 9, 1), Some(date(2020, 9, 30)))).unwrap();
    }
    let linked = vec![sfclaim::register::pseudonym::pseudonym(&base.key().unwrap(), "F99")];
    base.change(&who(date(2024, 9, 30)), |changing| {
        let receipt = changing.keep_receipt("{\"program\":\"sfclaim\"}")?;
        let body = format!("{{\"decision\":{{}},\"receipt\":\"{receipt}\"}}");
        changing.take_in(
            KeptClaim { linked: linked.clone(), ..prepared("K1", "F1", "C1", date(2024, 9, 30)) },
            Some(&body),
        )?;
        changing.take_in(prepared("K2", "F2", "C2", date(2024, 9, 30)), Some(&body))
    })
    .unwrap();
    move_it(&mut base, "K1", Action::Passed, date(2024, 9, 30)).unwrap();
    move_it(&mut base, "K2", Action::Passed, date(2024, 9, 30)).unwrap();
    move_it(&mut base, "K1", Action::Submitted, date(2024, 10, 1)).unwrap();
    let digest = base.digest().unwrap();
    assert_eq!(digest.sequence, 8);
    assert_eq!(base.verify(Some(&digest)).unwrap(), []);
    drop(base);

    // What is done, what verify says first.
    let tried: [(&str, &str); 26] = [
        ("UPDATE log SET done_by = 'Somebody Else' WHERE sequence = 4", "entry 4: it was changed"),
        ("UPDATE log SET done_on = '2024-09-29' WHERE sequence = 5", "entry 5: it was changed"),
        ("UPDATE log SET action = 'not_drawn' WHERE sequence = 6", "entry 6: it was changed"),
        ("UPDATE log SET claim_id = 'K9' WHERE sequence = 7", "entry 7: it was changed"),
        ("UPDATE log SET family_id = 'F7' WHERE sequence = 2", "entry 2: it was changed"),
        ("UPDATE log SET submitted_on = NULL WHERE sequence = 8", "entry 8: it was changed"),
        ("UPDATE log SET detail_sha256 = NULL WHERE sequence = 3", "entry 3: it was changed"),
        (
            "UPDATE log SET sha256 = replace(sha256, substr(sha256, 1, 1), 'x') WHERE sequence = 4",
            "entry 4: it was changed",
        ),
        (
            "UPDATE log SET previous_sha256 = sha256 WHERE sequence = 6",
            "entry 6: it does not follow on the entry before",
        ),
        ("DELETE FROM log WHERE sequence = 5", "entry 5: it is missing"),
        ("DELETE FROM log WHERE sequence = 1", "entry 1: it is missing"),
        (
            "UPDATE log SET sequence = 99 WHERE sequence = 4; UPDATE log SET sequence = 4 WHERE sequence = 5; UPDATE log SET sequence = 5 WHERE sequence = 99",
            "entry 4: it does not follow",
        ),
        (
            "INSERT INTO log (sequence, done_on, done_by, action, previous_sha256, sha256) SELECT 9, '2024-10-02', 'x', 'redacted', sha256, 'forged' FROM log WHERE sequence = 8",
            "entry 9: it was changed",
        ),
        ("UPDATE details SET body = '{\"why\":\"another\"}' WHERE sequence = 2", "entry 2: its detail was changed"),
        ("DELETE FROM details WHERE sequence = 4", "entry 4: its detail is missing"),
        ("INSERT INTO details (sequence, body) VALUES (6, '{}')", "entry 6: it has a detail that it does not name"),
        (
            "UPDATE claims SET state = 'withdrawn' WHERE claim_id = 'K2'",
            "entry 7: of claim K2 something else is kept than the log says: state",
        ),
        (
            "UPDATE claims SET family_id = 'F3' WHERE claim_id = 'K1'",
            "entry 8: of claim K1 something else is kept than the log says: family_id",
        ),
        (
            "UPDATE claims SET case_id = 'C3' WHERE claim_id = 'K1'",
            "entry 8: of claim K1 something else is kept than the log says: case_id",
        ),
        (
            "UPDATE claims SET bars_until = '2021-01-01' WHERE claim_id = 'OLD1'",
            "entry 2: of claim OLD1 something else is kept than the log says: bars_until",
        ),
        ("DELETE FROM claims WHERE claim_id = 'OLD2'", "entry 3: claim OLD2 is not kept any more"),
        (
            "INSERT INTO claims SELECT 'NEW', 'F5', family_key, NULL, origin, as_at, submitted_on, decided_on, window, reclaim_years, bars_until, by_agreement, state, sequence FROM claims WHERE claim_id = 'OLD1'",
            "claim NEW is kept, and no entry says where it comes from",
        ),
        ("UPDATE receipts SET body = '{}'", "entry 4: the receipt that its detail names was changed"),
        ("DELETE FROM receipts", "entry 4: the receipt that its detail names is missing"),
        (
            "UPDATE secrets SET value = randomblob(32)",
            "entry 2: of claim OLD1 something else is kept than the log says: the pseudonym of its family, or the key",
        ),
        ("DELETE FROM linked", "entry 8: of claim K1 other linked families are kept than the log says"),
    ];
    for (sql, expected) in tried {
        let path = place.path("r");
        std::fs::copy(place.path("base"), &path).unwrap();
        tamper(&path, sql);
        let run = sfclaim(&["register", "verify", &place.text("r")]);
        assert_eq!(run.status.code(), Some(1), "{sql}: {}{}", stdout(&run), stderr(&run));
        let first = stdout(&run).lines().nth(1).unwrap_or_default().trim().to_owned();
        assert!(first.starts_with(expected), "{sql}: {}", stdout(&run));
        // What does not agree with itself is not changed any more.
        let said = refused(
            &path,
            &["register", "withdraw", &place.text("r"), "K2", "--why", "x", "--by", "Bo", "--on", "2024-10-02"],
        );
        assert!(said.contains("does not agree with itself, and is not changed"), "{said}");
    }
    // What the database refuses by.
    for (sql, expected) in [
        (
            "DROP TRIGGER log_never_changed",
            "log_never_changed, by which the database refuses what must not be, was taken away",
        ),
        ("DROP INDEX claims_one_live_a_case", "claims_one_live_a_case, by which"),
        ("CREATE TRIGGER mine AFTER INSERT ON log BEGIN SELECT 1; END", "mine was added by another program"),
    ] {
        std::fs::copy(place.path("base"), place.path("r")).unwrap();
        Connection::open(place.path("r")).unwrap().execute_batch(sql).unwrap();
        let run = sfclaim(&["register", "verify", &place.text("r")]);
        assert_eq!(run.status.code(), Some(1), "{sql}");
        assert!(stdout(&run).lines().nth(1).unwrap().trim().starts_with(expected), "{}", stdout(&run));
    }
    // A tail cut off with its claims, and a register made again from the start: only the digest shows them.
    let path = place.path("r");
    std::fs::copy(place.path("base"), &path).unwrap();
    tamper(
        &path,
        "DELETE FROM log WHERE sequence = 8; UPDATE claims SET state = 'audited', submitted_on = NULL, bars_until = NULL, sequence = 6 WHERE claim_id = 'K1'",
    );
    well(&["register", "verify", &place.text("r")]);
    let run = sfclaim(&["register", "verify", &place.text("r"), "--against", &digest.to_string()]);
    assert_eq!(run.status.code(), Some(1));
    assert!(
        stdout(&run).contains("entry 8: the digest names it, and the log ends with entry 7: its end was cut off"),
        "{}",
        stdout(&run)
    );
    let mut other = place.register("other");
    for number in 0..8 {
        put(
            &mut other,
            prepared(&format!("K{number}"), &format!("F{number}"), &format!("C{number}"), date(2024, 9, 30)),
        )
        .unwrap();
    }
    let run = sfclaim(&["register", "verify", &place.text("other"), "--against", &digest.to_string()]);
    assert_eq!(run.status.code(), Some(1));
    assert!(
        stdout(&run).contains("entry 8: it is not the one that the digest names: the log was written anew"),
        "{}",
        stdout(&run)
    );
    well(&["register", "verify", &place.text("base"), "--against", &digest.to_string()]);

    // The log as lines says the same of itself.
    well(&["register", "export", &place.text("base"), "--log", "--out", &place.text("log.jsonl")]);
    well(&["register", "verify", &place.text("log.jsonl"), "--against", &digest.to_string()]);
    let lines = std::fs::read_to_string(place.path("log.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 8);
    for (from, to, expected) in
        [("\"F8\"", "\"F7\"", "entry 2: it was changed"), ("a test", "a jest", "entry 2: its detail was changed")]
    {
        std::fs::write(place.path("changed.jsonl"), lines.replacen(from, to, 1)).unwrap();
        let run = sfclaim(&["register", "verify", &place.text("changed.jsonl")]);
        assert_eq!(run.status.code(), Some(1));
        assert!(stdout(&run).lines().nth(1).unwrap().trim().starts_with(expected), "{}", stdout(&run));
    }
    let without: Vec<&str> = lines.lines().take(6).collect();
    std::fs::write(place.path("cut.jsonl"), without.join("\n")).unwrap();
    assert_eq!(
        sfclaim(&["register", "verify", &place.text("cut.jsonl"), "--against", &digest.to_string()]).status.code(),
        Some(1)
    );
}

#[test]
fn what_is_redacted_is_gone_and_the_chain_stays_whole() {
    let place = Place::new();
    let mut register = with_claim_in(&place, "r", State::Rejected);
    put(&mut register, prepared("K2", "F2", "C2", date(2024, 9, 30))).unwrap();
    let digest = register.digest().unwrap();
    drop(register);
    let path = place.text("r");
    assert!(String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains("a test"));
    let who = ["--by", "Bo", "--on", "2026-01-01"];
    let redact = [&["register", "redact", &path, "--before", "2025-01-01", "--why", "schedule 4"][..], &who].concat();
    // Nobody said yes.
    assert!(refused(&place.path("r"), &redact).contains("add --yes"));
    let said = well(&[&redact[..], &["--yes"]].concat());
    assert!(
        said.contains("Personal detail of 1 claim was taken out.")
            && said.contains("1 claim is of that age not finished"),
        "{said}"
    );
    well(&["register", "verify", &path, "--against", &digest.to_string()]);
    assert!(well(&["register", "show", &path, "K1"]).contains("was taken out, or was never kept"));
    let kept = ClaimsRegister::open(&place.path("r")).unwrap();
    // Entry 2 is the preparing of K1; that of K2, entry 6, stays.
    assert_eq!((kept.detail(2).unwrap(), kept.detail(6).unwrap().is_some()), (None, true));
    drop(kept);
    // Put back, it is seen.
    tamper(&place.path("r"), "INSERT INTO details (sequence, body) VALUES (2, '{\"why\":\"a test\"}')");
    let run = sfclaim(&["register", "verify", &path]);
    assert!(stdout(&run).contains("entry 2: its detail was taken out, and stands there again"), "{}", stdout(&run));
}

#[test]
fn files_that_are_no_sound_register_are_refused_with_what_to_do() {
    let place = Place::new();
    drop(with_claim_in(&place, "r", State::Submitted));
    let whole = std::fs::read(place.path("r")).unwrap();
    let list = |name: &str| refused(&place.path(name), &["register", "list", &place.text(name)]);
    assert!(list("none").contains("there is no register"));
    std::fs::create_dir(place.path("folder")).unwrap();
    assert!(list("folder").contains("is a folder"));
    std::fs::write(place.path("text"), "claim_id,family_id\nK1,F1\n").unwrap();
    assert!(list("text").contains("is not a register of claims"));
    std::fs::write(place.path("empty"), "").unwrap();
    assert!(list("empty").contains("is not a register of claims"));
    Connection::open(place.path("other")).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    assert!(list("other").contains("is not a register of claims"));
    // Cut off anywhere: refused, never a claim fewer.
    for cut in [50, 100, 4096, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        std::fs::write(place.path("cut"), &whole[..cut]).unwrap();
        let said = list("cut");
        assert!(said.contains("is damaged") || said.contains("is not a register"), "{cut}: {said}");
    }
    std::fs::copy(place.path("r"), place.path("newer")).unwrap();
    Connection::open(place.path("newer")).unwrap().execute_batch("PRAGMA user_version = 3").unwrap();
    assert!(list("newer").contains("was written by a later version of sfclaim"));
    // Made once, never made over.
    let again = refused(&place.path("r"), &["register", "new", &place.text("r"), "--by", "Bo", "--on", "2024-10-01"]);
    assert!(again.contains("is there already"), "{again}");
    let over = refused(&place.path("r"), &["register", "export", &place.text("r"), "--out", &place.text("r")]);
    assert!(over.contains("is the register itself"), "{over}");
}

#[cfg(unix)]
#[test]
fn a_register_in_a_folder_that_cannot_be_written_to_can_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    std::fs::create_dir(place.path("shut")).unwrap();
    drop(with_claim_in(&place, "shut/r", State::Submitted));
    assert_eq!(std::fs::metadata(place.path("shut/r")).unwrap().permissions().mode() & 0o777, 0o600);
    let mode =
        |path: &str, mode: u32| std::fs::set_permissions(place.path(path), PermissionsExt::from_mode(mode)).unwrap();
    mode("shut/r", 0o400);
    mode("shut", 0o500);
    // The superuser may write everywhere.
    if std::fs::write(place.path("shut/try"), "").is_err() {
        assert!(well(&["register", "list", &place.text("shut/r")]).contains("1 submitted"));
        let said = refused(
            &place.path("shut/r"),
            &["register", "approve", &place.text("shut/r"), "K1", "--by", "Bo", "--on", "2024-10-02"],
        );
        assert!(said.contains("cannot"), "{said}");
    }
    mode("shut", 0o700);
}

#[test]
fn a_whole_life_on_the_sample() {
    let place = Place::new();
    let (register, data) = (place.text("r"), sample_data());
    let claims = format!("{data}/claims.csv");
    let lines = std::fs::read_to_string(&claims).unwrap().lines().count() - 1;
    let alex = ["--by", "Alex Officer", "--on", "2024-09-30"];
    well(&[&["register", "new", &register][..], &alex].concat());
    let said = well(&[&["register", "import", &register, &claims][..], &alex].concat());
    assert!(said.contains(&format!("{},{:03} claims taken in", lines / 1000, lines % 1000)), "{said}");
    // Again: all there, nothing more.
    let said = well(&[&["register", "import", &register, &claims][..], &alex].concat());
    assert!(said.contains(&format!("0 claims taken in, {lines} there already")), "{said}");

    let prepare = ["register", "prepare", &register, &data, "--as-at", "2024-09-30", "--by", "Alex Officer"];
    assert!(refused(&place.path("r"), &prepare).contains("Nobody said yes"));
    let said = well(&[&prepare[..], &["--yes"]].concat());
    let kept = ClaimsRegister::open(&place.path("r")).unwrap();
    let of_state = |kept: &ClaimsRegister, state: State| -> Vec<KeptClaim> {
        kept.claims()
            .unwrap()
            .into_iter()
            .filter(|claim| claim.origin == Origin::Prepared && claim.state == state)
            .collect()
    };
    let chosen = of_state(&kept, State::Prepared);
    assert!(chosen.len() > 20 && said.contains(&format!("{} claims were prepared", chosen.len())), "{said}");
    // None of a family that has a claim within two years, worked out here from the file itself.
    let barred: BTreeSet<String> = std::fs::read_to_string(&claims)
        .unwrap()
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>())
        .filter(|row| ["approved", "submitted"].contains(&row[5].as_str()))
        .filter(|row| row[3].as_str().max(row[4].as_str()) >= "2022-09-30")
        .map(|row| row[1].clone())
        .collect();
    assert!(chosen.iter().all(|claim| !barred.contains(&claim.family_id)));
    // Each with what it rests on.
    for claim in &chosen {
        let detail: serde_json::Value = serde_json::from_str(&kept.detail(claim.sequence).unwrap().unwrap()).unwrap();
        assert_eq!(detail["decision"]["case_id"].as_str(), claim.case_id.as_deref());
        assert_eq!(detail["decision"]["status"], "claimable");
        assert_eq!(detail["explanation"]["family_id"], claim.family_id.as_str());
        let receipt = kept.receipt(detail["receipt"].as_str().unwrap()).unwrap().unwrap();
        let receipt: serde_json::Value = serde_json::from_str(&receipt).unwrap();
        assert_eq!(receipt["rules_fingerprint"], detail["rules_fingerprint"]);
    }
    drop(kept);
    // Nothing is prepared twice, whatever becomes of it.
    let none = |of: &str| assert!(well(&prepare).contains("There is nothing to prepare"), "{of}");
    none("prepared");
    let said = well(&[&["register", "audit", &register, "--percent", "10", "--seed", "7"][..], &alex].concat());
    let drawn: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert_eq!(drawn.len(), chosen.len().div_ceil(10), "{said}");
    // The first fails, the others pass.
    well(&[&["register", "audit", &register, "--failed", drawn[0], "--why", "no plan on file"][..], &alex].concat());
    well(&[&["register", "audit", &register, "--passed"][..], &drawn[1..], &alex].concat());
    let audited = chosen.len() - 1;
    let sent = ["--by", "Alex Officer", "--on", "2024-10-01", "--yes"];
    let said = well(&[&["register", "submit", &register, "--window", "2024-Q3"][..], &sent].concat());
    assert!(said.contains(&format!("{audited} claims were submitted")), "{said}");
    let kept = ClaimsRegister::open(&place.path("r")).unwrap();
    let list: String =
        of_state(&kept, State::Submitted).iter().map(|claim| format!("{},2024-10-20\n", claim.claim_id)).collect();
    drop(kept);
    std::fs::write(place.path("decided.csv"), format!("claim_id,decided_on\n{list}")).unwrap();
    let decided = place.text("decided.csv");
    well(&["register", "approve", &register, "--file", &decided, "--by", "Alex Officer", "--on", "2024-10-21"]);
    // The one that failed can be looked at again; the others not.
    let again = well(&[&prepare[..], &["--yes"]].concat());
    assert!(again.contains("1 claim was prepared"), "{again}");
    none("approved");
    well(&[
        "register",
        "withdraw",
        &register,
        &format!("{}#2", drawn[0]),
        "--why",
        "still no plan",
        "--by",
        "Bo",
        "--on",
        "2024-10-22",
    ]);
    let shown = well(&["register", "history", &register, drawn[0]]);
    assert!(shown.contains("failed by Alex Officer, now withdrawn: no plan on file"), "{shown}");
    let clawed = ClaimsRegister::open(&place.path("r")).unwrap();
    let clawed = of_state(&clawed, State::Approved)[0].claim_id.clone();
    well(&["register", "claw-back", &register, &clawed, "--why", "evidence lost", "--by", "Bo", "--on", "2024-11-01"]);

    // Decisions from the register equal those from its exported table, and so does the position.
    let data_of = place.path("data");
    std::fs::create_dir(&data_of).unwrap();
    for entry in std::fs::read_dir(&data).unwrap().map(Result::unwrap) {
        std::fs::copy(entry.path(), data_of.join(entry.file_name())).unwrap();
    }
    let listed = well(&["register", "export", &register, "--out", &place.text("data/claims.csv")]);
    let digest = ClaimsRegister::open(&place.path("r")).unwrap().digest().unwrap();
    // The number of entries, and of the hash the first twenty digits.
    let entries = digest.sequence.to_string();
    let (thousands, rest) = entries.split_at(entries.len() - 3);
    let digest_line = format!(
        "Register r: {thousands},{rest} entries, digest {}:{}. Write it down to verify the register later.",
        digest.sequence,
        &digest.sha256[..20]
    );
    assert_eq!(listed.lines().last(), Some(&*digest_line));
    let exported = place.text("data");
    for (as_at, name) in [("2024-09-30", "a"), ("2024-12-31", "b")] {
        let (one, two) = (place.text(&format!("{name}1")), place.text(&format!("{name}2")));
        let run = sfclaim(&["check", &data, "--as-at", as_at, "--register", &register, "--out", &one, "--quiet"]);
        assert!(stderr(&run).contains("claims.csv and r differ, and r counts"), "{}", stderr(&run));
        sfclaim(&["check", &exported, "--as-at", as_at, "--out", &two, "--quiet"]);
        let of = |folder: &str| std::fs::read(Path::new(folder).join("decisions.csv")).unwrap();
        assert!(of(&one) == of(&two), "{as_at}");
        let position =
            |data: &str, more: &[&str]| stdout(&sfclaim(&[&["position", data, "--as-at", as_at][..], more].concat()));
        // Below it stands the digest of the register, and else it is the same.
        let (of_register, of_table) = (position(&data, &["--register", &register]), position(&exported, &[]));
        assert_eq!(of_register.strip_prefix(&of_table), Some(&*format!("{digest_line}\n")));
    }
    // The register and its own table say the same.
    let run = sfclaim(&["check", &exported, "--as-at", "2024-12-31", "--register", &register]);
    assert!(!stderr(&run).contains("differ"), "{}", stderr(&run));
    // A claim that the table alone has may bar a claim, and so may a row that cannot be read: nothing is decided past it.
    let table = std::fs::read_to_string(place.path("data/claims.csv")).unwrap();
    let ended_with = |row: &str| {
        std::fs::write(place.path("data/claims.csv"), format!("{table}{row}\n")).unwrap();
        let run = sfclaim(&["check", &exported, "--as-at", "2024-12-31", "--register", &register, "--quiet"]);
        (run.status.code(), stderr(&run))
    };
    for row in
        ["KX,F99999,,2024-05-01,,approved", "KX,F99999,,2024-05-01,,submitted", "KX,F99999,,2024-15-41,,approved"]
    {
        let (code, said) = ended_with(row);
        assert!(code == Some(2) && said.contains("so nothing was decided"), "{row}: {said}");
    }
    // One that does not stand, or comes later, bars nothing.
    for row in ["KX,F99999,,2024-05-01,,rejected", "KX,F99999,,2025-01-15,,approved"] {
        let (code, said) = ended_with(row);
        assert!(code != Some(2) && said.contains("1 claim stands in the table alone (KX)"), "{row}: {said}");
    }
    std::fs::write(place.path("data/claims.csv"), &table).unwrap();

    // A return tells no id of a family, a case or a claim.
    well(&["register", "export", &register, "--return", "--out", &place.text("return.csv")]);
    let returned = std::fs::read_to_string(place.path("return.csv")).unwrap();
    for claim in &chosen {
        assert!(!returned.contains(&claim.claim_id) && !returned.contains(&format!(",{},", claim.family_id)));
    }
    let digest = returned.lines().nth(1).unwrap().rsplit(',').next().unwrap().to_owned();
    well(&["register", "verify", &register, "--against", &digest]);
    well(&["register", "backup", &register, &place.text("copy")]);
    well(&["register", "verify", &place.text("copy"), "--against", &digest]);
}

#[test]
fn old_claims_with_faults_are_named_and_the_others_taken_in() {
    let place = Place::new();
    drop(place.register("r"));
    let table = "claim_id,family_id,case_id,submitted_on,decided_on,outcome\n\
        K1,F1,,2020-01-31,2020-02-20,approved\n\
        K2,F1,,2021-01-31,,submitted\n\
        K3,F2,,2020-02-31,,approved\n\
        K4,F3,,2020-03-31,,perhaps\n\
        K5,,,2020-03-31,,approved\n\
        K1,F1,,2020-01-31,2020-02-20,approved\n";
    std::fs::write(place.path("old.csv"), table).unwrap();
    let import = ["register", "import", &place.text("r"), &place.text("old.csv"), "--by", "Bo", "--on", "2024-10-01"];
    let run = sfclaim(&import);
    assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
    let said = stdout(&run).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains(
            "2 claims taken in, 0 there already, 0 said differently than the register says, 3 not readable, 1 repeated."
        ),
        "{said}"
    );
    for row in ["old.csv row 4", "old.csv row 5", "old.csv row 6"] {
        assert!(said.contains(row), "{row}: {said}");
    }
    // Decided on 20 February 2020, so it bars until 20 February 2022.
    assert!(said.contains("claim K2 submitted on 2021-01-31, and claim K1 bars another until 2022-02-20"), "{said}");
    // Mended, and one row says something else now.
    let mended = table
        .replace("2020-02-31", "2020-02-28")
        .replace("perhaps", "rejected")
        .replace("K5,,", "K5,F5,")
        .replace("2021-01-31", "2021-01-30");
    std::fs::write(place.path("old.csv"), mended).unwrap();
    let run = sfclaim(&import);
    let said = stdout(&run).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.contains("3 claims taken in, 1 there already, 1 said differently"), "{said}");
}

#[test]
fn the_digest_stands_below_every_command_that_reads_a_register_and_in_what_it_keeps() {
    let place = Place::new();
    let data = place.text("data");
    std::fs::create_dir(place.path("data")).unwrap();
    let put = |name: &str, text: &str| std::fs::write(place.path("data").join(name), text).unwrap();
    put("cases.csv", "case_id,family_id,opened_on,closed_on\nC1,F1,2023-01-10,2023-06-30\n");
    put(
        "criteria.csv",
        "case_id,criterion,outcome_on,result\nC1,1,2023-06-01,achieved\nC1,3,2023-06-01,achieved\nC1,5,2023-06-01,achieved\n",
    );
    put("people.csv", "person_id,family_id,date_of_birth,role\nP1,F1,2021-05-01,child\n");
    let register = place.text("r");
    let claim = imported("K1", "F9", None, State::Approved, date(2023, 9, 1), Some(date(2023, 9, 20)));
    let digest = self::put(&mut place.register("r"), claim).unwrap();
    // Made, and a claim taken in; of the hash the first twenty digits.
    let line = format!(
        "Register r: 2 entries, digest 2:{}. Write it down to verify the register later.",
        &digest.sha256[..20]
    );
    assert_eq!(well(&["register", "list", &register]).lines().last(), Some(&*line));
    well(&["register", "verify", &register, "--against", &format!("2:{}", &digest.sha256[..20])]);
    for (command, file, inside) in [
        ("check", "run.json", ""),
        ("position", "position.json", ""),
        ("forecast", "forecast.json", ""),
        ("recheck", "recheck.json", ""),
        ("evidence", "evidence.json", "/receipt"),
        ("report", "report.json", ""),
        ("levers", "levers.json", ""),
        ("explain", "", ""),
    ] {
        let out = place.text(&format!("out-{command}"));
        let mut typed = vec![command, &data, "--as-at", "2024-09-30", "--register", &register];
        typed.extend(["evidence", "explain"].contains(&command).then_some("C1"));
        if !file.is_empty() {
            typed.extend(["--out", &out]);
        }
        let run = sfclaim(&typed);
        assert!(run.status.code() != Some(2), "{command}: {}", stderr(&run));
        assert_eq!(stdout(&run).lines().last(), Some(&*line), "{command}");
        if file.is_empty() {
            continue;
        }
        let kept: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(Path::new(&out).join(file)).unwrap()).unwrap();
        let whole = serde_json::json!({ "file": "r", "entries": 2, "digest": digest.to_string() });
        assert_eq!(kept.pointer(&format!("{inside}/claims_register")), Some(&whole), "{command}");
        if command == "evidence" {
            let page = std::fs::read_to_string(Path::new(&out).join("evidence.html")).unwrap();
            assert!(page.contains(&format!("<code>{digest}</code>")));
        }
    }
    assert!(!stdout(&sfclaim(&["position", &data, "--as-at", "2024-09-30"])).contains("digest"));
}
