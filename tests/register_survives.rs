//! The register of claims through what happens to files: runs that are killed at random moments in every command that writes,
//! and files that an earlier version of the program wrote.

#![cfg(feature = "native")]

use rusqlite::Connection;
use sfclaim::dates::{Date, date};
use sfclaim::register::kept::COLUMNS;
use sfclaim::register::{Action, ClaimsRegister, Digest, KeptClaim, Origin, State, Who};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

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

/// What a command that must go well says on stdout and on stderr.
fn well(arguments: &[&str]) -> (String, String) {
    let output = sfclaim(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}{}", stdout(&output), stderr(&output));
    (stdout(&output), stderr(&output))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The register of `register_of_version_1.sql`: written out by the program of that version, and put together here as it was.
fn of_version_1(path: &Path) {
    let raw = Connection::open(path).unwrap();
    raw.execute_batch(include_str!("register_of_version_1.sql")).unwrap();
}

/// The digest that the program of version 1 showed of it.
const DIGEST_OF_VERSION_1: &str = "13:1c85f0dc3ce4cf138cc7b627a74df2150d555704af06675e50d7601b11aec13c";

fn version_of(path: &Path) -> i64 {
    Connection::open(path).unwrap().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_register_of_an_earlier_version_is_brought_up_to_date_after_a_backup() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("r");
    let register = shown(&path);
    of_version_1(&path);
    let before = std::fs::read(&path).unwrap();
    // To look at it changes nothing: it may be a backup.
    assert!(well(&["register", "list", &register]).0.contains("6 claims: 1 prepared, 1 audited, 2 approved"));
    well(&["register", "verify", &register, "--against", DIGEST_OF_VERSION_1]);
    assert!(std::fs::read(&path).unwrap() == before);

    // A file of that name stays as it is, and the first change tells where the copy is.
    let (taken, backup) = (place.path().join("r.version-1.backup"), place.path().join("r.version-1-2.backup"));
    std::fs::write(&taken, "somebody's").unwrap();
    let pass = ["register", "audit", &register, "--passed", "ROWAN-1@2024-09-30", "--by", "Bo", "--on", "2024-10-03"];
    let (said, noted) = well(&pass);
    assert!(said.contains("Register r: 14 entries, digest 14:"), "{said}");
    assert_eq!(
        noted,
        format!(
            "sfclaim: note: the tables of {register} were of version 1 and are now of version 2; the file as it was before is {}.\n",
            backup.display()
        )
    );
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "somebody's");
    assert_eq!((version_of(&path), version_of(&backup)), (2, 1));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // The chain goes on from what it was, in both.
    well(&["register", "verify", &register, "--against", DIGEST_OF_VERSION_1]);
    well(&["register", "verify", &shown(&backup), "--against", DIGEST_OF_VERSION_1]);
    let kept = ClaimsRegister::open(&backup).unwrap();
    assert_eq!(kept.digest().unwrap().to_string(), DIGEST_OF_VERSION_1);
    drop(kept);
    // It is now as a new file is, and refuses what the old one let through: entry 2 was redacted.
    ClaimsRegister::make(&place.path().join("new"), &who(date(2024, 10, 1))).unwrap();
    let tables = |path: &Path| -> Vec<(String, String)> {
        let raw = Connection::open(path).unwrap();
        let mut found = raw.prepare("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").unwrap();
        let rows = found.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    assert_eq!(tables(&path), tables(&place.path().join("new")));
    let put_back = "INSERT INTO details (sequence, body) VALUES (2, '{}')";
    let refused = Connection::open(&path).unwrap().execute_batch(put_back).unwrap_err().to_string();
    assert_eq!(refused, "a detail is kept with its entry, and never put in later");
    Connection::open(&backup).unwrap().execute_batch(put_back).unwrap();
    // Once is enough.
    let submit = ["register", "submit", &register, "--window", "2024-Q3", "--yes", "--by", "Bo", "--on", "2024-10-04"];
    assert_eq!(well(&submit).1, "");
    assert!(!place.path().join("r.version-2.backup").exists() && !place.path().join("r.version-1-3.backup").exists());
}

#[test]
fn what_cannot_be_brought_up_to_date_is_left_as_it_is() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("r");
    let register = shown(&path);
    let pass = ["register", "audit", &register, "--passed", "ROWAN-1@2024-09-30", "--by", "Bo", "--on", "2024-10-03"];
    let told = |says: &str| {
        let before = std::fs::read(&path).unwrap();
        let output = sfclaim(&pass);
        assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
        let said = stderr(&output);
        assert!(said.contains(says) && said.lines().count() == 1, "{said}");
        assert!(std::fs::read(&path).unwrap() == before);
        assert!(!place.path().join("r.version-1.backup").exists());
    };
    // One that was tampered with.
    of_version_1(&path);
    Connection::open(&path)
        .unwrap()
        .execute_batch("DROP TRIGGER log_never_changed; UPDATE log SET done_by = 'Eve' WHERE sequence = 3")
        .unwrap();
    told("does not agree with itself, and is not changed");
    // A version that there never was, and one that is still to come.
    std::fs::remove_file(&path).unwrap();
    of_version_1(&path);
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 0").unwrap();
    told("which no sfclaim has written");
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 3").unwrap();
    told("was written by a later version of sfclaim (its tables are of version 3, this program knows up to 2)");
}

/// Numbers that look like chance and are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end.max(1)
    }
}

/// How many claims are in each state of the register that the killed runs begin with.
const EACH: usize = 40;

/// A register with so many claims prepared, audited, submitted and approved, and old ones withdrawn.
fn busy_register(path: &Path) -> Digest {
    ClaimsRegister::make(path, &who(date(2020, 1, 1))).unwrap();
    let mut register = ClaimsRegister::open(path).unwrap();
    let of_state = [
        ("P", &[][..]),
        ("A", &[Action::Passed]),
        ("S", &[Action::Passed, Action::Submitted]),
        ("Y", &[Action::Passed, Action::Submitted, Action::Approved]),
        ("W", &[Action::Withdrawn]),
    ];
    let body = format!("{{\"why\":\"{}\"}}", "a long story ".repeat(100));
    let (_, digest) = register
        .change(&who(date(2020, 1, 1)), |changing| {
            for (state, moves) in of_state {
                for number in 0..EACH {
                    let id = format!("{state}{number}");
                    let claim = KeptClaim {
                        claim_id: id.clone(),
                        family_id: format!("F-{id}"),
                        case_id: Some(format!("C-{id}")),
                        origin: Origin::Prepared,
                        as_at: Some(date(2020, 1, 1)),
                        submitted_on: None,
                        decided_on: None,
                        window: None,
                        reclaim_years: 2,
                        by_agreement: Vec::new(),
                        linked: Vec::new(),
                        state: State::Prepared,
                        sequence: 0,
                    };
                    changing.take_in(claim, Some(&body))?;
                    for action in moves {
                        changing.do_to(&id, *action, None, |claim| match action {
                            Action::Submitted => claim.submitted_on = Some(date(2020, 1, 1)),
                            Action::Approved => claim.decided_on = Some(date(2020, 1, 1)),
                            _ => {}
                        })?;
                    }
                }
            }
            Ok(())
        })
        .unwrap();
    digest
}

/// Families that can be claimed as at 30 September 2024: three needs resolved on 1 June 2023, a child under five.
fn data(folder: &Path, families: usize) {
    std::fs::create_dir(folder).unwrap();
    let put = |name: &str, text: String| std::fs::write(folder.join(name), text).unwrap();
    let of = |row: &dyn Fn(usize) -> String| (0..families).map(row).collect::<String>();
    let cases = of(&|n| format!("D{n},G{n},2023-01-10,2023-06-30\n"));
    put("cases.csv", format!("case_id,family_id,opened_on,closed_on\n{cases}"));
    let need = |n: usize, need: u8| format!("D{n},{need},2023-06-01,achieved\n");
    let criteria = of(&|n| [1, 3, 5].map(|one| need(n, one)).concat());
    put("criteria.csv", format!("case_id,criterion,outcome_on,result\n{criteria}"));
    let people = of(&|n| format!("X{n},G{n},2021-05-01,child\n"));
    put("people.csv", format!("person_id,family_id,date_of_birth,role\n{people}"));
}

/// A command that is killed: what is typed, with the register as `R`; the entries that it writes when it is let finish.
struct Killed {
    typed: Vec<String>,
    entries: usize,
    /// Whether it begins with a file of version 1.
    of_version_1: bool,
}

// SFCLAIM_KILLS=N for another number.
#[test]
fn a_run_that_is_killed_in_any_command_leaves_all_of_a_change_or_nothing() {
    let place = tempfile::tempdir().unwrap();
    let base = place.path().join("base");
    let digest = busy_register(&base);
    let before = usize::try_from(digest.sequence).unwrap();
    // The same as version 1 had it: what version 2 added is this trigger.
    let old = place.path().join("old");
    std::fs::copy(&base, &old).unwrap();
    let back = "DROP TRIGGER details_go_in_with_their_entry; PRAGMA user_version = 1";
    Connection::open(&old).unwrap().execute_batch(back).unwrap();
    let families = 60;
    data(&place.path().join("data"), families);
    let claims: String = (0..1000).map(|n| format!("O{n},H{n},,2015-01-01,2015-02-01,approved\n")).collect();
    std::fs::write(place.path().join("claims.csv"), format!("{}\n{claims}", COLUMNS.join(","))).unwrap();
    let (data, claims) = (shown(&place.path().join("data")), shown(&place.path().join("claims.csv")));
    let ids = |state: &str| (0..EACH).map(|number| format!("{state}{number}")).collect::<Vec<_>>().join(" ");
    let who = "--by Alex --on 2024-10-01";
    let killed = |typed: String, entries| Killed {
        typed: typed.split_whitespace().map(str::to_owned).collect(),
        entries,
        of_version_1: false,
    };
    let commands = [
        killed(format!("import R {claims} {who}"), 1000),
        killed(format!("prepare R {data} --as-at 2024-09-30 --by Alex --yes"), families),
        killed(format!("audit R --percent 10 --seed 7 {who}"), EACH),
        killed(format!("submit R --window 2024-Q3 --yes {who}"), EACH),
        killed(format!("approve R {} {who}", ids("S")), EACH),
        killed(format!("reject R {} {who}", ids("S")), EACH),
        killed(format!("withdraw R {} --why late {who}", ids("A")), EACH),
        killed(format!("claw-back R {} --why lost {who}", ids("Y")), EACH),
        killed(format!("redact R --before 2021-01-01 --why schedule --yes {who}"), 1),
        killed("backup R COPY".to_owned(), 0),
        Killed { of_version_1: true, ..killed(format!("approve R S0 {who}"), 1) },
    ];
    let kills = std::env::var("SFCLAIM_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(500);
    let mut dice = Dice(14);
    // How long each takes when it is let finish, and that it then writes what it should.
    let run_in = |folder: &Path, command: &Killed| -> (Command, PathBuf) {
        std::fs::create_dir(folder).unwrap();
        let register = folder.join("r");
        std::fs::copy(if command.of_version_1 { &old } else { &base }, &register).unwrap();
        let mut run = Command::new(env!("CARGO_BIN_EXE_sfclaim"));
        run.arg("register").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        run.args(command.typed.iter().map(|word| match word.as_str() {
            "R" => shown(&register),
            "COPY" => shown(&folder.join("copy")),
            word => word.to_owned(),
        }));
        (run, register)
    };
    let sound = |register: &Path| -> usize {
        let kept = ClaimsRegister::open(register).unwrap();
        assert_eq!(kept.verify(Some(&digest)).unwrap(), []);
        usize::try_from(kept.digest().unwrap().sequence).unwrap()
    };
    let long: Vec<u64> = commands
        .iter()
        .enumerate()
        .map(|(at, command)| {
            let (mut run, register) = run_in(&place.path().join(format!("whole{at}")), command);
            let begun = Instant::now();
            assert_eq!(run.status().unwrap().code(), Some(0), "{:?}", command.typed);
            let long = u64::try_from(begun.elapsed().as_micros()).unwrap();
            assert_eq!(sound(&register), before + command.entries, "{:?}", command.typed);
            long
        })
        .collect();
    let (mut undone, mut done) = (vec![0; commands.len()], vec![0; commands.len()]);
    for kill in 0..kills {
        let at = kill % commands.len();
        let command = &commands[at];
        let folder = place.path().join(format!("kill{kill}"));
        let (mut run, register) = run_in(&folder, command);
        let mut running = run.spawn().unwrap();
        // Up to a little after its end, and more often in its second half, where it writes.
        let wait = dice.below(long[at] * 11 / 10).max(dice.below(long[at] * 11 / 10));
        std::thread::sleep(Duration::from_micros(wait));
        running.kill().unwrap();
        let ended = running.wait().unwrap();
        let now = sound(&register);
        assert!(now == before || now == before + command.entries, "{:?}: {now}", command.typed);
        // What it said it had done stays done.
        assert!(!ended.success() || now == before + command.entries, "{:?}", command.typed);
        // A copy that is there is whole.
        for copy in ["copy", "r.version-1.backup"].map(|name| folder.join(name)).iter().filter(|copy| copy.exists()) {
            assert_eq!(sound(copy), before);
        }
        if command.of_version_1 && version_of(&register) == 2 {
            assert!(folder.join("r.version-1.backup").exists());
        }
        if now == before {
            undone[at] += 1;
        } else {
            done[at] += 1;
        }
        // And it can be done again, without more ado.
        if now == before && command.entries > 0 && kill % 5 == 0 {
            assert!(run.status().unwrap().success(), "{:?}", command.typed);
            assert_eq!(sound(&register), before + command.entries, "{:?}", command.typed);
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
    for (at, command) in commands.iter().enumerate() {
        eprintln!("{}: {} broken off before the change was made, {} after", command.typed[0], undone[at], done[at]);
    }
}
