//! Time and memory where one thing stands in very many places: an id, a UPN or a name in N families, one key in N rows, N
//! corrections of one row. Work that looks at every pair of them would take a thousand times as long for thirty times as many.
//!
//! Each size is a run of its own process, from files to files: `check`, and what the other commands work out. It prints a table with
//! the exponent between the smallest and the largest size: 1 is in proportion, 2 would be every pair.
//!
//! `cargo bench --bench one_in_many [-- SHAPE]`

use sfclaim::dates::{add_days, date};
use sfclaim::forecast::{anomalies, funnel, levers, position};
use sfclaim::load;
use sfclaim::report::output::folder::OutFolder;
use sfclaim::report::output::page::Screen;
use sfclaim::report::views;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{Question, judge, prepare};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

// As the program itself has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 3] = [1_000, 8_000, 32_000];
const AS_AT: &str = "2024-09-30";

/// What stands in N places.
const SHAPES: &[&str] = &[
    "upn in n families",
    "person id in n families",
    "names in n families",
    "upn of n people of a family",
    "names of n people of a family",
    "placeholder upn of n people",
    "case id in n rows",
    "case of n families in n claims",
    "claim id in n rows",
    "person in n rows of a family",
    "birth dates of a person",
    "corrections of a row",
    "former id of n families",
    "former ids of ids nearly alike",
    "family ids nearly alike",
    "cases of a family",
    "needs by family of n cases",
    "needs of a case and another family",
    "claims of a family",
    "agreements on a case",
    "n families, nothing shared",
];

/// The tables of an authority as CSV.
struct Tables(Vec<(&'static str, String)>);

impl Tables {
    fn new() -> Tables {
        let mut tables = Tables(Vec::new());
        for (file, header) in [
            ("cases.csv", "case_id,family_id,opened_on,closed_on"),
            ("criteria.csv", "case_id,criterion,outcome_on,family_id"),
            ("people.csv", "person_id,family_id,date_of_birth,role,upn,first_name,last_name"),
            ("claims.csv", "claim_id,family_id,case_id,submitted_on,decided_on,outcome"),
            ("attendance.csv", "upn,person_id,academic_year,term,possible,attended"),
            ("agreements.csv", "case_id,rule,person_id,answer,reason,agreed_by,agreed_on"),
            ("former_ids.csv", "kind,id,former_id"),
        ] {
            tables.0.push((file, format!("{header}\n")));
        }
        tables
    }

    fn add(&mut self, file: &str, row: &str) {
        let table = self.0.iter_mut().find(|(name, _)| *name == file).expect("a table");
        let _ = writeln!(table.1, "{row}");
    }

    /// A family with a case whose needs are resolved.
    fn family(&mut self, case: &str, family: &str) {
        self.add("cases.csv", &format!("{case},{family},2023-01-10,2024-01-31"));
        for need in [3, 5, 7] {
            self.add("criteria.csv", &format!("{case},{need},2024-01-31,"));
        }
    }

    fn write(&self, folder: &Path) {
        for (file, text) in &self.0 {
            std::fs::write(folder.join(file), text).expect("a file of the temporary folder");
        }
    }
}

/// A day of birth, another one for each number.
fn born(number: usize) -> String {
    let day: sfclaim::dates::Date = "1915-01-01".parse().expect("a date");
    sfclaim::dates::of_day_number(sfclaim::dates::day_number(day) + i32::try_from(number).expect("small")).to_string()
}

fn tables(shape: &str, n: usize) -> Tables {
    const UPN: &str = "W889200024001";
    let mut all = Tables::new();
    // A few of everything, so that every table is there; and so many that rows of one key are not more than half of their table,
    // at which a run stops.
    let of_one_key = [
        "case id in n rows",
        "case of n families in n claims",
        "claim id in n rows",
        "person in n rows of a family",
        "corrections of a row",
    ];
    for number in 0..20 + if of_one_key.contains(&shape) { n } else { 0 } {
        all.family(&format!("B{number}"), &format!("G{number}"));
        all.add("people.csv", &format!("Q{number},G{number},2014-05-{:02},child,,Given{number},Hall", number % 28 + 1));
        all.add("claims.csv", &format!("L{number},H{number},,2019-01-01,2019-02-01,approved"));
        all.add("attendance.csv", &format!(",Q{number},2023/24,Spring,110,105"));
        all.add("attendance.csv", &format!(",Q{number},2023/24,Summer,120,115"));
    }
    for i in 0..n {
        match shape {
            "case id in n rows" => {
                all.add("cases.csv", &format!("C,F{i},2023-01-10,2024-01-31"));
                all.add("criteria.csv", "B1,9,2024-01-31,");
            }
            "case of n families in n claims" => {
                all.family(&format!("C{i}"), &format!("F{i}"));
                all.add("cases.csv", &format!("C,F{i},2023-01-10,2024-01-31"));
                all.add("claims.csv", &format!("K{i},H{i},C,2024-06-31,,approved"));
            }
            "claim id in n rows" => all.add("claims.csv", &format!("K,F{i},,2024-05-01,,submitted")),
            "person in n rows of a family" => {
                all.add("people.csv", &format!("P,G1,2014-01-01,child,,Given{i},Hill"));
            }
            // Periods that do not overlap, so that no row of the family says which it is of.
            "needs by family of n cases" => {
                let opened = date(1990, 1, 1);
                let (from, to) =
                    (add_days(opened, 3 * (i as i32 % 4_000)), add_days(opened, 3 * (i as i32 % 4_000) + 1));
                all.add("cases.csv", &format!("C{i},F,{from},{to}"));
                all.add("criteria.csv", &format!("C{i},3,2024-01-10,"));
                all.add("criteria.csv", &format!(",{}.{i},,F", i % 10 + 1));
            }
            // Each names a case of one family, and another family with as many cases.
            "needs of a case and another family" => {
                all.family(&format!("C{i}"), "F");
                all.add("criteria.csv", &format!("B1,{}.{i},,F", i % 10 + 1));
            }
            "cases of a family" => all.family(&format!("C{i}"), "F"),
            "claims of a family" => all.add("claims.csv", &format!("K{i},G1,,2020-01-01,2020-02-01,rejected")),
            "agreements on a case" => {
                all.add("agreements.csv", &format!("B1,timeliness,,met,reason {i},A. Officer,2024-09-01"));
            }
            "corrections of a row" => {}
            _ => {
                let family = match shape {
                    "upn of n people of a family" | "names of n people of a family" => "F".to_owned(),
                    "family ids nearly alike" | "former ids of ids nearly alike" => {
                        format!("F{}-{}", "0".repeat(i % 100), "0".repeat(1 + i / 100) + "1")
                    }
                    _ => format!("F{i}"),
                };
                if family != "F" || i == 0 {
                    all.family(&format!("C{i}"), &family);
                }
                let (mut person, mut upn, mut names, mut day) =
                    (format!("P{i}"), String::new(), format!("Given{i},Hill{i}"), "2014-01-01".to_owned());
                match shape {
                    "upn in n families" | "upn of n people of a family" => upn = UPN.to_owned(),
                    "placeholder upn of n people" => upn = "N/A".to_owned(),
                    "person id in n families" => person = "P".to_owned(),
                    "names in n families" | "names of n people of a family" => names = "Ash,Example".to_owned(),
                    "birth dates of a person" => (person, day) = ("P".to_owned(), born(i)),
                    "family ids nearly alike" => {
                        all.add("claims.csv", &format!("K{i},F-1,,2020-01-01,2020-02-01,approved"));
                    }
                    "former id of n families" => all.add("former_ids.csv", &format!("family,{family},OLD")),
                    "former ids of ids nearly alike" => {
                        all.add("former_ids.csv", &format!("family,F-1,OLD{i}"));
                        all.add("claims.csv", &format!("K{i},OLD{i},,2020-01-01,2020-02-01,approved"));
                    }
                    _ => {}
                }
                all.add("people.csv", &format!("{person},{family},{day},child,{upn},{names}"));
                let spring = format!("{upn},{person},2023/24,Spring,110,105");
                if i == 0 || !person.is_empty() && person != "P" {
                    all.add("attendance.csv", &spring);
                }
            }
        }
    }
    if shape == "former id of n families" {
        all.add("claims.csv", "K,OLD,,2020-01-01,2020-02-01,approved");
    }
    all
}

/// From files to files, as `check`; then what the other commands work out from the same run. Seconds of both, and MiB.
fn run(data: &Path, out: &Path) -> (f64, f64, u64) {
    let start = Instant::now();
    let question = Question { as_at: AS_AT.parse().expect("a date"), framework: None, overrides: Vec::new() };
    let loaded = load::load(data).expect("the data folder");
    let prepared = prepare(&loaded, &Pack::built_in().expect("the rules"), &question).expect("data that can be used");
    let outcome = judge(&prepared, prepared.rules.clone());
    let ours = views::check::ours();
    let folder = OutFolder::begin(out, &ours, views::check::MARKER, false).expect("a temporary folder");
    views::check::write(&folder, &outcome, &loaded, true).expect("files");
    folder.finish().expect("files in their place");
    let screen = Screen::wide(100);
    let mut shown = views::check::page::summary(&outcome, screen).len();
    let check = start.elapsed().as_secs_f64();

    let start = Instant::now();
    let found = outcome.review(31);
    let people = views::people::People::of(&outcome.linked, &prepared, true);
    shown += views::review::data(&outcome, &people, &found, 31).to_string().len();
    shown += views::review::questions::questions(&outcome, &found, &people).len();
    shown += views::levers::text(&outcome, &levers::levers(&outcome), screen).len();
    shown += views::funnel::text(&outcome, &funnel::funnel(&outcome, funnel::By::Source), screen).len();
    shown += views::anomalies::data(&outcome, &anomalies::anomalies(&outcome), true).to_string().len();
    let stands = position::position(&outcome, position::Asked::default()).expect("claims");
    shown += views::position::data(&outcome, &stands, None).to_string().len();
    let checked = views::validate::Checked {
        prepared: &prepared,
        loaded: &loaded,
        findings: &outcome.findings,
        as_at: Some(prepared.as_at),
        by_owner: false,
    };
    shown += views::validate::text::text(&checked, screen).expect("a screen").len();
    if let Some(decision) = outcome.decisions.last() {
        let records = views::explain::records(&outcome, &[decision], &loaded).expect("records");
        shown += views::explain::text(&views::explain::explain(&outcome, decision, &records, &[], true), screen).len();
    }
    assert!(shown > 0);
    (check, start.elapsed().as_secs_f64(), peak_mib())
}

/// Quarantines a row, and gives N corrections of it that differ.
fn corrections(data: &Path, place: &Path, n: usize) {
    let mut cases = std::fs::read_to_string(data.join("criteria.csv")).expect("a table");
    cases.push_str("B1,9,notadate\n");
    std::fs::write(data.join("criteria.csv"), cases).expect("a table");
    let first = place.join("first");
    run(data, &first);
    let sheet = std::fs::read_to_string(first.join("quarantine_criteria.csv")).expect("a sheet to mend");
    let (header, row) = sheet.trim_end().split_once('\n').expect("a row");
    let mended: String = (0..n).map(|i| row.replace("notadate", &born(i + 36_000)) + "\n").collect();
    std::fs::write(data.join("quarantine_criteria.csv"), format!("{header}\n{mended}")).expect("a sheet");
}

/// The most memory that the process has had, in MiB; 0 where the system does not say.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

/// The sample, and the same with a word in the place of every blank UPN.
const SAMPLES: [&str; 2] = ["the sample", "the sample with N/A for no UPN"];

fn sample(data: &Path, with_a_word: bool) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data");
    for entry in std::fs::read_dir(from).expect("the sample").map(|entry| entry.expect("a file of the sample")) {
        let to = data.join(entry.file_name());
        if !with_a_word || entry.path().extension().is_none_or(|ending| ending != "csv") {
            std::fs::copy(entry.path(), to).expect("a file of the sample");
            continue;
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(entry.path()).expect("a table");
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        let upn = rows[0].iter().position(|name| name == "upn");
        let mut writer = csv::Writer::from_path(to).expect("a table");
        for row in &rows {
            let cells = row.iter().enumerate();
            let cell = |(at, cell)| if Some(at) == upn && str::is_empty(cell) { "N/A" } else { cell };
            writer.write_record(cells.map(cell)).expect("a row");
        }
        writer.flush().expect("a table");
    }
}

/// One size of one shape, in a process of its own: `ONE SHAPE N`.
fn one(shape: &str, n: usize) {
    let place = tempfile::tempdir().expect("a temporary folder");
    let data = place.path().join("data");
    std::fs::create_dir(&data).expect("a temporary folder");
    if SAMPLES.contains(&shape) {
        sample(&data, shape == SAMPLES[1]);
    } else {
        tables(shape, n).write(&data);
    }
    if shape == "corrections of a row" {
        corrections(&data, place.path(), n);
    }
    let (check, others, mib) = run(&data, &place.path().join("out"));
    println!("{check} {others} {mib}");
}

/// How the figure grows with the size.
fn exponent(first: f64, last: f64) -> f64 {
    (last / first.max(0.001)).ln() / (SIZES[SIZES.len() - 1] as f64 / SIZES[0] as f64).ln()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [first, shape, n] = &arguments[..]
        && first == "ONE"
    {
        one(shape, n.parse().expect("a number"));
        return;
    }
    let is_asked = |shape: &&&str| arguments.first().is_none_or(|asked| shape.contains(asked.as_str()));
    let figures = |shape: &str, size: usize| -> Option<[f64; 3]> {
        let this = std::env::current_exe().expect("this program");
        let run = Command::new(this).args(["ONE", shape, &size.to_string()]).output().expect("a run");
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        let all: Vec<f64> = said.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
        let three = <[f64; 3]>::try_from(all).ok();
        if three.is_none() {
            println!("{shape}: {size}: {}", String::from_utf8_lossy(&run.stderr));
        }
        three
    };
    let cells = |[check, others, mib]: &[f64; 3]| format!("{check:>7.2}{others:>8.2}{mib:>6.0}");
    println!("{:32} {}", "", SIZES.map(|size| format!("{size:>21}")).join(" "));
    println!("{:32} {}   exponents", "", SIZES.map(|_| format!("{:>7}{:>8}{:>6}", "check", "others", "MiB")).join(" "));
    for shape in SHAPES.iter().filter(is_asked) {
        let all: Vec<[f64; 3]> = SIZES.iter().map_while(|size| figures(shape, *size)).collect();
        let (Some(first), Some(last)) = (all.first(), all.get(SIZES.len() - 1)) else { continue };
        let grows: Vec<String> = (0..3).map(|of| format!("{:.2}", exponent(first[of], last[of]))).collect();
        println!("{shape:32} {}   {}", all.iter().map(cells).collect::<Vec<_>>().join(" "), grows.join(" "));
    }
    // In turn, so that what else the computer does falls on both.
    for _ in 0..3 {
        for shape in SAMPLES.iter().filter(is_asked) {
            println!("{shape:32} {}", figures(shape, 0).as_ref().map(cells).unwrap_or_default());
        }
    }
}
