//! `sfclaim sample`: invent an authority.

use super::args::{Attendance, Format, Sample};
use super::{Ended, say};
use crate::error::{Error, Result};
use crate::money::grouped;
use crate::report::folder::OutFolder;
use crate::rules::pack::Pack;
use crate::sample::{AttendanceForm, CsvSink, ParquetSink, Profile, Sink, Spec, generate, tables_of};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

pub(super) fn run(typed: &Sample) -> Result<Ended> {
    let profile = match &typed.profile {
        None => Profile::invented(),
        Some(file) => {
            let text = std::fs::read_to_string(file).map_err(|why| Error::file("read", file, &why))?;
            Profile::read(&text)
        }
    };
    let spec = Spec {
        families: typed.families,
        seed: typed.seed,
        from: typed.from,
        until: typed.until,
        attendance: match typed.attendance {
            Attendance::Totals => AttendanceForm::Totals,
            Attendance::Marks => AttendanceForm::Marks,
            Attendance::Both => AttendanceForm::Both,
        },
        boundaries_at: typed.boundaries_at,
        profile: profile.map_err(failed)?,
    };
    let pack = Pack::built_in()?;
    let calendar = pack.calendar.ok_or_else(|| Error::new("the built-in rules have no school calendar."))?;

    let ending = if typed.format == Format::Csv { "csv" } else { "parquet" };
    // Files of the other format would be the same tables twice; sfclaim.toml belongs to whoever wrote it.
    let mut ours: Vec<String> = tables_of(&spec).iter().map(|table| format!("{}.{ending}", table.name)).collect();
    ours.push("sfclaim.toml".to_owned());
    let ours: Vec<&str> = ours.iter().map(String::as_str).collect();
    let folder = OutFolder::begin(&typed.out, &ours, typed.force)?;
    if let Ok(settings) = std::fs::read(typed.out.join("sfclaim.toml")) {
        folder.write("sfclaim.toml", &settings)?;
    }
    let mut sink: Box<dyn Sink> = match typed.format {
        Format::Csv => Box::new(CsvSink::create(folder.path()).map_err(failed)?),
        Format::Parquet => Box::new(ParquetSink::create(folder.path()).map_err(failed)?),
    };
    let bar = progress_bar();
    let counts = generate(&spec, calendar.terms(), sink.as_mut(), &mut |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    })
    .map_err(failed)?;
    drop(sink);
    bar.finish_and_clear();
    folder.finish()?;
    say(&format!(
        "An invented authority of {} families was written to {}\n",
        grouped(&counts.families.to_string()),
        typed.out.display()
    ));
    for (table, rows) in &counts.rows {
        say(&format!("  {table:<18} {:>12} rows\n", grouped(&rows.to_string())));
    }
    Ok(Ended::Well)
}

fn failed(why: crate::sample::Error) -> Error {
    Error::new(format!("{why}."))
}

/// A bar on stderr, on a terminal only.
fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent}% of families, {eta} left") {
        bar.set_style(style);
    }
    bar
}
