//! What `sfclaim report` shows: the reports of a run, each by itself, and which files they are.

use crate::decide::{Decision, Status};
use crate::error::Result;
use crate::load::Loaded;
use crate::recheck::PastClaims;
use crate::report::output::folder::{Marker, OutFolder};
use crate::report::output::json::json_file;
use crate::report::output::page::{Page, Screen};
use crate::report::views::bi;
use crate::report::views::check::receipt;
use crate::report::views::evidence::claims::EvidenceView;
use crate::report::views::evidence::{self};
use crate::report::views::exception::year::Year;
use crate::report::views::exception::{self};
use crate::report::views::report_page;
use crate::report::views::view::View;
use crate::report::views::workbook::found::Found;
use crate::report::views::workbook::{self, published, workbook};
use crate::report::views::worklists::{self, For, Worklists};
use serde_json::{Value, json};

/// A part of the reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The officers' workbook.
    Workbook,
    /// The evidence of what can be claimed.
    Evidence,
    /// Where the year stands, with charts.
    Page,
    /// The exception report.
    Exception,
    /// A file for each practitioner, school and team.
    Worklists,
    /// Tables for Power BI and the like.
    Bi,
    /// The workbook that may be published.
    Published,
}

impl Part {
    /// What officers get: nothing of it may be published.
    pub fn officers() -> Vec<Part> {
        vec![Part::Workbook, Part::Evidence, Part::Page, Part::Exception, Part::Worklists, Part::Bi]
    }

    /// Its files.
    fn files(self) -> &'static [&'static str] {
        match self {
            Part::Workbook => &[workbook::NAME],
            Part::Evidence => &evidence::NAMES,
            Part::Page => &[report_page::NAME],
            Part::Exception => &exception::NAMES,
            Part::Worklists => &[WORKLISTS],
            Part::Bi => &[BI],
            Part::Published => &[workbook::PUBLISHED],
        }
    }

    /// What it is for.
    fn about(self) -> &'static str {
        match self {
            Part::Workbook => "the workbook for every day: what to claim, what to ask, and everything behind it",
            Part::Evidence => "the evidence of all that can be claimed now, a claim a section, to be signed",
            Part::Page => "where the year stands, with charts and their numbers",
            Part::Exception => {
                "the exception report for members, with your own words from narrative.toml; put that file into the data folder and change it"
            }
            Part::Worklists => {
                "a list for each practitioner, school and team of what they can do, as CSV and as a workbook, ready for a mail merge; index.csv names them"
            }
            Part::Bi => {
                "tables for Power BI, DuckDB and the like, which join by their keys; data-dictionary.csv says what each column means"
            }
            Part::Published => {
                "counts alone, with small counts left out. Somebody must look at it before it is published"
            }
        }
    }
}

/// The folder of worklists.
const WORKLISTS: &str = "worklists/";

/// The folder of tables for Power BI and the like.
const BI: &str = "bi/";

/// The receipt of a report, by which its folder is known.
const RECEIPT: &str = "report.json";

/// Every file that the command may write.
pub fn ours() -> Vec<&'static str> {
    let parts = Part::officers().into_iter().chain([Part::Published]);
    parts.flat_map(Part::files).copied().chain([RECEIPT]).collect()
}

/// What makes a folder known as one of reports.
pub const MARKER: Marker = Marker { file: RECEIPT, program: "sfclaim report", spares: None };

/// What `sfclaim report` shows.
pub struct ReportView<'a> {
    /// Everything that was found.
    pub found: &'a Found<'a>,
    /// The files that were read.
    pub loaded: &'a Loaded,
    /// Whether the page lists the cases that can be claimed.
    pub with_cases: bool,
    /// What the exception report is made from.
    pub year: Year<'a>,
    /// The claims that were made before for what can be claimed, for the evidence.
    pub past: PastClaims,
    /// What each practitioner, school and team can do.
    pub worklists: &'a Worklists<'a>,
    /// What is wanted.
    pub parts: Vec<Part>,
}

impl ReportView<'_> {
    fn claimable(&self) -> impl Iterator<Item = &Decision> {
        self.found.outcome.decisions.iter().filter(|decision| decision.status == Status::Claimable)
    }
}

impl View for ReportView<'_> {
    fn write(&self, folder: &OutFolder) -> Result<()> {
        for part in &self.parts {
            match part {
                Part::Workbook => folder.write(workbook::NAME, &workbook(self.found)?)?,
                Part::Evidence => {
                    let claimable: Vec<&Decision> = self.claimable().collect();
                    let chosen = "All that can be claimed now".to_owned();
                    EvidenceView::of(self.found.outcome, &claimable, self.loaded, &self.past, false, chosen)?
                        .write(folder)?;
                }
                Part::Page => {
                    folder.write(
                        report_page::NAME,
                        report_page::page(self.found, self.year.position, self.with_cases).as_bytes(),
                    )?;
                }
                Part::Exception => exception::write(folder, &self.year)?,
                Part::Worklists => self.worklists.write(folder)?,
                Part::Bi => bi::write(folder, self.found.outcome)?,
                Part::Published => folder.write(workbook::PUBLISHED, &published::workbook(self.found)?)?,
            }
        }
        json_file(folder, RECEIPT, &self.data())
    }

    fn data(&self) -> Value {
        let outcome = self.found.outcome;
        let mut data = receipt(outcome, &outcome.prepared.inputs);
        data["program"] = json!(MARKER.program);
        data["reports"] = self.parts.iter().flat_map(|part| part.files()).copied().collect::<Vec<&str>>().into();
        // By these lists a later run knows the files of the folders as this one's.
        if self.parts.contains(&Part::Worklists) {
            data[worklists::FOLDER] = json!(self.worklists.names());
        }
        if self.parts.contains(&Part::Bi) {
            data[bi::FOLDER] = json!(bi::names());
        }
        data
    }

    fn text(&self, screen: Screen) -> Result<String> {
        let outcome = self.found.outcome;
        let mut out = Page::on(screen);
        out.line(&format!("Reports as at {}, by the rules of {}", outcome.prepared.as_at, outcome.rules.label()));
        for notice in outcome.rules.notices(outcome.prepared.as_at) {
            out.note(&notice);
        }
        for part in &self.parts {
            out.item(&format!("{}: {}", part.files().join(", "), part.about()));
            if *part == Part::Worklists {
                let counts = For::ALL.map(|of| format!("{} {}", self.worklists.count(of), of.of_many()));
                out.wrapped(&format!("{}.", counts.join(", ")), "    ", "    ");
            }
        }
        Ok(out.done())
    }

    fn of_files(&self, written: Option<String>) -> Option<String> {
        Some(written.unwrap_or_else(|| "Nothing was written: add --out DIR.".to_owned()))
    }
}
