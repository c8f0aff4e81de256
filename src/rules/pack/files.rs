//! The files of a pack: which there are, and those that are compiled in.

use super::super::compiled_in;
use super::super::standing::Standing;
use crate::receipt::Fingerprint;
use serde::{Deserialize, Serialize};

/// Files of rules: name inside the folder, and text.
pub type Files = Vec<(String, String)>;

/// The files at the top of a pack; the others stand in its folders.
pub(super) const TOP_FILES: [&str; 8] = [
    "sources.toml",
    "attendance_codes.toml",
    "local.toml",
    "assumptions.toml",
    "assurance.toml",
    "checks.toml",
    "levers.toml",
    "position.toml",
];

/// The folders of a pack.
pub(super) const FOLDERS: [&str; 3] = ["calendars", "frameworks", "targets"];

/// What stands beside the rules that come with the program without being part of them.
pub(super) const BESIDE: [&str; 6] =
    ["cases", "mappings", "findings.toml", "headings.toml", "sample.toml", "words.toml"];

/// Whether a file of `rules/` is part of a pack.
pub(super) fn is_part(name: &str) -> bool {
    name.split_once('/').map_or_else(|| TOP_FILES.contains(&name), |(folder, _)| FOLDERS.contains(&folder))
}

pub(super) fn compiled_in() -> impl Iterator<Item = (&'static str, &'static str)> {
    compiled_in::ALL.iter().copied().filter(|(name, _)| is_part(name))
}

/// The files of the pack that is compiled in.
pub fn built_in_files() -> Files {
    compiled_in().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}

/// Where a value was read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is, in words that find it again.
    pub title: String,
    /// How far it can be relied on.
    pub standing: Standing,
}

/// A file of the rules, as a receipt gives it.
#[derive(Clone, Debug, Serialize)]
pub struct RuleFile {
    /// Its name inside the pack; of one that is laid over the built-in rules, with the name of its folder before it.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: Fingerprint,
    /// Its name inside its own folder.
    #[serde(skip)]
    pub inside: String,
    /// What it is laid over, where it holds only what an authority changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laid_over: Option<&'static str>,
}

/// What an authority's folder is laid over, in words.
pub(super) const BUILT_IN: &str = "the built-in rules";
