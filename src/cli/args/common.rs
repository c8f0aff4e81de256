//! What several commands take: the data with the as-at date and the rules, and where the output goes.

use crate::cli::printing::say_notes;
use crate::dates::{self, Date};
use crate::error::Result;
use crate::report::output;
use crate::report::output::folder::{Marker, OutFolder, not_where_is_read};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// The data, the as-at date and the rules: the same for every command that decides.
#[derive(Args, Debug)]
pub struct Judging {
    /// The folder with the tables: cases.csv, criteria.csv, people.csv, attendance*.csv, claims.csv, ...
    pub data: PathBuf,
    /// The day to decide for, such as 2024-09-30 or 30/09/2024: what is dated after it is left out
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_at: Date,
    /// Change a rule parameter, such as attendance.basis=combined (repeatable)
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Rules")]
    pub set: Vec<String>,
    /// Use the rule pack in this folder instead of the one built in
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    pub rules: Option<PathBuf>,
    /// Use this framework, even for a day on which it was not in force
    #[arg(long, value_name = "ID", help_heading = "Rules")]
    pub framework: Option<String>,
    /// Take the claims from this register, in place of claims.csv, and say where the two differ
    #[cfg(feature = "native")]
    #[arg(long, value_name = "FILE")]
    pub register: Option<PathBuf>,
}

impl Judging {
    /// What the run reads, as far as it was named.
    pub fn read(&self) -> impl Iterator<Item = &Path> {
        #[cfg(feature = "native")]
        let register = self.register.as_deref();
        #[cfg(not(feature = "native"))]
        let register: Option<&Path> = None;
        std::iter::once(self.data.as_path()).chain(self.rules.as_deref()).chain(register)
    }
}

/// Whether agreements count.
#[derive(Args, Debug)]
pub struct Agreements {
    /// Decide without the agreements, to see what difference they make. Do not claim by this
    #[arg(long, help_heading = "Rules")]
    pub without_agreements: bool,
}

/// The folder that a command writes to.
#[derive(Args, Debug)]
pub struct Output {
    /// The folder to write everything to; without it only the summary is shown
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub out: Option<PathBuf>,
    /// Write into a folder that has other files already, and replace files of the same names
    #[arg(long, help_heading = "Output", requires = "out")]
    pub force: bool,
    /// The format of the tables in the folder: csv or parquet
    #[arg(long, value_enum, default_value_t = Format::Csv, hide_possible_values = true)]
    #[arg(help_heading = "Output", requires = "out")]
    pub format: Format,
}

impl Output {
    /// Begins the folder, where one was named. `read` are the folders and files that the run reads, as far as they are known
    /// before anything is read.
    ///
    /// # Errors
    /// It cannot be written to, holds other things, or one of those that are read.
    pub fn begin<'a>(
        &self,
        ours: &[&str],
        marker: Marker,
        read: impl IntoIterator<Item = &'a Path>,
    ) -> Result<Option<OutFolder>> {
        let Some(out) = &self.out else { return Ok(None) };
        let format = output::Format::from(self.format);
        format.check()?;
        not_where_is_read(out, read.into_iter())?;
        let folder = OutFolder::begin(out, ours, marker, self.force)?.with_tables_as(format);
        say_notes(&folder);
        Ok(Some(folder))
    }
}

/// Whether worklists name people.
#[derive(Args, Debug)]
pub struct Naming {
    /// Leave names, birth dates, UPNs and schools out of lists of people
    #[arg(long, help_heading = "Output")]
    pub without_names: bool,
}

/// The format of tables that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated text
    Csv,
    /// Apache Parquet
    Parquet,
}

impl From<Format> for output::Format {
    fn from(typed: Format) -> output::Format {
        match typed {
            Format::Csv => output::Format::Csv,
            Format::Parquet => output::Format::Parquet,
        }
    }
}

/// A day, however it is written.
pub(super) fn date(text: &str) -> std::result::Result<Date, String> {
    dates::read(text).ok_or_else(|| "it is not a date: write it as 2024-09-30 or 30/09/2024".to_owned())
}
