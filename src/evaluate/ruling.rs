//! What a rule says of a period: the verdict, why, what it rests on, and what would settle it.

use crate::dates::Date;
use crate::link::family::Doubtful;
use crate::place::Place;
use crate::rules::name::RuleName;

/// What a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The rule is met.
    Met,
    /// It is not, and time alone will not change that.
    NotMet,
    /// It is not met yet; with the day on which it will be, where that is known.
    NotYet(Option<Date>),
    /// What is recorded does not tell.
    Unknown,
    /// There is nothing to judge.
    NotApplicable,
}

impl Verdict {
    /// The word that files carry.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::NotMet => "not_met",
            Verdict::NotYet(_) => "not_yet",
            Verdict::Unknown => "unknown",
            Verdict::NotApplicable => "not_applicable",
        }
    }

    /// Whether nothing of this rule stands in the way: it is met, or there is nothing to judge.
    pub fn lets_through(self) -> bool {
        matches!(self, Verdict::Met | Verdict::NotApplicable)
    }

    /// The same for a sentence.
    pub fn said(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::NotMet => "not met",
            Verdict::NotYet(_) => "not met yet",
            Verdict::Unknown => "unknown",
            Verdict::NotApplicable => "not applicable",
        }
    }
}

/// A recorded fact that a verdict rests on.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The fact, in words.
    pub text: String,
    /// Where it stands.
    pub place: Option<Place>,
}

impl Fact {
    /// A fact that stands in a row.
    pub fn at(text: impl Into<String>, place: &Place) -> Fact {
        Fact { text: text.into(), place: Some(place.clone()) }
    }

    /// A fact that stands in no single row.
    pub fn plain(text: impl Into<String>) -> Fact {
        Fact { text: text.into(), place: None }
    }
}

/// The agreement that changed a verdict.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// The verdict without it.
    pub instead_of: Verdict,
    /// Who agreed, when and why.
    pub fact: Fact,
}

/// The verdict of one rule on one period, and why.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The rule.
    pub rule: RuleName,
    /// What it says.
    pub verdict: Verdict,
    /// The kind of reason, the same words for all families that share it, for counting.
    pub kind: &'static str,
    /// The reason, with the sum done, in a sentence without names and places.
    pub because: String,
    /// What it rests on. A run over all periods leaves the needs out; explaining one has them.
    pub facts: Vec<Fact>,
    /// What would settle an `unknown`: which record, from whom, or which agreement. Or what must still come.
    pub settles: Option<String>,
    /// Whether the verdict is `unknown` because of rows that could not be read: those are to be mended, not agreed on.
    pub to_mend: bool,
    /// The agreement that changed the verdict, if one did.
    pub agreed: Option<Agreed>,
}

/// How many quarantined rows are named in a sentence; the rest is counted.
const PLACES_NAMED: usize = 3;

impl Ruling {
    /// A ruling; facts and what would settle it are added after.
    pub fn new(rule: RuleName, verdict: Verdict, kind: &'static str, because: impl Into<String>) -> Ruling {
        Ruling {
            rule,
            verdict,
            kind,
            because: because.into(),
            facts: Vec::new(),
            settles: None,
            to_mend: false,
            agreed: None,
        }
    }

    /// With these facts.
    pub fn with(mut self, facts: impl IntoIterator<Item = Fact>) -> Ruling {
        self.facts.extend(facts);
        self
    }

    /// With what would settle it.
    pub fn settled_by(mut self, what: impl Into<String>) -> Ruling {
        self.settles = Some(what.into());
        self
    }

    /// Turns the verdict into `unknown` because rows under other ids may bear on it.
    pub fn under_other_ids(mut self, kind: &'static str, what: &str, rows: &[&Doubtful]) -> Ruling {
        let named: Vec<&&Doubtful> = rows.iter().filter(|row| !row.hidden).collect();
        let said = |row: &Doubtful| {
            let how = if row.is_former { "a former id of the family" } else { "nearly alike to an id of this case" };
            format!("{} gives the id {}, which is {how}", row.place, row.id)
        };
        let (are, them) = if rows.len() == 1 { ("a row", "it") } else { ("rows", "them") };
        self.because = format!(
            "{are} of {what} under another id may be of this family, so this cannot be told; without {them}: {}",
            self.because
        );
        self.verdict = Verdict::Unknown;
        self.kind = kind;
        self.agreed = None;
        let facts = named.iter().map(|row| Fact::at(said(row), &row.place));
        self.facts.extend(facts);
        if named.len() < rows.len() {
            self.facts.push(Fact::plain(format!("a row of {what} that is restricted and not named")));
        }
        self.settles = Some(match named.first() {
            Some(first) => format!(
                "{}: write the id in the same way in every table, or an agreement on {} by someone who knows that they are two",
                said(first),
                self.rule
            ),
            None => format!("an agreement on {} by someone who may see restricted rows", self.rule),
        });
        self
    }

    /// Turns the verdict into `unknown` because rows that bear on it could not be read.
    pub fn unreadable(mut self, kind: &'static str, what: &str, places: &[Place]) -> Ruling {
        let (rows, bare, them) = if places.len() == 1 { ("a row", "row", "it") } else { ("rows", "rows", "them") };
        let mut named: Vec<&Place> = places.iter().collect();
        named.sort();
        named.dedup();
        let mut said: Vec<String> = named.iter().take(PLACES_NAMED).map(ToString::to_string).collect();
        if named.len() > PLACES_NAMED {
            said.push(format!("and {} more", named.len() - PLACES_NAMED));
        }
        self.because =
            format!("{rows} of {what} could not be read, so this cannot be told; without {them}: {}", self.because);
        self.verdict = Verdict::Unknown;
        self.kind = kind;
        self.agreed = None;
        self.facts.extend(places.iter().map(|place| Fact::at(format!("quarantined row of {what}"), place)));
        self.settles = Some(format!(
            "mend the quarantined {bare} of the {what} table ({}; see quarantine.csv) and run again",
            said.join(", ")
        ));
        self.to_mend = true;
        self
    }
}
