//! Large files in parts that all cores can read at the same time: blocks of a CSV file, row groups of a Parquet file.
//! Parts are given out in the files' order, and every row has its number, so that what is made of them does not
//! depend on who read which.

use super::blocks::{BLOCK, Block, CsvBlocks};
use super::parquet_file::{Column, RowGroups};
use super::row::{EachRow, Row, Rows, row_number};
use super::text_file::{Body, TextFile};
use super::unchanged;
use crate::cores;
use crate::error::{Error, Result};
use crate::receipt::{Fingerprint, Fingerprinting, InputFile};
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// How many rows in memory make a part.
const ROWS: usize = 1 << 16;

/// How far a reading has come, in bytes of files.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes read.
    pub done: AtomicU64,
    /// Bytes there are.
    pub total: AtomicU64,
}

/// A file that can be read in parts, by its number among them.
pub type FileNumber = usize;

/// A part of a file, not yet read into cells.
pub enum Part<'f> {
    /// Lines of a CSV file.
    Lines(Block),
    /// A row group of a Parquet file, by its number.
    Group(&'f RowGroups, usize),
    /// Rows in memory, by their positions.
    Rows(&'f Rows, Range<usize>),
    /// No rows: the file's fingerprint is to be made.
    Print(&'f Path),
}

/// Gives out the parts of several files.
pub struct Parts<'f> {
    files: Vec<&'f TextFile>,
    read_at_once: usize,
    progress: &'f Progress,
    given: Mutex<Given>,
}

/// A part with its own number and that of its file.
type Numbered<'f> = (usize, FileNumber, Part<'f>);

/// A mistake with the number of the part it is in.
type Failed = (usize, Error);

#[derive(Default)]
struct Given {
    file: FileNumber,
    next: usize,
    blocks: Option<CsvBlocks>,
    printed: bool,
    prints: Vec<(FileNumber, Fingerprint)>,
    parts: usize,
}

impl<'f> Parts<'f> {
    /// The parts of these files. `read_at_once` is how large a block of CSV is, in bytes.
    pub fn of(files: Vec<&'f TextFile>, read_at_once: Option<usize>, progress: &'f Progress) -> Parts<'f> {
        let length = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
        let total = files.iter().map(|file| match &file.body {
            Body::CsvOnDisk { seen, .. } => length(seen.path()),
            Body::ParquetOnDisk(groups) => length(groups.path()),
            Body::Csv { .. } | Body::Rows(_) | Body::Columns(_) => 0,
        });
        progress.done.store(0, Ordering::Relaxed);
        progress.total.store(total.sum(), Ordering::Relaxed);
        let read_at_once = read_at_once.unwrap_or(BLOCK);
        Parts { files, read_at_once, progress, given: Mutex::default() }
    }

    /// Reads all parts with as many workers as there are cores, each made by `new`, and gives the workers back. `read`
    /// gets a worker, the number of a file and one of its parts.
    ///
    /// # Errors
    /// The first mistake in the files' order.
    pub fn read_all<W: Send>(
        &self,
        new: impl Fn() -> W + Sync,
        read: impl Fn(&mut W, FileNumber, &Part<'f>) -> Result<()> + Sync,
    ) -> Result<Vec<W>> {
        let work = || {
            let mut worker = new();
            let mut failed: Option<Failed> = None;
            loop {
                let (number, file, part) = match self.next() {
                    Ok(Some(next)) => next,
                    Ok(None) => break,
                    Err(failure) => {
                        failed = Some(failure);
                        break;
                    }
                };
                let done = match &part {
                    Part::Print(path) => self.print(file, path),
                    part => read(&mut worker, file, part),
                };
                if let Part::Lines(block) = &part {
                    block.print();
                }
                if let Err(why) = done {
                    // Earlier parts are being read to their end by others, so that the first mistake is found.
                    failed = Some((number, why));
                    self.stop();
                    break;
                }
            }
            (worker, failed)
        };
        let (mut workers, mut failures) = (Vec::new(), Vec::new());
        for (worker, failed) in cores::on_all(work) {
            workers.push(worker);
            failures.extend(failed);
        }
        match failures.into_iter().min_by_key(|(part, _)| *part) {
            Some((_, why)) => Err(why),
            None => Ok(workers),
        }
    }

    /// The next part, with its own number and that of its file.
    fn next(&self) -> std::result::Result<Option<Numbered<'f>>, Failed> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let file = given.file;
            let Some(text_file) = self.files.get(file) else { return Ok(None) };
            given.parts += 1;
            let number = given.parts;
            let part = self.part_of(text_file, &mut given).inspect_err(|_| given.file = usize::MAX);
            match part.map_err(|why| (number, why))? {
                Some(part) => return Ok(Some((number, file, part))),
                None => {
                    *given = Given {
                        file: file + 1,
                        parts: number,
                        prints: std::mem::take(&mut given.prints),
                        ..Given::default()
                    }
                }
            }
        }
    }

    fn part_of(&self, file: &'f TextFile, given: &mut Given) -> Result<Option<Part<'f>>> {
        match &file.body {
            Body::CsvOnDisk { seen, shape, as_1252 } => {
                let blocks = match &mut given.blocks {
                    Some(blocks) => blocks,
                    None => {
                        let read_at_once = self.read_at_once;
                        given.blocks.insert(CsvBlocks::open(&file.file, seen.path(), read_at_once, *shape, as_1252)?)
                    }
                };
                if let Some(block) = blocks.next_block()? {
                    self.progress.done.fetch_add(block.bytes() as u64, Ordering::Relaxed);
                    return Ok(Some(Part::Lines(block)));
                }
                let print = given.blocks.take().map(CsvBlocks::fingerprint).transpose()?;
                seen.check(&file.file)?;
                given.prints.extend(print.map(|print| (given.file, print)));
                Ok(None)
            }
            Body::ParquetOnDisk(groups) => {
                if !std::mem::replace(&mut given.printed, true) {
                    return Ok(Some(Part::Print(groups.path())));
                }
                let group = given.next;
                given.next += 1;
                if group < groups.len() {
                    let bytes = std::fs::metadata(groups.path()).map_or(0, |file| file.len());
                    self.progress.done.fetch_add(bytes / groups.len() as u64, Ordering::Relaxed);
                }
                if group >= groups.len() {
                    groups.seen().check(&file.file)?;
                    return Ok(None);
                }
                Ok(Some(Part::Group(groups, group)))
            }
            Body::Rows(rows) => {
                let from = given.next;
                given.next = rows.len().min(from + ROWS);
                Ok((from < rows.len()).then_some(Part::Rows(rows, from..given.next)))
            }
            Body::Csv { .. } | Body::Columns(_) => {
                Err(Error::new(format!("{} was read at once, and has no parts.", file.file)))
            }
        }
    }

    fn stop(&self) {
        self.given.lock().unwrap_or_else(PoisonError::into_inner).file = usize::MAX;
    }

    fn print(&self, file: FileNumber, path: &Path) -> Result<()> {
        let failed = |why: std::io::Error| Error::file("read", path, &why);
        let mut source = File::open(path).map_err(failed)?;
        let mut print = Fingerprinting::default();
        let mut buffer = vec![0; 1 << 20];
        loop {
            let read = source.read(&mut buffer).map_err(failed)?;
            if read == 0 {
                break;
            }
            print.take(&buffer[..read]);
        }
        self.given.lock().unwrap_or_else(PoisonError::into_inner).prints.push((file, print.finish()));
        Ok(())
    }

    /// Checks that the files read are those that were read before, by the fingerprints they had then.
    ///
    /// # Errors
    /// A file that has become another one.
    pub fn check_against(&self, first: &[InputFile]) -> Result<()> {
        let files = &self.files;
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let named = given.prints.iter().filter_map(|(file, print)| Some((&*files.get(*file)?.file, *print)));
        unchanged::check_prints(first, &named.collect::<Vec<_>>())
    }

    /// The fingerprints of the files that were read from disk.
    pub fn inputs(self) -> Vec<InputFile> {
        let mut prints = self.given.into_inner().unwrap_or_else(PoisonError::into_inner).prints;
        prints.sort();
        let named = |(file, sha256): (FileNumber, Fingerprint)| {
            Some(InputFile { file: self.files.get(file)?.file.to_string(), sha256 })
        };
        prints.into_iter().filter_map(named).collect()
    }
}

impl Part<'_> {
    /// Gives the columns of a row group, a piece at a time: the position of the first row in the file, how many rows, and
    /// the columns in the header's order. `false` for a part that is none.
    ///
    /// # Errors
    /// The part cannot be read.
    pub fn for_each_piece(&self, file: &TextFile, each: impl FnMut(usize, usize, &[Column])) -> Result<bool> {
        match self {
            Part::Group(groups, group) => read_group(groups, *group, file, each).map(|()| true),
            _ => Ok(false),
        }
    }

    /// Gives every row of the part that is not wholly blank; a file's header is none of them. `beginning` is how many cells it is enough
    /// to begin a line with (see [`EachRow::begun`]); nought where lines are to be taken apart wholly.
    ///
    /// # Errors
    /// The part cannot be read.
    pub fn for_each(&self, file: &TextFile, beginning: usize, each: &mut impl EachRow) -> Result<()> {
        let width = file.width;
        match self {
            Part::Lines(block) => block.for_each(&file.file, width, file.reading(), beginning, each),
            Part::Group(groups, group) => read_group(groups, *group, file, |first, rows, columns| {
                for position in 0..rows {
                    let row = Row::of_columns(columns, position, row_number(first + position), file.reading());
                    if !row.is_blank() {
                        each.row(row);
                    }
                }
            }),
            Part::Rows(rows, positions) => {
                rows.for_each(positions.clone(), width, file.reading(), &mut |row: Row<'_>| each.row(row));
                Ok(())
            }
            Part::Print(_) => Ok(()),
        }
    }
}

/// Reads the columns of a row group that the file's table has.
fn read_group(
    groups: &RowGroups,
    group: usize,
    file: &TextFile,
    each: impl FnMut(usize, usize, &[Column]),
) -> Result<()> {
    let known: Vec<bool> = file.header.iter().take(file.width).map(|name| file.table.knows(name)).collect();
    groups.read(group, &known, each)
}
