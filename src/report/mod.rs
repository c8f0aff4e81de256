//! Everything to files and screens. Nothing is decided here.
//!
//! - [`decisions`] the rows of `decisions.csv` and `children.csv`.
//! - [`files`] the files of a run; [`folder`] the folder they go to, [`unfinished`] while it is not complete.
//! - [`screen`] the summary on the terminal.
//! - [`explain`] one period, so that it can be read aloud to an auditor; as data and as text.
//! - [`catalogue`] the catalogue of findings, on the screen and as a page.
//! - [`compare`] what changed between two runs; [`earlier`] reads the folder of an earlier one.
//! - [`faults`] what is wrong with the data, by kind: on the screen and as a page.
//! - [`forecast`] claims and grant to the year's end.
//! - [`left_out`] what every command says of the run: rows left out, and what is needed to repeat it.
//! - [`output`] tables whose columns are data, and the formats they are written in.
//! - [`outlook`] attendance now, and what the running term still allows.
//! - [`position`] where a financial year stands; [`levers`] what holds most families back;
//!   [`funnel`] how far families come; [`anomalies`] what an assurance team would ask about.
//! - [`quarantine`] what is wrong with the data, as files; those that can be mended and read again.
//! - [`review`] what waits for a person.
//! - [`readings`] what hangs on how the guidance is read.
//! - [`whatif`] scenarios beside today, which are never decisions.

pub mod anomalies;
pub mod catalogue;
pub mod compare;
pub mod decisions;
pub mod doubts;
pub mod earlier;
pub mod explain;
pub mod faults;
pub mod files;
pub mod folder;
pub mod forecast;
pub mod funnel;
pub mod held;
pub mod left_out;
pub mod levers;
pub mod outlook;
pub mod output;
pub mod position;
pub mod quarantine;
pub mod readings;
pub mod review;
pub mod screen;
mod unfinished;
pub mod unmatched;
pub mod whatif;

use output::Described;

/// Every table that a command may write, as the page of outputs has them. Those of quarantine to be mended have the columns of
/// the data.
pub fn tables() -> Vec<Described> {
    vec![
        decisions::decisions().described(),
        decisions::children().described(),
        decisions::not_looked_at().described(),
        doubts::doubts().described(),
        unmatched::children().described(),
        unmatched::pupils().described(),
        quarantine::held().described(),
        quarantine::findings().described(),
        review::table().described(),
        review::questions::table().described(),
        outlook::now().described(),
        outlook::improved().described(),
        forecast::months().described(),
        forecast::standings().described(),
        forecast::trials().described(),
        whatif::tables::scenarios().described(),
        whatif::tables::families().described(),
        whatif::tables::grid().described(),
        position::stretches().described(),
        position::claims_known().described(),
        position::periods().described(),
        position::moved::table().described(),
        levers::levers_table().described(),
        levers::families_held().described(),
        funnel::stages().described(),
        funnel::losses().described(),
        anomalies::points().described(),
        anomalies::noticed().described(),
        anomalies::claims().described(),
    ]
}

/// What the sums of a file are: money that is paid for results, or, from the day on which payment was suspended, only what the
/// same results would have been worth.
pub(crate) fn sums_are(suspended: bool) -> &'static str {
    if suspended { "what the same results would have been worth" } else { "payment by results" }
}
