//! The files of `rules/` that come with the program: all that lie there when it is compiled, apart from worked cases.
//! `embed.rs`, which Cargo runs first, lists them.

/// Every file: its name inside `rules/`, and its text; by name.
pub const ALL: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules_compiled_in.rs"));

/// The files of one folder, by their names inside it.
pub fn in_folder(folder: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    ALL.iter().filter_map(move |(name, text)| {
        let name = name.strip_prefix(folder)?.strip_prefix('/')?;
        Some((name, *text))
    })
}
