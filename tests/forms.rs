//! The same invented authority as tidy CSV, as one messy workbook, as the wide export of a case system, and as Parquet:
//! the same bytes of `decisions.csv`.

use sfclaim::dates::{Date, day_number, in_words};
use sfclaim::load;
use sfclaim::report::output::folder::OutFolder;
use sfclaim::report::views::check;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{Question, judge, prepare};
use sfclaim::validate::RowCounts;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn sample_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")
}

struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn of_sample(name: &str) -> Table {
        let mut reader = csv::Reader::from_path(sample_data().join(format!("{name}.csv"))).unwrap();
        let columns = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        Table { columns, rows }
    }

    fn column(&self, name: &str) -> usize {
        self.columns.iter().position(|column| column == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    fn change(&mut self, column: &str, change: impl Fn(&str) -> String) {
        let column = self.column(column);
        for row in &mut self.rows {
            row[column] = change(&row[column]);
        }
    }

    fn dates(&self) -> Vec<&str> {
        let is_date = |name: &&str| name.ends_with("_on") || ["date_of_birth", "date", "until"].contains(name);
        self.columns.iter().map(String::as_str).filter(is_date).collect()
    }

    fn change_dates(&mut self, change: impl Fn(Date) -> String) {
        let columns: Vec<String> = self.dates().into_iter().map(str::to_owned).collect();
        for column in columns {
            self.change(&column, |text| text.parse().map_or_else(|_| text.to_owned(), &change));
        }
    }

    fn write(&self, separator: u8) -> String {
        let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
        writer.write_record(&self.columns).unwrap();
        self.rows.iter().for_each(|row| writer.write_record(row).unwrap());
        String::from_utf8(writer.into_inner().unwrap()).unwrap()
    }
}

/// The decisions on a data folder, and what became of its rows.
fn decided(data: &Path) -> (Vec<u8>, BTreeMap<String, RowCounts>, Vec<String>) {
    let loaded = load::load(data).unwrap_or_else(|why| panic!("{why}"));
    let question = Question { as_at: "2024-09-30".parse().unwrap(), framework: None, overrides: Vec::new() };
    let prepared = prepare(&loaded, &Pack::built_in().unwrap(), &question).unwrap_or_else(|why| panic!("{why}"));
    let outcome = judge(&prepared, prepared.rules.clone());
    let place = TempDir::new().unwrap();
    let out = place.path().join("out");
    let folder = OutFolder::begin(&out, &check::NAMES, check::MARKER, false).unwrap();
    check::write(&folder, &outcome, &loaded, true).unwrap();
    folder.finish().unwrap();
    let counts = prepared.register.counts.iter().map(|(table, counts)| (table.to_string(), *counts)).collect();
    let findings = prepared.register.findings.sorted();
    let said = findings.iter().map(|finding| format!("{}: {}", finding.code.code(), finding.message)).collect();
    (std::fs::read(out.join("decisions.csv")).unwrap(), counts, said)
}

fn british(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

/// One workbook: titles above the column names, headings and words of the council's own, dates as Excel has them, ids as
/// text, a footer, blank rows, a hidden sheet.
fn messy_workbook() -> TempDir {
    let mut book = rust_xlsxwriter::Workbook::new();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    let sheets = [
        ("cases", "EH Cases"),
        ("people", "Family Members"),
        ("criteria", "Criteria"),
        ("claims", "PbR claims"),
        ("agreements", "Agreements"),
        ("attendance_totals", "Termly totals"),
        ("attendance_marks", "Attendance marks"),
    ];
    for (name, called) in sheets {
        let mut table = Table::of_sample(name);
        if name == "cases" {
            table.change("source", |source| match source {
                "early_help" => "Early Help Hub".to_owned(),
                other => other.to_owned(),
            });
        }
        if name == "people" {
            table.change("restricted", |word| if word == "y" { "RESTRICTED".to_owned() } else { word.to_owned() });
            table.change("expecting", |word| if word == "y" { "Yes".to_owned() } else { word.to_owned() });
        }
        if name == "claims" {
            table.change("outcome", |word| match word {
                "approved" => "Paid".to_owned(),
                other => other.to_uppercase(),
            });
            // As text, day first, and one column as the bare numbers that Excel counts days with.
            table.change("submitted_on", |text| text.parse().map_or_else(|_| text.to_owned(), british));
        }
        let dates: Vec<usize> = table.dates().into_iter().map(|name| table.column(name)).collect();
        let sheet = book.add_worksheet().set_name(called).unwrap();
        sheet.write(0, 0, "Early Help data, all families").unwrap();
        sheet.write(1, 0, "OFFICIAL-SENSITIVE").unwrap();
        let headings: Vec<String> = table.columns.iter().map(|column| heading(name, column)).collect();
        for (column, heading) in (0..).zip(&headings) {
            sheet.write(4, column, heading.as_str()).unwrap();
        }
        let mut at = 5;
        for (number, row) in table.rows.iter().enumerate() {
            if number % 1000 == 999 {
                at += 1;
            }
            for (column, text) in row.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                let place = (at, u16::try_from(column).unwrap());
                match text.parse::<Date>() {
                    Ok(date) if dates.contains(&column) => {
                        let serial = f64::from(day_number(date) + 25_569);
                        if table.columns[column] == "decided_on" {
                            sheet.write(place.0, place.1, serial).unwrap();
                        } else {
                            sheet.write_number_with_format(place.0, place.1, serial, &day).unwrap();
                        }
                    }
                    _ => match text.parse::<f64>() {
                        Ok(number)
                            if ["possible", "authorised", "unauthorised"].contains(&table.columns[column].as_str()) =>
                        {
                            sheet.write(place.0, place.1, number).unwrap();
                        }
                        _ => {
                            sheet.write(place.0, place.1, text.as_str()).unwrap();
                        }
                    },
                }
            }
            at += 1;
        }
        sheet.write(at + 1, 0, format!("Total: {} rows", table.rows.len())).unwrap();
    }
    let lookup = book.add_worksheet().set_name("Lookup").unwrap();
    lookup.write(0, 0, "Ward codes").unwrap();
    book.add_worksheet().set_name("cases").unwrap().set_hidden(true).write(0, 0, "case_id").unwrap();
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("EH return.xlsx"), book.save_to_buffer().unwrap()).unwrap();
    std::fs::write(
        folder.path().join("sfclaim.toml"),
        r#"
authority = "blackburn-with-darwen"

[[files]]
file = "EH return.xlsx"
sheet = "EH Cases"
table = "cases"
columns = { case_id = "Case Ref", family_id = "Family No.", opened_on = "Date opened", closed_on = "Date closed" }
values.source = { "Early Help Hub" = "early_help" }

[[files]]
file = "EH return.xlsx"
sheet = "Family Members"
table = "people"
columns = { family_id = "Family No.", date_of_birth = "DOB" }
values.restricted = { RESTRICTED = "y" }

[[files]]
file = "EH return.xlsx"
sheet = "Criteria"
table = "criteria"
columns.case_id = "Case Ref"

[[files]]
file = "EH return.xlsx"
sheet = "PbR claims"
table = "claims"
columns.family_id = "Family No."
columns.case_id = "Case Ref"
[files.values.outcome]
Paid = "approved"

[[files]]
file = "EH return.xlsx"
sheet = "Agreements"
table = "agreements"
columns.case_id = "Case Ref"

[[files]]
file = "EH return.xlsx"
sheet = "Termly totals"
table = "attendance"

[[files]]
file = "EH return.xlsx"
sheet = "Attendance marks"
table = "attendance"
"#,
    )
    .unwrap();
    folder
}

fn heading(table: &str, column: &str) -> String {
    match (table, column) {
        (_, "case_id") => "Case Ref",
        ("cases" | "people" | "claims", "family_id") => "Family No.",
        ("cases", "opened_on") => "Date opened",
        ("cases", "closed_on") => "Date closed",
        ("people", "date_of_birth") => "DOB",
        (_, other) => return other.replace('_', " ").to_uppercase(),
    }
    .to_owned()
}

/// The export of a case system: a row a case with a column for each criterion, semicolons, months first, a title and a
/// footer; people in Windows-1252, claims in UTF-16 with tabs.
fn wide_export() -> TempDir {
    let month_first = |date: Date| format!("{}/{}/{} 00:00:00", date.month(), date.day(), date.year());
    let mut cases = Table::of_sample("cases");
    let criteria = Table::of_sample("criteria");
    let (case_id, criterion) = (criteria.column("case_id"), criteria.column("criterion"));
    let written: std::collections::BTreeSet<&String> = criteria.rows.iter().map(|row| &row[criterion]).collect();
    let beside = ["person_id", "identified_on", "outcome_on", "relapsed_on", "result", "evidence"];
    let mut settings = String::from(
        "authority = \"blackburn-with-darwen\"\n\n[[files]]\nfile = \"export.csv\"\ntable = \"cases\"\ndate_order = \"month_first\"\n\n\
         [[files]]\nfile = \"export.csv\"\ntable = \"criteria\"\ndate_order = \"month_first\"\nwide.no = [\"-\"]\n\n",
    );
    let mut needs: BTreeMap<(&String, &String), &Vec<String>> = BTreeMap::new();
    for row in &criteria.rows {
        needs.insert((&row[case_id], &row[criterion]), row);
    }
    let own: Vec<Vec<String>> = cases.rows.clone();
    for criterion in &written {
        let others: Vec<String> = beside.iter().map(|column| format!("{column} = \"{criterion} {column}\"")).collect();
        settings += &format!(
            "[files.wide.criteria.\"{criterion}\"]\nflag = \"Criterion {criterion}\"\n{}\n",
            others.join("\n")
        );
        cases.columns.push(format!("Criterion {criterion}"));
        cases.columns.extend(beside.iter().map(|column| format!("{criterion} {column}")));
        for (row, own) in cases.rows.iter_mut().zip(&own) {
            match needs.get(&(&own[0], criterion)) {
                Some(need) => {
                    row.push("Y".to_owned());
                    row.extend(beside.iter().map(|column| need[criteria.column(column)].clone()));
                }
                None => {
                    row.push(if own[0].len() % 2 == 0 { "-" } else { "" }.to_owned());
                    row.extend(beside.iter().map(|_| String::new()));
                }
            }
        }
    }
    for row in &mut cases.rows {
        for cell in row {
            if let Ok(date) = cell.parse() {
                *cell = month_first(date);
            }
        }
    }
    let mut people = Table::of_sample("people");
    people.change_dates(|date| {
        let month = in_words(date).split(' ').nth(1).unwrap()[..3].to_owned();
        format!("{:02} {month} {}", date.day(), date.year())
    });
    // A name with an accent that decides nothing.
    let first = people.column("first_name");
    people.rows[0][first] = "Zoë".to_owned();
    let people: Vec<u8> = people.write(b';').chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let mut claims = Table::of_sample("claims");
    claims.change_dates(british);
    let claims: Vec<u8> =
        [0xFEFF].into_iter().chain(claims.write(b'\t').encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mut totals = Table::of_sample("attendance_totals");
    totals.change("possible", |number| if number.is_empty() { String::new() } else { format!("{number}.0") });
    let mut marks = Table::of_sample("attendance_marks");
    marks.change_dates(british);
    marks.change("session", |session| session.to_lowercase());

    let folder = TempDir::new().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let export = format!("Case export; all teams\n\n{}\nReport run on 9/30/2024\n", cases.write(b';'));
    write("export.csv", export.replace('\n', "\r\n").as_bytes());
    write("people.csv", &people);
    write("claims.csv", &claims);
    write("agreements.csv", Table::of_sample("agreements").write(b',').as_bytes());
    write("attendance_totals.csv", format!("\u{feff}{}", totals.write(b'|')).as_bytes());
    let marks = format!("Registers of the schools\n\n{}Total;{}\n", marks.write(b';'), marks.rows.len());
    write("attendance_marks.csv", marks.as_bytes());
    write("sfclaim.toml", settings.as_bytes());
    folder
}

#[cfg(feature = "native")]
fn parquet() -> TempDir {
    let folder = TempDir::new().unwrap();
    let made = std::process::Command::new(env!("CARGO_BIN_EXE_sfclaim"))
        .args("sample --families 580 --seed 218 --from 2021-04-01 --until 2025-03-31 --attendance both".split(' '))
        .args("--boundaries-at 2024-09-30 --format parquet --out".split(' '))
        .arg(folder.path().join("data"))
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    std::fs::copy(sample_data().join("sfclaim.toml"), folder.path().join("data/sfclaim.toml")).unwrap();
    folder
}

#[test]
fn one_authority_in_four_forms_is_decided_the_same() {
    let (tidy, counts, _) = decided(&sample_data());
    let (workbook, export) = (messy_workbook(), wide_export());
    #[cfg(feature = "native")]
    let parquet = parquet();
    for (form, data) in [
        ("workbook", workbook.path().to_owned()),
        ("wide export", export.path().to_owned()),
        #[cfg(feature = "native")]
        ("parquet", parquet.path().join("data")),
    ] {
        let (decisions, of_form, said) = decided(&data);
        let said = said.join("\n");
        assert_eq!(of_form, counts, "{form}: rows\n{said}");
        let (ours, theirs) = (String::from_utf8(tidy.clone()).unwrap(), String::from_utf8(decisions.clone()).unwrap());
        for (one, other) in ours.lines().zip(theirs.lines()) {
            assert_eq!(one, other, "{form}\n{said}");
        }
        assert!(decisions == tidy, "{form}");
        match form {
            "workbook" => {
                assert!(said.contains("\"Early Help data, all families\" and 1 more above"), "{said}");
                assert!(said.contains("\"Total: 3843 rows\""), "{said}");
            }
            "wide export" => {
                assert!(said.contains("\"Case export | all teams\" stands above"), "{said}");
                assert!(said.contains("people.csv is not UTF-8 and was read as Windows-1252"), "{said}");
                assert!(said.contains("\"Report run on 9/30/2024\""), "{said}");
            }
            _ => {}
        }
    }
}
