//! The register of claims: what was claimed, on what evidence, and what became of it. One file, in SQLite, that the council
//! keeps. Nothing in it is deleted: a log says what was done, and each entry of it holds the hash of the one before.
//!
//! - [`state`] the states of a claim, and which moves there are.
//! - [`entry`] an entry of the log, its bytes and its hash; [`entry::Digest`] by which a cut or rewritten log is seen.
//! - [`kept`] a claim as it is kept.
//! - [`file`](mod@file) opening, reading and changing the file; one process at a time.
//! - `up_to_date` a file of an earlier version.
//! - [`changing`] what a change writes; [`drawing`] the sample for audit.
//! - [`verifying`] what does not agree with itself.
//! - [`log_lines`] the log as JSON lines.
//! - [`pseudonym`] families in what leaves the council.
//! - `schema` the tables, and what the database itself refuses.
//!
//! The register knows nothing of decisions: what a claim rests on comes to it as text.

pub mod changing;
pub mod connection;
pub mod drawing;
pub mod entry;
pub mod file;
pub mod kept;
pub mod log_lines;
pub mod pseudonym;
pub mod ranges;
mod schema;
pub mod state;
mod up_to_date;
pub mod verifying;
pub mod who;

pub use changing::Changing;
pub use entry::Digest;
pub use file::ClaimsRegister;
pub use kept::{KeptClaim, Origin};
pub use state::{Action, State};
pub use who::Who;
