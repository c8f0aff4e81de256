//! Damaged files: small valid ones of every table and layout, changed at random in the ways that files are damaged, go
//! through the whole program. It never panics and never hangs: it either stops with a message that says which file, or
//! every row that it read is used, repeated or quarantined.
//!
//! `SFCLAIM_FUZZ=200000 cargo test --test fuzz_readers` tries more of them, and `SFCLAIM_FUZZ_FROM` says which is first.
//! The same number always makes the same damage.

#![cfg(feature = "native")]

#[path = "support/damage.rs"]
mod damage;
#[path = "support/on_disk.rs"]
mod on_disk;
mod support;

use damage::{all_tried, damage, last_panic, watch};
use on_disk::{Dice, csv_bytes, write_parquet};
use polars::prelude::{DataFrame, DataType, IntoColumn, NamedFrom, ParquetWriter, Series, TimeUnit};
use sfclaim::load::load;
use sfclaim::report::views::check::doubts;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{Question, judge, prepare};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use support::{Table, question, table};

/// A file by its name.
type Files = Vec<(String, Vec<u8>)>;

fn small_tables() -> Vec<Table> {
    vec![
        table(
            "cases.csv",
            &[
                "case_id,family_id,opened_on,closed_on,team",
                "C1,F1,2023-01-10,2024-03-31,North",
                "C2,F2,2023-02-01,,\"South, East\"",
                "C3,F3,2023-02-01,2023-12-01,",
                "C4,F4,01/02/2023,,",
            ],
        ),
        table(
            "criteria.csv",
            &[
                "case_id,criterion,person_id,identified_on,outcome_on,result",
                "C1,1,P1,,2024-03-30,achieved",
                "C1,5.2,,,2024-03-30,achieved",
                "C1,8,,,2024-03-30,achieved",
                "C2,3,,2023-02-02,,",
                "C3,10,,,2023-12-01,not_achieved",
            ],
        ),
        table(
            "people.csv",
            &[
                "person_id,family_id,date_of_birth,role,upn,first_name,last_name,restricted",
                "P1,F1,2014-05-06,child,W889200024001,Ann,Bell,n",
                "P2,F2,2012-01-01,,W889200024002,Bea,\"O\"\"Hara\",y",
                "P3,F3,2010-09-01,child,,Cat,Dee,",
                "P4,F1,1980-01-01,adult,,Dan,Bell,",
            ],
        ),
        table(
            "agreements.csv",
            &[
                "case_id,rule,person_id,academic_year,term,answer,reason,agreed_by,agreed_on,until",
                "C1,attendance,P1,2023/24,Summer,met,ill,B,2024-08-01,",
                "C2,family,,,,met,seen,B,2024-08-01,2025-01-01",
            ],
        ),
        table(
            "terms.csv",
            &[
                "academic_year,term,starts_on,ends_on",
                "2023/24,Spring,2024-01-08,2024-01-12",
                "2023/24,Summer,2024-04-08,2024-04-12",
                "2024/25,Autumn,2024-09-02,2024-12-20",
            ],
        ),
        table(
            "attendance_totals.csv",
            &[
                "person_id,school_urn,academic_year,term,possible,attended,authorised,unauthorised",
                "P1,100001,2023/24,Spring,10,9,1,0",
                "P1,,2023/24,Spring,10,9,,",
                "P2,100002,2023/24,Summer,10.0,9,0,1",
                "P3,100002,2023/24,Summer,10,-1,0,1",
            ],
        ),
        table(
            "attendance_counts.csv",
            &[
                "upn,academic_year,term,code,sessions",
                "W889200024001,2023/24,Summer,/,9",
                "W889200024001,2023/24,Summer,O,1",
                "W889200024002,2023/24,Spring,Y1,3",
            ],
        ),
        table(
            "attendance_weeks.csv",
            &[
                "upn,person_id,week_start,marks",
                "W889200024001,,2024-01-08,\"/\\/\\/\\/\\1O\"",
                ",P2,2024-01-08,\"/\\/\\/\\/\\/\\  ##\"",
                "X9,,08/01/2024,/\\/\\/\\/\\/\\",
                ",P3,2024-01-09,/\\/\\/\\/\\/\\",
            ],
        ),
    ]
}

fn claims() -> Table {
    table(
        "claims.csv",
        &[
            "claim_id,family_id,case_id,submitted_on,decided_on,outcome",
            "K1,F1,,2021-01-01,2021-02-02,approved",
            "K2,F2,C2,2024-01-01,,submitted",
            "K3,F9,,2015-01-01,,rejected",
        ],
    )
}

fn marks() -> Table {
    let mut marks = table("attendance_marks.csv", &["upn,person_id,school_urn,date,session,code"]);
    for number in 0..40 {
        let row = [
            ["W889200024001", "w889200024002", "", "Z1"][number % 4],
            ["", "", "P3", ""][number % 4],
            ["", "100001", "100002"][number % 3],
            &format!("2024-04-{:02}", 8 + number / 10),
            if number % 2 == 0 { "AM" } else { "PM" },
            ["/", "\\", "O", "C1", "#", ""][number % 6],
        ];
        marks.rows.push(row.map(str::to_owned).to_vec());
    }
    marks
}

/// The folder before it is damaged: every table, every layout of attendance, both formats.
fn whole(folder: &Path) -> Files {
    let mut dice = Dice::new(3);
    for table in small_tables().iter().chain(&[marks()]) {
        std::fs::write(folder.join(&table.file), csv_bytes(table, &mut dice)).unwrap();
    }
    write_parquet(&folder.join("claims.parquet"), &claims(), &mut dice);
    for number in 1..=4 {
        write_parquet(&folder.join(format!("attendance_{number}.parquet")), &marks(), &mut Dice::new(number));
    }
    let weeks = small_tables().pop().unwrap();
    write_parquet(&folder.join("attendance_weeks.parquet"), &weeks, &mut Dice::new(2));
    let settings =
        "[[suppliers]]\nname = \"North\"\nfiles = [\"attendance_weeks*\"]\nsymbols = { 1 = \"Y1\", \"(\" = 'O' }\n";
    std::fs::write(folder.join("sfclaim.toml"), settings).unwrap();
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut files: Files =
        entries.map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())).collect();
    files.sort();
    files
}

/// Reads and judges a folder. What is wrong with how that went, if anything.
fn judged(
    pack: &Pack,
    question: &Question,
    folder: &Path,
    damaged: &str,
    read_at_once: Option<usize>,
) -> Option<String> {
    let run = || {
        let mut loaded = load(folder)?;
        loaded.read_at_once = read_at_once;
        let prepared = prepare(&loaded, pack, question)?;
        let outcome = judge(&prepared, prepared.rules.clone());
        doubts::rows(&outcome, &loaded)?;
        Ok::<_, sfclaim::error::Error>(prepared.register.counts)
    };
    let done = catch_unwind(AssertUnwindSafe(run));
    // One that is caught within the program must not be said to anyone either.
    let panicked = last_panic();
    match done {
        _ if !panicked.is_empty() => Some(format!("a panic: {panicked}")),
        Err(_) => Some("a panic that nothing is said of".to_owned()),
        Ok(Err(why)) => {
            let why = why.to_string();
            let stem = damaged.split(['.', '_']).next().unwrap_or_default();
            // Where it is the table as a whole, all its files are meant.
            let is_said = why.contains(damaged) || why.contains(stem);
            (!is_said).then(|| format!("a message that does not say which file: {why}"))
        }
        Ok(Ok(counts)) => counts
            .iter()
            .find(|(_, rows)| rows.read != rows.used + rows.repeated + rows.quarantined)
            .map(|(table, rows)| format!("rows of {table} that do not add up: {rows:?}")),
    }
}

/// What comes of the damage of this number: the file, and what is wrong, if anything.
fn tried(number: u64, pack: &Pack, question: &Question, folder: &Path, files: &Files) -> Option<String> {
    let mut dice = Dice::new(number);
    dice.below(2);
    let (name, before) = &files[dice.below(files.len())];
    let mut bytes = before.clone();
    damage(&mut bytes, &mut dice);
    let read_at_once = [None, Some(1), Some(16), Some(300)][dice.below(4)];
    let path = folder.join(name);
    std::fs::write(&path, &bytes).unwrap();
    let wrong = judged(pack, question, folder, name, read_at_once);
    if is_beside(name) {
        std::fs::remove_file(&path).unwrap();
    } else {
        std::fs::write(&path, before).unwrap();
    }
    wrong.map(|wrong| format!("{wrong}\n  damage {number}, {name} by {read_at_once:?}: {}", bytes.escape_ascii()))
}

/// Whether a file stands in the folder only while it is damaged, so that the others are not read so often.
fn is_beside(name: &str) -> bool {
    name.starts_with("attendance_") && name.ends_with(".parquet")
}

#[test]
fn damaged_files_stop_the_run_or_are_quarantined() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().to_owned();
    all_tried(1, 2000, move || {
        let pack = Pack::built_in().unwrap();
        let question = question("2024-09-30", &[], None).unwrap();
        let files = whole(&folder);
        assert_eq!(judged(&pack, &question, &folder, "", None), None, "undamaged");
        for (name, _) in files.iter().filter(|(name, _)| is_beside(name)) {
            std::fs::remove_file(folder.join(name)).unwrap();
        }
        move |number| tried(number, &pack, &question, &folder, &files)
    });
}

/// Columns of kinds and values that nobody expects, eight rows of each.
fn odd_columns() -> Vec<Series> {
    let days = |days: [i32; 8]| Series::new("odd".into(), days).cast(&DataType::Date).unwrap();
    let whole = |numbers: [i64; 8]| Series::new("odd".into(), numbers);
    let monday = 19_821;
    let times = |unit| DataType::Datetime(unit, None);
    vec![
        days([i32::MAX; 8]),
        days([i32::MIN; 8]),
        days([i32::MAX - 1, i32::MAX, i32::MAX, i32::MAX, i32::MAX, i32::MAX, i32::MAX, i32::MAX]),
        days([i32::MIN, i32::MAX, 0, monday, monday, monday, monday, monday]),
        days([2_932_896, 2_932_897, 2_932_896, 2_932_896, 2_932_896, 2_932_896, 2_932_896, 2_932_896]),
        days([-4_371_587, -4_371_588, -4_371_587, -4_371_587, -4_371_587, -4_371_587, -4_371_587, -4_371_587]),
        days([1_073_741_824; 8]),
        days([-25_568, -25_567, 84_005, 84_006, monday, monday, monday, monday]),
        whole([i64::MIN, i64::MAX, 0, -1, 1, 2_147_483_648, -2_147_483_649, 7]),
        whole([i64::MAX; 8]).cast(&times(TimeUnit::Milliseconds)).unwrap(),
        whole([i64::MIN; 8]).cast(&times(TimeUnit::Microseconds)).unwrap(),
        whole([0; 8]).cast(&times(TimeUnit::Nanoseconds)).unwrap(),
        Series::new("odd".into(), [f64::NAN, f64::INFINITY, f64::MAX, -0.0, 1.5, 7e6, 1e300, f64::MIN_POSITIVE]),
        Series::new("odd".into(), [true, false, true, false, true, false, true, false]),
        Series::new("odd".into(), [None::<&str>; 8]),
        Series::new_null("odd".into(), 8),
        Series::new("odd".into(), [b"\xff".as_slice(); 8]),
        Series::new("odd".into(), ["", " ", "\0", "\u{feff}", "\"", "a\nb", "é", "\u{1d}\u{1e}\u{1f}"]),
        Series::new("odd".into(), vec![Series::new("".into(), [1i64, 2]); 8]),
    ]
}

#[test]
fn odd_columns_of_parquet_stop_the_run_or_are_quarantined() {
    watch();
    let place = tempfile::tempdir().unwrap();
    let (pack, question) = (Pack::built_in().unwrap(), question("2024-09-30", &[], None).unwrap());
    for (name, _) in whole(place.path()).iter().filter(|(name, _)| is_beside(name)) {
        std::fs::remove_file(place.path().join(name)).unwrap();
    }
    let mut wrong = Vec::new();
    for name in ["attendance_1.parquet", "attendance_weeks.parquet", "claims.parquet", "attendance_codes.parquet"] {
        let path = place.path().join(name);
        let tables = small_tables();
        let table = match name {
            "attendance_1.parquet" => marks(),
            "claims.parquet" => claims(),
            "attendance_codes.parquet" => tables[6].clone(),
            _ => tables[7].clone(),
        };
        for odd in odd_columns() {
            for replaced in 0..table.columns.len() {
                let column = |(position, name): (usize, &String)| {
                    let cells: Vec<&str> =
                        table.rows.iter().cycle().map(|row| row[position].as_str()).take(odd.len()).collect();
                    let plain = Series::new(name.as_str().into(), cells);
                    let odd = odd.clone().with_name(name.as_str().into());
                    (if position == replaced { odd } else { plain }).into_column()
                };
                let columns = table.columns.iter().enumerate().map(column).collect();
                let mut frame = DataFrame::new(odd.len(), columns).unwrap();
                ParquetWriter::new(std::fs::File::create(&path).unwrap()).finish(&mut frame).unwrap();
                if let Some(what) = judged(&pack, &question, place.path(), name, None) {
                    wrong.push(format!("{what}\n  {name} {}: {odd:?}", table.columns[replaced]));
                }
            }
        }
        if name == "claims.parquet" {
            write_parquet(&path, &table, &mut Dice::new(1));
        } else {
            std::fs::remove_file(&path).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
