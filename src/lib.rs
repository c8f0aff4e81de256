//! sfclaim says, for every family a council supports, whether a Supporting Families result can be claimed,
//! why, what is missing and when. This is the map of the crate.
//!
//! Data flows one way; each stage uses vocabulary and the output of earlier stages, nothing later:
//!
//! ```text
//! load -> validate -> link -> attend -> evaluate -> decide -> forecast -> report
//! files   typed rows  periods  sessions  verdicts    status    claims      files and screens
//!         findings    persons  a child   and why     one claim to the
//!         quarantine  links    and term              a family  year's end
//! ```
//!
//! # Where to find
//!
//! | What | Where |
//! |---|---|
//! | a rule | [`rules::name::RuleName`] names them; each is a file: [`evaluate::eligibility`], [`evaluate::family`], [`evaluate::progress`], [`evaluate::sustainment`], [`evaluate::attendance`], [`evaluate::reclaim`], [`evaluate::timeliness`], [`evaluate::evidence`] |
//! | a value of a rule | [`rules::parameters`]; its key and what it may hold in [`rules::parameters::KEYS`] |
//! | a status, and one claim to a family | [`decide`] |
//! | a finding | [`finding::FindingCode`]; what is said of each stands in `rules/findings.toml` |
//! | a table that is read | [`load::tables`], its columns; [`validate`], its typed rows |
//! | a command | [`cli::args`], what can be typed; [`report::views`], what each shows |
//! | an output | [`report::views::tables`], every table; [`report::output`], how they are written |
//! | a forecast | [`forecast`] |
//!
//! Vocabulary (nouns): [`ids`], [`dates`], [`money`], [`share`], [`place`], [`finding`], [`error`],
//! [`receipt`], [`words`], [`indexed`], [`cores`], and [`rules`], the dated and cited data of `rules/`.
//!
//! Stages (verbs): [`load`], [`validate`], [`link`], [`attend`], [`evaluate`], [`decide`],
//! [`forecast`], [`report`]. [`init`] stands beside them: it looks at a folder that nobody has described and proposes its
//! settings. `register` stands beside them too: the file in which a council keeps what it claimed; it knows nothing of
//! decisions. [`run`] puts the stages up to decisions in order; a forecast judges with it at many days, and [`recheck`] past claims at theirs. [`sample`] invents
//! authorities. [`cli`] is what a person types.

#![warn(missing_docs)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::todo,
    clippy::unimplemented,
    clippy::dbg_macro,
    clippy::float_cmp
)]

pub mod cores;
pub mod dates;
pub mod error;
pub mod finding;
pub mod ids;
pub mod indexed;
pub mod money;
pub mod place;
pub mod receipt;
pub mod rules;
pub mod share;
pub mod words;

pub mod attend;
pub mod decide;
pub mod evaluate;
pub mod forecast;
pub mod init;
pub mod link;
pub mod load;
#[cfg(feature = "native")]
pub mod register;
pub mod report;
pub mod validate;

pub mod cli;
pub mod recheck;
pub mod run;
pub mod sample;
