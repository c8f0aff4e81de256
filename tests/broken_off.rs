//! Runs that are broken off, and disks that are full: the output that stood there before stays as it was, and the next run
//! puts right what is left.

#![cfg(unix)]

#[path = "support/refused.rs"]
mod refused;

use refused::{Place, ended, signal, text};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

fn files_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())).collect()
}

/// A place with an output, and then with data that takes long to read.
fn with_output() -> Place {
    let place = Place::new();
    place.taken();
    let mut marks = String::from("upn,date,session,code\n");
    for number in 0..400_000 {
        marks += &format!("W8892000{:05},2024-01-{:02},AM,/\n", number / 20, 8 + number % 20);
    }
    place.put("attendance.csv", marks);
    place
}

#[test]
fn a_run_that_is_broken_off_leaves_the_output_and_the_next_tidies_up() {
    let place = with_output();
    let before = files_of(&place.out());
    // Ctrl-C sends INT, which ends a program as TERM does, but a shell's jobs in the background do not hear it.
    for name in ["KILL", "TERM"] {
        let mut run = place.check().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The folder beside the output is made before anything is read.
        while place.left() == ["out"] && run.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        signal(run.id(), name);
        let status = run.wait().unwrap();
        assert_eq!(status.code(), None, "{name}: it ended before it was broken off");
        assert_eq!(files_of(&place.out()), before, "{name}");
        assert_eq!(place.left().len(), 2, "{name}");
    }
    place.take("attendance.csv");
    let run = ended(place.check());
    assert_eq!(run.status.code(), Some(0));
    assert!(text(&run.stderr).starts_with("sfclaim: note: an earlier run was broken off"), "{}", text(&run.stderr));
    assert_eq!(place.left(), ["out"]);
    assert_eq!(files_of(&place.out()), before);
}

#[test]
fn a_full_disk_leaves_the_output_and_says_what_could_not_be_written() {
    let place = with_output();
    place.take("attendance.csv");
    let before = files_of(&place.out());
    // No file may grow beyond half a kilobyte; the signal that says so is ignored, as on a full disk there is none.
    let check = place.check();
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""]);
    let run = ended({
        limited.arg(check.get_program()).args(check.get_args());
        limited
    });
    assert_eq!(run.status.code(), Some(2), "{}", text(&run.stderr));
    assert!(text(&run.stderr).contains("cannot write"), "{}", text(&run.stderr));
    assert_eq!(text(&run.stderr).lines().count(), 1);
    assert_eq!(files_of(&place.out()), before);
    assert_eq!(place.left(), ["out"]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_printed_to_a_full_disk_is_an_error() {
    let place = Place::new();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let run = place.check().stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("cannot write what was found to where it was sent"), "{}", text(&run.stderr));
}

#[test]
fn runs_at_the_same_time_do_not_take_each_other_for_broken_off() {
    let place = with_output();
    let start = |out: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sfclaim"));
        command.arg("check").arg(place.data()).args(["--as-at", "2024-09-30", "--quiet", "--out"]);
        command.arg(place.path().join(out)).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let runs: Vec<_> = ["out", "out_1", "out_2"].map(start).into_iter().collect();
    for run in runs {
        let run = run.wait_with_output().unwrap();
        assert!(matches!(run.status.code(), Some(0 | 1)), "{}", text(&run.stderr));
        assert_eq!(text(&run.stderr), "");
    }
    assert_eq!(place.left(), ["out", "out_1", "out_2"]);
}
