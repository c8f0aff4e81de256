//! What is wrong with the data, as files: `quarantine.csv`, `findings.csv`, and one quarantine file a table that can be
//! mended and put into the data folder.

use crate::error::Result;
use crate::finding::{Finding, FindingCode, Findings, Owner};
use crate::load::Loaded;
use crate::load::columns::FLAG;
use crate::load::corrections::{FROM, NAMED, OUT_OF_PLACE, REPLACES, WHY};
use crate::load::tables::TableName;
use crate::report::output::Kind::{Text, Whole};
use crate::report::output::Table;
use crate::report::output::folder::OutFolder;
use crate::report::output::table::csv_file;
use crate::validate::{Held, Register};
use std::collections::BTreeMap;

/// Every quarantine file that a run may write, a table each, of attendance a layout each.
pub const NAMES: [&str; 10] = [
    "quarantine_cases.csv",
    "quarantine_people.csv",
    "quarantine_criteria.csv",
    "quarantine_attendance_marks.csv",
    "quarantine_attendance_weeks.csv",
    "quarantine_attendance_totals.csv",
    "quarantine_attendance_counts.csv",
    "quarantine_claims.csv",
    "quarantine_agreements.csv",
    "quarantine_confirmations.csv",
];

/// The table `quarantine`, of rows that are held back.
pub fn held<'a>() -> Table<&'a Held> {
    Table::<&Held>::of("quarantine", "A row a row that could not be read, by table, file and row.")
        .column("table", Text, |held| held.table.word().into())
        .about("the table")
        .column("file", Text, |held| (&*held.place.file).into())
        .about("the file")
        .column("row", Whole, |held| held.place.row.into())
        .about("the row in it, the header being row 1")
        .column("column", Text, |held| (&held.column).into())
        .about("the first column that is wrong; blank where it is the whole row. Of criteria side by side the heading in the file, and the message names the criterion")
        .column("value", Text, |held| (&held.value).into())
        .about("its value")
        .column("finding", Text, |held| held.code.code().into())
        .about("the code of [the finding](findings.md)")
        .column("message", Text, |held| (&held.message).into())
        .about("what is wrong, in a sentence")
        .column("what_to_do", Text, |held| held.code.what_to_do().into())
        .about("what to do about it")
        .column("family_id", Text, |held| held.family.as_ref().into())
        .about("the family whose row it is, where that can be told")
        .column("case_id", Text, |held| held.case.as_ref().into())
        .about("the case, where that can be told")
        .column("pupil", Text, |held| held.pupil.as_ref().into())
        .about("of attendance the pupil's `person_id` or else UPN")
}

/// The table `findings`.
pub fn findings<'a>() -> Table<&'a Finding> {
    Table::<&Finding>::of("findings", "A row a finding: what is wrong with the data or worth knowing, errors first.")
        .column("finding", Text, |finding| finding.code.code().into())
        .about("the code of [the finding](findings.md)")
        .column("severity", Text, |finding| finding.severity().word().into())
        .about("`error`, `warning` or `note`: see below")
        .column("file", Text, |finding| finding.place.as_ref().map(|place| &*place.file).into())
        .about("the file. Blank where it is about a whole run")
        .column("row", Whole, |finding| finding.place.as_ref().map(|place| place.row).into())
        .about("the row in it. Blank where it is about a whole file")
        .column("column", Text, |finding| (&finding.column).into())
        .about("the column, where it is about one")
        .column("value", Text, |finding| (&finding.value).into())
        .about("the value as it stands")
        .column("message", Text, |finding| (&finding.message).into())
        .about("what is the matter, in a sentence")
        .column("owner", Text, |finding| finding.code.owner().word().into())
        .about("who is likeliest to have the answer: `practitioner`, `school` or `data_team`")
        .column("what_to_do", Text, |finding| finding.what_to_do().into())
        .about("what to do about it")
        .column("record", Text, |finding| (&finding.record).into())
        .about("the key of what it is about: see below")
}

/// The files of findings by who is likeliest to have the answer.
pub const BY_OWNER_NAMES: [&str; 3] = ["findings_practitioner.csv", "findings_school.csv", "findings_data_team.csv"];

const BY_OWNER: [(Owner, &str); 3] = [
    (Owner::Practitioner, "findings_practitioner"),
    (Owner::School, "findings_school"),
    (Owner::DataTeam, "findings_data_team"),
];

/// Writes the findings once more, a file for each of those who are likeliest to have the answers.
///
/// # Errors
/// One cannot be written to its end.
pub fn write_by_owner(folder: &OutFolder, all: &Findings) -> Result<()> {
    for (owner, name) in BY_OWNER {
        let of_owner = all.sorted().into_iter().filter(|finding| finding.code.owner() == owner);
        Table { name, ..findings() }.write(folder, of_owner)?;
    }
    Ok(())
}

/// The name of a held row's quarantine file; none for a row that comes back by itself, or cannot.
fn name_of(held: &Held) -> Option<String> {
    // Neither is a question that waits for its answer.
    let comes_back = matches!(held.code, FindingCode::HeldWithCase | FindingCode::UnansweredQuestion);
    // Column names can only be taken away, which is done in the file.
    let is_no_row = held.code == FindingCode::HeaderAgain;
    let layout = held.row.layout;
    let of = if layout.is_empty() { String::new() } else { format!("_{layout}") };
    (!comes_back && !is_no_row && !held.row.in_its_file_only && held.table != TableName::Terms)
        .then(|| format!("{NAMED}{}{of}.csv", held.table))
}

/// Writes a quarantine file for each table with held rows: the table's columns that its files have, the cells as they
/// stand, why the row is held, where it comes from, and the print of the row whose place it is to take. Always as CSV, since
/// a person mends it.
///
/// # Errors
/// One cannot be written to its end.
pub fn write_to_mend(folder: &OutFolder, register: &Register, loaded: &Loaded) -> Result<()> {
    let mut by_name: BTreeMap<String, Vec<&Held>> = BTreeMap::new();
    for held in &register.held {
        if let Some(name) = name_of(held) {
            by_name.entry(name).or_default().push(held);
        }
    }
    for (name, all) in &by_name {
        let of = all[0].table;
        let given = |column: &str| {
            let of_data = loaded.of(of).any(|file| file.column(column).is_some());
            of_data || loaded.corrections_of(of).any(|file| file.text.column(column).is_some())
        };
        let of_layout = crate::validate::registers::columns_of_layout(all[0].row.layout);
        let is_of_layout = |column: &str| of_layout.as_ref().is_none_or(|columns| columns.contains(&column));
        let own: Vec<&str> =
            of.columns().iter().map(|(column, _)| *column).filter(|c| given(c) && is_of_layout(c)).collect();
        // Whether a criterion that stands beside others is a need is said by its flag.
        let has_flags = all.iter().any(|held| held.row.cells.iter().any(|(name, _)| *name == FLAG));
        let own: Vec<&str> = own
            .into_iter()
            .flat_map(|name| [Some(name), (name == "criterion" && has_flags).then_some(FLAG)])
            .flatten()
            .collect();
        let any_out_of_place = all.iter().any(|held| !held.row.out_of_place.is_empty());
        let beside = any_out_of_place.then_some(OUT_OF_PLACE);
        let columns: Vec<&str> = own.iter().copied().chain(beside).chain([WHY, FROM, REPLACES]).collect();
        let rows = all.iter().map(|held| {
            let cell = |column: &&str| {
                let cell = held.row.cells.iter().find(|(name, _)| name == column);
                cell.map(|(_, text)| text.clone()).unwrap_or_default()
            };
            let mut cells: Vec<String> = own.iter().map(cell).collect();
            cells.extend(beside.map(|_| held.row.out_of_place.clone()));
            cells.extend([held.message.clone(), held.place.to_string(), held.row.print.clone()]);
            Ok(cells)
        });
        csv_file(folder, name, &columns, rows)?;
    }
    Ok(())
}
