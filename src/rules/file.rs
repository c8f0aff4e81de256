//! One file of a pack while it is being read: whom its mistakes are told, which sources it names, and which files it is
//! laid over.

use crate::dates::Date;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// Something wrong with a pack.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The file, inside the pack.
    pub file: String,
    /// What is wrong and what to do.
    pub message: String,
    /// Whether the pack cannot be used until it is mended.
    pub fatal: bool,
}

/// A source that was named: the file, the key of the source, and what it is said of.
#[derive(Clone, Debug)]
pub(super) struct Citation {
    pub(super) file: String,
    pub(super) source: String,
    pub(super) what: String,
}

/// A file of a pack while it is being read.
pub(super) struct OpenFile<'a> {
    /// Its name, as problems and provenance give it.
    pub(super) name: &'a str,
    /// What stands in it.
    pub(super) text: &'a str,
    /// The files that it is laid over, by name; `None` for a file of a whole pack.
    pub(super) over: Option<&'a BTreeSet<String>>,
    /// What is wrong with it.
    pub(super) problems: Vec<Problem>,
    /// The sources that it names.
    pub(super) cited: Vec<Citation>,
}

impl<'a> OpenFile<'a> {
    pub(super) fn new(name: &'a str, text: &'a str, over: Option<&'a BTreeSet<String>>) -> OpenFile<'a> {
        OpenFile { name, text, over, problems: Vec::new(), cited: Vec::new() }
    }

    /// Whether it holds only what it changes.
    pub(super) fn is_over(&self) -> bool {
        self.over.is_some()
    }

    /// Its content, or `None` where it cannot be read; the message shows the line.
    pub(super) fn parsed<T: DeserializeOwned>(&mut self) -> Option<T> {
        toml::from_str(self.text).map_err(|why| self.problem(why.to_string())).ok()
    }

    /// Something that must be mended.
    pub(super) fn problem(&mut self, message: impl Into<String>) {
        self.problems.push(Problem { file: self.name.to_owned(), message: message.into(), fatal: true });
    }

    /// Something that somebody should know.
    pub(super) fn note(&mut self, message: impl Into<String>) {
        self.problems.push(Problem { file: self.name.to_owned(), message: message.into(), fatal: false });
    }

    /// Names the source of something.
    pub(super) fn cite(&mut self, source: &str, what: impl Into<String>) {
        self.cited.push(Citation { file: self.name.to_owned(), source: source.to_owned(), what: what.into() });
    }

    /// A day; what is none is told.
    pub(super) fn day(&mut self, value: &toml::value::Datetime, of: &str) -> Option<Date> {
        let read = day(value);
        if read.is_none() {
            self.problem(format!("{of} is {value}, which is not a date."));
        }
        read
    }

    /// Whether this file may put something in the place of what an earlier file says. What the same file, or another one
    /// beside it, says too is told as given twice.
    pub(super) fn may_replace(&mut self, earlier: &str, what: &str) -> bool {
        let may = self.over.is_some_and(|over| over.contains(earlier));
        if !may {
            self.problem(format!("{what} is given twice: keep one."));
        }
        may
    }
}

/// The civil date of a TOML date; `None` for a time.
pub(super) fn day(value: &toml::value::Datetime) -> Option<Date> {
    let date = value.date?;
    crate::dates::read(&format!("{:04}-{:02}-{:02}", date.year, date.month, date.day))
}
