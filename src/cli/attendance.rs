//! `sfclaim attendance`: the children of open periods and what the running term still allows.

use super::args::AttendanceList;
use super::steps::{Ended, prepared, show_judged};
use crate::attend::outlook::outlooks;
use crate::error::Result;
use crate::link::link;
use crate::report::views::attendance::{AttendanceView, MARKER, NAMES};
use crate::report::views::people::People;

pub(super) fn run(typed: &AttendanceList) -> Result<Ended> {
    let folder = typed.output.begin(&NAMES, MARKER, typed.judging.read())?;
    let (_, prepared) = prepared(&typed.judging, folder.as_ref())?;
    let (register, rules) = (&prepared.register, &prepared.rules);
    let linked = link(register, rules, prepared.as_at);
    let found = outlooks(&linked, register.registers.as_ref(), rules);
    let people = People::of(&linked, &prepared, !typed.naming.without_names);
    show_judged(&AttendanceView { prepared: &prepared, found, people }, &prepared, &typed.output, folder, typed.json)?;
    Ok(if register.findings.any_error() { Ended::WithErrors } else { Ended::Well })
}
