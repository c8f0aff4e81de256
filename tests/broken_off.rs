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

#[test]
fn of_runs_to_one_folder_each_succeeds_or_says_that_another_is_writing() {
    for out in ["out", "2024/q2/out"] {
        let place = Place::new();
        let start = |_| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sfclaim"));
            command.arg("check").arg(place.data()).args(["--as-at", "2024-09-30", "--quiet", "--out"]);
            command.arg(place.path().join(out)).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        };
        for _ in 0..10 {
            let runs: Vec<_> = (0..3).map(start).collect();
            let mut written = 0;
            for run in runs {
                let run = run.wait_with_output().unwrap();
                let said = text(&run.stderr);
                match run.status.code() {
                    Some(0 | 1) => written += 1,
                    code => {
                        assert_eq!(code, Some(2), "{said}");
                        assert!(said.starts_with("sfclaim: another run is writing to "), "{said}");
                        assert_eq!(said.lines().count(), 1, "{said}");
                    }
                }
            }
            assert!(written > 0);
            assert!(place.path().join(out).join("decisions.csv").exists());
            assert_eq!(place.left(), [out.split('/').next().unwrap()]);
        }
    }
}

#[test]
fn a_second_run_to_the_same_folder_is_refused_at_once_and_the_first_one_goes_on() {
    let place = with_output();
    let before = files_of(&place.out());
    let mut first = place.check().stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while place.left() == ["out"] && first.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let second = ended(place.check());
    assert_eq!(second.status.code(), Some(2));
    assert!(text(&second.stderr).starts_with("sfclaim: another run is writing to "), "{}", text(&second.stderr));
    assert!(first.try_wait().unwrap().is_none(), "the first run ended before the second was tried");
    let first = first.wait_with_output().unwrap();
    assert!(matches!(first.status.code(), Some(0 | 1)), "{}", text(&first.stderr));
    assert_ne!(files_of(&place.out()), before);
    assert_eq!(place.left(), ["out"]);
}

// Killed in the moment in which it begins or ends, a run leaves a folder that does not say whose it is. And where folders on the
// way were missing, it lies further above than that of the next run.
#[test]
fn what_a_run_left_in_its_first_moment_or_further_above_is_removed_as_well() {
    let place = Place::new();
    std::fs::create_dir_all(place.path().join(".sfclaim-empty")).unwrap();
    std::fs::create_dir_all(place.path().join(".sfclaim-begun/new")).unwrap();
    std::fs::write(place.path().join(".sfclaim-begun/begins"), b"").unwrap();
    let above = place.path().join(".sfclaim-above");
    std::fs::create_dir_all(above.join("new")).unwrap();
    std::fs::write(above.join("new/decisions.csv"), b"somebody's data").unwrap();
    std::fs::write(above.join("run"), br#"{"program":"sfclaim","writes_to":"q2/out"}"#).unwrap();
    // This one is somebody's own.
    std::fs::create_dir_all(place.path().join(".sfclaim-mine/new")).unwrap();
    std::fs::write(place.path().join(".sfclaim-mine/new/notes.txt"), b"mine").unwrap();

    std::fs::create_dir(place.path().join("q2")).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sfclaim"));
    command.arg("check").arg(place.data()).args(["--as-at", "2024-09-30", "--quiet", "--out"]);
    command.arg(place.path().join("q2/out"));
    let run = ended(command);
    assert!(matches!(run.status.code(), Some(0 | 1)), "{}", text(&run.stderr));
    assert!(!above.exists());
    assert!(place.path().join(".sfclaim-empty").exists(), "only in the folder in which a run begins");

    let run = ended(place.check());
    assert!(text(&run.stderr).starts_with("sfclaim: note: an earlier run was broken off"), "{}", text(&run.stderr));
    assert_eq!(place.left(), [".sfclaim-mine", "out", "q2"]);
}

// A folder that another program put there while the run went on is not taken away.
#[test]
fn what_was_put_in_the_place_meanwhile_stays() {
    let place = with_output();
    std::fs::remove_dir_all(place.out()).unwrap();
    let mut run = place.check().stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while place.left().is_empty() && run.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    std::fs::create_dir(place.out()).unwrap();
    std::fs::write(place.out().join("thesis.txt"), b"mine").unwrap();
    let run = run.wait_with_output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("holds \"thesis.txt\""), "{}", text(&run.stderr));
    assert_eq!(files_of(&place.out()).len(), 1);
    assert_eq!(place.left(), ["out"]);
}
