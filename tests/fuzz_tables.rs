//! The loader of small tables, given thousands of damaged files: text in every dialect, workbooks of both formats, Parquet,
//! `sfclaim.toml` and criteria in wide layout. It never panics and never hangs: the folder is either judged, or refused with
//! a message that names a file.
//!
//! `SFCLAIM_FUZZ=200000 cargo test --test fuzz_tables` tries more, and `SFCLAIM_FUZZ_FROM` says which is first. The same
//! number always makes the same damage.

#![cfg(feature = "native")]

#[path = "support/damage.rs"]
mod damage;
#[path = "support/on_disk.rs"]
mod on_disk;
mod support;

use damage::{all_tried, damage, last_panic};
use on_disk::{Dice, write_parquet};
use rust_xlsxwriter::Workbook;
use sfclaim::load::load;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{Question, judge, prepare};
use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use support::{Table, question, table};

fn tables() -> Vec<Table> {
    vec![
        table(
            "cases.csv",
            &[
                "case_id,family_id,source,opened_on,closed_on,team",
                "C1,F1,early_help,2023-01-10,2024-03-31,North",
                "C2,F2,,01/02/2023,,\"South, East\"",
                "0003,F3,Hémsworth,45000,2023-12-01,\"two\nlines\"",
            ],
        ),
        table(
            "criteria.csv",
            &[
                "case_id,criterion,person_id,identified_on,outcome_on,result",
                "C1,1,P1,,2024-03-30,achieved",
                "C1,5.2,,,2024-03-30,achieved",
                "C2,3,,2023-02-02,,",
                "0003,10,,,2023-12-01,not_achieved",
            ],
        ),
        table(
            "people.csv",
            &[
                "person_id,family_id,date_of_birth,role,upn,first_name,last_name,restricted",
                "P1,F1,2014-05-06,child,W889200024001,Ann,Bell,n",
                "P2,F2,2012-01-01,,W889200024002,Bea,\"O\"\"Hara\",y",
            ],
        ),
        table(
            "claims.csv",
            &[
                "claim_id,family_id,case_id,submitted_on,decided_on,outcome",
                "K1,F1,,2021-01-01,2021-02-02,approved",
                "K2,F2,C2,2024-01-01,,submitted",
            ],
        ),
        table(
            "agreements.csv",
            &[
                "case_id,rule,person_id,academic_year,term,answer,reason,agreed_by,agreed_on,until",
                "C1,attendance,P1,2023/24,Summer,met,ill,B,2024-08-01,",
            ],
        ),
        table(
            "terms.csv",
            &[
                "academic_year,term,starts_on,ends_on",
                "2023/24,Spring,2024-01-08,2024-03-28",
                "2023/24,Summer,2024-04-15,2024-07-19",
                "2024/25,Autumn,2024-09-02,2024-12-20",
            ],
        ),
    ]
}

/// A folder with all tables as CSV, and what judges it.
struct Tried {
    pack: Pack,
    question: Question,
    place: tempfile::TempDir,
}

impl Tried {
    fn new() -> Tried {
        let tried = Tried {
            pack: Pack::built_in().unwrap(),
            question: question("2024-09-30", &[], None).unwrap(),
            place: tempfile::tempdir().unwrap(),
        };
        tables().iter().for_each(|table| tried.restore(table));
        assert_eq!(tried.wrong(&["none"]), None);
        tried
    }

    fn folder(&self) -> &Path {
        self.place.path()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    fn restore(&self, table: &Table) {
        std::fs::write(self.path(&table.file), csv_of(table, ',')).unwrap();
    }

    /// What is wrong with how the folder is judged, where a message should name one of these files.
    fn wrong(&self, named: &[&str]) -> Option<String> {
        let run = || {
            let loaded = load(self.folder())?;
            let prepared = prepare(&loaded, &self.pack, &self.question)?;
            judge(&prepared, prepared.rules.clone());
            Ok::<_, sfclaim::error::Error>(prepared.register.counts)
        };
        let done = catch_unwind(AssertUnwindSafe(run));
        let panicked = last_panic();
        match done {
            _ if !panicked.is_empty() => Some(format!("a panic: {panicked}")),
            Err(_) => Some("a panic that nothing is said of".to_owned()),
            Ok(Err(why)) => {
                let why = why.to_string();
                (!named.iter().any(|name| why.contains(name))).then(|| format!("a message without the file: {why}"))
            }
            Ok(Ok(counts)) => counts
                .iter()
                .find(|(_, rows)| rows.read != rows.used + rows.repeated + rows.quarantined)
                .map(|(table, rows)| format!("rows of {table} that do not add up: {rows:?}")),
        }
    }

    /// The same with a file of these bytes in the folder.
    fn wrong_with(&self, name: &str, bytes: &[u8], named: &[&str]) -> Option<String> {
        std::fs::write(self.path(name), bytes).unwrap();
        self.wrong(named).map(|wrong| {
            let shown: String = bytes.escape_ascii().to_string().chars().take(3000).collect();
            format!("{wrong}\n  {name}: {shown}")
        })
    }
}

fn csv_of(table: &Table, separator: char) -> String {
    let mut text = String::new();
    for row in std::iter::once(&table.columns).chain(&table.rows) {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| match cell.contains(['"', '\n', separator]) {
                true => format!("\"{}\"", cell.replace('"', "\"\"")),
                false => cell.clone(),
            })
            .collect();
        text += &cells.join(&separator.to_string());
        text.push('\n');
    }
    text
}

/// A text as a program might store it.
fn encoded(text: &str, dice: &mut Dice) -> Vec<u8> {
    let utf16 = |mark: bool, big: bool| -> Vec<u8> {
        let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    match dice.below(8) {
        0 | 1 => text.as_bytes().to_vec(),
        2 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        3 => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
        number => utf16(number % 2 == 0, number > 5),
    }
}

#[test]
fn damaged_text_in_any_dialect_is_judged_or_refused() {
    all_tried(1, 1200, || {
        let (tried, tables) = (Tried::new(), tables());
        move |number| {
            let mut dice = Dice::new(number);
            dice.below(2);
            let table = &tables[dice.below(tables.len())];
            let mut text = csv_of(table, [',', ';', '\t', '|'][dice.below(4)]);
            for _ in 0..dice.below(3) {
                text.insert_str(0, ["Report of cases\n", "\n", "\"Two\nlines\";x\n", ",,,\n"][dice.below(4)]);
            }
            for _ in 0..dice.below(3) {
                text += ["Total: 312 families\n", "\n", "Page 1 of 2", "\"end of report\",,,\n"][dice.below(4)];
            }
            if dice.once_in(3) {
                text = text.replace('\n', ["\r\n", "\r"][dice.below(2)]);
            }
            let mut bytes = encoded(&text, &mut dice);
            match dice.below(4) {
                0 => bytes.truncate(bytes.len().saturating_sub(dice.below(9))),
                1 => {}
                _ => damage(&mut bytes, &mut dice),
            }
            let stem = table.file.trim_end_matches(".csv");
            let wrong = tried.wrong_with(&table.file, &bytes, &[stem]);
            tried.restore(table);
            wrong.map(|wrong| format!("{wrong}\n  damage {number}"))
        }
    });
}

/// All tables as the sheets of a workbook, part by part.
fn parts_of_workbook() -> Vec<(String, Vec<u8>)> {
    let mut book = Workbook::new();
    for table in tables() {
        let sheet = book.add_worksheet().set_name(table.file.trim_end_matches(".csv")).unwrap();
        for (row, cells) in (0..).zip(std::iter::once(&table.columns).chain(&table.rows)) {
            for (column, cell) in (0..).zip(cells) {
                match cell.parse::<f64>() {
                    Ok(number) if row > 0 => sheet.write(row, column, number).unwrap(),
                    _ => sheet.write(row, column, cell.as_str()).unwrap(),
                };
            }
        }
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(book.save_to_buffer().unwrap())).unwrap();
    let parts = archive.len();
    let part = |number| {
        let mut part = archive.by_index(number).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        (part.name().unwrap().into_owned(), bytes)
    };
    (0..parts).map(part).collect()
}

fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        writer.start_file(name.as_str(), stored).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Pieces of the XML of workbooks, and numbers that none has.
const PIECES: [&str; 26] = [
    "<row r=\"1\">",
    "</row>",
    "<c r=\"A1\" t=\"s\"><v>0</v></c>",
    "<c r=\"XFD1048576\"><v>1</v></c>",
    "<c r=\"ZZZZZZ99999999999\"><v>1</v></c>",
    "<c t=\"s\"><v>99999999999</v></c>",
    "<c t=\"s\"><v>-1</v></c>",
    "<c t=\"d\"><v>2024-13-45</v></c>",
    "<c t=\"b\"><v>x</v></c>",
    "<c t=\"e\"><v>#REF!</v></c>",
    "<c><v>1e308</v></c>",
    "<c s=\"99999\"><v>-1e9</v></c>",
    "<c><v>nan</v></c>",
    "<si><t>a</t></si>",
    "<si/>",
    "uniqueCount=\"99999999999999\"",
    "<mergeCell ref=\"A1:XFD1048576\"/>",
    "<dimension ref=\"A1:XFD1048576\"/>",
    "<dimension ref=\"B2:A1\"/>",
    "<f>A1</f>",
    "<f t=\"shared\" ref=\"A1:B2\" si=\"0\">A1</f>",
    "&#x0;",
    "&nothing;",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "<![CDATA[",
    "-->",
];

#[test]
fn damaged_workbooks_are_judged_or_refused() {
    all_tried(1, 600, || {
        let tried = Tried::new();
        for table in tables() {
            std::fs::remove_file(tried.path(&table.file)).unwrap();
        }
        let parts = parts_of_workbook();
        let whole = zipped(&parts);
        assert_eq!(tried.wrong_with("book.xlsx", &whole, &["none"]), None);
        move |number| {
            let mut dice = Dice::new(number);
            dice.below(2);
            let bytes = if dice.once_in(4) {
                let mut bytes = whole.clone();
                damage(&mut bytes, &mut dice);
                bytes
            } else {
                let mut parts = parts.clone();
                for _ in 0..1 + dice.below(2) {
                    let part = dice.below(parts.len());
                    let bytes = &mut parts[part].1;
                    if dice.once_in(2) {
                        damage(bytes, &mut dice);
                    } else {
                        // A piece where a tag ends, so that the whole still is XML more often.
                        let ends: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'>').collect();
                        let at = ends.get(dice.below(ends.len())).map_or(0, |at| at + 1);
                        bytes.splice(at..at, PIECES[dice.below(PIECES.len())].bytes());
                    }
                }
                match dice.below(12) {
                    0 => drop(parts.remove(dice.below(parts.len()))),
                    1 => {
                        let again = parts[dice.below(parts.len())].1.clone();
                        let at = dice.below(parts.len());
                        parts[at].1 = again;
                    }
                    _ => {}
                }
                zipped(&parts)
            };
            // Without a table that must be there it is the folder that is named.
            let wrong = tried.wrong_with("book.xlsx", &bytes, &["book.xlsx", "the data has no table"]);
            wrong.map(|wrong| format!("{wrong}\n  damage {number}"))
        }
    });
}

/// A workbook of the older format, with one sheet: sectors, a folder of streams and the records of the workbook.
fn older_workbook(dice: &mut Dice) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat();
    let begin = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x000A, &[]);
    let bound = |at: u32| record(0x0085, &[&at.to_le_bytes()[..], &[0, 0, 6, 0], b"claims"].concat());
    let length = begin.len() + bound(0).len() + end.len();
    let mut stream = [begin.clone(), bound(length as u32), end.clone(), begin].concat();
    let numbers = [0u16, 1, 2, 5, 255, 256, 65_535];
    if dice.once_in(2) {
        let rows = [1u32, 10, 65_536, u32::MAX][dice.below(4)];
        let columns = numbers[dice.below(numbers.len())];
        stream.extend(record(
            0x0200,
            &[&0u32.to_le_bytes()[..], &rows.to_le_bytes(), &[0, 0], &columns.to_le_bytes(), &[0, 0]].concat(),
        ));
    }
    for (column, name) in (0u16..).zip(["claim_id", "family_id", "submitted_on", "outcome"]) {
        let head = [&0u16.to_le_bytes()[..], &column.to_le_bytes(), &[0, 0], &(name.len() as u16).to_le_bytes(), &[0]];
        stream.extend(record(0x0204, &[&head.concat()[..], name.as_bytes()].concat()));
    }
    for _ in 0..dice.below(5) {
        let (row, column) = (numbers[dice.below(numbers.len())], numbers[dice.below(numbers.len())]);
        let kind = [0x0203, 0x0204, 0x0205, 0x027E, 0x00BD, 0x00FD, 0x0006][dice.below(7)];
        let data: Vec<u8> = (0..dice.below(24)).map(|_| dice.below(256) as u8).collect();
        stream.extend(record(kind, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &data].concat()));
    }
    stream.extend(end);
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = stream.len() / 512;
    let mut bytes = vec![0; 512 * 3];
    bytes[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    bytes[26..34].copy_from_slice(&[3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    bytes[76..1024].fill(0xFF);
    let last = 0xFFFF_FFFEu32;
    let chain = (0..sectors).map(|sector| if sector + 1 == sectors { last } else { sector as u32 + 3 });
    let fat = [0xFFFF_FFFDu32, last].into_iter().chain(chain);
    let header = [(44, 1u32), (48, 1), (60, last), (68, last), (76, 0)].into_iter();
    for (at, number) in header.chain(fat.enumerate().map(|(place, number)| (512 + 4 * place, number))) {
        bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
    }
    for (entry, name, first, length) in [(1024, "Root Entry", last, 0), (1152, "Workbook", 2, stream.len() as u32)] {
        for (place, unit) in name.encode_utf16().enumerate() {
            bytes[entry + 2 * place..entry + 2 * place + 2].copy_from_slice(&unit.to_le_bytes());
        }
        bytes[entry + 116..entry + 120].copy_from_slice(&first.to_le_bytes());
        bytes[entry + 120..entry + 124].copy_from_slice(&length.to_le_bytes());
    }
    [bytes, stream].concat()
}

#[test]
fn damaged_workbooks_of_the_older_format_are_judged_or_refused() {
    all_tried(1, 800, || {
        let tried = Tried::new();
        std::fs::remove_file(tried.path("claims.csv")).unwrap();
        let mut read = 0;
        move |number| {
            let mut dice = Dice::new(number);
            dice.below(2);
            let mut bytes = older_workbook(&mut dice);
            if dice.once_in(2) {
                damage(&mut bytes, &mut dice);
            }
            let wrong = tried.wrong_with("claims.xls", &bytes, &["claims"]);
            read += usize::from(load(tried.folder()).is_ok());
            // Else the test would try nothing but the first look at a file.
            let none_read = number == 300 && read == 0;
            let wrong = wrong.or(none_read.then(|| "no workbook of this format can be read".to_owned()));
            wrong.map(|wrong| format!("{wrong}\n  damage {number}"))
        }
    });
}

#[test]
fn damaged_parquet_of_small_tables_is_judged_or_refused() {
    all_tried(1, 800, || {
        let (tried, tables) = (Tried::new(), tables());
        move |number| {
            let mut dice = Dice::new(number);
            dice.below(2);
            let table = &tables[dice.below(tables.len())];
            let stem = table.file.trim_end_matches(".csv");
            let (name, csv) = (format!("{stem}.parquet"), tried.path(&table.file));
            std::fs::remove_file(&csv).unwrap();
            write_parquet(&tried.path(&name), table, &mut dice);
            let mut bytes = std::fs::read(tried.path(&name)).unwrap();
            if !dice.once_in(20) {
                damage(&mut bytes, &mut dice);
            }
            let wrong = tried.wrong_with(&name, &bytes, &[stem]);
            std::fs::remove_file(tried.path(&name)).unwrap();
            tried.restore(table);
            wrong.map(|wrong| format!("{wrong}\n  damage {number}"))
        }
    });
}

const WIDE: &str = "Case Ref,Worker,Education,Education outcome,Housing,Housing ended,Crime\n\
    C1,Ann,Y,30/03/2024,yes,2024-03-30,x\nC2,Bea,01/02/2023,,N,,maybe\n0003,\"C, D\",,,1,2023-12-01,\n";

const SETTINGS: &str = "authority = \"blackburn-with-darwen\"\nfinancial_year_starts = \"04-01\"\nseparator = \"comma\"\n\
    date_order = \"day_first\"\n\n[[files]]\nfile = \"wide.csv\"\ntable = \"criteria\"\nheader_row = 1\nencoding = \"utf-8\"\n\
    columns = { case_id = \"Case Ref\", evidence = \"Worker\" }\n\n[files.wide]\nyes = [\"Y\", \"done\"]\nno = [\"none\"]\n\n\
    [files.wide.criteria]\n1 = { flag = \"Education\", outcome_on = \"Education outcome\" }\n\
    9 = { flag = \"Housing\", outcome_on = \"Housing ended\" }\n\"7\" = \"Crime\"\n\n\
    [[files]]\nfile = \"cases*.csv\"\ntable = \"cases\"\nvalues.source = { \"EH Hub\" = \"early_help\" }\n\
    constants = { lead_practitioner = \"North\" }\n\n[[suppliers]]\nname = \"North\"\nfiles = [\"attendance_north*\"]\n\
    symbols = { 1 = \"Y1\", \"(\" = 'O' }\n";

/// Keys and values of settings, and others.
const KEYS: [&str; 24] = [
    "authority",
    "separator",
    "encoding",
    "date_order",
    "files",
    "suppliers",
    "file",
    "table",
    "mapping",
    "sheet",
    "header_row",
    "columns",
    "values",
    "constants",
    "wide",
    "yes",
    "no",
    "criteria",
    "flag",
    "outcome_on",
    "case_id",
    "\"\"",
    "\"a\\nb\"",
    "1",
];
const VALUES: [&str; 24] = [
    "\"cases\"",
    "\"criteria\"",
    "\"wide.csv\"",
    "\"*\"",
    "\"**/../x\"",
    "\"/\"",
    "\"\"",
    "\"Case Ref\"",
    "\"comma\"",
    "\"\\t\"",
    "\"utf-16\"",
    "\"windows-1252\"",
    "\"month_first\"",
    "0",
    "1",
    "-1",
    "99999999999999999999",
    "1e400",
    "nan",
    "true",
    "2024-02-30",
    "[]",
    "{}",
    "\"\u{1b}[2J\"",
];

fn tree(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 || dice.once_in(3) {
        return VALUES[dice.below(VALUES.len())].to_owned();
    }
    let parts: Vec<String> = (0..dice.below(4))
        .map(|_| {
            let inside = tree(dice, depth - 1);
            format!("{} = {inside}", KEYS[dice.below(KEYS.len())])
        })
        .collect();
    if dice.once_in(4) { format!("[{}]", tree(dice, depth - 1)) } else { format!("{{ {} }}", parts.join(", ")) }
}

#[test]
fn damaged_settings_and_wide_tables_are_judged_or_refused() {
    all_tried(1, 1200, || {
        let tried = Tried::new();
        std::fs::remove_file(tried.path("criteria.csv")).unwrap();
        std::fs::write(tried.path("sfclaim.toml"), SETTINGS).unwrap();
        assert_eq!(tried.wrong_with("wide.csv", WIDE.as_bytes(), &["none"]), None);
        move |number| {
            let mut dice = Dice::new(number);
            dice.below(2);
            // Settings may make any file any table.
            let named = ["sfclaim.toml", ".csv", "criteria"];
            let wrong = match dice.below(4) {
                0 => {
                    let mut text = csv::ReaderBuilder::new()
                        .has_headers(false)
                        .from_reader(WIDE.as_bytes())
                        .records()
                        .map(|row| row.unwrap().iter().collect::<Vec<_>>().join([",", ";", "|"][dice.below(1)]) + "\n")
                        .collect::<String>()
                        .into_bytes();
                    damage(&mut text, &mut dice);
                    tried.wrong_with("wide.csv", &text, &named)
                }
                1 => {
                    let lines: Vec<String> = (0..1 + dice.below(4))
                        .map(|_| format!("{} = {}\n", KEYS[dice.below(KEYS.len())], tree(&mut dice, 4)))
                        .collect();
                    let under = ["", "[[files]]\nfile = \"wide.csv\"\ntable = \"criteria\"\n", "[[suppliers]]\n"];
                    let text = format!("{}{}", under[dice.below(3)], lines.concat());
                    tried.wrong_with("sfclaim.toml", text.as_bytes(), &[&named[..], &["table"]].concat())
                }
                2 => {
                    // Lines and values changed about, which is still TOML more often.
                    let mut lines: Vec<String> = SETTINGS.lines().map(str::to_owned).collect();
                    for _ in 0..1 + dice.below(3) {
                        let at = dice.below(lines.len());
                        match dice.below(3) {
                            0 => drop(lines.remove(at)),
                            1 => lines.insert(at, lines[dice.below(lines.len())].clone()),
                            _ => {
                                if let Some((key, _)) = lines[at].split_once(" = ") {
                                    lines[at] = format!("{key} = {}", tree(&mut dice, 2));
                                }
                            }
                        }
                    }
                    tried.wrong_with("sfclaim.toml", lines.join("\n").as_bytes(), &named)
                }
                _ => {
                    let mut bytes = SETTINGS.as_bytes().to_vec();
                    damage(&mut bytes, &mut dice);
                    tried.wrong_with("sfclaim.toml", &bytes, &named)
                }
            };
            std::fs::write(tried.path("sfclaim.toml"), SETTINGS).unwrap();
            std::fs::write(tried.path("wide.csv"), WIDE).unwrap();
            wrong.map(|wrong| format!("{wrong}\n  damage {number}"))
        }
    });
}
