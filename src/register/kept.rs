//! A claim as it is kept: what its last entry in the log says.

use crate::dates::{self, Date, add_years};
use crate::register::entry::LogEntry;
use crate::register::state::State;
use crate::words::worded;

worded! {
    /// How a claim came into the register.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Origin {
        /// From a table of claims.
        Imported = "imported",
        /// From a check.
        Prepared = "prepared",
    }
}

/// A claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptClaim {
    /// Its id.
    pub claim_id: String,
    /// The family.
    pub family_id: String,
    /// The case that it names.
    pub case_id: Option<String>,
    /// How it came.
    pub origin: Origin,
    /// The day that it was decided for, where it was prepared.
    pub as_at: Option<Date>,
    /// When it was sent.
    pub submitted_on: Option<Date>,
    /// When it was decided.
    pub decided_on: Option<Date>,
    /// The window that it was sent in.
    pub window: Option<String>,
    /// After how many years the family can be claimed again.
    pub reclaim_years: i32,
    /// The rules whose verdict rests on an agreement.
    pub by_agreement: Vec<String>,
    /// The pseudonyms of the families linked to its own when it was prepared.
    pub linked: Vec<String>,
    /// Where it stands.
    pub state: State,
    /// Its last entry.
    pub sequence: i64,
}

impl KeptClaim {
    /// The day of the success that it stands for, as a table of claims would say it: decided, else submitted.
    pub fn success_on(&self) -> Option<Date> {
        let stands = matches!(self.state, State::Submitted | State::Approved);
        let submitted = self.submitted_on.filter(|_| stands)?;
        Some(self.decided_on.map_or(submitted, |decided| decided.max(submitted)))
    }

    /// The last day on which it bars another claim of the family; none for one that bars nothing, or bars always.
    pub fn bars_until(&self) -> Option<Date> {
        self.success_on().map(|day| add_years(day, self.reclaim_years))
    }

    /// Whether it stands in the way of another claim of the family decided for this day.
    pub fn bars(&self, as_at: Date) -> bool {
        match self.state {
            State::Prepared | State::Audited => true,
            _ => self.bars_until().is_some_and(|until| as_at <= until),
        }
    }

    /// The values of an entry that says it.
    pub fn write_into(&self, entry: &mut LogEntry) {
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        let list = |list: &[String]| Some(list.join(";")).filter(|text| !text.is_empty());
        for (field, value) in [
            ("claim_id", Some(self.claim_id.clone())),
            ("family_id", Some(self.family_id.clone())),
            ("case_id", self.case_id.clone()),
            ("origin", Some(self.origin.word().to_owned())),
            ("as_at", day(self.as_at)),
            ("submitted_on", day(self.submitted_on)),
            ("decided_on", day(self.decided_on)),
            ("window", self.window.clone()),
            ("reclaim_years", Some(self.reclaim_years.to_string())),
            ("bars_until", day(self.bars_until())),
            ("by_agreement", list(&self.by_agreement)),
            ("linked", list(&self.linked)),
            ("state_after", Some(self.state.word().to_owned())),
        ] {
            entry.set(field, value);
        }
    }

    /// The claim as an entry says it; none where the entry is of no claim, or says what cannot be.
    pub fn of(entry: &LogEntry) -> Option<KeptClaim> {
        let text = |field: &str| entry.value(field).map(str::to_owned);
        let day = |field: &str| entry.value(field).map_or(Some(None), |text| dates::read(text).map(Some));
        let list = |field: &str| -> Vec<String> {
            entry.value(field).map(|text| text.split(';').map(str::to_owned).collect()).unwrap_or_default()
        };
        Some(KeptClaim {
            claim_id: text("claim_id")?,
            family_id: text("family_id")?,
            case_id: text("case_id"),
            origin: entry.value("origin").and_then(Origin::of_word)?,
            as_at: day("as_at")?,
            submitted_on: day("submitted_on")?,
            decided_on: day("decided_on")?,
            window: text("window"),
            reclaim_years: entry.value("reclaim_years")?.parse().ok()?,
            by_agreement: list("by_agreement"),
            linked: list("linked"),
            state: entry.state_after()?,
            sequence: entry.sequence,
        })
    }

    /// The row of the table of claims that says it (contract section 1); none for one that was never sent.
    pub fn row(&self) -> Option<[String; 6]> {
        let outcome = match self.state {
            State::Prepared | State::Audited => return None,
            sent => sent.word().to_owned(),
        };
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let submitted = self.submitted_on?.to_string();
        let case = self.case_id.clone().unwrap_or_default();
        Some([self.claim_id.clone(), self.family_id.clone(), case, submitted, day(self.decided_on), outcome])
    }
}

/// The columns of [`KeptClaim::row`].
pub const COLUMNS: [&str; 6] = ["claim_id", "family_id", "case_id", "submitted_on", "decided_on", "outcome"];
