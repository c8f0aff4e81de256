//! Which file of a data folder is which table: those that `sfclaim.toml` speaks of first, the others by their names.
//!
//! Longer than most files, since every way in which a file or a sheet becomes a table, or does not, is decided here.

use super::cell::Cell;
use super::columns::Source;
use super::extra_columns::{percentages, say_extra_columns};
use super::loaded::Loaded;
use super::mapping::Mapping;
use super::settings::{self, Settings, fits};
use super::table_file;
use super::tables::{SHEET_OF_QUESTIONS, SHEET_OF_RECEIPT, TableName};
use super::text_file::TextFile;
use super::workbook::Workbook;
use super::workbook::is_workbook;
use super::{corrections, damaged, left_aside, limits, sheet_table};
use crate::cores;
use crate::error::{Error, Result, did_you_mean};
use crate::finding::FindingCode;
use crate::receipt::{Fingerprint, InputFile};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

/// The endings of files that are tables.
const ENDINGS: [&str; 7] = ["csv", "txt", "tsv", "parquet", "xlsx", "xlsm", "xls"];

/// Loads a data folder.
///
/// # Errors
/// The folder or a file cannot be read, `cases` or `criteria` is missing, a table lacks a column it must
/// have, or `sfclaim.toml` has a mistake.
pub fn load(folder: &Path) -> Result<Loaded> {
    let path = folder.join("sfclaim.toml");
    if !names_in(folder, "")?.contains("sfclaim.toml") {
        return with_settings(folder, Loaded::default());
    }
    let bytes = limits::read(&path, limits::SETTINGS, "It should only say how files become tables.")?;
    load_under(folder, &path, &bytes)
}

/// Loads a data folder under settings that need not stand in it; `path` is for messages.
///
/// # Errors
/// As [`load`].
pub fn load_under(folder: &Path, path: &Path, bytes: &[u8]) -> Result<Loaded> {
    let mut loaded = Loaded::default();
    loaded.inputs.push(InputFile { file: "sfclaim.toml".to_owned(), sha256: Fingerprint::of(bytes) });
    loaded.settings = settings::read(path, bytes)?;
    with_settings(folder, loaded)
}

/// Loads the files of one table alone: those of a data folder, or one file, whatever its name is. Settings that stand beside
/// the file and speak of it hold for it.
///
/// # Errors
/// As [`load`], or the file has no table that can be read so.
pub fn load_table(path: &Path, table: TableName) -> Result<Loaded> {
    if path.is_dir() {
        let mut loaded = load(path)?;
        loaded.files.retain(|file| file.table == table);
        loaded.corrections.retain(|correction| correction.text.table == table);
        return Ok(loaded);
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if !path.is_file() {
        return Err(Error::file("read", path, &std::io::ErrorKind::NotFound.into()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut loaded = Loaded::default();
    let settings = folder.join("sfclaim.toml");
    if settings.is_file() {
        let bytes = limits::read(&settings, limits::SETTINGS, "It should only say how files become tables.")?;
        loaded.settings = settings::read(&settings, &bytes)?;
        loaded.inputs.push(InputFile { file: "sfclaim.toml".to_owned(), sha256: Fingerprint::of(&bytes) });
    }
    let settings = loaded.settings.clone();
    let mut reader = FolderReader {
        folder,
        loaded,
        workbooks: BTreeMap::new(),
        several: BTreeSet::from([table]),
        sheets_named: BTreeMap::new(),
        to_take: Vec::new(),
    };
    let spoken_of = settings
        .mappings()
        .enumerate()
        .find(|(_, (pattern, mapping))| mapping.table == table && fits(&name, &pattern.replace('\\', "/")));
    match spoken_of {
        Some((number, (_, mapping))) => reader.mapped(&name, number, mapping, &settings)?,
        None if is_workbook(&name) => reader.workbook_by_name(&name, Some(table))?,
        None => reader.take(Source { name: &name, number: None }, &Mapping::plain(table, settings.dialect()))?,
    }
    let mut loaded = reader.taken()?;
    loaded.files.retain(|file| file.table == table);
    if loaded.files.is_empty() {
        return Err(Error::new(format!(
            "{} has no table \"{table}\": name the file or the sheet of it.",
            path.display()
        )));
    }
    say_extra_columns(&loaded.files, &mut loaded.findings)?;
    for file in &loaded.files {
        file.look_through_dates()?;
    }
    Ok(loaded)
}

fn with_settings(folder: &Path, loaded: Loaded) -> Result<Loaded> {
    let mut names = names_in(folder, "")?;
    names.remove("sfclaim.toml");
    let mut reader = FolderReader {
        folder,
        loaded,
        workbooks: BTreeMap::new(),
        several: BTreeSet::new(),
        sheets_named: BTreeMap::new(),
        to_take: Vec::new(),
    };
    let spoken_of = reader.files_spoken_of(&names)?;
    for name in names.iter().filter(|name| !spoken_of.contains(*name)) {
        reader.file_by_name(name)?;
    }
    let mut loaded = reader.taken()?;
    loaded.inputs.sort_by(|a, b| a.file.cmp(&b.file));
    say_extra_columns(&loaded.files, &mut loaded.findings)?;
    for file in &loaded.files {
        if let Some(message) = percentages(file) {
            loaded.findings.say(FindingCode::PercentageNotRead, message);
        }
    }
    corrections::settle(&mut loaded.corrections);
    let corrections = loaded.corrections.iter().map(|correction| &correction.text);
    let small = loaded.files.iter().filter(|file| file.table != TableName::Attendance);
    let to_look_through: Vec<&TextFile> = small.chain(corrections).collect();
    for looked_through in cores::each(to_look_through, TextFile::look_through_dates) {
        looked_through?;
    }
    loaded.files.sort_by(|a, b| (a.table, &a.file).cmp(&(b.table, &b.file)));
    let attendance = loaded.files.iter().filter(|file| file.table == TableName::Attendance).map(|file| &*file.file);
    for supplier in loaded.settings.check_suppliers(attendance)? {
        loaded.findings.say(
            FindingCode::SupplierWithoutFiles,
            format!("sfclaim.toml: no attendance file has a name that \"{supplier}\" lists."),
        );
    }
    loaded.check_required().map_err(|why| Error::new(format!("{}: {why}", folder.display())))?;
    Ok(loaded)
}

/// The names of the files in a folder inside the data folder, each with the folder in front.
fn names_in(folder: &Path, inside: &str) -> Result<BTreeSet<String>> {
    let path = if inside.is_empty() { folder.to_owned() } else { folder.join(inside) };
    let failed = |why: std::io::Error| match why.kind() {
        std::io::ErrorKind::NotADirectory => Error::new(format!(
            "cannot read {}: it is a file, and the folder of the data was expected.",
            path.display()
        )),
        _ => Error::file("read the data folder", &path, &why),
    };
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(&path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_file() {
            names.insert(if inside.is_empty() { name } else { format!("{inside}/{name}") });
        } else if let Some((stem, ending)) = name.to_lowercase().rsplit_once('.')
            && (name == "sfclaim.toml" || (ENDINGS.contains(&ending) && TableName::of_file(stem).is_some()))
        {
            // A pipe would make the program wait for ever.
            return Err(Error::new(format!(
                "{}: {name} is a folder, a pipe or a link to nothing, and not the file that its name says: put the file there, or take it away.",
                path.display()
            )));
        }
    }
    Ok(names)
}

struct FolderReader<'a> {
    folder: &'a Path,
    loaded: Loaded,
    /// Opened workbooks by name, since several sheets may be wanted.
    workbooks: BTreeMap<String, Workbook>,
    /// Tables that the settings give files of, of which there may then be several.
    several: BTreeSet<TableName>,
    /// The sheets that the settings speak of, by workbook.
    sheets_named: BTreeMap<String, BTreeSet<String>>,
    /// Files other than workbooks that are still to be taken, each with the number of its mapping in the settings and the mapping.
    to_take: Vec<(String, Option<usize>, Mapping)>,
}

impl FolderReader<'_> {
    /// Reads the files that the settings speak of, and gives their names.
    fn files_spoken_of(&mut self, names: &BTreeSet<String>) -> Result<BTreeSet<String>> {
        let settings = self.loaded.settings.clone();
        let mut spoken_of = BTreeSet::new();
        for (number, (pattern, mapping)) in settings.mappings().enumerate() {
            let pattern = pattern.replace('\\', "/");
            // `C:` is a drive on some systems only, but nobody means a file of that name.
            let has_drive = pattern.chars().nth(1) == Some(':');
            let is_normal = |part| matches!(part, Component::Normal(_));
            let is_inside = !has_drive && !pattern.is_empty() && Path::new(&pattern).components().all(is_normal);
            if !is_inside {
                let message = format!("\"{pattern}\" is not inside the data folder: put the file there.");
                return Err(settings.wrong_file(number, &message));
            }
            let inside = pattern.rsplit_once('/').map(|(inside, _)| inside);
            let elsewhere = match inside {
                Some(inside) => {
                    names_in(self.folder, inside).map_err(|why| settings.wrong_file(number, &why.to_string()))?
                }
                None => BTreeSet::new(),
            };
            let candidates = if inside.is_some() { &elsewhere } else { names };
            let found: Vec<&String> = candidates.iter().filter(|name| fits(name, &pattern)).collect();
            if found.is_empty() {
                let hint = did_you_mean(&pattern, candidates.iter().map(String::as_str));
                let message = format!("there is no file \"{pattern}\" in the data folder.{hint}");
                return Err(settings.wrong_file(number, &message));
            }
            for name in found {
                self.several.insert(mapping.table);
                self.mapped(name, number, mapping, &settings)?;
                spoken_of.insert(name.clone());
            }
        }
        for (name, named) in std::mem::take(&mut self.sheets_named) {
            self.say_other_sheets(&name, &named)?;
        }
        Ok(spoken_of)
    }

    /// Says of a workbook that the settings speak of which of its sheets they do not: what stands there is not read.
    fn say_other_sheets(&mut self, name: &str, named: &BTreeSet<String>) -> Result<()> {
        let sheets = self.workbook(name)?.sheets();
        if [SHEET_OF_QUESTIONS, SHEET_OF_RECEIPT].iter().all(|own| sheets.iter().any(|sheet| sheet.name == *own)) {
            return Ok(());
        }
        // The sheets that are named are looked at again only where another one may be of their form.
        let mut of_named: Option<Vec<_>> = None;
        let mut others = Vec::new();
        for sheet in sheets.iter().filter(|sheet| !named.contains(&sheet.name)) {
            let rows = self.first_rows(name, &sheet.name);
            if rows.iter().flatten().any(|cell| !cell.trim().is_empty()) {
                let looks = left_aside::sheet_looks_like_a_table(&sheet.name, &rows).or_else(|| {
                    let of_named = of_named.get_or_insert_with(|| {
                        named.iter().map(|sheet| (sheet, self.first_rows(name, sheet))).collect()
                    });
                    let is_alike = |rows_of: &Vec<Vec<String>>| left_aside::have_a_header_in_common(&rows, rows_of);
                    let (alike, _) = of_named.iter().find(|(_, rows_of)| is_alike(rows_of))?;
                    Some(format!("it has the column names of the sheet \"{alike}\""))
                });
                others.push((sheet.name.clone(), sheet.hidden, looks));
            }
        }
        let mut not_read = Vec::new();
        for (sheet, hidden, looks) in others {
            match looks {
                Some(looks) => {
                    let hidden = if hidden { ", and the sheet is hidden" } else { "" };
                    let why = format!("sfclaim.toml names other sheets of the workbook and not this one{hidden}");
                    self.say_not_read(&format!("{name} [{sheet}]"), &looks, &why);
                }
                None => not_read.push(sheet),
            }
        }
        if !not_read.is_empty() {
            let message =
                format!("{name}: sheets that sfclaim.toml does not name were not read: {}.", not_read.join(", "));
            self.loaded.findings.say(FindingCode::FileNotRead, message);
        }
        Ok(())
    }

    fn mapped(&mut self, name: &str, number: usize, mapping: &Mapping, settings: &Settings) -> Result<()> {
        let wrong = |message: &str| settings.wrong_file(number, message);
        if is_workbook(name) {
            let workbook = self.workbook(name)?;
            let sheets = workbook.sheets();
            let sheet = match &mapping.sheet {
                Some(sheet) => sheets.iter().find(|known| known.name.eq_ignore_ascii_case(sheet)).ok_or_else(|| {
                    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
                    let hint = did_you_mean(sheet, names.iter().copied());
                    wrong(&format!("{name} has no sheet \"{sheet}\".{hint} It has {}.", names.join(", ")))
                })?,
                None => match sheets.iter().filter(|sheet| !sheet.hidden).collect::<Vec<_>>().as_slice() {
                    [only] => only,
                    all => {
                        let names: Vec<&str> = all.iter().map(|sheet| sheet.name.as_str()).collect();
                        let message = format!(
                            "{name} has several sheets: say which with sheet = \"...\". It has {}.",
                            names.join(", ")
                        );
                        return Err(wrong(&message));
                    }
                },
            };
            let sheet = sheet.name.clone();
            self.sheets_named.entry(name.to_owned()).or_default().insert(sheet.clone());
            return self.sheet(name, &sheet, mapping, Some(number));
        }
        if mapping.sheet.is_some() {
            return Err(wrong(&format!("{name} is no workbook, so it has no sheets: leave sheet out.")));
        }
        self.take(Source { name, number: Some(number) }, mapping)
    }

    /// Reads a file that the settings do not speak of, if its name is that of a table.
    fn file_by_name(&mut self, name: &str) -> Result<()> {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let ending = ending.to_lowercase();
        // Names with ~ are the lock files of a workbook that somebody has open.
        if name.starts_with('~') || name.starts_with('.') {
            return Ok(());
        }
        let table = TableName::of_file(&stem.to_lowercase());
        if ending == "ods" || (table.is_none() && !ENDINGS.contains(&ending.as_str())) {
            match left_aside::looks_like_a_table(self.folder, name) {
                Some(why) => self.say_not_read(name, &why, &format!("a .{ending} file is not read")),
                None if ending == "ods" => {
                    let message = format!("{name} is no .csv, .parquet or .xlsx file, and was not read.");
                    self.loaded.findings.say(FindingCode::FileNotRead, message);
                }
                None => {}
            }
            return Ok(());
        }
        if ending == "csv"
            && let Some(table) = corrections::table_of(&stem.to_lowercase())
        {
            let bytes = table_file::read_bytes(&self.folder.join(name))?;
            self.loaded.inputs.push(InputFile { file: name.to_owned(), sha256: Fingerprint::of(&bytes) });
            let file = corrections::read(table, name, bytes)?;
            file.say_empty(&mut self.loaded.findings);
            self.loaded.corrections.push(file);
            return Ok(());
        }
        if is_workbook(name) {
            return self.workbook_by_name(name, table);
        }
        match table {
            Some(table) if ["csv", "parquet"].contains(&ending.as_str()) => {
                let mapping = Mapping::plain(table, self.loaded.settings.dialect());
                self.take(Source { name, number: None }, &mapping)
            }
            Some(table) => {
                let why = format!("it is named for the table \"{table}\"");
                self.say_not_read(name, &why, &format!("a .{ending} file is read only where sfclaim.toml names it"));
                Ok(())
            }
            None => {
                let hint = did_you_mean(stem, TableName::ALL.iter().map(|table| table.word()));
                match left_aside::looks_like_a_table(self.folder, name) {
                    Some(why) => self.say_not_read(name, &why, "its name is not that of a table"),
                    None => {
                        let message = format!(
                            "{name} is not the name of a table and was not read.{hint} `sfclaim init` proposes what it might be."
                        );
                        self.loaded.findings.say(FindingCode::FileNotRead, message);
                    }
                }
                Ok(())
            }
        }
    }

    /// Says of a file that it was not read, although it looks like a table.
    fn say_not_read(&mut self, name: &str, looks: &str, why: &str) {
        let message = format!(
            "{name} was not read: {why}. It looks like a table, since {looks}. If its rows are to count, name it in sfclaim.toml or give it the name of its table as a .csv, .parquet or .xlsx file; `sfclaim init` proposes how."
        );
        self.loaded.findings.say(FindingCode::TableNotRead, message);
    }

    /// A workbook: the sheets named as tables; of one that is itself named as a table the only sheet.
    fn workbook_by_name(&mut self, name: &str, table: Option<TableName>) -> Result<()> {
        let dialect = self.loaded.settings.dialect();
        let sheets = self.workbook(name)?.sheets();
        // Of the program's own workbook the questions come back, and the other sheets say what the data says already.
        if [SHEET_OF_QUESTIONS, SHEET_OF_RECEIPT].iter().all(|own| sheets.iter().any(|sheet| sheet.name == *own)) {
            let mapping = Mapping::plain(TableName::Agreements, dialect);
            return self.sheet(name, SHEET_OF_QUESTIONS, &mapping, None);
        }
        let table_of = |sheet: &str| TableName::of_file(&sheet.trim().to_lowercase().replace([' ', '-'], "_"));
        let visible: Vec<&str> = sheets.iter().filter(|sheet| !sheet.hidden).map(|sheet| sheet.name.as_str()).collect();
        let mut not_read = Vec::new();
        for sheet in &sheets {
            let of_sheet = table_of(&sheet.name);
            let of_file = table.filter(|_| visible.as_slice() == [sheet.name.as_str()]);
            match of_sheet.filter(|_| !sheet.hidden).or(of_file) {
                Some(table) => self.sheet(name, &sheet.name, &Mapping::plain(table, dialect.clone()), None)?,
                None if of_sheet.is_some() => {
                    let message = format!(
                        "{name}: the sheet \"{}\" is hidden and was not read. Show it in Excel, or name it in sfclaim.toml, if it is to count.",
                        sheet.name
                    );
                    self.loaded.findings.say(FindingCode::HiddenSheet, message);
                }
                None => {
                    let rows = self.first_rows(name, &sheet.name);
                    match left_aside::sheet_looks_like_a_table(&sheet.name, &rows) {
                        Some(why) => {
                            let called = format!("{name} [{}]", sheet.name);
                            self.say_not_read(&called, &why, "the name of the sheet is not that of a table");
                        }
                        None => not_read.push(sheet.name.as_str()),
                    }
                }
            }
        }
        if !not_read.is_empty() {
            let message = format!(
                "{name}: sheets that do not have the name of a table were not read: {}. `sfclaim init` proposes what they might be.",
                not_read.join(", ")
            );
            self.loaded.findings.say(FindingCode::FileNotRead, message);
        }
        Ok(())
    }

    /// The first rows of a sheet that nobody asked for: what cannot be read of it is no mistake.
    fn first_rows(&mut self, name: &str, sheet: &str) -> Vec<Vec<String>> {
        let rows = damaged::guarded_as(name, "a workbook", || self.workbook(name)?.rows(sheet));
        let texts = |cells: Vec<Cell>| cells.iter().map(|cell| cell.once().to_owned()).collect();
        rows.unwrap_or_default().into_iter().take(30).map(|(_, cells)| texts(cells)).collect()
    }

    fn workbook(&mut self, name: &str) -> Result<&mut Workbook> {
        if !self.workbooks.contains_key(name) {
            let bytes = table_file::read_bytes(&self.folder.join(name))?;
            self.loaded.inputs.push(InputFile { file: name.to_owned(), sha256: Fingerprint::of(&bytes) });
            let opened = damaged::guarded_as(name, "a workbook", || Workbook::open(name, bytes))?;
            self.workbooks.insert(name.to_owned(), opened);
        }
        self.workbooks.get_mut(name).ok_or_else(|| Error::new(format!("{name} cannot be read.")))
    }

    fn sheet(&mut self, name: &str, sheet: &str, mapping: &Mapping, number: Option<usize>) -> Result<()> {
        let called = format!("{name} [{sheet}]");
        self.check_only_one(&called, mapping.table)?;
        let settings = self.loaded.settings.clone();
        let workbook = self.workbook(name)?;
        let (rows, workbook) = damaged::guarded_as(name, "a workbook", || Ok((workbook.rows(sheet)?, workbook)))?;
        let source = Source { name: &called, number };
        let (file, findings) = sheet_table::of_sheet(source, mapping, rows, workbook, &settings)?;
        self.loaded.findings.append(findings);
        self.loaded.files.push(file);
        Ok(())
    }

    fn take(&mut self, source: Source<'_>, mapping: &Mapping) -> Result<()> {
        self.check_only_one(source.name, mapping.table)?;
        self.to_take.push((source.name.to_owned(), source.number, mapping.clone()));
        Ok(())
    }

    /// Takes the files in whose turn it is, all at the same time, and gives what was read.
    fn taken(mut self) -> Result<Loaded> {
        let (folder, settings) = (self.folder, &self.loaded.settings);
        let take = |(name, number, mapping): &(String, Option<usize>, Mapping)| {
            table_file::of_file(Source { name, number: *number }, &folder.join(name), mapping, settings)
        };
        let all: Vec<Result<table_file::Taken>> = cores::of_each(&self.to_take, take);
        for ((name, ..), taken) in self.to_take.iter().zip(all) {
            let taken = taken?;
            if self.loaded.inputs.iter().all(|known| known.file != *name) {
                self.loaded.inputs.extend(taken.input);
            }
            self.loaded.findings.append(taken.findings);
            self.loaded.files.push(taken.file);
        }
        Ok(self.loaded)
    }

    /// One file a table, but for attendance and where the settings say otherwise: else nobody has said which is right.
    fn check_only_one(&self, name: &str, table: TableName) -> Result<()> {
        let waiting = self.to_take.iter().find(|(_, _, mapping)| mapping.table == table).map(|(name, ..)| name.clone());
        let already = self.loaded.of(table).next().map(|file| file.file.to_string()).or(waiting);
        match already.filter(|_| table != TableName::Attendance && !self.several.contains(&table)) {
            Some(already) => Err(Error::new(format!(
                "{already} and {name} are both the table \"{table}\": keep one of them, or name both in sfclaim.toml if their rows belong together."
            ))),
            None => Ok(()),
        }
    }
}
