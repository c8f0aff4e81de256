//! `sfclaim report`: the workbook says what the CSV files of the same run say, cell by cell, with days as days and ids as text;
//! the same bytes on every run; its questions come back filled in as the CSV sheet does; what may be published tells no small
//! count; the page has the figures of the commands.
//!
//! Longer than most files: all that `report` writes but the exception report and the worklists.

use calamine::{Data, Reader, Xlsx, open_workbook};
use sfclaim::load::formulas::given_back;
use sfclaim::report::output::workbook::heading;
use sfclaim::report::output::{Described, Kind};
use sfclaim::report::views::tables;
use sfclaim::report::views::workbook::SHEETS;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sfclaim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).current_dir(root()).output().unwrap()
}

fn done(arguments: &[&str]) -> String {
    let run = sfclaim(arguments);
    assert!(run.status.code().is_some_and(|code| code < 2), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

fn on(command: &str, data: &Path, out: &Path, more: &[&str]) -> String {
    let fixed = [command, data.to_str().unwrap(), "--as-at", "2024-09-30", "--out", out.to_str().unwrap()];
    done(&[&fixed[..], more].concat())
}

/// A CSV file by rows, without the apostrophes that hold formulas back.
fn csv_rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(|cell| given_back(cell).to_owned()).collect()).collect()
}

/// The cells of a sheet, from its first row.
fn cells(book: &mut Xlsx<std::io::BufReader<fs::File>>, sheet: &str) -> Vec<Vec<Data>> {
    let range = book.worksheet_range(sheet).unwrap();
    assert_eq!(range.start(), Some((0, 0)), "{sheet} begins at A1");
    range.rows().map(<[Data]>::to_vec).collect()
}

/// A cell as CSV has it under a column of its kind: a text stays what it is, a day is a number of days.
fn as_csv(cell: &Data, kind: Kind) -> String {
    let number = |cell: &Data| match cell {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(*number as f64),
        Data::DateTime(serial) => Some(serial.as_f64()),
        _ => None,
    };
    match (cell, kind) {
        (Data::Empty, _) => String::new(),
        (Data::String(text), Kind::Text | Kind::List(_) | Kind::YesNo(_)) => text.clone(),
        (Data::DateTime(_) | Data::Float(_), Kind::Day) => {
            let days = number(cell).unwrap();
            assert!(matches!(cell, Data::DateTime(_)), "a day is shown as a day");
            sfclaim::dates::of_day_number(days as i32 - 25_569).to_string()
        }
        (cell, Kind::Whole) => format!("{}", number(cell).unwrap() as i64),
        (cell, Kind::Money) => format!("{:.2}", number(cell).unwrap()),
        (cell, Kind::Share) => format!("{:.1}%", number(cell).unwrap() * 100.0),
        (cell, Kind::Percent) => format!("{:.1}", number(cell).unwrap() * 100.0),
        (cell, Kind::Number(decimals)) => format!("{:.*}", decimals as usize, number(cell).unwrap()),
        (cell, kind) => panic!("{cell:?} under {kind:?}"),
    }
}

/// The sheets that are a table of another command, and its file.
const SAME: [(&str, &str, &str); 6] = [
    ("All periods", "check", "decisions"),
    ("Children and terms", "check", "children"),
    ("Findings", "check", "findings"),
    ("Levers", "levers", "levers"),
    ("Funnel", "funnel", "funnel"),
    ("Forecast", "forecast", "forecast"),
];

#[test]
fn the_workbook_says_what_the_csv_files_say() {
    let place = tempfile::tempdir().unwrap();
    let data = root().join("sample_data");
    let out = place.path().join("report");
    on("report", &data, &out, &[]);
    let mut book: Xlsx<_> = open_workbook(out.join("claims.xlsx")).unwrap();
    assert_eq!(book.sheet_names(), SHEETS);
    let described: BTreeMap<&str, Described> = tables().into_iter().map(|table| (table.name, table)).collect();
    for (sheet, command, table) in SAME {
        let files = place.path().join(command);
        if !files.exists() {
            on(command, &data, &files, &[]);
        }
        let csv = csv_rows(&files.join(format!("{table}.csv")));
        let found = cells(&mut book, sheet);
        let columns = &described[table].columns;
        let headings: Vec<String> = columns.iter().map(|(name, ..)| heading(name)).collect();
        let shown: Vec<String> = found[0].iter().map(ToString::to_string).collect();
        assert_eq!(shown, headings, "{sheet}");
        assert_eq!(found.len(), csv.len(), "{sheet}");
        for (row, (cells, expected)) in found.iter().zip(&csv).enumerate().skip(1) {
            for ((cell, (name, kind, _)), text) in cells.iter().zip(columns).zip(expected) {
                assert_eq!(as_csv(cell, *kind), *text, "{sheet}, row {}, {name}", row + 1);
            }
        }
    }
    // Those that are chosen from them: by what the decisions say.
    let decisions = csv_rows(&place.path().join("check/decisions.csv"));
    let at = |name: &str| decisions[0].iter().position(|column| column == name).unwrap();
    let (case, status, earliest) = (at("case_id"), at("status"), at("earliest_claim_on"));
    for (sheet, word) in [("Claim now", "claimable"), ("Waiting by month", "waiting")] {
        let found = cells(&mut book, sheet);
        let column = found[0].iter().position(|cell| *cell == Data::String("Case id".to_owned())).unwrap();
        let mut shown: Vec<String> = found[1..].iter().map(|row| row[column].to_string()).collect();
        let mut rows: Vec<&Vec<String>> = decisions.iter().filter(|row| row[status] == word).collect();
        rows.sort_by_key(|row| row[earliest].clone());
        assert_eq!(shown, rows.iter().map(|row| row[case].clone()).collect::<Vec<_>>(), "{sheet}");
        shown.sort();
        shown.dedup();
        assert_eq!(shown.len(), rows.len());
    }
    // Low attendance: the terms that are not met, of the periods that only attendance holds back.
    let children = csv_rows(&place.path().join("check/children.csv"));
    let low: Vec<&String> =
        decisions.iter().filter(|row| row[status] == "low_attendance").map(|row| &row[case]).collect();
    let verdict = children[0].iter().position(|column| column == "verdict").unwrap();
    let not_met = children.iter().filter(|row| low.contains(&&row[0]) && row[verdict] == "not_met").count();
    let found = cells(&mut book, "Low attendance");
    assert_eq!(found.len() - 1, not_met);
    let retest: BTreeMap<&String, &String> = decisions.iter().map(|row| (&row[case], &row[earliest])).collect();
    for row in &found[1..] {
        assert_eq!(as_csv(&row[0], Kind::Day), *retest[&row[1].to_string()]);
    }
    // The summary counts as the decisions do.
    let summary = cells(&mut book, "Summary");
    for word in ["claimable", "waiting", "review", "low_attendance", "claimed"] {
        let row = summary.iter().find(|row| row[1] == Data::String(word.to_owned())).unwrap();
        assert_eq!(
            as_csv(&row[2], Kind::Whole),
            decisions.iter().filter(|row| row[status] == word).count().to_string()
        );
    }
}

fn part(book: &Path, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(fs::File::open(book).unwrap()).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_workbook_has_the_same_bytes_no_formula_and_links_to_children() {
    let place = tempfile::tempdir().unwrap();
    let (one, other) = (place.path().join("one"), place.path().join("other"));
    for out in [&one, &other] {
        for more in [&[][..], &["--profile", "published"]] {
            on("report", &root().join("sample_data"), &out.join(more.len().to_string()), more);
        }
    }
    for name in ["0/claims.xlsx", "0/report.json", "2/claims_published.xlsx", "2/report.json"] {
        assert!(fs::read(one.join(name)).unwrap() == fs::read(other.join(name)).unwrap(), "{name}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(one.join(name)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
    let book = one.join("0/claims.xlsx");
    let properties = part(&book, "docProps/core.xml");
    assert!(properties.contains("2024-09-30T00:00:00Z") && properties.contains("Supporting Families claims"));
    let archive = zip::ZipArchive::new(fs::File::open(&book).unwrap()).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(!names.iter().any(|name| name.contains("vba")), "{names:?}");
    for number in 1..=SHEETS.len() {
        let sheet = part(&book, &format!("xl/worksheets/sheet{number}.xml"));
        assert!(!sheet.contains("<f>") && !sheet.contains("mergeCell"), "sheet {number}");
        assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<tablePart"), "sheet {number}");
        assert!(part(&book, &format!("xl/tables/table{number}.xml")).contains("<autoFilter"), "sheet {number}");
    }
    assert!(part(&book, "xl/worksheets/sheet2.xml").contains("'Children and terms'!A"));
    assert!(part(&book, "xl/workbook.xml").contains("_xlnm.Print_Area"));
    // What decides nothing must not be found by the name of an officer's report.
    assert!(!one.join("2/claims.xlsx").exists());
}

/// The tiny authority of a test: one child of one family without attendance, with ids that a spreadsheet would spoil.
fn authority(folder: &Path) {
    let files = [
        (
            "cases.csv",
            "case_id,family_id,opened_on,closed_on,team,lead_practitioner\n0012,007,2023-01-09,2023-12-01,=1+1,@Sam\n",
        ),
        (
            "criteria.csv",
            "case_id,criterion,identified_on,outcome_on,result\n0012,1,2023-01-09,2023-12-01,achieved\n0012,3,2023-01-09,2023-12-01,achieved\n0012,5,2023-01-09,2023-12-01,achieved\n",
        ),
        ("people.csv", "person_id,family_id,date_of_birth,role\n0001,007,2012-05-03,child\n"),
        ("claims.csv", "claim_id,family_id,submitted_on,outcome\n"),
    ];
    fs::create_dir_all(folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
}

#[test]
fn ids_keep_their_zeros_and_text_is_never_a_formula() {
    let place = tempfile::tempdir().unwrap();
    let (data, out) = (place.path().join("data"), place.path().join("out"));
    authority(&data);
    on("report", &data, &out, &[]);
    let mut book: Xlsx<_> = open_workbook(out.join("claims.xlsx")).unwrap();
    let found = cells(&mut book, "All periods");
    assert_eq!(found[1][0], Data::String("0012".to_owned()));
    assert_eq!(found[1][2], Data::String("007".to_owned()));
    let found = cells(&mut book, "To ask");
    assert_eq!(found[1][0], Data::String("@Sam".to_owned()));
    assert_eq!(found[0][0].to_string(), "Lead practitioner");
}

/// The sheet of questions with every answer filled in, as a person would save it.
fn filled_in(from: &Path, to: &Path) -> usize {
    let mut book: Xlsx<_> = open_workbook(from).unwrap();
    let names = book.sheet_names();
    let mut new = rust_xlsxwriter::Workbook::new();
    let day = rust_xlsxwriter::Format::new().set_num_format("d mmm yyyy");
    let mut filled = 0;
    for name in names {
        let rows = cells(&mut book, &name);
        let sheet = new.add_worksheet().set_name(&name).unwrap();
        for (row, line) in (0u32..).zip(&rows) {
            for (column, cell) in (0u16..).zip(line) {
                let said = rows[0][usize::from(column)].to_string();
                match (name.as_str(), said.as_str(), row) {
                    ("To ask", "Answer", 1..) => {
                        filled += 1;
                        sheet.write_string(row, column, "met").unwrap();
                    }
                    ("To ask", "Reason", 1..) => drop(sheet.write_string(row, column, "seen on paper").unwrap()),
                    ("To ask", "Agreed by", 1..) => drop(sheet.write_string(row, column, "Ann Officer").unwrap()),
                    ("To ask", "Agreed on", 1..) => drop(
                        sheet
                            .write_datetime_with_format(
                                row,
                                column,
                                rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 9, 20).unwrap(),
                                &day,
                            )
                            .unwrap(),
                    ),
                    _ => match cell {
                        Data::Empty => {}
                        Data::Float(number) => drop(sheet.write_number(row, column, *number).unwrap()),
                        other => drop(sheet.write_string(row, column, other.to_string()).unwrap()),
                    },
                }
            }
        }
    }
    new.save(to).unwrap();
    filled
}

#[test]
fn a_workbook_that_comes_back_filled_in_says_what_the_csv_sheet_says() {
    let place = tempfile::tempdir().unwrap();
    let (data, book, sheet) = (place.path().join("data"), place.path().join("book"), place.path().join("sheet"));
    authority(&data);
    on("report", &data, &book, &[]);
    on("review", &data, &sheet, &[]);
    let questions = csv_rows(&sheet.join("agreements_to_fill.csv"));
    for folder in ["with_book", "with_sheet"] {
        authority(&place.path().join(folder));
    }
    let filled = filled_in(&book.join("claims.xlsx"), &place.path().join("with_book/claims.xlsx"));
    assert_eq!(filled, questions.len() - 1);
    assert!(filled >= 2, "both terms of the child are asked about");
    let mut csv = csv::Writer::from_path(place.path().join("with_sheet/agreements.csv")).unwrap();
    for (number, row) in questions.iter().enumerate() {
        let row = row.iter().zip(&questions[0]).map(|(cell, column)| match column.as_str() {
            "answer" if number > 0 => "met",
            "reason" if number > 0 => "seen on paper",
            "agreed_by" if number > 0 => "Ann Officer",
            "agreed_on" if number > 0 => "2024-09-20",
            _ => cell,
        });
        csv.write_record(row).unwrap();
    }
    csv.flush().unwrap();
    let [one, other] = ["with_book", "with_sheet"].map(|folder| {
        let out = place.path().join(format!("{folder}_out"));
        on("check", &place.path().join(folder), &out, &[]);
        out
    });
    let decisions = fs::read_to_string(one.join("decisions.csv")).unwrap();
    assert_eq!(decisions, fs::read_to_string(other.join("decisions.csv")).unwrap());
    assert!(decisions.contains("claimable"), "{decisions}");
    assert_eq!(fs::read(one.join("children.csv")).unwrap(), fs::read(other.join("children.csv")).unwrap());
    // The other sheets of the workbook are not told of as tables that were left unread.
    let findings = fs::read_to_string(one.join("findings.csv")).unwrap();
    assert!(!findings.contains("not read"), "{findings}");
}

#[test]
fn what_may_be_published_names_nobody_and_shows_no_small_count() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let data = root().join("sample_data");
    let said = on("report", &data, &out, &["--profile", "published"]);
    let said: Vec<&str> = said.split_whitespace().collect();
    assert!(said.join(" ").contains("look at it before it is published"));
    let path = out.join("claims_published.xlsx");
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    let names = book.sheet_names();
    assert_eq!(names[..3], ["Cover_sheet", "Contents", "Notes"]);
    let files = place.path().join("check");
    on("check", &data, &files, &[]);
    let decisions = csv_rows(&files.join("decisions.csv"));
    let all: Vec<Vec<Vec<Data>>> = names.iter().map(|name| cells(&mut book, name)).collect();
    let text = format!("{all:?}");
    for row in &decisions[1..] {
        assert!(!text.contains(&format!("\"{}\"", row[0])), "{} is named", row[0]);
    }
    let mut left_out = 0;
    for (name, sheet) in names.iter().zip(&all).skip(3) {
        let first = sheet.iter().position(|row| row.iter().all(|cell| *cell != Data::Empty)).unwrap();
        for row in &sheet[first + 1..] {
            for cell in &row[1..] {
                match cell {
                    Data::Float(number) => assert!(*number >= 5.0, "{name}: {row:?}"),
                    Data::String(mark) if mark == "[c]" => left_out += 1,
                    other => panic!("{name}: {other:?}"),
                }
            }
        }
        // No row and no column tells the only count that is left out of it.
        if name == "Table_1" {
            let body = &sheet[first + 1..];
            let hidden = |row: usize, column: usize| usize::from(body[row][column] == Data::String("[c]".to_owned()));
            for (row, line) in body.iter().enumerate() {
                assert_ne!((1..line.len()).map(|column| hidden(row, column)).sum::<usize>(), 1, "{row}");
            }
            for column in 1..body[0].len() {
                assert_ne!((0..body.len()).map(|row| hidden(row, column)).sum::<usize>(), 1, "{column}");
            }
        }
    }
    assert!(left_out > 0);
    for number in 1..=names.len() {
        let sheet = part(&path, &format!("xl/worksheets/sheet{number}.xml"));
        assert!(!sheet.contains("mergeCell") && !sheet.contains("<f>"));
    }
}

#[test]
fn the_page_has_every_chart_with_its_numbers_and_nothing_of_a_family() {
    let place = tempfile::tempdir().unwrap();
    let (out, files) = (place.path().join("out"), place.path().join("check"));
    let data = root().join("sample_data");
    on("report", &data, &out, &["--only", "page"]);
    let mut names: Vec<String> =
        fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["report.html", "report.json"]);
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    for outside in ["http:", "https:", "<link", "url(", "src=", "style=\""] {
        assert!(!page.contains(outside), "{outside}");
    }
    // Its own script and the numbers that it works from, and nothing else is let in.
    assert_eq!(page.matches("<script").count(), 2);
    assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"));
    assert!(page.contains("; base-uri 'none'; form-action 'none'\">") && !page.contains("unsafe"));
    assert_eq!(page.matches("<h1>").count(), 1);
    let charts = page.matches("<svg role=\"img\"").count();
    // Position, months, stages, levers, attendance, past forecasts, and one for each of the three sources.
    assert_eq!(charts, 9);
    for part in ["-title\">", "-desc\">"] {
        assert_eq!(page.matches(part).count(), charts);
    }
    assert_eq!(page.matches("<table").count(), page.matches("<caption>").count());
    on("check", &data, &files, &[]);
    let decisions = csv_rows(&files.join("decisions.csv"));
    let at = |name: &str| decisions[0].iter().position(|column| column == name).unwrap();
    let (case, family, status) = (at("case_id"), at("family_id"), at("status"));
    for row in &decisions[1..] {
        assert!(!page.contains(&row[case]) && !page.contains(&format!(">{}<", row[family])), "{} is named", row[case]);
    }
    let waiting = decisions.iter().filter(|row| row[status] == "waiting").count();
    assert!(page.contains(&format!("{waiting} periods cannot be claimed before a known day")));
    // The bars of attendance count every term with figures; exactly the threshold is 0 above.
    let children = csv_rows(&files.join("children.csv"));
    let of = |name: &str| children[0].iter().position(|column| column == name).unwrap();
    let (possible, attended) = (of("possible"), of("attended"));
    let close = children[1..]
        .iter()
        .filter_map(|row| Some((row[possible].parse::<i64>().ok()?, row[attended].parse::<i64>().ok()?)))
        .filter(|(possible, attended)| {
            *possible > 0 && 100 * attended >= 90 * possible && 100 * attended < 92 * possible
        })
        .count();
    assert!(page.contains(&format!("<td>0 to 2 above</td><td>{close}</td>")), "{close}");
    on("report", &data, &out, &["--only", "page", "--with-cases"]);
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    for row in decisions.iter().filter(|row| row[status] == "claimable") {
        assert!(page.contains(&format!("<td>{}</td>", row[case])));
    }
}

/// What stands in the static cell of a row of the page.
fn of_row<'a>(page: &'a str, row: &str) -> &'a str {
    let from = page.find(&format!("<tr><th scope=\"row\">{row}</th><td>")).unwrap_or_else(|| panic!("{row}"));
    let cell = page[from..].find("<td>").unwrap() + from + 4;
    &page[cell..cell + page[cell..].find("</td>").unwrap()]
}

// What the script makes of them is held against the commands in page/test/reports.mjs.
#[test]
fn the_page_says_of_target_places_and_grant_what_the_forecast_says() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    on("report", &root().join("sample_data"), &out, &["--only", "page"]);
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    let said = done(&["forecast", "sample_data", "--as-at", "2024-09-30", "--json", "--backtest"]);
    let forecast: serde_json::Value = serde_json::from_str(&said).unwrap();
    let pounds = |key: &str| {
        let text = forecast["grant"][key].as_str().unwrap();
        sfclaim::money::Pounds::read_grant(text).unwrap().to_string()
    };
    assert_eq!(of_row(&page, "Grant for them, on average"), pounds("expected_grant"));
    let at_risk = "Grant at risk: for funded places that stay empty";
    assert_eq!(of_row(&page, &format!("{at_risk}, on average")), pounds("expected_at_risk"));
    let range = format!("{} to {}", pounds("at_risk_low"), pounds("at_risk_high"));
    assert_eq!(of_row(&page, &format!("{at_risk}, with a chance of 80%")), range);
    // Of less than 1 in 100 no number is said.
    assert!(forecast["grant"]["chance_target_reached"].as_f64().unwrap() < 0.01);
    assert_eq!(of_row(&page, "Chance of reaching the target"), "less than 1%");
    // The distribution that it holds has the expected number: the mean of it, to four decimals.
    let held = page.split("id=\"held\">").nth(1).unwrap().split("</script>").next().unwrap();
    let held: serde_json::Value = serde_json::from_str(held).unwrap();
    let least = held["least"].as_f64().unwrap();
    let chances: Vec<f64> = held["chances"].as_array().unwrap().iter().map(|chance| chance.as_f64().unwrap()).collect();
    let mean: f64 = (0..).zip(&chances).map(|(place, chance)| (least + f64::from(place)) * chance).sum();
    assert!((mean - forecast["year_end"]["expected"].as_f64().unwrap()).abs() < 1e-4);
    assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    // Numbers that need not be whole have one decimal.
    let end = forecast["year_end"]["expected"].as_f64().unwrap();
    assert!(page.contains(&format!("<td>{end:.1}</td>")), "{end}");
    // Every past forecast of the backtest, with its range and what came.
    for trial in forecast["backtest"]["trials"].as_array().unwrap() {
        let cells = ["low", "high"].map(|name| format!("<td>{}</td>", trial[name])).concat();
        assert!(page.contains(&cells), "{trial}");
    }
}

#[test]
fn reports_can_be_made_without_agreements() {
    let place = tempfile::tempdir().unwrap();
    let data = root().join("sample_data");
    let evidence = |name: &str, more: &[&str]| {
        let out = place.path().join(name);
        on("evidence", &data, &out, &[&["--claimable"][..], more].concat());
        let text = fs::read_to_string(out.join("evidence.json")).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        value["claims"].as_array().unwrap().len()
    };
    let with = evidence("with", &[]);
    let without = evidence("without", &["--without-agreements"]);
    let out = place.path().join("check");
    on("check", &data, &out, &["--without-agreements"]);
    let decisions = csv_rows(&out.join("decisions.csv"));
    let status = decisions[0].iter().position(|column| column == "status").unwrap();
    assert_eq!(without, decisions.iter().filter(|row| row[status] == "claimable").count());
    assert!(without < with, "the sample has claims that rest on agreements");
    let out = place.path().join("report");
    on("report", &data, &out, &["--only", "page", "--without-agreements"]);
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("(without agreements)"));
}
