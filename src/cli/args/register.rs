//! What can be typed of the register of claims, and of past claims.

use super::common::{Judging, Output};
use clap::Args;

/// `recheck`
#[derive(Args, Debug)]
pub struct Recheck {
    /// What to look at.
    #[command(flatten)]
    pub judging: Judging,
    /// Where to.
    #[command(flatten)]
    pub output: Output,
    /// Print the same as JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,
}

#[cfg(feature = "native")]
pub use of_register::*;

#[cfg(feature = "native")]
mod of_register {
    use crate::cli::args::common::date;
    use crate::dates::Date;
    use crate::register::State;
    use clap::{Args, Subcommand};
    use std::path::PathBuf;

    /// `register`
    #[derive(Args, Debug)]
    pub struct OfRegister {
        /// What to do.
        #[command(subcommand)]
        pub action: RegisterAction,
    }

    /// What can be done with a register.
    #[derive(Subcommand, Debug)]
    pub enum RegisterAction {
        /// Make a new register
        New(New),
        /// Take in the claims of before
        Import(Import),
        /// Choose what can be claimed, and keep on what evidence
        Prepare(Prepare),
        /// Draw a sample for audit, and say what audit found
        Audit(Audit),
        /// Say that what was audited has been sent
        Submit(Submit),
        /// Say that claims were accepted
        Approve(Decide),
        /// Say that claims were refused
        Reject(Decide),
        /// Take claims back
        Withdraw(Move),
        /// Say that the money of claims was taken back
        ClawBack(Move),
        /// List claims by where they stand
        List(ListClaims),
        /// Show a claim with what it rests on
        Show(ShowClaim),
        /// Show what was done, to one claim or to all
        History(ShowHistory),
        /// Write the claims as a table, a return without identifiers, or the log
        Export(Export),
        /// Check that nothing was tampered with: a register, or its log as JSON lines
        Verify(Verify),
        /// Write a copy that is complete
        Backup(To),
        /// Take personal detail of old claims out; what was done stays
        Redact(Redact),
    }

    /// The register.
    #[derive(Args, Debug)]
    pub struct RegisterNamed {
        /// The file of the register
        #[arg(value_name = "REGISTER")]
        pub register: PathBuf,
    }

    /// Who does it, and when.
    #[derive(Args, Debug)]
    pub struct Typist {
        /// Who does this, as your council knows the person
        #[arg(long, value_name = "NAME")]
        pub by: String,
        /// The day on which it was done, such as 2024-09-30
        #[arg(long, value_name = "DATE", value_parser = date)]
        pub on: Date,
    }

    /// `register new`
    #[derive(Args, Debug)]
    pub struct New {
        /// Which.
        #[command(flatten)]
        pub named: RegisterNamed,
        /// Who and when.
        #[command(flatten)]
        pub typist: Typist,
    }

    /// `register import`
    #[derive(Args, Debug)]
    pub struct Import {
        /// Which.
        #[command(flatten)]
        pub named: RegisterNamed,
        /// The table of claims (CSV, Parquet or Excel), or the data folder that has it
        #[arg(value_name = "CLAIMS")]
        pub claims: PathBuf,
        /// Who and when.
        #[command(flatten)]
        pub typist: Typist,
    }

    /// `register prepare`
    #[derive(Args, Debug)]
    pub struct Prepare {
        /// Which.
        #[command(flatten)]
        pub named: RegisterNamed,
        /// The folder with the tables: cases.csv, criteria.csv, people.csv, attendance*.csv, ...
        pub data: PathBuf,
        /// The day to decide for: the day before the claims are sent
        #[arg(long, value_name = "DATE", value_parser = date)]
        pub as_at: Date,
        /// Who does this, as your council knows the person
        #[arg(long, value_name = "NAME")]
        pub by: String,
        /// The day on which it is done; without it the as-at date
        #[arg(long, value_name = "DATE", value_parser = date)]
        pub on: Option<Date>,
        /// Leave these cases or families out (repeatable)
        #[arg(long, value_name = "CASE|FAMILY")]
        pub leave_out: Vec<String>,
        /// Say yes to what is listed
        #[arg(long)]
        pub yes: bool,
        /// Use the rule pack in this folder instead of the one built in
        #[arg(long, value_name = "DIR", help_heading = "Rules")]
        pub rules: Option<PathBuf>,
    }

    /// `register audit`
    #[derive(Args, Debug)]
    pub struct Audit {
        /// Which.
        #[command(flatten)]
        pub named: RegisterNamed,
        /// Draw so many in a hundred of the claims that are prepared, rounded up; the others are audited with that
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
        #[arg(requires = "seed", conflicts_with_all = ["passed", "failed"])]
        pub percent: Option<u32>,
        /// The same seed draws the same sample
        #[arg(long, value_name = "S", requires = "percent")]
        pub seed: Option<u64>,
        /// Claims that audit has passed
        #[arg(long, value_name = "CLAIM", num_args = 1..)]
        pub passed: Vec<String>,
        /// Claims that audit has not passed: they are withdrawn
        #[arg(long, value_name = "CLAIM", num_args = 1.., requires = "why")]
        pub failed: Vec<String>,
        /// What audit found
        #[arg(long, value_name = "TEXT")]
        pub why: Option<String>,
        /// Who and when.
        #[command(flatten)]
        pub typist: Typist,
    }

    /// `register submit`
    #[derive(Args, Debug)]
    pub struct Submit {
        /// Which.
        #[command(flatten)]
        pub named: RegisterNamed,
        /// The claims; without any, all that are audited
        #[arg(value_name = "CLAIM")]
        pub claims: Vec<String>,
        /// The window that they were sent in, such as 2024-Q3
        #[arg(long, value_name = "WINDOW")]
        pub window: String,
        /// Say yes to what is listed
        #[arg(long)]
        pub yes: bool,
        /// Who and when.
        #[command(flatten)]
        pub typist: Typist,
    }

    /// `register approve`, `register reject`
    #[derive(Args, Debug)]
    pub struct Decide {
        /// Which.
        #[command(flatten)]
        pub named: RegisterNamed,
        /// The claims
        #[arg(value_name = "CLAIM", required_unless_present = "file")]
        pub claims: Vec<String>,
        /// Take them from a CSV file with a column claim_id and, if days differ, a column decided_on
        #[arg(long, value_name = "FILE", conflicts_with = "claims")]
        pub file: Option<PathBuf>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        pub why: Option<String>,
        /// Who and when.
        #[command(flatten)]
        pub typist: Typist,
    }

    /// `register withdraw`, `register claw-back`
    #[derive(Args, Debug)]
    pub struct Move {
        /// Which.
        #[command(flatten)]
        pub named: RegisterNamed,
        /// The claims
        #[arg(value_name = "CLAIM", required = true)]
        pub claims: Vec<String>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        pub why: String,
        /// Who and when.
        #[command(flatten)]
        pub typist: Typist,
    }

    /// `register list`
    #[derive(Args, Debug)]
    pub struct ListClaims {
        /// Which.
        #[command(flatten)]
        pub named: RegisterNamed,
        /// Those in this state alone: prepared, audited, submitted, approved, rejected, withdrawn or clawed_back
        #[arg(long, value_name = "STATE", value_parser = state)]
        pub state: Option<State>,
        /// Print the same as JSON
        #[arg(long)]
        pub json: bool,
    }

    /// `register show`
    #[derive(Args, Debug)]
    pub struct ShowClaim {
        /// Which.
        #[command(flatten)]
        pub named: RegisterNamed,
        /// The claim
        #[arg(value_name = "CLAIM")]
        pub claim: String,
        /// Print everything that is kept of it as JSON: decision, explanation, receipt
        #[arg(long)]
        pub json: bool,
    }

    /// `register history`
    #[derive(Args, Debug)]
    pub struct ShowHistory {
        /// Which.
        #[command(flatten)]
        pub named: RegisterNamed,
        /// The claim; without it the whole log
        #[arg(value_name = "CLAIM")]
        pub claim: Option<String>,
    }

    /// `register export`
    #[derive(Args, Debug)]
    pub struct Export {
        /// Which.
        #[command(flatten)]
        pub named: RegisterNamed,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        pub out: PathBuf,
        /// A return for others: no ids of claims, cases or people, and a pseudonym for each family
        #[arg(long = "return", conflicts_with = "log")]
        pub as_return: bool,
        /// The log as JSON lines, which verify checks too
        #[arg(long)]
        pub log: bool,
    }

    /// `register verify`
    #[derive(Args, Debug)]
    pub struct Verify {
        /// The register, or its log as JSON lines
        #[arg(value_name = "FILE")]
        pub file: PathBuf,
        /// A digest that was written down before: shows a log that was cut off or written anew
        #[arg(long, value_name = "DIGEST")]
        pub against: Option<String>,
    }

    /// `register backup`
    #[derive(Args, Debug)]
    pub struct To {
        /// Which.
        #[command(flatten)]
        pub named: RegisterNamed,
        /// The file of the copy
        #[arg(value_name = "COPY")]
        pub to: PathBuf,
    }

    /// `register redact`
    #[derive(Args, Debug)]
    pub struct Redact {
        /// Which.
        #[command(flatten)]
        pub named: RegisterNamed,
        /// Finished claims whose last entry is before this day
        #[arg(long, value_name = "DATE", value_parser = date)]
        pub before: Date,
        /// On what ground, such as a paragraph of your retention schedule
        #[arg(long, value_name = "TEXT")]
        pub why: String,
        /// Say yes to what is listed
        #[arg(long)]
        pub yes: bool,
        /// Who and when.
        #[command(flatten)]
        pub typist: Typist,
    }

    fn state(text: &str) -> Result<State, String> {
        State::of_word(text).ok_or_else(|| {
            let words: Vec<&str> = State::ALL.into_iter().map(State::word).collect();
            format!("it is no state of a claim: {}", words.join(", "))
        })
    }
}
