//! Files that are meant to break the program, or are damaged so that they could: one clear message or a finding, no
//! output that is not complete, and no more time or memory than any other file takes. The limits are those of
//! `src/load/limits.rs`; `docs/limits.md` says what was tried beyond what a test should write to a disk.

#[path = "support/refused.rs"]
mod refused;
mod support;

use refused::{CASES, CRITERIA, Place, ended, text};
use rust_xlsxwriter::Workbook;
use sfclaim::load::{limits, load};
use sfclaim::report::views::check::doubts;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{judge, prepare};
use std::io::{Cursor, Read, Write};
use support::question;

fn told(said: &str, expected: &[&str]) {
    for part in expected {
        assert!(said.contains(part), "no \"{part}\" in: {said}");
    }
}

#[test]
fn a_row_without_end_is_told_by_its_number() {
    let long = vec![b'x'; limits::ROW + (1 << 20)];
    let place = Place::new();
    place.put("cases.csv", [CASES.as_bytes(), &long].concat());
    told(&place.refused(), &["cases.csv row 4 is longer than 16 MiB"]);

    let place = Place::new();
    place.put("attendance.csv", [b"upn,date,session,code\nW1,2024-01-08,AM,/\n", &*long].concat());
    told(&place.refused(), &["attendance.csv row 3 is longer than 16 MiB"]);

    // A quotation mark that is never closed: the rows behind it are one cell.
    let rows = b"W889200024001,2024-01-09,AM,/\n".repeat(long.len() / 30 + 1);
    place.put("attendance.csv", [b"upn,date,session,code\nW1,2024-01-08,\"AM,/\n", &*rows].concat());
    told(&place.refused(), &["attendance.csv row 2: a quotation mark (\") stands where it should not"]);

    // Lines that all end in another way, so that the end of a row is not found for long.
    let returns: Vec<u8> = rows.repeat(2).iter().map(|byte| if *byte == b'\n' { b'\r' } else { *byte }).collect();
    place.put("attendance.csv", [b"upn,date,session,code\r", &*returns].concat());
    told(&place.refused(), &["attendance.csv has rows that end with a carriage return alone", "16 MiB"]);

    place.put("attendance.csv", vec![b'\n'; long.len()]);
    told(&place.refused(), &["attendance.csv is empty"]);
}

#[test]
fn a_file_that_is_longer_than_a_table_can_be_is_not_read() {
    let place = Place::new();
    let file = std::fs::File::create(place.data().join("people.csv")).unwrap();
    // Nothing is stored of it.
    file.set_len(limits::FILE + 1).unwrap();
    told(&place.refused(), &["people.csv is longer than 1 GiB, and was not read"]);

    let place = Place::new();
    std::fs::File::create(place.data().join("sfclaim.toml")).unwrap().set_len(100 << 20).unwrap();
    told(&place.refused(), &["sfclaim.toml is longer than 1 MiB, and was not read"]);
}

#[test]
fn more_columns_than_a_sheet_has_are_refused() {
    let many: String = (0..limits::COLUMNS).map(|number| format!(",c{number}")).collect();
    for (name, first) in
        [("people.csv", "person_id,family_id,date_of_birth"), ("attendance.csv", "upn,week_start,marks")]
    {
        let place = Place::new();
        place.put(name, format!("{first}{many}\n"));
        told(&place.refused(), &[name, "has 16,387 columns, and a table has no more than 16,384"]);
    }
    // A row that is wider than its header is quarantined like any other.
    let place = Place::new();
    place.put("criteria.csv", format!("{CRITERIA}C2,3,{}\nC2,4,\nC2,5,\n", ",x".repeat(100_000)));
    place.taken();
    told(&place.written("quarantine.csv"), &["criteria.csv,6", "row_length"]);
}

/// A workbook with the table `cases`, and what `change` makes of its parts.
fn workbook(change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Cases").unwrap();
    for (row, line) in CASES.lines().enumerate() {
        for (column, cell) in line.split(',').enumerate() {
            sheet.write(row as u32, column as u16, cell).unwrap();
        }
    }
    let mut from = zip::ZipArchive::new(Cursor::new(book.save_to_buffer().unwrap())).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..from.len() {
        let mut part = from.by_index(number).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        to.start_file(name.as_str(), stored).unwrap();
        to.write_all(&change(&name, bytes)).unwrap();
    }
    to.finish().unwrap().into_inner()
}

fn with_workbook(bytes: Vec<u8>) -> Place {
    let place = Place::new();
    place.take("cases.csv");
    place.put("cases.xlsx", bytes);
    place
}

fn sheet_of(rows: &str) -> Vec<u8> {
    workbook(|name, bytes| match name {
        "xl/worksheets/sheet1.xml" => {
            let begins = "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";
            format!("{begins}{rows}</sheetData></worksheet>").into_bytes()
        }
        _ => bytes,
    })
}

fn inline(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn workbooks_that_ask_for_all_memory_are_refused() {
    assert!(with_workbook(workbook(|_, bytes| bytes)).taken().starts_with("Claim check"));

    // That many texts are only said to be there: room was once made for them.
    for count in ["99999999999", "18446744073709551615"] {
        let bomb = workbook(|name, bytes| match name {
            "xl/sharedStrings.xml" => {
                let xml = text(&bytes);
                let at = xml.find("uniqueCount=\"").unwrap() + 13;
                let end = at + xml[at..].find('"').unwrap();
                format!("{}{count}{}", &xml[..at], &xml[end..]).into_bytes()
            }
            _ => bytes,
        });
        told(&with_workbook(bomb).refused(), &["cases.xlsx", "more than 10 million texts"]);
    }

    // A cell at the right end of every row: all before it are blank, and take room.
    let heading: String = ["case_id", "family_id", "opened_on"]
        .iter()
        .zip(["A1", "B1", "C1"])
        .map(|(name, at)| inline(at, name))
        .collect();
    let rows: String = (2..1700)
        .map(|row| {
            format!("<row r=\"{row}\">{}{}</row>", inline(&format!("A{row}"), "C1"), inline(&format!("XFD{row}"), "x"))
        })
        .collect();
    let far = sheet_of(&format!("<row r=\"1\">{heading}</row>{rows}"));
    told(&with_workbook(far).refused(), &["cases.xlsx", "Cases", "25 million cells", "far to the right"]);

    // One at the last corner alone is no harm.
    let corner = format!(
        "<row r=\"1\">{heading}</row><row r=\"2\">{}{}{}</row><row r=\"3\">{}{}{}</row><row r=\"1048576\">{}</row>",
        inline("A2", "C1"),
        inline("B2", "F1"),
        inline("C2", "2023-01-10"),
        inline("A3", "C2"),
        inline("B3", "F2"),
        inline("C3", "2023-01-10"),
        inline("XFD1048576", "x")
    );
    let place = with_workbook(sheet_of(&corner));
    place.taken();
    told(&place.written("quarantine.csv"), &["cases.xlsx [Cases],1048576"]);
}

#[cfg(feature = "native")]
#[test]
fn parquet_that_is_small_and_has_any_number_of_rows_is_refused() {
    use polars::prelude::{DataFrame, IntoColumn, NamedFrom, ParquetWriter, Series};
    let place = Place::new();
    // One value stands for all rows.
    let rows = limits::CELLS / 3 + 1;
    let column = |name: &str| Series::new(name.into(), vec![true; rows]).into_column();
    let columns = ["person_id", "family_id", "date_of_birth"].map(column).to_vec();
    let path = place.data().join("people.parquet");
    let mut frame = DataFrame::new(rows, columns).unwrap();
    ParquetWriter::new(std::fs::File::create(&path).unwrap()).finish(&mut frame).unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() < 10_000_000);
    told(&place.refused(), &["people.parquet has more than 25 million cells"]);

    // One long text stands in every row.
    let place = Place::new();
    let column = |name: &str| Series::new(name.into(), vec!["x".repeat(1 << 20).as_str(); 400]).into_column();
    let columns = ["person_id", "family_id", "date_of_birth"].map(column).to_vec();
    let mut frame = DataFrame::new(400, columns).unwrap();
    ParquetWriter::new(std::fs::File::create(place.data().join("people.parquet")).unwrap()).finish(&mut frame).unwrap();
    told(&place.refused(), &["people.parquet has more than 1 GiB of text"]);
}

/// The beginning of a file of the older format: two sectors, of which the second has the names of its streams.
fn older_format(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0; 512 * 3];
    bytes[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    bytes[26..34].copy_from_slice(&[3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    bytes[76..512].fill(0xFF);
    for (at, number) in
        [(48, 1u32), (60, 0xFFFF_FFFE), (68, 0xFFFF_FFFE), (76, 0), (512, 0xFFFF_FFFD), (516, 0xFFFF_FFFE)]
    {
        bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
    }
    for (entry, name) in [(1024, "Root Entry"), (1152, stream)] {
        for (place, unit) in name.encode_utf16().enumerate() {
            bytes[entry + 2 * place..entry + 2 * place + 2].copy_from_slice(&unit.to_le_bytes());
        }
        bytes[entry + 116..entry + 120].copy_from_slice(&0xFFFF_FFFEu32.to_le_bytes());
    }
    bytes
}

#[test]
fn a_workbook_with_a_password_or_cut_short_says_so() {
    told(&with_workbook(older_format("EncryptedPackage")).refused(), &["cases.xlsx", "protected by a password"]);
    told(&with_workbook(older_format("Something")).refused(), &["cases.xlsx cannot be read as a workbook"]);
    let whole = workbook(|_, bytes| bytes);
    for length in [4, 30, whole.len() / 2, whole.len() - 1] {
        told(&with_workbook(whole[..length].to_vec()).refused(), &["cases.xlsx cannot be read as a workbook"]);
    }
}

const MARKS: &str = "person_id,date,session,code\n\
    P1,2024-01-08,AM,/\nP1,2024-01-08,PM,/\nP1,2024-01-09,AM,/\nP1,2024-01-09,PM,/\nP1,2024-01-10,AM,/\n\
    P1,2024-01-10,PM,/\nP1,2024-01-11,AM,/\nP1,2024-01-11,PM,/\nP1,2024-01-12,AM,O\nP1,2024-01-12,PM,/\n\
    P1,2024-01-12,PM,O\n";

/// A child with 8 or 9 of 10 sessions, by which of two marks is believed.
fn with_marks() -> Place {
    let place = Place::new();
    place.put("people.csv", "person_id,family_id,date_of_birth\nP1,F1,2014-01-01\n");
    place.put(
        "terms.csv",
        "academic_year,term,starts_on,ends_on\n2023/24,Spring,2024-01-08,2024-01-12\n2023/24,Summer,2024-04-08,2024-04-12\n",
    );
    place.put("attendance.csv", MARKS);
    place
}

#[test]
fn a_file_that_changes_while_it_is_read_stops_the_run() {
    let (pack, question) = (Pack::built_in().unwrap(), question("2024-09-30", &[], None).unwrap());
    let place = with_marks();
    let path = place.data().join("attendance.csv");
    let saved = std::fs::metadata(&path).unwrap().modified().unwrap();
    let save = |text: &str| {
        std::fs::write(&path, text).unwrap();
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(saved).unwrap();
    };
    // It grows or shrinks between the look at its header and the reading.
    for text in [MARKS.replace("PM,O\n", "PM,O\nP1,2024-04-08,AM,/\n"), MARKS.replace("P1,2024-01-12,PM,O\n", "")] {
        save(MARKS);
        let loaded = load(&place.data()).unwrap();
        save(&text);
        let why = prepare(&loaded, &pack, &question).err().map(|why| why.to_string()).unwrap();
        told(&why, &["attendance.csv was changed while it was read"]);
    }
    // It becomes another of the same length, saved at the same time, between the first and the second reading.
    save(MARKS);
    let loaded = load(&place.data()).unwrap();
    let prepared = prepare(&loaded, &pack, &question).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    assert!(!doubts::rows(&outcome, &loaded).unwrap().is_empty());
    save(&MARKS.replace("PM,O", "PM,/"));
    let why = doubts::rows(&outcome, &loaded).err().unwrap().to_string();
    told(&why, &["attendance.csv was changed while it was read"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_waited_for() {
    let names = ["attendance.csv", "people.parquet", "claims.xls", "terms.txt", "sfclaim.toml"];
    for name in names {
        let place = Place::new();
        std::fs::create_dir(place.data().join(name)).unwrap();
        told(&place.refused(), &[name, "is a folder, a pipe or a link to nothing"]);

        let place = Place::new();
        std::os::unix::fs::symlink("nowhere", place.data().join(name)).unwrap();
        told(&place.refused(), &[name, "is a folder, a pipe or a link to nothing"]);

        let place = Place::new();
        let made = std::process::Command::new("mkfifo").arg(place.data().join(name)).status().unwrap();
        assert!(made.success());
        told(&place.refused(), &[name, "is a folder, a pipe or a link to nothing"]);
    }
    // A pipe where the output's receipt would stand is not waited for either.
    let place = Place::new();
    std::fs::create_dir(place.out()).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(place.out().join("run.json")).status().unwrap().success());
    let run = ended(place.check());
    assert_eq!(run.status.code(), Some(2));
    told(&text(&run.stderr), &["run.json", "name another folder"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_says_so() {
    use std::os::unix::fs::PermissionsExt;
    for name in ["people.csv", "attendance.csv", "claims.parquet", "sfclaim.toml"] {
        let place = Place::new();
        let path = place.put(name, "x\n");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o000)).unwrap();
        if std::fs::read(&path).is_ok() {
            // Nothing is forbidden to this user.
            return;
        }
        told(&place.refused(), &[name, "This user may not"]);
    }
}

#[test]
fn settings_reach_nothing_outside_the_data_folder() {
    for file in [
        "../cases.csv",
        "sub/../../cases.csv",
        "..\\\\cases.csv",
        "/etc/passwd",
        "C:\\\\data\\\\cases.csv",
        "C:cases.csv",
        "\\\\\\\\server\\\\share\\\\cases.csv",
        "",
    ] {
        let place = Place::new();
        place.put("sfclaim.toml", format!("[[files]]\nfile = \"{file}\"\ntable = \"cases\"\n"));
        told(&place.refused(), &["sfclaim.toml line 2", "is not inside the data folder"]);
    }
}

#[test]
fn settings_that_are_deep_or_long_are_refused_at_once() {
    let file = |more: &str| format!("[[files]]\nfile = \"cases.csv\"\ntable = \"cases\"\n{more}\n");
    for toml in [
        format!("[[files]]\nfile = \"{}x\"\ntable = \"cases\"\n", "*".repeat(5000)),
        format!("[[files]]\nfile = \"{}x\"\ntable = \"cases\"\n", "a*".repeat(5000)),
        format!("{}b = 1\n", "a.".repeat(200_000)),
        format!("[{}b]\nc = 1\n", "a.".repeat(200_000)),
        format!("a = {}\n", "[".repeat(100_000)),
        file(&format!("columns = {{ {}", "{ a = ".repeat(100_000))),
        file(&format!("columns = {{ opened_on = \"{}\" }}", "x".repeat(500_000))),
        file(&format!("{} = 1", "x".repeat(500_000))),
        "a = 1\n\"".to_owned(),
    ] {
        let place = Place::new();
        place.put(&"a".repeat(200), "");
        place.put("sfclaim.toml", &toml);
        told(&place.refused(), &["sfclaim.toml"]);
    }
}

/// Whether a text can be shown on a terminal as it is.
fn is_neutral(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, '\n' | '\t') || !(c.is_control() || "\u{202e}\u{200f}\u{2066}\u{feff}".contains(c)))
}

#[test]
fn nothing_in_a_cell_gives_orders_to_the_terminal() {
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{200f}\u{8}\u{7f}";
    let place = Place::new();
    place.put(
        "cases.csv",
        format!("case_id,family_id,opened_on,{evil}\nC{evil}1,F{evil}1,2023-01-10,x\nC2,F2,x{evil}\n"),
    );
    place.put("criteria.csv", format!("case_id,criterion\nC{evil}1,3\nC2,{evil}\n"));
    place
        .put("people.csv", format!("person_id,family_id,date_of_birth,first_name\nP1,F{evil}1,2014-01-01,Ann{evil}\n"));
    let said = place.taken();
    assert!(is_neutral(&said), "{said:?}");
    // Of ids what shows nothing is gone; other cells are data, and the files keep every byte of them.
    assert!(!place.written("decisions.csv").contains(evil) && place.written("decisions.csv").contains("owned"));
    assert!(place.written("findings.csv").contains("owned"));

    let explain = |more: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sfclaim"));
        let id = format!("C{evil}1");
        command.arg("explain").arg(place.data()).arg(id).args(["--as-at", "2024-09-30", "--show-names"]).args(more);
        ended(command)
    };
    for more in [&[][..], &["--json"]] {
        let run = explain(more);
        let said = text(&run.stdout);
        assert!(is_neutral(&said) && !said.is_empty(), "{said:?} {}", text(&run.stderr));
    }
    let json: serde_json::Value = serde_json::from_slice(&explain(&["--json"]).stdout).unwrap();
    assert!(json.to_string().contains("owned"));

    // In messages too: those of settings, of files and of arguments.
    let place = Place::new();
    place.put("sfclaim.toml", format!("\"{}\" = 1\n", evil.replace(|c: char| c < ' ' || c == '\u{7f}', "\u{9c}")));
    assert!(is_neutral(&place.refused()));
    place.take("sfclaim.toml");
    place.put("criteria.csv", format!("case_id{evil},criterion\nC1,3\n"));
    assert!(is_neutral(&place.refused()));
    let run = ended({
        let mut command = place.check();
        command.arg(format!("--{evil}"));
        command
    });
    assert!(is_neutral(&text(&run.stderr)), "{:?}", text(&run.stderr));
}

#[test]
fn a_line_break_in_a_cell_makes_no_line_on_the_screen() {
    let place = Place::new();
    let forged = "\"x\nValue of the claimable: 99 x £800 = £79,200\"";
    place.put("cases.csv", format!("{CASES}C3,F3,{forged},\n"));
    let said = place.taken();
    assert!(!said.lines().any(|line| line.starts_with("Value of the claimable: 99")), "{said}");
}

#[test]
fn text_that_is_none_is_refused_or_told() {
    // Bytes of zero.
    let place = Place::new();
    place.put("cases.csv", CASES.replace("F2", "F\u{0}2"));
    told(&place.refused(), &["cases.csv", "bytes of zero"]);
    // Half of a pair of UTF-16, and a file cut in the middle of a character: what cannot be read must not make two ids one.
    let utf16 = |units: &[u16]| -> Vec<u8> { units.iter().flat_map(|unit| unit.to_le_bytes()).collect() };
    let good: Vec<u16> = std::iter::once(0xFEFF).chain(CASES.encode_utf16()).collect();
    let lone: Vec<u16> = good.iter().map(|unit| if *unit == u16::from(b'F') { 0xD800 } else { *unit }).collect();
    place.put("cases.csv", utf16(&good));
    place.taken();
    std::fs::remove_dir_all(place.out()).unwrap();
    place.put("cases.csv", utf16(&lone));
    told(&place.refused(), &["cases.csv is text in UTF-16 with bytes that stand for no character"]);
    place.put("cases.csv", &utf16(&good)[..utf16(&good).len() - 1]);
    told(&place.refused(), &["cases.csv is text in UTF-16", "breaks off"]);
    place.put("cases.csv", CASES);
    let marks: Vec<u16> = std::iter::once(0xFEFF).chain(MARKS.encode_utf16()).collect();
    place.put("attendance.csv", &utf16(&marks)[..2 * marks.len() - 1]);
    told(&place.refused(), &["attendance.csv is text in UTF-16", "breaks off"]);
    place.take("attendance.csv");
    // A surrogate written as UTF-8 is no UTF-8.
    let parts = [CASES.as_bytes(), b"C3,F\xED\xA0\x80,2023-01-10,\n"];
    place.put("cases.csv", parts.concat());
    told(&place.taken(), &["read as Windows-1252"]);
}

#[test]
fn a_very_long_id_is_kept_in_the_files_and_short_on_the_screen() {
    let id = "F".repeat(1 << 20);
    let place = Place::new();
    place.put("cases.csv", format!("{CASES}C3,{id},2023-01-10,\nC4,{id},x,\n"));
    let said = place.taken();
    assert!(said.len() < 20_000, "{} characters on the screen", said.len());
    assert!(place.written("decisions.csv").contains(&id));
}

#[test]
fn a_folder_may_have_thousands_of_other_files() {
    let place = Place::new();
    for number in 0..3000 {
        place.put(&format!("export_{number}.csv"), "");
        place.put(&format!("letter_{number}.docx"), "");
    }
    let said = place.taken();
    assert!(said.len() < 20_000);
    told(&said, &["3,000 times"]);
}

#[test]
fn the_same_file_under_two_names_changes_nothing_or_is_refused() {
    let place = Place::new();
    place.put("cases.txt", CASES);
    place.put("cases.xlsx", workbook(|_, bytes| bytes));
    told(&place.refused(), &["cases.csv and cases.xlsx", "are both the table \"cases\": keep one of them"]);

    let decisions = |copy: bool| {
        let place = with_marks();
        if copy {
            place.put("attendance_copy.csv", MARKS);
        }
        place.taken();
        (place.written("decisions.csv"), place.written("children.csv"))
    };
    assert_eq!(decisions(false), decisions(true));

    // Named twice in the settings: every row is repeated exactly, and counts once.
    let place = Place::new();
    place.put("copy.csv", CASES);
    place.put(
        "sfclaim.toml",
        "[[files]]\nfile = \"cases.csv\"\ntable = \"cases\"\n[[files]]\nfile = \"copy.csv\"\ntable = \"cases\"\n",
    );
    place.taken();
    let summary: serde_json::Value = serde_json::from_str(&place.written("summary.json")).unwrap();
    assert_eq!(summary["rows"]["cases"]["used"], 2, "{summary}");
    assert_eq!(summary["rows"]["cases"]["repeated"], 2, "{summary}");
}
