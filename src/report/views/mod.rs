//! What each command shows, one module a command: its files, the same as data and as text. Nothing is computed here.
//!
//! - [`check`] the decisions, the summary and the receipt of a run, and what is wrong with its data; [`validate`] that alone.
//! - [`explain`] one period, so that it can be read aloud to an auditor.
//! - [`review`] what waits for a person; [`attendance`] the children now, and what the running term still allows.
//! - [`position`] where a financial year stands; [`forecast`] claims and grant to the year's end; [`whatif`] scenarios beside
//!   today, which are never decisions.
//! - [`levers`] what holds most families back; [`funnel`] how far families come; [`anomalies`] what an assurance team would ask
//!   about.
//! - [`compare`] what changed between two runs; [`earlier`] what is taken from the folder of an earlier one.
//! - [`readings`] which results depend on how the guidance is read; [`findings`] the catalogue of findings.
//! - [`evidence`] what claims rest on, to be signed; [`audit_sample`] which of them audit looks at.
//! - [`exception`] the form in which a council reports a measure that is off its target.
//! - [`report`] the reports of a run in one folder; [`report_page`] the year at a glance; [`workbook`] what several commands find,
//!   as one workbook; [`worklists`] what each practitioner, school and team can do; [`bi`]
//!   tables for Power BI and the like.
//! - [`view`] what all of them are. [`held`] and [`left_out`] what several of them say of the run.

pub mod anomalies;
pub mod attendance;
pub mod audit_sample;
pub mod bi;
pub mod check;
pub mod compare;
pub mod earlier;
pub mod evidence;
pub mod exception;
pub mod explain;
pub mod findings;
pub mod forecast;
pub mod funnel;
pub mod held;
pub mod left_out;
pub mod levers;
pub mod people;
pub mod position;
pub mod readings;
pub mod ready;
pub mod recheck;
pub mod report;
pub mod report_page;
pub mod review;
pub mod validate;
pub mod view;
pub mod whatif;
pub mod workbook;
pub mod worklists;

use super::output::Described;

/// Every table that a command may write, as the page of outputs has them. Those of quarantine to be mended have the columns of
/// the data.
pub fn tables() -> Vec<Described> {
    vec![
        check::decisions::decisions().described(),
        check::decisions::children().described(),
        check::decisions::not_looked_at().described(),
        check::doubts::doubts().described(),
        check::unmatched::children().described(),
        check::unmatched::pupils().described(),
        check::quarantine::held().described(),
        check::quarantine::findings().described(),
        review::table().described(),
        review::questions::table().described(),
        attendance::now().described(),
        attendance::improved().described(),
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
        audit_sample::sample().described(),
        audit_sample::frame().described(),
        recheck::claims().described(),
        recheck::quarters().described(),
        worklists::table().described(),
        worklists::index().described(),
    ]
    .into_iter()
    .chain(bi::described())
    .chain([bi::dictionary().described()])
    .collect()
}
