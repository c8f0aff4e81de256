//! The program as a person runs it, on a folder that it should refuse or survive.

#![allow(dead_code, reason = "each test uses its part")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

pub const CASES: &str = "case_id,family_id,opened_on,closed_on\nC1,F1,2023-01-10,2024-01-31\nC2,F2,2023-05-10,\n";
pub const CRITERIA: &str = "case_id,criterion,outcome_on\nC1,3,2024-01-15\nC1,5,2024-01-15\nC1,7,2024-01-15\nC2,1,\n";

/// A place with a data folder in it, in which `cases` and `criteria` are good.
pub struct Place(tempfile::TempDir);

impl Place {
    pub fn new() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        std::fs::create_dir(place.data()).unwrap();
        place.put("cases.csv", CASES);
        place.put("criteria.csv", CRITERIA);
        place
    }

    pub fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    pub fn out(&self) -> PathBuf {
        self.0.path().join("out")
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.data().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn take(&self, name: &str) {
        std::fs::remove_file(self.data().join(name)).unwrap();
    }

    /// What stands in the place beside the data, hidden things too.
    pub fn left(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| name != "data");
        names.sort();
        names
    }

    /// The program on the data, with its output to `out`.
    pub fn check(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sfclaim"));
        command.arg("check").arg(self.data()).args(["--as-at", "2024-09-30", "--out"]).arg(self.out());
        command
    }

    /// The same in no more than some gigabytes of memory, where the system can do that.
    pub fn check_in_little_memory(&self) -> Command {
        let check = self.check();
        if !cfg!(target_os = "linux") {
            return check;
        }
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -v 6000000; exec \"$0\" \"$@\""]).arg(check.get_program()).args(check.get_args());
        command
    }

    /// The one message with which the program refuses the folder, without writing anything.
    pub fn refused(&self) -> String {
        let run = ended(self.check_in_little_memory());
        let said = text(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{said}");
        assert_eq!(text(&run.stdout), "");
        assert_eq!(said.matches("sfclaim: ").count(), 1, "{said}");
        assert!(said.starts_with("sfclaim: ") && said.len() < 6000, "{said}");
        assert_eq!(self.left(), Vec::<String>::new(), "something is left: {said}");
        said
    }

    /// What the program says of a folder that it takes.
    pub fn taken(&self) -> String {
        let run = ended(self.check_in_little_memory());
        assert!(matches!(run.status.code(), Some(0 | 1)), "{}", text(&run.stderr));
        assert_eq!(text(&run.stderr), "");
        text(&run.stdout)
    }

    /// A file of the output.
    pub fn written(&self, name: &str) -> String {
        std::fs::read_to_string(self.out().join(name)).unwrap()
    }
}

/// The end of a run; one that does not end is stopped.
pub fn ended(mut command: Command) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id();
    let (done, waits) = std::sync::mpsc::channel();
    let watch = std::thread::spawn(move || {
        if waits.recv_timeout(Duration::from_secs(120)).is_err() {
            signal(id, "KILL");
        }
    });
    let output = Child::wait_with_output(child).unwrap();
    let _ = done.send(());
    watch.join().unwrap();
    assert!(output.status.code().is_some(), "it was stopped, or broke off: {}", text(&output.stderr));
    output
}

/// Sends a signal to a process of this test.
pub fn signal(id: u32, name: &str) {
    let _ = Command::new("kill").args([format!("-{name}"), id.to_string()]).status();
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
