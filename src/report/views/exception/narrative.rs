//! The owner's words: what no record says. They are kept in `narrative.toml` of the data folder; every report writes the file
//! anew as it was read, so that the next one begins with it.

use crate::error::{Error, Result};
use serde::Deserialize;
use std::path::Path;

/// The name of the file.
pub const TEMPLATE: &str = "narrative.toml";

/// What the owner of the measure says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Narrative {
    /// The number and name of the measure, as the council's plan has it.
    pub title: String,
    /// The department.
    pub department: String,
    /// The mission or priority that the measure belongs to.
    pub mission: String,
    /// The measure in words.
    pub measure: String,
    /// What else explains the performance, a paragraph each.
    pub reasons: Vec<String>,
    /// What else may follow, a paragraph each.
    pub impact: Vec<String>,
    /// What is being done, a paragraph each.
    pub activities: Vec<String>,
    /// The decisions that will be asked for, a paragraph each.
    pub decisions: Vec<String>,
}

impl Narrative {
    /// Reads the file; blank where there is none.
    ///
    /// # Errors
    /// It cannot be read, or has a key that there is not.
    pub fn read(data: &Path) -> Result<Narrative> {
        let file = data.join(TEMPLATE);
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Narrative::default()),
            Err(why) => return Err(Error::new(format!("cannot read {}: {why}.", file.display()))),
        };
        toml::from_str(&text).map_err(|why| {
            Error::new(format!(
                "{TEMPLATE} cannot be understood: {}. Its keys are title, department, mission and measure (texts), and reasons, impact, activities and decisions (lists of texts).",
                why.message()
            ))
        })
    }

    /// As it is kept: what was read, and the keys that are blank.
    pub fn as_file(&self) -> String {
        let text = |text: &str| toml::Value::from(text).to_string();
        let list = |list: &[String]| {
            let lines: Vec<String> = list.iter().map(|one| format!("    {},\n", text(one))).collect();
            if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}]", lines.concat()) }
        };
        let mut out = "# Your own words for the exception report. Put this file into the data folder, change it, and make the report again.\n".to_owned();
        for (key, value) in [
            ("title", &self.title),
            ("department", &self.department),
            ("mission", &self.mission),
            ("measure", &self.measure),
        ] {
            out.push_str(&format!("{key} = {}\n", text(value)));
        }
        for (key, value) in [
            ("reasons", &self.reasons),
            ("impact", &self.impact),
            ("activities", &self.activities),
            ("decisions", &self.decisions),
        ] {
            out.push_str(&format!("{key} = {}\n", list(value)));
        }
        out
    }
}
