//! Officers' confirmations: that a person has looked at a warning and found it right as it stands. The warning is then
//! kept as a note that says who, when and why. No row is read another way and no verdict changes.

use super::days::Horizon;
use super::reading::{About, ReadTable, read_table};
use super::rows::Confirmation;
use crate::dates::Date;
use crate::error::{Result, did_you_mean};
use crate::finding::{Confirmed, Finding, FindingCode, Findings, Severity, shortened};
use crate::load::Loaded;
use crate::load::tables::TableName;
use rustc_hash::FxHashMap;

/// Reads the confirmations.
///
/// # Errors
/// A file that cannot be read to its end.
pub fn read(loaded: &Loaded, horizon: &Horizon) -> Result<ReadTable<Confirmation>> {
    read_table(loaded, TableName::Confirmations, horizon, &|_| About::default(), &mut |row| {
        let written = row.need("finding");
        let finding = written.and_then(|text| FindingCode::of_code(&text.to_lowercase().replace([' ', '-'], "_")));
        if let (Some(text), None) = (written, finding) {
            let hint = did_you_mean(text, FindingCode::ALL.iter().map(|kind| kind.code()));
            row.wrong("finding", FindingCode::UnknownFinding, format!("there is no finding \"{text}\".{hint}"));
        }
        let record = row.text("record").unwrap_or_default().to_owned();
        let confirmed_by = row.need("confirmed_by").map(str::to_owned);
        let confirmed_on = row.need_date("confirmed_on");
        let reason = row.need("reason").map(str::to_owned);
        let until = row.date("until");
        Some(Confirmation {
            finding: finding?,
            record,
            confirmed_by: confirmed_by?,
            confirmed_on: confirmed_on?,
            reason: reason?,
            until,
            place: row.place.clone(),
        })
    })
}

/// A confirmation that made findings notes.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The confirmation.
    pub confirmation: Confirmation,
    /// How many findings it is about.
    pub findings: usize,
}

/// Those in force on one kind of finding of one record, and the last of those that have ended.
#[derive(Default)]
struct OnOne<'a> {
    in_force: Vec<&'a Confirmation>,
    ended: Option<&'a Confirmation>,
    findings: usize,
}

/// Makes notes of the warnings that are confirmed at the as-at date, and says which confirmations do nothing. Gives those
/// that did something, in the order of their rows.
///
/// A confirmation is about the findings of its kind and record; with a blank record, about those that have none. Of
/// several in force the latest speaks. One after the as-at date does not exist.
pub fn apply(findings: &mut Findings, confirmations: &[Confirmation], as_at: Date) -> Vec<Applied> {
    if confirmations.is_empty() {
        return Vec::new();
    }
    let mut own = Findings::default();
    let mut on: FxHashMap<(FindingCode, String), OnOne<'_>> = FxHashMap::default();
    for confirmation in confirmations.iter().filter(|confirmation| confirmation.confirmed_on <= as_at) {
        if confirmation.until.is_some_and(|until| until < confirmation.confirmed_on) {
            let until = confirmation.until.map(|until| until.to_string()).unwrap_or_default();
            let message =
                format!("the confirmation ends on {until}, before it begins on {}.", confirmation.confirmed_on);
            let code = FindingCode::ConfirmationNeverInForce;
            own.add(Finding::at(code, &confirmation.place, "until", until, message).about(&confirmation.record));
            continue;
        }
        let of_one = on.entry((confirmation.finding, confirmation.record.clone())).or_default();
        if confirmation.in_force_at(as_at) {
            match confirmation.finding.severity() {
                Severity::Warning => of_one.in_force.push(confirmation),
                severity => own.add(of_no_warning(confirmation, severity)),
            }
        } else if of_one.ended.is_none_or(|other| other.until < confirmation.until) {
            of_one.ended = Some(confirmation);
        }
    }
    for of_one in on.values_mut() {
        of_one.in_force.sort_by(|a, b| (b.confirmed_on, &b.place).cmp(&(a.confirmed_on, &a.place)));
    }
    findings.each(|finding| {
        if finding.code.severity() != Severity::Warning {
            return;
        }
        let Some(of_one) = on.get_mut(&(finding.code, finding.record.clone())) else { return };
        of_one.findings += 1;
        if let Some(confirmation) = of_one.in_force.first() {
            confirm(finding, confirmation);
        } else if let Some((ended, until)) = of_one.ended.and_then(|ended| Some((ended, ended.until?))) {
            let said = format!(" The confirmation of {} expired on {until} ({}).", ended.confirmed_by, ended.place);
            finding.message.push_str(&said);
        }
    });
    let mut applied = Vec::new();
    for of_one in on.into_values() {
        for confirmation in of_one.in_force {
            if of_one.findings > 0 {
                applied.push(Applied { confirmation: confirmation.clone(), findings: of_one.findings });
            } else {
                own.add(of_nothing(confirmation));
            }
        }
    }
    applied.sort_by(|a, b| a.confirmation.place.cmp(&b.confirmation.place));
    findings.append(own);
    applied
}

fn confirm(finding: &mut Finding, confirmation: &Confirmation) {
    let confirmed = Confirmed {
        by: confirmation.confirmed_by.clone(),
        on: confirmation.confirmed_on,
        reason: confirmation.reason.clone(),
        until: confirmation.until,
        place: confirmation.place.clone(),
    };
    finding.message.push_str(&said(&confirmed));
    finding.confirmed = Some(confirmed);
}

/// What is said of a confirmation at the end of the finding's message.
pub fn said(confirmed: &Confirmed) -> String {
    let until = confirmed.until.map(|until| format!(", until {until}")).unwrap_or_default();
    format!(
        " Confirmed by {} on {}{until}: {} ({}).",
        confirmed.by,
        confirmed.on,
        shortened(confirmed.reason.trim_end_matches('.').to_owned()),
        confirmed.place
    )
}

/// An error must be mended; a note need not be confirmed.
fn of_no_warning(confirmation: &Confirmation, severity: Severity) -> Finding {
    let kind = confirmation.finding.code();
    let (code, message) = if severity == Severity::Error {
        (
            FindingCode::CannotBeConfirmed,
            format!("{kind} is an error: its row cannot be used until it is mended, whatever anybody confirms."),
        )
    } else {
        (FindingCode::ConfirmationOfNothing, format!("{kind} is a note, which need not be confirmed."))
    };
    Finding::at(code, &confirmation.place, "finding", kind, message).about(&confirmation.record)
}

fn of_nothing(confirmation: &Confirmation) -> Finding {
    let kind = confirmation.finding.code();
    let of = match confirmation.record.as_str() {
        "" => "without a record".to_owned(),
        record => format!("of the record {record}"),
    };
    let message = format!("this run has no finding {kind} {of}, so the confirmation does nothing.");
    let code = FindingCode::ConfirmationOfNothing;
    Finding::at(code, &confirmation.place, "finding", kind, message).about(&confirmation.record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;
    use crate::place::Place;
    use std::sync::Arc;

    fn place(row: u32) -> Place {
        Place { file: Arc::from("confirmations.csv"), row }
    }

    fn confirmation(finding: FindingCode, record: &str, on: Date, until: Option<Date>, row: u32) -> Confirmation {
        Confirmation {
            finding,
            record: record.into(),
            confirmed_by: format!("Officer {row}"),
            confirmed_on: on,
            reason: "Seen.".into(),
            until,
            place: place(row),
        }
    }

    /// A warning of C1 with these confirmations: its severity, its message and the other findings.
    fn after(confirmations: &[Confirmation], as_at: Date) -> (Severity, String, Vec<FindingCode>, usize) {
        let mut findings = Findings::default();
        findings.add(Finding::of_run(FindingCode::NeedAfterClosing, "found late.").about("C1"));
        let applied = apply(&mut findings, confirmations, as_at).len();
        let all = findings.sorted();
        let of_c1 = all.iter().find(|finding| finding.code == FindingCode::NeedAfterClosing).unwrap();
        let others = all.iter().map(|finding| finding.code).filter(|code| *code != of_c1.code).collect();
        (of_c1.severity(), of_c1.message.clone(), others, applied)
    }

    // From 1 March to 31 May, both days included.
    #[test]
    fn a_confirmation_holds_from_its_day_to_its_last_both_included() {
        let one = [confirmation(FindingCode::NeedAfterClosing, "C1", date(2024, 3, 1), Some(date(2024, 5, 31)), 2)];
        assert_eq!(after(&one, date(2024, 2, 29)), (Severity::Warning, "found late.".to_owned(), vec![], 0));
        for day in [date(2024, 3, 1), date(2024, 5, 31)] {
            let (severity, message, others, applied) = after(&one, day);
            assert_eq!((severity, others, applied), (Severity::Note, vec![], 1));
            let said =
                "found late. Confirmed by Officer 2 on 2024-03-01, until 2024-05-31: Seen (confirmations.csv row 2).";
            assert_eq!(message, said);
        }
        let (severity, message, others, applied) = after(&one, date(2024, 6, 1));
        assert_eq!((severity, others, applied), (Severity::Warning, vec![], 0));
        assert_eq!(
            message,
            "found late. The confirmation of Officer 2 expired on 2024-05-31 (confirmations.csv row 2)."
        );
    }

    #[test]
    fn of_several_in_force_the_latest_speaks_and_one_that_has_ended_says_nothing() {
        let code = FindingCode::NeedAfterClosing;
        let all = [
            confirmation(code, "C1", date(2024, 1, 1), None, 2),
            confirmation(code, "C1", date(2024, 2, 1), None, 3),
            confirmation(code, "C1", date(2023, 1, 1), Some(date(2023, 2, 1)), 4),
        ];
        let (severity, message, others, applied) = after(&all, date(2024, 9, 30));
        assert_eq!((severity, others, applied), (Severity::Note, vec![], 2));
        assert!(message.contains("Officer 3") && !message.contains("Officer 2") && !message.contains("expired"));
    }

    #[test]
    fn another_record_an_error_a_note_and_a_blank_record_confirm_nothing_here() {
        let day = date(2024, 1, 1);
        for (code, record, expected) in [
            (FindingCode::NeedAfterClosing, "C2", FindingCode::ConfirmationOfNothing),
            (FindingCode::NeedAfterClosing, "", FindingCode::ConfirmationOfNothing),
            (FindingCode::MissingValue, "C1", FindingCode::CannotBeConfirmed),
            (FindingCode::RowsRepeated, "", FindingCode::ConfirmationOfNothing),
        ] {
            let found = after(&[confirmation(code, record, day, None, 2)], date(2024, 9, 30));
            assert_eq!((found.0, found.2, found.3), (Severity::Warning, vec![expected], 0), "{code:?} {record}");
        }
        let backwards = [confirmation(FindingCode::NeedAfterClosing, "C1", day, Some(date(2023, 12, 31)), 2)];
        let found = after(&backwards, date(2024, 9, 30));
        assert_eq!((found.0, found.2), (Severity::Warning, vec![FindingCode::ConfirmationNeverInForce]));
    }
}
