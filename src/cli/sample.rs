//! `sfclaim sample`: invent an authority.

use super::args::{Attendance, Format, Sample};
use super::bar::Bar;
use super::printing::say;
use super::steps::Ended;
use crate::error::{Error, Result};
use crate::report::output;
use crate::report::output::folder::{Marker, OutFolder, not_where_is_read};
use crate::rules::pack::Pack;
use crate::sample::{AttendanceForm, CsvSink, ParquetSink, Profile, Sink, Spec, all_tables, generate};
use crate::words::grouped;
use std::io::IsTerminal;

pub(super) fn run(typed: &Sample) -> Result<Ended> {
    output::Format::from(typed.format).check()?;
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

    let mut ours: Vec<String> = all_tables()
        .iter()
        .flat_map(|table| [format!("{}.csv", table.name), format!("{}.parquet", table.name)])
        .collect();
    ours.extend(["sfclaim.toml".to_owned(), MARKER.file.to_owned()]);
    let ours: Vec<&str> = ours.iter().map(String::as_str).collect();
    not_where_is_read(&typed.out, typed.profile.as_deref().into_iter())?;
    let folder = OutFolder::begin(&typed.out, &ours, MARKER, typed.force)?;
    super::printing::say_notes(&folder);
    // The settings belong to whoever wrote them.
    if let Ok(settings) = std::fs::read(typed.out.join("sfclaim.toml")) {
        folder.write("sfclaim.toml", &settings)?;
    }
    folder.write(MARKER.file, made_by(typed).as_bytes())?;
    let mut sink: Box<dyn Sink> = match typed.format {
        Format::Csv => Box::new(CsvSink::create(folder.path()).map_err(failed)?),
        Format::Parquet => Box::new(ParquetSink::create(folder.path()).map_err(failed)?),
    };
    let bar = Bar::new("{wide_bar} {percent}% of families, {eta} left", std::io::stderr().is_terminal());
    let counts = generate(&spec, calendar.terms(), sink.as_mut(), &mut |done, of| {
        bar.set(done, of);
    })
    .map_err(failed)?;
    drop(sink);
    bar.end();
    folder.finish()?;
    say(&format!(
        "An invented authority of {} families was written to {}\n",
        grouped(&counts.families.to_string()),
        typed.out.display()
    ));
    for (table, rows) in counts.rows.iter().filter(|(_, rows)| **rows > 0) {
        say(&format!("  {table:<18} {:>12} rows\n", grouped(&rows.to_string())));
    }
    Ok(Ended::Well)
}

/// A folder with this file holds an invented authority, which may be made anew in its place.
const MARKER: Marker = Marker { file: "sample.json", program: "sfclaim sample", spares: Some("sfclaim.toml") };

/// How the sample was asked for.
fn made_by(typed: &Sample) -> String {
    let day = |date: crate::dates::Date| date.to_string();
    let asked = serde_json::json!({
        "program": MARKER.program,
        "note": "Every family, person and school in this folder is invented.",
        "families": typed.families,
        "seed": typed.seed,
        "from": day(typed.from),
        "until": day(typed.until),
        "attendance": format!("{:?}", typed.attendance).to_lowercase(),
        "boundaries_at": typed.boundaries_at.map(day),
        "profile": if typed.profile.is_some() { "given" } else { "built in" },
    });
    format!("{asked:#}\n")
}

fn failed(why: crate::sample::Error) -> Error {
    Error::new(format!("{why}."))
}
