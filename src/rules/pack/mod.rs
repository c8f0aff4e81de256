//! A rule pack: all files of `rules/`, compiled into the program or read from a folder; or what a folder changes of those
//! that are compiled in.

pub mod files;
mod folder;
mod reading;
mod whole;

pub use super::file::Problem;
pub use folder::read_folder;
pub use whole::Pack;

use super::framework::{Framework, is_whole};
use super::targets::Targets;
use crate::dates::Date;
use crate::error::{Error, Result, did_you_mean};
use crate::receipt::Fingerprint;
use files::BUILT_IN;
use files::FOLDERS;
pub use files::Files;
pub use files::RuleFile;
pub use files::Source;
use files::TOP_FILES;
pub use files::built_in_files;
use files::is_part;
use reading::Reading;
use std::collections::BTreeSet;
use std::path::Path;

impl Pack {
    /// The pack that is compiled into the program.
    ///
    /// # Errors
    /// The pack is broken, which the program's own tests rule out.
    pub fn built_in() -> Result<Pack> {
        usable(Pack::read_with_problems("compiled in", built_in_files()))
    }

    /// The pack in a folder, laid out as `rules/` is: a whole pack, or only what it changes of the built-in one.
    ///
    /// # Errors
    /// The folder cannot be read, or the pack is broken; the message names the first mistakes.
    pub fn from_folder(folder: &Path) -> Result<Pack> {
        usable(Pack::from_folder_with_problems(folder)?)
    }

    /// The same, and everything that is wrong with it. A folder that has a framework with its days of force and the
    /// attendance codes is a whole pack, of which nothing else is asked; any other changes the built-in rules.
    ///
    /// # Errors
    /// The folder cannot be read, or holds no rules.
    pub fn from_folder_with_problems(folder: &Path) -> Result<(Pack, Vec<Problem>)> {
        let all = folder::all_files(folder)?;
        let has = |part: fn(&(String, String)) -> bool| all.iter().any(part);
        let is_framework = |(name, text): &(String, String)| name.starts_with("frameworks/") && is_whole(text);
        let is_pack = has(|(name, _)| name == "attendance_codes.toml") && has(is_framework);
        let files: Files = all.into_iter().filter(|(name, _)| !is_pack || is_part(name)).collect();
        if !files.iter().any(|(name, _)| is_part(name)) {
            return Err(Error::new(format!(
                "the folder {} holds no rules: its files are {}, and those in {}/. Check the name, or leave --rules out.",
                folder.display(),
                TOP_FILES.join(", "),
                FOLDERS.join("/, ")
            )));
        }
        let paths = files.iter().map(|(name, _)| folder.join(name)).collect();
        let (mut pack, problems) = if is_pack {
            Pack::read_with_problems(&folder.display().to_string(), files)
        } else {
            Pack::changed(&folder::name_of(folder), files)
        };
        pack.paths = paths;
        Ok((pack, problems))
    }

    /// Reads the files of a whole pack as far as they can be read, and says everything that is wrong.
    pub fn read_with_problems(origin: &str, mut files: Files) -> (Pack, Vec<Problem>) {
        files.sort();
        let mut reading = Reading::default();
        reading.pack.origin = origin.to_owned();
        reading.take_in(&files, "", None);
        reading.take_in_defaults(&files);
        reading.finish()
    }

    /// The built-in pack as the files of a folder change it: what they give, key by key, stands in the place of what it
    /// has. `folder` is its name, by which its files are told from the built-in ones.
    pub fn changed(folder: &str, mut files: Files) -> (Pack, Vec<Problem>) {
        files.sort();
        let built_in = built_in_files();
        let names: BTreeSet<String> = built_in.iter().map(|(name, _)| name.clone()).collect();
        let mut reading = Reading::default();
        reading.pack.origin = format!("{folder}, laid over {BUILT_IN}");
        reading.take_in(&built_in, "", None);
        reading.take_in(&files, &format!("{folder}/"), Some(&names));
        reading.finish()
    }

    /// One fingerprint of the whole pack. It does not depend on the name of a folder.
    pub fn fingerprint(&self) -> Fingerprint {
        let over = |of: &RuleFile| if of.laid_over.is_some() { "over " } else { "" };
        let lines: String = self.files.iter().map(|of| format!("{}{} {}\n", over(of), of.inside, of.sha256)).collect();
        Fingerprint::of(lines.as_bytes())
    }

    /// The framework in force on a day.
    ///
    /// # Errors
    /// None is; the message names those there are.
    pub fn framework_at(&self, as_at: Date) -> Result<&Framework> {
        self.frameworks.iter().find(|framework| framework.in_force.covers(as_at)).ok_or_else(|| {
            Error::new(format!(
                "no framework was in force on {as_at}. There is {}. Choose another as-at date, or name one with --framework.",
                self.names()
            ))
        })
    }

    /// The framework of this id.
    ///
    /// # Errors
    /// There is none; the nearest is suggested.
    pub fn framework(&self, id: &str) -> Result<&Framework> {
        self.frameworks.iter().find(|framework| framework.id == id).ok_or_else(|| {
            let hint = did_you_mean(id, self.frameworks.iter().map(|framework| framework.id.as_str()));
            Error::new(format!("there is no framework \"{id}\".{hint} There is {}.", self.names()))
        })
    }

    fn names(&self) -> String {
        let names: Vec<String> = self
            .frameworks
            .iter()
            .map(|framework| format!("{} ({} to {})", framework.id, framework.in_force.from, framework.in_force.to))
            .collect();
        names.join(", ")
    }

    /// The targets of an authority.
    pub fn targets_of(&self, authority: &str) -> Option<&Targets> {
        self.targets.iter().find(|targets| targets.authority == authority)
    }

    /// The file, where it is one of an authority's own that is laid over the built-in rules.
    pub fn laid_over<'a>(&self, file: &'a str) -> Option<&'a str> {
        self.files.iter().any(|of| of.laid_over.is_some() && of.file == file).then_some(file)
    }

    /// A source by key, in words; the key itself where it dangles.
    pub fn source_title<'a>(&'a self, key: &'a str) -> &'a str {
        self.sources.get(key).map_or(key, |source| source.title.as_str())
    }
}

/// The pack, where nothing of it must be mended first.
fn usable((pack, problems): (Pack, Vec<Problem>)) -> Result<Pack> {
    let fatal: Vec<&Problem> = problems.iter().filter(|problem| problem.fatal).collect();
    let Some(first) = fatal.first() else { return Ok(pack) };
    let more = match fatal.len() - 1 {
        0 => String::new(),
        more => format!(" ({more} more: `sfclaim rules lint` shows them all)"),
    };
    Err(Error::new(format!("the rules cannot be used: {}: {}{more}", first.file, first.message)))
}
