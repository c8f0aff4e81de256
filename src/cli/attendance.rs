//! `sfclaim attendance`: the children of open periods and what the running term still allows.

use super::args::AttendanceList;
use super::{Ended, prepared, say, say_json, written};
use crate::attend::outlook::outlooks;
use crate::error::Result;
use crate::link::link;
use crate::report::held;
use crate::report::outlook::{MARKER, NAMES, data, text, write};
use crate::report::screen::Screen;

pub(super) fn run(typed: &AttendanceList) -> Result<Ended> {
    let folder = typed.output.begin(&NAMES, MARKER, typed.judging.read())?;
    let (_, prepared) = prepared(&typed.judging, folder.as_ref())?;
    let rules = &prepared.rules;
    let as_at = prepared.as_at.to_string();
    let found = outlooks(&link(&prepared.register, rules, prepared.as_at), prepared.register.registers.as_ref(), rules);
    let registers = prepared.register.registers.as_ref();
    let mut all = data(&found, rules, &as_at);
    all["attendance_held"] = held::json(registers, rules, prepared.as_at).into();
    written(&typed.output, folder, |folder| write(folder, &found, rules, &all))?;
    if typed.json {
        say_json(&all)?;
    } else {
        say(&text(&found, rules, &as_at, Screen::terminal()));
        // The terms that children are shown with.
        let first = rules.calendar.latest_completed(prepared.as_at, rules.parameters.terms + 1).next();
        let held = held::text(registers, rules, prepared.as_at, first);
        if !held.is_empty() {
            say(&format!("\n{held}"));
        }
    }
    Ok(if prepared.register.findings.any_error() { Ended::WithErrors } else { Ended::Well })
}
