//! A file or a sheet to the rows of its table: format, dialect, the row with the column names, headings by the table's
//! names, what words stand for.

use super::blocks::{self, CsvBlocks};
use super::columns::Source;
use super::columns::named;
use super::dialect::{self, CsvShape, Header};
use super::footers::TableRows;
use super::mapping::Mapping;
use super::parquet_file::{self, RowGroups};
use super::row::Rows;
use super::settings::Settings;
use super::tables::TableName;
use super::text_file::{Body, TextFile};
use super::unchanged::AsSeen;
use super::{csv_file, header_again, limits, wide, wide_terms};
use crate::error::{Error, Result};
use crate::finding::{Finding, FindingCode, Findings};
use crate::place::Place;
use crate::receipt::{Fingerprint, InputFile};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

/// A file read, or made ready to be read.
pub(super) struct Taken {
    pub(super) file: TextFile,
    /// Its fingerprint, where all of it was read.
    pub(super) input: Option<InputFile>,
    pub(super) findings: Findings,
}

pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    limits::read(path, limits::FILE, "If it is a table, put its rows into several files and name them in sfclaim.toml.")
}

/// Makes a CSV or Parquet file the table that its mapping says. Attendance stays on disk.
pub(super) fn of_file(source: Source<'_>, path: &Path, mapping: &Mapping, settings: &Settings) -> Result<Taken> {
    let is_parquet = source.name.to_lowercase().ends_with(".parquet");
    let mut findings = Findings::default();
    // A column a term is a file of pupils, not of their half-days.
    if mapping.table == TableName::Attendance && mapping.wide.is_none() {
        let file = if is_parquet {
            let groups = RowGroups::open(&Arc::from(source.name), path)?;
            let names = groups.columns();
            named(source, mapping, names, Body::ParquetOnDisk(groups), settings)?
        } else {
            csv_on_disk(source, path, mapping, settings, &mut findings)?
        };
        return Ok(Taken { file, input: None, findings });
    }
    let bytes = read_bytes(path)?;
    let input = Some(InputFile { file: source.name.to_owned(), sha256: Fingerprint::of(&bytes) });
    let file = if is_parquet {
        let (names, columns) = parquet_file::read(source.name, bytes)?;
        if mapping.wide.is_some() {
            of_rows(source, mapping, names, Rows { cells: columns.into_rows(), ..Rows::default() }, settings)?
        } else {
            named(source, mapping, names, Body::Columns(columns), settings)?
        }
    } else {
        csv_in_memory(source, bytes, mapping, settings, &mut findings)?
    };
    Ok(Taken { file, input, findings })
}

fn csv_in_memory(
    source: Source<'_>,
    bytes: Vec<u8>,
    mapping: &Mapping,
    settings: &Settings,
    findings: &mut Findings,
) -> Result<TextFile> {
    let name = source.name;
    let text = dialect::decoded(name, bytes, mapping.dialect.encoding)?;
    if text.as_1252_since.is_some() {
        findings.say(FindingCode::ReadAsWindows1252, said_1252(name));
    }
    let beginning = beginning_of(&text.bytes, blocks::HEADER.max(1 << 16));
    if beginning.len() > limits::ROW {
        return Err(limits::row_too_long(name, 1));
    }
    let Some((separator, header)) = dialect::separator_and_header(mapping, &String::from_utf8_lossy(beginning)) else {
        return Err(no_header(name, mapping));
    };
    let separator = separator.byte();
    let mut bytes = csv_file::checked(name, text.bytes, separator)?;
    cut_above(&mut bytes, &header, separator);
    let rows = TableRows::of(mapping, &header.names);
    let is_row = |cells: &[&str], before: &str| rows.has(cells, |_, cell| stands_in(before, cell, separator));
    let text = std::str::from_utf8(&bytes).ok();
    if let Some((at, said)) = text.and_then(|text| dialect::footer(text, separator, &is_row)) {
        let rows = csv_file::whole_rows(name, &bytes[..at], separator, 1)?.rows;
        say_footer(findings, name, u64::from(header.row) + rows, &said);
        bytes.truncate(at);
    }
    header_again::check_above(name, &header, mapping)?;
    say_above(findings, name, &header);
    if mapping.wide.is_some() {
        let mut rows = Rows::default();
        csv_file::for_each(name, &bytes, separator, u64::from(header.row), &mut |number, record| {
            rows.cells.push(record.iter().map(str::to_owned).collect());
            rows.numbers.push(number);
        })?;
        return of_rows(source, mapping, header.names, rows, settings);
    }
    named(source, mapping, header.names, Body::Csv { bytes, separator, header_row: header.row }, settings)
}

/// Whether a text of rows has this one as a whole cell.
fn stands_in(rows: &str, cell: &str, separator: u8) -> bool {
    let is_edge =
        |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b'\n' | b'\r' | b'"') || *byte == separator);
    let bytes = rows.as_bytes();
    memchr::memmem::find_iter(bytes, cell.as_bytes()).any(|at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        is_edge(before) && is_edge(bytes.get(at + cell.len()))
    })
}

/// The first bytes of a text, up to the end of a line.
fn beginning_of(bytes: &[u8], most: usize) -> &[u8] {
    let beginning = &bytes[..bytes.len().min(most)];
    if beginning.len() == bytes.len() {
        return beginning;
    }
    match memchr::memrchr(b'\n', beginning) {
        Some(last) => &beginning[..=last],
        // A header longer than that.
        None => &bytes[..memchr::memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1)],
    }
}

/// Takes the rows above the header away.
fn cut_above(bytes: &mut Vec<u8>, header: &Header, separator: u8) {
    let mut reader = csv_file::reader(bytes, separator);
    let mut record = csv::ByteRecord::new();
    let mut begins = 0;
    while let Ok(true) = reader.read_byte_record(&mut record) {
        if record.iter().eq(header.names.iter().map(String::as_bytes)) {
            break;
        }
        begins = reader.position().byte();
    }
    let begins = usize::try_from(begins).unwrap_or(0).min(bytes.len());
    // Blank lines before it are no part of the record.
    let blank = bytes[begins..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    bytes.drain(..begins + blank);
}

fn csv_on_disk(
    source: Source<'_>,
    path: &Path,
    mapping: &Mapping,
    settings: &Settings,
    findings: &mut Findings,
) -> Result<TextFile> {
    let name: Arc<str> = Arc::from(source.name);
    let failed = |why: std::io::Error| Error::file("read", path, &why);
    let seen = AsSeen::of(path)?;
    let mut beginning = Vec::new();
    File::open(path).map_err(failed)?.take(4096).read_to_end(&mut beginning).map_err(failed)?;
    let said = mapping.dialect.encoding;
    let encoding = dialect::encoding_of(&beginning, said);
    let mut shape = CsvShape { encoding, may_be_1252: said.is_none() && encoding.is_none(), ..CsvShape::default() };
    let as_1252 = Arc::default();
    let block = CsvBlocks::open(&name, path, blocks::HEADER, shape, &as_1252)?.next_block()?;
    let text = block.ok_or_else(|| dialect::nothing_in(&name))?.beginning(&name)?;
    let Some((separator, header)) = dialect::separator_and_header(mapping, &text) else {
        return Err(no_header(&name, mapping));
    };
    shape.separator = separator.byte();
    shape.rows_above = header.row.saturating_sub(1);
    let is_utf16 = encoding.is_some_and(|encoding| encoding != encoding_rs::WINDOWS_1252);
    if !is_utf16 {
        let tail = tail_of(path).map_err(failed)?;
        let rows = TableRows::of(mapping, &header.names);
        let separator = shape.separator;
        let is_row = |cells: &[&str], before: &str| rows.has(cells, |_, cell| stands_in(before, cell, separator));
        if let Some((at, said)) = dialect::footer(&tail.text, separator, &is_row) {
            shape.ends_at = Some(tail.from + at as u64);
            // Its row is not counted: that would mean to read the whole file.
            say_footer(findings, &name, 0, &said);
        }
    }
    header_again::check_above(&name, &header, mapping)?;
    say_above(findings, &name, &header);
    named(source, mapping, header.names, Body::CsvOnDisk { seen, shape, as_1252 }, settings)
}

struct Tail {
    from: u64,
    text: String,
}

/// The last lines of a file as text, byte for byte: what is not ASCII is of no interest there.
fn tail_of(path: &Path) -> std::io::Result<Tail> {
    const LONGEST: u64 = 4096;
    let mut file = File::open(path)?;
    let length = file.seek(SeekFrom::End(0))?;
    let from = length.saturating_sub(LONGEST);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    let text = bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '?' }).collect();
    Ok(Tail { from, text })
}

/// Rows in memory under their mapping; criteria side by side become rows.
pub(super) fn of_rows(
    source: Source<'_>,
    mapping: &Mapping,
    names: Vec<String>,
    rows: Rows,
    settings: &Settings,
) -> Result<TextFile> {
    limits::check_columns(source.name, names.len())?;
    let Some(spec) = &mapping.wide else {
        return named(source, mapping, names, Body::Rows(rows), settings);
    };
    let failed =
        |why: String| source.number.map_or_else(|| Error::new(why.clone()), |number| settings.wrong_file(number, &why));
    // The headings are the table's names now.
    let plain = Mapping { columns: BTreeMap::new(), ..mapping.clone() };
    if mapping.table == TableName::Attendance {
        let terms = wide_terms::unfolded(source, mapping, spec, &names, rows).map_err(failed)?;
        let file = named(source, &plain, terms.columns, Body::Rows(terms.rows), settings)?;
        return Ok(TextFile { not_read: terms.not_read, ..file });
    }
    let unfolded = wide::unfolded(source.name, mapping, spec, &names, rows).map_err(failed)?;
    let mut file = named(source, &plain, unfolded.names, Body::Rows(unfolded.rows), settings)?;
    file.headings = unfolded.headings;
    file.flags = Some(unfolded.flags);
    file.not_read = unfolded.not_read;
    file.settle(unfolded.dates);
    Ok(file)
}

pub(super) fn no_header(name: &str, mapping: &Mapping) -> Error {
    match mapping.header_row {
        Some(row) => Error::new(format!(
            "{name} has no row {row} among its first rows, which sfclaim.toml says has the column names."
        )),
        None => dialect::nothing_in(name),
    }
}

/// What to say of a file that was taken for Windows-1252.
pub(crate) fn said_1252(name: &str) -> String {
    format!("{name} is not UTF-8 and was read as Windows-1252, as older spreadsheets save.")
}

pub(super) fn say_above(findings: &mut Findings, name: &str, header: &Header) {
    let Some((row, cells)) = header.above.first() else { return };
    let text = dialect::quoted(cells);
    let more = match header.above.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more above the column names, so no rows of the table"),
    };
    let what = if more.is_empty() { " stands above the column names, so it is no row of the table" } else { &more };
    let message = format!("\"{text}\"{what}.");
    say_left_out(findings, name, *row, text, message);
}

pub(super) fn say_footer(findings: &mut Findings, name: &str, row: u64, said: &[String]) {
    let unique: BTreeSet<&String> = said.iter().collect();
    let texts: Vec<String> = unique.into_iter().map(|text| format!("\"{text}\"")).collect();
    let message = format!("{} stands below the last row, so it is no row of the table.", texts.join(", "));
    let value = said.first().cloned().unwrap_or_default();
    say_left_out(findings, name, u32::try_from(row).unwrap_or(u32::MAX), value, message);
}

/// `row` is 0 where it is not known.
fn say_left_out(findings: &mut Findings, name: &str, row: u32, value: String, message: String) {
    match row {
        0 => findings.say(FindingCode::RowsLeftOut, format!("{name}: {message}")),
        row => {
            let place = Place { file: Arc::from(name), row };
            findings.add(Finding::at(FindingCode::RowsLeftOut, &place, "", value, message));
        }
    }
}
