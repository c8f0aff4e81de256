//! A data folder on disk, and what the program says of it as a person would run it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

pub type Row = BTreeMap<String, String>;

/// A data folder and a place for outputs.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Folder {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("data")).unwrap();
        Folder(place)
    }

    /// Three needs and their outcomes, a child at school who attended, and nothing claimed: claimable on 30 September 2024.
    pub fn of_claimable_family() -> Folder {
        let folder = Folder::new();
        folder.put("cases.csv", "case_id,family_id,opened_on,closed_on\nC1,F1,2023-03-06,2024-01-15\n");
        folder.put("people.csv", "person_id,family_id,date_of_birth,role\nP1,F1,2014-05-05,child\n");
        folder.put("claims.csv", "claim_id,family_id,submitted_on,outcome\n");
        folder.put(
            "attendance.csv",
            "person_id,academic_year,term,possible,attended\nP1,2023/24,Spring,110,108\nP1,2023/24,Summer,120,118\n",
        );
        folder.put("criteria.csv", "case_id,criterion,outcome_on\nC1,3,2024-01-10\nC1,5,2024-01-10\nC1,7,2024-01-10\n");
        folder
    }

    pub fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    pub fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.data().join(name), text).unwrap();
    }

    pub fn take_away(&self, name: &str) {
        std::fs::remove_file(self.data().join(name)).unwrap();
    }

    /// Runs a command of the program on the folder, into a folder of outputs.
    pub fn run(&self, command: &str, more: &[&str]) -> Out {
        let out = self.0.path().join(format!("out-{command}"));
        let run = Command::new(env!("CARGO_BIN_EXE_sfclaim"))
            .arg(command)
            .arg(self.data())
            .args(["--as-at", "2024-09-30", "--force", "--out"])
            .arg(&out)
            .args(more)
            .output()
            .unwrap();
        Out {
            code: run.status.code(),
            stdout: String::from_utf8_lossy(&run.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&run.stderr).into_owned(),
            folder: out,
        }
    }

    pub fn check(&self) -> Out {
        self.run("check", &[])
    }

    pub fn explained(&self, case: &str, more: &[&str]) -> String {
        let run = Command::new(env!("CARGO_BIN_EXE_sfclaim"))
            .arg("explain")
            .arg(self.data())
            .args([case, "--as-at", "2024-09-30"])
            .args(more)
            .output()
            .unwrap();
        String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr)
    }
}

/// What a run came to.
pub struct Out {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub folder: PathBuf,
}

impl Out {
    /// The rows of one of its files; none where there is no such file.
    pub fn rows(&self, file: &str) -> Vec<Row> {
        let Ok(mut reader) = csv::Reader::from_path(self.folder.join(file)) else { return Vec::new() };
        let header = reader.headers().unwrap().clone();
        let row =
            |row: csv::StringRecord| header.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect();
        reader.records().map(|record| row(record.unwrap())).collect()
    }

    /// A cell of the decision on a case.
    pub fn of(&self, case: &str, column: &str) -> String {
        let rows = self.rows("decisions.csv");
        let row = rows.iter().find(|row| row["case_id"] == case);
        row.map_or_else(|| format!("no decision: {}", self.stderr), |row| row[column].clone())
    }

    pub fn status(&self, case: &str) -> String {
        self.of(case, "status")
    }

    /// The messages of the findings of a kind.
    pub fn said(&self, code: &str) -> Vec<String> {
        let rows = self.rows("findings.csv");
        rows.iter().filter(|row| row["finding"] == code).map(|row| row["message"].clone()).collect()
    }

    /// `decisions.csv` as it stands.
    pub fn decisions(&self) -> String {
        std::fs::read_to_string(self.folder.join("decisions.csv")).unwrap_or_else(|_| self.stderr.clone())
    }
}
