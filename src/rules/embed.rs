//! Run by Cargo before the crate is compiled (`build` in Cargo.toml): writes the list of the files of `rules/` that are
//! compiled in, so that a framework, calendar, mapping or table of targets is added by adding its file. Why not a crate:
//! docs/decisions/0006-files-compiled-in.md.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Worked cases prove the rules and are no part of them.
const LEFT_OUT: &str = "cases/";

fn main() -> io::Result<()> {
    let variable = |name| env::var_os(name).map(PathBuf::from).ok_or(io::ErrorKind::NotFound);
    let rules = variable("CARGO_MANIFEST_DIR")?.join("rules");
    // Cargo looks at the whole folder, so that a file which is new or gone is noticed too.
    println!("cargo::rerun-if-changed={}", rules.display());
    let mut names = Vec::new();
    files_in(&rules, "", &mut names)?;
    names.sort();
    let mut list = String::from("&[\n");
    for name in names.iter().filter(|name| !name.starts_with(LEFT_OUT)) {
        // Written as Rust writes text, so that no character of a path can end it.
        writeln!(list, "({name:?}, include_str!({:?})),", rules.join(name).display().to_string())
            .map_err(io::Error::other)?;
    }
    list.push_str("]\n");
    fs::write(variable("OUT_DIR")?.join("rules_compiled_in.rs"), list)
}

/// The names of all TOML files, with the folders they are in and `/` between them on every system.
fn files_in(folder: &Path, inside: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if path.is_dir() {
            files_in(&path, &format!("{inside}{name}/"), names)?;
        } else if name.ends_with(".toml") {
            names.push(format!("{inside}{name}"));
        }
    }
    Ok(())
}
