//! Attendance codes: what each counts as, and from when to when it was in use.

use super::file::{OpenFile, day};
use super::standing::Standing;
use crate::dates::{Date, Span};
use rustc_hash::FxHashMap;
use serde::Deserialize;

/// What a mark counts as (domain: attendance).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// In school: attended and possible.
    Present,
    /// At an approved educational activity: attended and possible.
    EducationalActivity,
    /// Absent with leave: possible, not attended.
    Authorised,
    /// Absent without leave: possible, not attended.
    Unauthorised,
    /// The child could not have been there: neither.
    NotPossible,
}

impl Class {
    /// What the class counts as, for people.
    pub fn said(self) -> &'static str {
        match self {
            Class::Present => "present (attended and possible)",
            Class::EducationalActivity => "approved educational activity (attended and possible)",
            Class::Authorised => "authorised absence (possible, not attended)",
            Class::Unauthorised => "unauthorised absence (possible, not attended)",
            Class::NotPossible => "not possible (counts in neither)",
        }
    }
}

/// A code and its class.
#[derive(Clone, Debug)]
pub struct Code {
    /// The code, upper case.
    pub code: String,
    /// Its class, in and out of its dates.
    pub class: Class,
    /// What it means.
    pub title: String,
    /// What to say beside a figure that has absence of this code: it explains the figure and changes nothing.
    pub beside: Option<String>,
    /// From this day on it says nothing of a child who is of compulsory school age: the mark is a missing one.
    pub missing_at_school_age_from: Option<Date>,
    /// The days on which it was in use.
    pub in_use: Span,
    /// The key of its source in `sources.toml`.
    pub source: String,
    /// The file that it was read from.
    pub file: String,
}

/// The text of a known code: one or two characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarkCode([u8; 2]);

impl std::fmt::Display for MarkCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().filter(|byte| **byte != 0).try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

/// Whether a code says itself that there is no mark.
pub fn says_none(code: &str) -> bool {
    ["", "-", "@"].contains(&code)
}

/// All codes by their text.
#[derive(Clone, Debug, Default)]
pub struct Codes {
    by_text: FxHashMap<String, Code>,
}

impl Codes {
    /// Takes in the file. Laid over others it gives the codes that it changes or adds.
    pub(super) fn take_in(&mut self, file: &mut OpenFile<'_>) {
        let Some(parsed) = file.parsed::<File>() else { return };
        file.cite(&parsed.source, "the attendance codes");
        for entry in parsed.code {
            let from = entry.from.as_ref().map_or(Some(Date::MIN), day);
            let to = entry.to.as_ref().map_or(Some(Date::MAX), day);
            let Some((from, to)) = from.zip(to).filter(|(from, to)| from <= to) else {
                file.problem(format!("code {} has no proper first and last day.", entry.code));
                continue;
            };
            let missing_at_school_age_from = entry.missing_at_school_age_from.as_ref().and_then(day);
            if entry.missing_at_school_age_from.is_some() && missing_at_school_age_from.is_none() {
                file.problem(format!("missing_at_school_age_from of code {} is no day.", entry.code));
            }
            let code = entry.code.trim().to_uppercase();
            if !Code::is_a_code(&code) {
                file.problem(format!("\"{code}\" is no attendance code: a code has one or two plain characters."));
                continue;
            }
            // A code keeps the class it always had.
            if let Some(earlier) = self.by_text.get(&code)
                && !file.may_replace(&earlier.file, &format!("code {code}"))
            {
                continue;
            }
            self.by_text.insert(
                code.clone(),
                Code {
                    code,
                    class: entry.class,
                    title: entry.title,
                    beside: entry.beside,
                    missing_at_school_age_from,
                    in_use: Span { from, to },
                    source: parsed.source.clone(),
                    file: file.name.to_owned(),
                },
            );
        }
    }

    /// The code of this text, trimmed and in any case of letters. `None`: a missing mark.
    pub fn get(&self, text: &str) -> Option<&Code> {
        let text = text.trim();
        self.by_text.get(text).or_else(|| self.by_text.get(&text.to_uppercase()))
    }

    /// All codes, by text.
    pub fn sorted(&self) -> Vec<&Code> {
        let mut codes: Vec<&Code> = self.by_text.values().collect();
        codes.sort_by(|a, b| a.code.cmp(&b.code));
        codes
    }
}

impl Code {
    /// Whether the text can be a code: one or two plain characters.
    pub(super) fn is_a_code(text: &str) -> bool {
        matches!(text.len(), 1 | 2) && text.is_ascii()
    }

    /// The code's text in short form.
    pub fn short(&self) -> MarkCode {
        let bytes = self.code.as_bytes();
        MarkCode([bytes.first().copied().unwrap_or(0), bytes.get(1).copied().unwrap_or(0)])
    }

    /// Whether the code was in use on `date`.
    pub fn in_use_on(&self, date: Date) -> bool {
        self.in_use.covers(date)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: String,
    #[allow(dead_code, reason = "required of every file; shown by reading the file")]
    standing: Standing,
    #[allow(dead_code, reason = "required of every file; shown by reading the file")]
    last_checked: toml::value::Datetime,
    #[serde(default)]
    code: Vec<CodeFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeFile {
    code: String,
    class: Class,
    title: String,
    beside: Option<String>,
    missing_at_school_age_from: Option<toml::value::Datetime>,
    from: Option<toml::value::Datetime>,
    to: Option<toml::value::Datetime>,
}
