//! Why no authority could be written.

use std::path::PathBuf;

/// Why no authority could be written.
#[derive(Debug)]
pub enum Error {
    /// The request cannot be met: what is wrong with it.
    Asked(String),
    /// The profile cannot be used: why.
    Profile(String),
    /// A file cannot be written.
    Write {
        /// Which.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// A row for a table that the sink was not told of.
    UnknownTable(&'static str),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Asked(what) => write!(f, "no sample can be made: {what}"),
            Error::Profile(why) => write!(f, "the profile of the sample cannot be used: {why}"),
            Error::Write { path, cause } => write!(f, "cannot write {}: {cause}", path.display()),
            Error::UnknownTable(name) => write!(f, "the table {name} was not opened for writing"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Write { cause, .. } => Some(cause),
            _ => None,
        }
    }
}
