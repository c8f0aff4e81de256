//! The one error of the program: the run could not be made at all. It says what was being done, to
//! which file, and what to do next. Anything wrong with single rows is a finding, not an error.

use std::fmt;
use std::path::Path;

/// Why a run could not be made. Ends the program with exit code 2 and this one message.
#[derive(Debug)]
pub struct Error(String);

/// The result of anything that can stop a run.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error with this message: what is wrong, then what to do.
    /// Shortened where a broken file has put more into it than anybody would read.
    pub fn new(message: impl Into<String>) -> Error {
        const LONGEST: usize = 4000;
        let message = message.into();
        let length = message.chars().count();
        if length <= LONGEST {
            return Error(message);
        }
        let (beginning, end): (String, String) =
            (message.chars().take(LONGEST / 2).collect(), message.chars().skip(length - LONGEST / 4).collect());
        Error(format!("{beginning} ... {end} ({length} characters)"))
    }

    /// An operating-system error while doing `what` (for example "read") to the file at `path`.
    pub fn file(what: &str, path: &Path, cause: &std::io::Error) -> Error {
        let hint = match cause.kind() {
            std::io::ErrorKind::NotFound => "There is no such file or folder: check the name.",
            std::io::ErrorKind::PermissionDenied => {
                "This user may not: check who owns it, or close the program that has it open."
            }
            std::io::ErrorKind::IsADirectory => "It is a folder, and a file was expected.",
            _ => return Error(format!("cannot {what} {}: {cause}.", shown(path))),
        };
        Error(format!("cannot {what} {}. {hint}", shown(path)))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// A path as people write it. One that was looked up on Windows begins with `\\?\`, which nobody types.
pub fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    if cfg!(windows) { as_typed(text) } else { text }
}

fn as_typed(text: String) -> String {
    let Some(rest) = text.strip_prefix(r"\\?\") else { return text };
    rest.strip_prefix(r"UNC\").map_or_else(|| rest.to_owned(), |share| format!(r"\\{share}"))
}

/// The known word nearest to one that was mistyped, as ` Did you mean "..."?`; empty when none is near.
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(typed, known, 0.6).map(|word| format!(" Did you mean \"{word}\"?")).unwrap_or_default()
}

/// The known word that a typed one is, misspelt: `outcom_on` is `outcome_on`, and `outcome` may be a word of its own.
pub fn misspelt<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(typed, known, 0.8)
}

/// The known word that a typed one is nearest to; none where it is no nearer than this, from 0 to 1, to any.
fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>, nearer_than: f64) -> Option<&'a str> {
    // To compare two long words takes as long as both together, and nobody mistypes one.
    const LONGEST: usize = 200;
    if typed.len() > LONGEST {
        return None;
    }
    known
        .into_iter()
        .filter(|word| word.len() <= LONGEST)
        .map(|word| (likeness(&typed.to_lowercase(), &word.to_lowercase()), word))
        .filter(|(likeness, _)| *likeness > nearer_than)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, word)| word)
}

/// From 0 to 1 by the letters to change; a word that was only begun is almost as near as a whole one.
fn likeness(typed: &str, word: &str) -> f64 {
    let begun: String = word.chars().take(typed.chars().count() + 1).collect();
    let near = strsim::normalized_damerau_levenshtein;
    near(typed, word).max(0.9 * near(typed, &begun))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_windows_are_shown_as_they_are_typed() {
        let told = [
            (r"\\?\C:\Users\x\out", r"C:\Users\x\out"),
            (r"\\?\UNC\server\share\out", r"\\server\share\out"),
            (r"C:\out", r"C:\out"),
            ("/out", "/out"),
        ];
        for (found, typed) in told {
            assert_eq!(as_typed(found.to_owned()), typed);
        }
    }

    #[test]
    fn the_nearest_known_word_is_suggested_or_none() {
        let known = ["attendance.threshold_percent", "attendance.terms", "sustainment.months"];
        assert_eq!(did_you_mean("attendance.treshold", known), " Did you mean \"attendance.threshold_percent\"?");
        assert_eq!(did_you_mean("attendance.trems", known), " Did you mean \"attendance.terms\"?");
        assert_eq!(did_you_mean("colour", known), "");
    }
}
