//! Workbooks made for the purpose, and what is read of them.

use super::*;
use rust_xlsxwriter::{Format, Formula};

fn rows(make: impl FnOnce(&mut rust_xlsxwriter::Workbook)) -> (Workbook, Vec<SheetName>) {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    make(&mut workbook);
    let opened = Workbook::open("book.xlsx", workbook.save_to_buffer().unwrap()).unwrap();
    let sheets = opened.sheets();
    (opened, sheets)
}

fn texts(rows: &SheetRows) -> Vec<(u32, Vec<&str>)> {
    rows.iter().map(|(row, cells)| (*row, cells.iter().map(|cell| cell.text.as_str()).collect())).collect()
}

#[test]
fn cells_become_the_text_that_a_person_would_type() {
    let (mut book, sheets) = rows(|book| {
        let sheet = book.add_worksheet().set_name("Cases").unwrap();
        sheet.write(2, 0, "0012").unwrap();
        sheet.write(2, 1, 134).unwrap();
        sheet.write(2, 2, 0.5).unwrap();
        let day = Format::new().set_num_format("dd/mm/yyyy");
        sheet.write_number_with_format(2, 3, 45565, &day).unwrap();
        sheet.write_number_with_format(2, 4, 45565.75, &day).unwrap();
        sheet.write(2, 5, true).unwrap();
        sheet.write(2, 6, Formula::new("=A3").set_result("C0012")).unwrap();
        sheet.write(5, 1, "after blank rows").unwrap();
        book.add_worksheet().set_name("Lookup").unwrap().set_hidden(true);
    });
    let hidden: Vec<(&str, bool)> = sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.hidden)).collect();
    assert_eq!(hidden, [("Cases", false), ("Lookup", true)]);
    let found = book.rows("Cases").unwrap();
    let expected = vec!["0012", "134", "0.5", "2024-09-30", "2024-09-30", "true", "C0012"];
    assert_eq!(texts(&found), [(3, expected), (6, vec!["", "after blank rows"])]);
    assert_eq!(found[0].1[1], number_cell("134".to_owned()));
    assert_eq!(book.date_text(&number_cell("45565".to_owned())).as_deref(), Some("2024-09-30"));
    assert_eq!(book.date_text(&text_cell("45565")), None);
    assert!(book.rows("None").is_err());
}

// Excel: 1 is 1 January 1900, 59 is 28 February 1900, 61 is 1 March 1900; from 1904, 0 is 1 January 1904.
#[test]
fn days_are_counted_from_1900_or_1904() {
    for (number, from_1904, day) in [
        (1, false, "1900-01-01"),
        (59, false, "1900-02-28"),
        (61, false, "1900-03-01"),
        (45565, false, "2024-09-30"),
        (0, true, "1904-01-01"),
        (44103, true, "2024-09-30"),
    ] {
        assert_eq!(of_number(number, from_1904).to_string(), day);
    }
}

/// A workbook whose only sheet has these cells.
fn with_cells(xml: &str) -> Workbook {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("Cases").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).unwrap();
        let mut text = Vec::new();
        part.read_to_end(&mut text).unwrap();
        let name = part.name().unwrap().into_owned();
        if name == "xl/worksheets/sheet1.xml" {
            let sheet = String::from_utf8(text).unwrap().replace("<sheetData/>", xml);
            assert!(sheet.contains(xml));
            text = sheet.into_bytes();
        }
        parts.push((name, text));
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    Workbook::open("book.xlsx", zip_of(&parts)).unwrap()
}

// A program that writes a workbook without working it out leaves the result away, as `<v/>` or nothing at all; Excel
// stores a result that is blank as text.
#[test]
fn a_formula_without_a_stored_value_is_no_blank_cell() {
    let mut book = with_cells(
        "<sheetData><row r=\"1\"><c r=\"A1\"><v>7</v></c><c r=\"B1\"><f>A1+1</f><v/></c><c r=\"C1\"><f>A1+1</f></c>\
         <c r=\"D1\" t=\"str\"><f>IF(A1=7,\"\",1)</f><v></v></c><c r=\"E1\"><f>A1</f><v>7</v></c>\
         <c r=\"F1\"><f t=\"shared\" ref=\"F1:F2\" si=\"0\">A1</f><v>7</v></c></row>\
         <row r=\"2\"><c r=\"F2\"><f t=\"shared\" si=\"0\"/></c></row></sheetData>",
    );
    assert_eq!(
        texts(&book.rows("Cases").unwrap()),
        [(1, vec!["7", NO_VALUE, NO_VALUE, "", "7", "7"]), (2, vec!["", "", "", "", "", NO_VALUE])]
    );
}

#[test]
fn a_merged_area_has_its_value_in_every_row() {
    let (mut book, _) = rows(|book| {
        let sheet = book.add_worksheet().set_name("Cases").unwrap();
        sheet.write(0, 0, "C1").unwrap();
        sheet.write(1, 0, "C2").unwrap();
        sheet.merge_range(0, 1, 1, 1, "2024-05-01", &Format::new()).unwrap();
    });
    assert_eq!(texts(&book.rows("Cases").unwrap()), [(1, vec!["C1", "2024-05-01"]), (2, vec!["C2", "2024-05-01"])]);
}

#[test]
fn a_cell_at_the_far_corner_takes_no_more_than_its_row() {
    let (mut book, _) = rows(|book| {
        let sheet = book.add_worksheet().set_name("Cases").unwrap();
        sheet.write(0, 0, "case_id").unwrap();
        sheet.write(1_048_575, 16_383, "far").unwrap();
    });
    let found = book.rows("Cases").unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[1].0, 1_048_576);
}

#[test]
fn what_is_no_workbook_is_refused_with_what_to_do() {
    for bytes in [&b"case_id,family_id\n"[..], b"PK\x03\x04 and nothing else", b"\xD0\xCF\x11\xE0 broken", b""] {
        let why = Workbook::open("cases.xlsx", bytes.to_vec()).err().map(|why| why.to_string()).unwrap();
        assert!(why.starts_with("cases.xlsx cannot be read as a workbook") && why.contains("save it again"), "{why}");
    }
}

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let packed = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        writer.start_file(*name, packed).unwrap();
        std::io::Write::write_all(&mut writer, bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_small_file_that_unpacks_to_more_than_the_limit_is_refused() {
    let bomb = zip_of(&[("xl/a.xml", &[b' '; 3 << 20]), ("xl/b.xml", &[b' '; 2 << 20])]);
    assert!(bomb.len() < 100_000);
    assert!(check_size("cases.xlsx", &bomb, 5 << 20).is_ok());
    let why = check_size("cases.xlsx", &bomb, 4 << 20).unwrap_err().to_string();
    assert!(why.starts_with("cases.xlsx unpacks to more than 4 MiB"), "{why}");
}

// The reader makes room for as many texts as a workbook says it has: that once ended the program.
#[test]
fn more_texts_than_any_workbook_has_are_refused() {
    for (xml, expected) in [
        ("<sst count=\"3\" uniqueCount=\"3\"><si><t>a</t></si></sst>", true),
        ("<sst uniqueCount=\"10000001\">", false),
        ("<sst uniqueCount = '99999999999999999999999999'>", false),
    ] {
        assert_eq!(check_texts(xml.as_bytes()).is_ok(), expected, "{xml}");
    }
    let many = b"<si/>".repeat(2 * TEXTS + 2);
    assert!(check_texts(&many).is_err());
}
