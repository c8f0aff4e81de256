//! `sfclaim validate`: read and check the data, decide nothing.

use super::args::Validate;
use super::steps::{Ended, not_in, pack, show, with_progress};
use crate::error::Result;
use crate::load;
use crate::report::views::check::MARKER;
use crate::report::views::earlier;
use crate::report::views::validate::checked::Checked;
use crate::report::views::validate::{self};
use crate::run::{Question, judge, prepare, prepare_undated, undated_findings};

pub(super) fn run(typed: &Validate) -> Result<Ended> {
    let folder = typed.output.begin(
        &validate::ours(),
        MARKER,
        [Some(typed.data.as_path()), typed.rules.as_deref(), typed.since.as_deref()].into_iter().flatten(),
    )?;
    let earlier = typed.since.as_deref().map(earlier::rows_read).transpose()?;
    let pack = pack(typed.rules.as_deref())?;
    let loaded = load::load(&typed.data)?;
    let mut prepared = with_progress(&loaded.progress, || match typed.as_at {
        Some(as_at) => {
            let question = Question { as_at, framework: typed.framework.clone(), overrides: Vec::new() };
            prepare(&loaded, &pack, &question)
        }
        None => prepare_undated(&loaded, &pack, typed.framework.as_deref()),
    })?;
    not_in(folder.as_ref(), &typed.data, &prepared, &pack)?;
    if let Some(earlier) = earlier {
        prepared.hold_against(earlier);
    }
    // What depends on a day follows from the periods and terms of that day; of the decisions nothing is kept.
    let findings = match typed.as_at {
        Some(_) => judge(&prepared, prepared.rules.clone()).findings,
        None => undated_findings(&prepared),
    };
    let checked = Checked {
        prepared: &prepared,
        loaded: &loaded,
        findings: &findings,
        as_at: typed.as_at,
        by_owner: typed.by_owner,
    };
    show(&checked, &typed.output, folder, typed.json)?;
    Ok(if findings.any_error() { Ended::WithErrors } else { Ended::Well })
}
