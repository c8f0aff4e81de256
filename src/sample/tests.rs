//! Tests of the generator: the same bytes again, more families more rows, the story's figures.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use crate::dates::date;

use super::*;
use crate::dates::{self, Span};

/// All rows in memory, by table.
#[derive(Default, PartialEq, Eq)]
struct Kept {
    rows: BTreeMap<&'static str, Vec<Vec<String>>>,
}

impl Sink for Kept {
    fn begin(&mut self, tables: &[&'static Table]) -> Result<(), Error> {
        self.rows = tables.iter().map(|table| (table.name, Vec::new())).collect();
        Ok(())
    }
    fn row(&mut self, table: &'static Table, cells: &[&str]) -> Result<(), Error> {
        assert_eq!(cells.len(), table.columns.len());
        let rows = self.rows.get_mut(table.name).ok_or(Error::UnknownTable(table.name))?;
        rows.push(cells.iter().map(ToString::to_string).collect());
        Ok(())
    }
    fn finish(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

impl Kept {
    /// The cells of these columns.
    fn of<const N: usize>(&self, table: &'static Table, columns: [&str; N]) -> Vec<[&str; N]> {
        let places = columns.map(|name| table.columns.iter().position(|column| column.name == name).unwrap());
        self.rows[table.name].iter().map(|row| places.map(|place| row[place].as_str())).collect()
    }
}

/// The assumed three-term calendar.
fn calendar() -> Vec<Term> {
    let file: toml::Table = toml::from_str(include_str!("../../rules/calendars/three-term.toml")).unwrap();
    let terms = file["term"].as_array().unwrap().iter();
    terms
        .map(|term| {
            let day = |name: &str| dates::read(&term[name].to_string()).unwrap();
            Term {
                academic_year: term["academic_year"].as_str().unwrap().to_owned(),
                term: term["term"].as_str().unwrap().to_owned(),
                span: Span { from: day("starts_on"), to: day("ends_on") },
            }
        })
        .collect()
}

fn story() -> Spec {
    Spec {
        families: 580,
        seed: STORY_SEED,
        from: date(2021, 4, 1),
        until: date(2025, 3, 31),
        attendance: AttendanceForm::Both,
        boundaries_at: Some(DAY),
        profile: Profile::invented().unwrap(),
    }
}

const DAY: Date = date(2024, 9, 30);

fn made(spec: &Spec) -> Kept {
    let mut kept = Kept::default();
    generate(spec, &calendar(), &mut kept, &mut |_, _| ()).unwrap();
    kept
}

/// Claims that count as results on [`DAY`], handed in between two days.
fn results(kept: &Kept, from: Date, to: Date) -> usize {
    let claims = kept.of(&CLAIMS, ["submitted_on", "decided_on", "outcome"]);
    let counts = claims.into_iter().filter(|[submitted, decided, outcome]| {
        let submitted = dates::read(submitted).unwrap();
        let failed = !["approved", "submitted"].contains(outcome);
        let failed = failed && dates::read(decided).is_some_and(|decided| decided <= DAY);
        from <= submitted && submitted <= to && submitted <= DAY && !failed
    });
    counts.count()
}

fn open_families(kept: &Kept, day: Date) -> usize {
    let cases = kept.of(&CASES, ["family_id", "opened_on", "closed_on"]);
    let open = cases.into_iter().filter(|[_, opened, closed]| {
        dates::read(opened).unwrap() <= day && dates::read(closed).is_none_or(|closed| closed > day)
    });
    open.map(|[family, ..]| family).collect::<BTreeSet<_>>().len()
}

#[test]
fn the_sample_tells_the_story_of_the_two_reports() {
    let kept = made(&story());
    assert_eq!(results(&kept, date(2022, 4, 1), date(2023, 3, 31)), 312);
    assert_eq!(results(&kept, date(2023, 4, 1), date(2024, 3, 31)), 391);
    assert_eq!(results(&kept, date(2024, 4, 1), date(2024, 6, 30)), 85);
    assert_eq!(results(&kept, date(2024, 7, 1), DAY), 91);
    assert!((2950..=3050).contains(&results(&kept, date(2010, 1, 1), DAY)));
    assert!((550..=600).contains(&open_families(&kept, DAY)), "{} open", open_families(&kept, DAY));
    let size: usize =
        kept.rows.values().flatten().map(|row| row.iter().map(|cell| cell.len() + 1).sum::<usize>()).sum();
    assert!(size < 4_500_000, "{size} bytes");
}

#[test]
fn of_transforming_lives_cases_38_percent_meet_the_criteria_and_23_percent_of_those_have_all_outcomes_met() {
    let kept = made(&story());
    let known = |text: &str| dates::read(text).is_some_and(|day| day <= DAY);
    let mut needs: BTreeMap<&str, Vec<[&str; 5]>> = BTreeMap::new();
    for [case, criterion, identified, outcome, relapsed, result] in
        kept.of(&CRITERIA, ["case_id", "criterion", "identified_on", "outcome_on", "relapsed_on", "result"])
    {
        if identified.is_empty() || known(identified) {
            needs.entry(case).or_default().push([criterion, outcome, relapsed, result, case]);
        }
    }
    let (mut cases, mut eligible, mut met) = (0, 0, 0);
    for [case, source, opened] in kept.of(&CASES, ["case_id", "source", "opened_on"]) {
        if source != "transforming_lives" || !known(opened) {
            continue;
        }
        cases += 1;
        let needs = needs.get(case).map_or(&[][..], Vec::as_slice);
        let headlines: BTreeSet<&str> = needs.iter().map(|need| need[0].split('.').next().unwrap()).collect();
        if headlines.len() >= 3 {
            eligible += 1;
            met +=
                u32::from(needs.iter().all(|[_, outcome, relapsed, result, _]| {
                    known(outcome) && !known(relapsed) && *result == "achieved"
                }));
        }
    }
    assert_eq!((200 * eligible + cases) / (2 * cases), 38, "{eligible} of {cases}");
    assert_eq!((200 * met + eligible) / (2 * eligible), 23, "{met} of {eligible}");
}

#[cfg(feature = "native")]
#[test]
fn the_same_request_gives_the_same_rows_on_any_number_of_cores() {
    let spec = Spec { families: 60, ..story() };
    let on = |cores: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().unwrap();
        pool.install(|| made(&spec))
    };
    let one = on(1);
    assert!(one == on(3));
    assert!(one != made(&Spec { seed: STORY_SEED + 1, ..spec.clone() }));
}

#[test]
fn twice_the_families_are_about_twice_the_work() {
    let small = Spec { boundaries_at: None, ..story() };
    let large = Spec { families: 1160, ..small.clone() };
    let (small, large) = (made(&small), made(&large));
    for (small, large) in [
        (open_families(&small, DAY), open_families(&large, DAY)),
        (small.rows["cases"].len(), large.rows["cases"].len()),
        (small.rows["claims"].len(), large.rows["claims"].len()),
    ] {
        assert!((175..=225).contains(&(100 * large / small)), "{small} and {large}");
    }
}

#[test]
fn every_row_can_be_read() {
    let kept = made(&story());
    let until = date(2025, 3, 31);
    for (table, rows) in
        [&CASES, &PEOPLE, &CRITERIA, &TOTALS, &MARKS, &CLAIMS].map(|table| (table, &kept.rows[table.name]))
    {
        for row in rows {
            for (column, cell) in table.columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
                match column.kind {
                    FieldKind::Date => {
                        assert!(dates::read(cell).is_some_and(|day| day <= until), "{}: {row:?}", table.name)
                    }
                    FieldKind::Whole => assert!(cell.parse::<u32>().is_ok(), "{}: {row:?}", table.name),
                    FieldKind::Text => {}
                }
            }
        }
    }
    let mut cases = BTreeMap::new();
    for [case, opened, closed] in kept.of(&CASES, ["case_id", "opened_on", "closed_on"]) {
        assert!(closed.is_empty() || closed >= opened, "{case} closed before it opened");
        assert!(cases.insert(case, opened).is_none(), "{case} twice");
    }
    let mut people = BTreeSet::new();
    for pair in kept.of(&PEOPLE, ["person_id", "family_id"]) {
        assert!(people.insert(pair), "{pair:?} twice");
    }
    let mut claims = BTreeSet::new();
    for [claim] in kept.of(&CLAIMS, ["claim_id"]) {
        assert!(claims.insert(claim), "{claim} twice");
    }
    for [case, identified, outcome] in kept.of(&CRITERIA, ["case_id", "identified_on", "outcome_on"]) {
        let found = if identified.is_empty() { cases[case] } else { identified };
        assert!(cases[case] <= found && (outcome.is_empty() || found <= outcome), "need of {case}");
    }
    for [case] in kept.of(&AGREEMENTS, ["case_id"]) {
        assert!(cases.contains_key(case), "agreement on {case}");
    }
}

#[test]
fn marks_carry_only_the_codes_of_their_day() {
    let spec = Spec { families: 40, attendance: AttendanceForm::Marks, boundaries_at: None, ..story() };
    let kept = made(&spec);
    let marks = kept.of(&MARKS, ["date", "code"]);
    assert!(marks.len() > 10_000 && !kept.rows.contains_key("attendance_totals"));
    for [day, code] in marks {
        let withdrawn = ["H", "J", "Y"].contains(&code);
        let new = ["C1", "C2", "J1", "K", "Q"].contains(&code);
        assert!(if day < "2024-08-19" { !new } else { !withdrawn }, "{code} on {day}");
    }
}

#[test]
fn marks_add_up_to_the_totals_of_the_same_pupils() {
    let mut spec = Spec { families: 40, boundaries_at: None, ..story() };
    spec.profile.attendance.missing_mark = 0.0;
    let totals = made(&Spec { attendance: AttendanceForm::Totals, ..spec.clone() });
    let marks = made(&Spec { attendance: AttendanceForm::Marks, ..spec });
    let missed: u32 = totals
        .of(&TOTALS, ["authorised", "unauthorised"])
        .into_iter()
        .flatten()
        .map(|cell| cell.parse::<u32>().unwrap())
        .sum();
    let possible: u32 = totals.of(&TOTALS, ["possible"]).into_iter().map(|[cell]| cell.parse::<u32>().unwrap()).sum();
    let present = ["/", "\\", "L", "V", "P", "K", "J", "B"];
    let marks: Vec<&str> =
        marks.of(&MARKS, ["code"]).into_iter().map(|[code]| code).filter(|code| *code != "D").collect();
    assert_eq!(marks.len(), possible as usize);
    assert_eq!(marks.iter().filter(|code| !present.contains(code)).count(), missed as usize);
}

#[test]
fn each_boundary_is_planted_once_and_says_what_it_is() {
    let ids: BTreeSet<&str> = boundary_families().map(|boundary| boundary.id).collect();
    assert_eq!(ids.len(), boundary_families().count());
    let kept = made(&Spec { families: 0, ..story() });
    let families: BTreeSet<&str> = kept.of(&CASES, ["family_id"]).into_iter().map(|[family]| family).collect();
    assert_eq!(families, ids);
    for boundary in boundary_families() {
        assert!(!boundary.what.is_empty() && !boundary.statuses.is_empty(), "{}", boundary.id);
    }
    let statuses: BTreeSet<&str> = boundary_families().flat_map(|boundary| boundary.statuses).copied().collect();
    assert_eq!(statuses.len(), 8, "{statuses:?}");
}

#[test]
fn boundaries_can_be_planted_as_at_any_day_that_has_two_terms() {
    for day in [date(2022, 2, 28), date(2022, 12, 31), date(2023, 7, 31), date(2024, 2, 29)] {
        assert_eq!(boundaries::families(day, &calendar()).unwrap().len(), boundary_families().count(), "{day}");
    }
    assert!(boundaries::families(date(2017, 12, 31), &calendar()).is_err());
}

#[test]
fn requests_that_cannot_be_met_are_refused() {
    let refused = |spec: Spec| generate(&spec, &calendar(), &mut Kept::default(), &mut |_, _| ()).is_err();
    assert!(refused(Spec { from: date(2025, 4, 1), ..story() }));
    assert!(refused(Spec { boundaries_at: Some(date(2025, 4, 1)), ..story() }));
    assert!(refused(Spec { families: 6_000_000, ..story() }));
}

#[test]
fn progress_comes_to_its_end() {
    let mut last = (0, 0);
    let spec = Spec { families: 60, ..story() };
    generate(&spec, &calendar(), &mut Kept::default(), &mut |done, of| last = (done, of)).unwrap();
    assert!(last.0 > 0 && last.0 == last.1);
}

#[cfg(unix)]
#[test]
fn files_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = std::env::temp_dir().join(format!("sfclaim-sample-{}", std::process::id()));
    let mut sink = CsvSink::create(&folder).unwrap();
    generate(&Spec { families: 5, ..story() }, &calendar(), &mut sink, &mut |_, _| ()).unwrap();
    for table in ["cases", "people", "criteria", "attendance_totals", "attendance_marks", "claims", "agreements"] {
        let file = folder.join(format!("{table}.csv"));
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{table}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}
