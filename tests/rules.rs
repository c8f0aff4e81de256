//! The rule pack: every day of force, the files and what is compiled in, mistakes and their messages, and the machinery
//! with a second, invented framework.

mod support;

use sfclaim::dates::{date, day_after};
use sfclaim::rules::Rules;
use sfclaim::rules::lint::lint;
use sfclaim::rules::pack::{Pack, Problem, built_in_files, read_folder};
use sfclaim::rules::parameters::{KEYS, Override};
use std::path::{Path, PathBuf};
use support::{Table, check_with, table};

fn rules_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

#[test]
fn what_is_compiled_in_is_what_the_folder_holds() {
    let mut folder = read_folder(&rules_folder()).unwrap();
    folder.sort();
    assert_eq!(built_in_files(), folder);
}

#[test]
fn the_pack_has_nothing_to_complain_of() {
    let problems: Vec<String> = lint(None).unwrap().iter().map(|p| format!("{}: {}", p.file, p.message)).collect();
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn every_day_of_force_has_one_framework_with_every_parameter_and_a_calendar() {
    let pack = Pack::built_in().unwrap();
    let mut day = date(2022, 10, 3);
    let mut days = 0;
    while day <= date(2025, 3, 31) {
        assert_eq!(pack.frameworks.iter().filter(|framework| framework.in_force.covers(day)).count(), 1, "{day}");
        let rules = Rules::choose(&pack, day, None, &[], None).unwrap();
        assert!(rules.in_force);
        assert_eq!(rules.set.iter().count(), KEYS.len());
        assert!(rules.calendar.completed(day) >= rules.parameters.terms, "{day}");
        assert!(pack.targets_of("blackburn-with-darwen").unwrap().at(day, Default::default()).is_some(), "{day}");
        day = day_after(day);
        days += 1;
    }
    assert_eq!(days, 911);
    // Both ends: the day before the first and the day after the last.
    for outside in [date(2022, 10, 2), date(2025, 4, 1)] {
        let message = Rules::choose(&pack, outside, None, &[], None).unwrap_err().to_string();
        assert!(message.contains("supporting-families-2022-25 (2022-10-03 to 2025-03-31)"), "{message}");
        assert!(!Rules::choose(&pack, outside, Some("supporting-families-2022-25"), &[], None).unwrap().in_force);
    }
}

#[test]
fn the_ten_headlines_have_both_labels() {
    let pack = Pack::built_in().unwrap();
    let framework = &pack.frameworks[0];
    let numbers: Vec<u8> = framework.headlines.iter().map(|headline| headline.number).collect();
    assert_eq!(numbers, (1..=10).collect::<Vec<u8>>());
    assert_eq!(framework.headline(7).unwrap().label, "Families diverted from crime");
    assert_eq!(framework.headline(7).unwrap().later_label, "Crime prevention and tackling crime");
}

#[test]
fn an_override_is_kept_with_where_it_came_from() {
    let pack = Pack::built_in().unwrap();
    let change = Override::read("attendance.threshold_percent=92.5").unwrap();
    let rules = Rules::choose(&pack, date(2024, 9, 30), None, &[change], None).unwrap();
    let setting = rules.set.get("attendance.threshold_percent").unwrap();
    assert_eq!(setting.value.to_string(), "92.5");
    assert_eq!(setting.instead_of.as_ref().unwrap().to_string(), "90");
    assert_eq!(rules.label(), "supporting-families-2022-25 (changed)");
}

#[test]
fn a_later_file_overrides_by_dotted_key() {
    let mut files = built_in_files();
    let local = "[[override]]\nkey = \"attendance.minimum_coverage_percent\"\nvalue = 80\nsource = \"sfclaim\"\n";
    files.push(("local.toml".to_owned(), local.to_owned()));
    let (pack, problems) = Pack::read_with_problems("test", files);
    assert!(problems.iter().all(|problem| !problem.fatal), "{problems:?}");
    let rules = Rules::choose(&pack, date(2024, 9, 30), None, &[], None).unwrap();
    assert_eq!(rules.set.get("attendance.minimum_coverage_percent").unwrap().value.to_string(), "80");
    assert!(rules.set.changed());
}

/// The built-in pack with one file changed.
fn with(file: &str, change: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let changed = |(name, text): (String, String)| if name == file { (name, change(&text)) } else { (name, text) };
    built_in_files().into_iter().map(changed).collect()
}

const FRAMEWORK: &str = "frameworks/supporting-families-2022-25.toml";

fn problems(files: Vec<(String, String)>) -> Vec<Problem> {
    Pack::read_with_problems("test", files).1
}

/// One mistake a row: the file, what stands there, what is put in its place, and words of the message.
#[test]
fn each_mistake_in_a_pack_has_its_message() {
    let rows: [(&str, &str, &str, &str); 15] = [
        (FRAMEWORK, "key = \"attendance.terms\"", "key = \"attendance.trems\"", "Did you mean \"attendance.terms\"?"),
        (FRAMEWORK, "key = \"attendance.terms\"", "key = \"attendance.basis\"", "\"attendance.basis\""),
        (FRAMEWORK, "unit = \"terms\"", "unit = \"\"", "has no unit"),
        (FRAMEWORK, "unit = \"terms\"\n", "", "has no unit"),
        (FRAMEWORK, "source = \"bwd-2024-25-q2\"", "source = \"bwd-2024-25-q3\"", "Did you mean \"bwd-2024-25-q2\"?"),
        (FRAMEWORK, "value = \"each_term\"", "value = \"each_trem\"", "perhaps \"each_term\""),
        (FRAMEWORK, "to = 2025-03-31", "to = 2021-03-31", "before it begins"),
        (FRAMEWORK, "to = 2025-03-31", "until = 2025-03-31", "until"),
        (FRAMEWORK, "standing = \"council\"", "standing = \"certain\"", "certain"),
        (FRAMEWORK, "number = 10", "number = 9", "same number"),
        (FRAMEWORK, "attendance = 1", "attendance = 11", "no such headline"),
        ("attendance_codes.toml", "code = \"L\"", "code = \"B\"", "given twice"),
        ("calendars/three-term.toml", "ends_on = 2023-12-22", "ends_on = 2024-01-22", "overlap"),
        (
            "calendars/three-term.toml",
            "academic_year = \"2019/20\"",
            "academic_year = \"2019/21\"",
            "not an academic year",
        ),
        (
            "targets/blackburn-with-darwen.toml",
            "financial_year = \"2023/24\"",
            "financial_year = \"2022/23\"",
            "given twice",
        ),
    ];
    for (file, stands, instead, words) in rows {
        let files = with(file, |text| {
            assert!(text.contains(stands), "{file} has no {stands}");
            text.replacen(stands, instead, 1)
        });
        let problems = problems(files);
        let found = problems.iter().any(|problem| problem.fatal && problem.message.contains(words));
        assert!(found, "{instead}: no problem has \"{words}\": {problems:?}");
    }
}

#[test]
fn a_missing_parameter_is_missed() {
    let files = with(FRAMEWORK, |text| {
        let start = text.find("[[parameter]]\nkey = \"reclaim.years\"").unwrap();
        let end = start + text[start + 5..].find("[[parameter]]").unwrap() + 5;
        format!("{}{}", &text[..start], &text[end..])
    });
    assert!(problems(files).iter().any(|problem| problem.message.contains("\"reclaim.years\" is missing")));
}

/// An invented framework of the years before: two of six headlines are needed, with other headlines.
fn two_frameworks() -> Vec<(String, String)> {
    let mut files = built_in_files();
    let invented = files.iter().find(|(name, _)| name == FRAMEWORK).unwrap().1.clone();
    let headlines = invented.find("[[headline]]").unwrap();
    let end = invented.find("# Which headline is about").unwrap();
    let six: String = (1..=6)
        .map(|number| format!("[[headline]]\nnumber = {number}\nlabel = \"Invented {number}\"\nlater_label = \"Invented {number}\"\n\n"))
        .collect();
    let invented = format!("{}{six}{}", &invented[..headlines], &invented[end..])
        .replace("id = \"supporting-families-2022-25\"", "id = \"invented-2018-22\"")
        .replace("from = 2022-10-03", "from = 2018-01-01")
        .replace("to = 2025-03-31", "to = 2022-10-02")
        .replacen(
            "key = \"eligibility.minimum_criteria\"\nvalue = 3",
            "key = \"eligibility.minimum_criteria\"\nvalue = 2",
            1,
        );
    files.push(("frameworks/invented-2018-22.toml".to_owned(), invented));
    files
}

#[test]
fn a_second_framework_applies_on_its_own_days_with_its_own_count_and_headlines() {
    let (pack, problems) = Pack::read_with_problems("test", two_frameworks());
    assert!(problems.is_empty(), "{problems:?}");
    let family = |headlines: &[&str]| -> Vec<Table> {
        let mut criteria = vec!["case_id,criterion,identified_on".to_owned()];
        criteria.extend(headlines.iter().map(|headline| format!("C1,{headline},2021-01-05")));
        let criteria: Vec<&str> = criteria.iter().map(String::as_str).collect();
        vec![table("cases.csv", &["case_id,family_id,opened_on", "C1,F1,2021-01-05"]), table("criteria.csv", &criteria)]
    };
    let eligibility = |as_at: &str, headlines: &[&str]| {
        let said = check_with(&pack, &family(headlines), as_at, &[], None).unwrap();
        (
            said.decisions["C1"]["eligibility"].clone(),
            said.decisions["C1"]["rules"].clone(),
            said.rows["criteria"].quarantined,
        )
    };
    let answer = |verdict: &str, rules: &str, quarantined| (verdict.to_owned(), rules.to_owned(), quarantined);
    // The last day of the one and the first day of the other.
    assert_eq!(eligibility("2022-10-02", &["1", "2"]), answer("met", "invented-2018-22", 0));
    assert_eq!(eligibility("2022-10-03", &["1", "2"]), answer("not_yet", "supporting-families-2022-25", 0));
    // The seventh headline is known to one of them only.
    assert_eq!(eligibility("2022-10-02", &["1", "2", "7"]), answer("met", "invented-2018-22", 1));
    assert_eq!(eligibility("2022-10-03", &["1", "2", "7"]), answer("met", "supporting-families-2022-25", 0));
}

#[test]
fn overlapping_frameworks_are_refused_and_a_gap_is_said() {
    let change = |to: &str| {
        let files = two_frameworks().into_iter().map(|(name, text)| {
            let text = if name.contains("invented") { text.replace("to = 2022-10-02", to) } else { text };
            (name, text)
        });
        problems(files.collect())
    };
    assert!(change("to = 2022-10-03").iter().any(|problem| problem.fatal && problem.message.contains("both in force")));
    let gap = change("to = 2022-09-30");
    assert!(
        gap.iter().any(|problem| !problem.fatal && problem.message.contains("no framework is in force")),
        "{gap:?}"
    );
}

// The table of domain.md, class by class, and the codes new and withdrawn on 19 August 2024.
#[test]
fn attendance_codes_have_the_classes_of_the_published_list() {
    use sfclaim::rules::codes::Class;
    let pack = Pack::built_in().unwrap();
    let mut known = 0;
    for (class, codes) in [
        (Class::Present, "/ \\ L"),
        (Class::EducationalActivity, "B K P V W J"),
        (Class::Authorised, "C C1 C2 E I J1 M R S T H F"),
        (Class::Unauthorised, "G N O U"),
        (Class::NotPossible, "D Q X Y Y1 Y2 Y3 Y4 Y5 Y6 Y7 Z #"),
    ] {
        for code in codes.split(' ') {
            assert_eq!(pack.codes.get(code).unwrap().class, class, "{code}");
            known += 1;
        }
    }
    assert_eq!(pack.codes.sorted().len(), known);
    let in_use = |code: &str, day| pack.codes.get(code).unwrap().in_use_on(day);
    for code in ["C1", "C2", "J1", "K", "Q", "Y1", "Y7"] {
        assert!(!in_use(code, date(2024, 8, 18)) && in_use(code, date(2024, 8, 19)), "{code}");
    }
    for code in ["H", "J", "Y"] {
        assert!(in_use(code, date(2024, 8, 18)) && !in_use(code, date(2024, 8, 19)), "{code}");
    }
    assert!(pack.codes.get("-").is_none() && pack.codes.get("@").is_none() && pack.codes.get("").is_none());
}

/// The built-in framework in force until March 2027, with some text for one of its parameters.
fn until_2027(key: &str, entry: &str) -> Vec<(String, String)> {
    with(FRAMEWORK, |text| {
        let start = text.find(&format!("[[parameter]]\nkey = \"{key}\"")).unwrap();
        let end = start + text[start + 5..].find("[[parameter]]").unwrap() + 5;
        let head =
            format!("[[parameter]]\nkey = \"{key}\"\nunit = \"per cent\"\ntitle = \"a share\"\nwho = \"national\"\n");
        format!("{}{head}{entry}\n{}", &text[..start], &text[end..]).replace("to = 2025-03-31", "to = 2027-03-31")
    })
}

const SAID: &str = "source = \"sfclaim\", standing = \"official\", last_checked = 2026-11-26";
const ALWAYS: &str = "value = 90\nsource = \"bwd-2024-25-q2\"\nstanding = \"council\"\nlast_checked = 2026-11-22\n";
const THRESHOLD: &str = "attendance.threshold_percent";

// From 1 September 2026 the threshold is 92: one entry, beside the value as it stood.
#[test]
fn a_value_from_a_day_is_one_entry_and_holds_from_that_day() {
    let later = format!("{ALWAYS}values = [{{ from = 2026-09-01, value = 92, {SAID} }}]\n");
    let (pack, problems) = Pack::read_with_problems("test", until_2027(THRESHOLD, &later));
    assert!(problems.is_empty(), "{problems:?}");
    let setting = |as_at| {
        let rules = Rules::choose(&pack, as_at, Some("supporting-families-2022-25"), &[], None).unwrap();
        assert_eq!(rules.parameters.threshold.to_string(), rules.set.get(THRESHOLD).unwrap().value.to_string());
        assert!(!rules.set.changed());
        let setting = rules.set.get(THRESHOLD).unwrap().clone();
        (setting.value.to_string(), setting.from, setting.source.clone(), setting.standing.word())
    };
    let before = ("90".to_owned(), None, "bwd-2024-25-q2".to_owned(), "council");
    let after = ("92".to_owned(), Some(date(2026, 9, 1)), "sfclaim".to_owned(), "official");
    // Before the first day and after the last one the framework was asked for by name.
    for (day, expected) in [
        (date(2021, 1, 1), &before),
        (date(2022, 10, 3), &before),
        (date(2026, 8, 31), &before),
        (date(2026, 9, 1), &after),
        (date(2027, 3, 31), &after),
        (date(2028, 1, 1), &after),
    ] {
        assert_eq!(setting(day), *expected, "{day}");
    }
    let all = |terms: &str| {
        vec![
            table("cases.csv", &["case_id,family_id,opened_on,closed_on", "C1,F1,2024-01-10,2025-02-28"]),
            table("people.csv", &["person_id,family_id,date_of_birth,role", "P1,F1,2016-05-01,child"]),
            table(
                "criteria.csv",
                &["case_id,criterion,outcome_on", "C1,1,2025-02-20", "C1,5,2025-02-20", "C1,9,2025-02-20"],
            ),
            table(
                "attendance.csv",
                &[
                    "person_id,academic_year,term,possible,attended",
                    &format!("P1,2025/26,Spring,{terms}"),
                    &format!("P1,2025/26,Summer,{terms}"),
                ],
            ),
        ]
    };
    for (as_at, terms, verdict) in
        [("2026-08-31", "100,91", "met"), ("2026-09-01", "100,91", "not_met"), ("2026-09-01", "100,92", "met")]
    {
        let said = check_with(&pack, &all(terms), as_at, &[], None).unwrap();
        assert_eq!(said.decisions["C1"]["attendance"], verdict, "{as_at} {terms}");
    }
    // A change for a run stands in the place of the value of its day, and says which.
    let change = Override::read("attendance.threshold_percent=95").unwrap();
    let rules = Rules::choose(&pack, date(2026, 9, 1), None, std::slice::from_ref(&change), None).unwrap();
    let setting = rules.set.get(THRESHOLD).unwrap();
    assert_eq!((setting.instead_of.as_ref().unwrap().to_string(), setting.given_by()), ("92".to_owned(), "--set"));
    assert_eq!((setting.from, setting.instead_of_from), (None, Some(date(2026, 9, 1))));
    // The same rules for another day have its value, and the same change.
    let on = |day| rules.on(day, None).unwrap().set.get(THRESHOLD).unwrap().instead_of.as_ref().unwrap().to_string();
    assert_eq!((on(date(2026, 8, 31)), on(date(2026, 9, 1))), ("90".to_owned(), "92".to_owned()));
}

#[test]
fn values_of_which_each_has_its_day_need_no_other() {
    let listed = format!(
        "values = [{{ from = 2022-10-03, to = 2026-08-31, value = 90, {SAID} }}, {{ from = 2026-09-01, value = 92, {SAID} }}]\n"
    );
    let (pack, problems) = Pack::read_with_problems("test", until_2027(THRESHOLD, &listed));
    assert!(problems.iter().all(|problem| !problem.fatal), "{problems:?}");
    let threshold = |day| Rules::choose(&pack, day, None, &[], None).unwrap().parameters.threshold.to_string();
    assert_eq!((threshold(date(2026, 8, 31)), threshold(date(2026, 9, 1))), ("90".to_owned(), "92".to_owned()));
}

/// One mistake a row: what is said of the days of a parameter, and words of the message.
#[test]
fn each_mistake_in_the_days_of_values_has_its_message() {
    let at = |days: &str| format!("{{ {days}, value = 92, {SAID} }},");
    let list = |days: &[&str]| format!("values = [{}]\n", days.iter().map(|days| at(days)).collect::<String>());
    let first = "from = 2022-10-03";
    let rows: [(String, &str); 13] = [
        (list(&["from = 2022-10-04"]), "has no value from 2022-10-03 to 2022-10-03"),
        (
            list(&["from = 2022-10-03, to = 2026-08-30", "from = 2026-09-01"]),
            "has no value from 2026-08-31 to 2026-08-31",
        ),
        (list(&["from = 2022-10-03, to = 2027-03-30"]), "has no value from 2027-03-31 to 2027-03-31"),
        (
            list(&["from = 2022-10-03, to = 2026-09-01", "from = 2026-09-01"]),
            "two values hold from 2026-09-01 to 2026-09-01",
        ),
        (list(&[first, "from = 2026-09-01", "from = 2026-09-01"]), "two values hold from 2026-09-01: keep one"),
        (format!("{ALWAYS}{}", list(&[first])), "two values hold from 2022-10-03: keep one"),
        (list(&[first, "from = 2026-09-01", "from = 2026-08-31"]), "write the earlier one first"),
        (list(&["from = 2022-10-02"]), "2022-10-02 is outside the framework"),
        (list(&[first, "from = 2027-04-01"]), "2027-04-01 is outside the framework"),
        (list(&[first, "from = 2026-09-01, to = 2026-08-31"]), "ends on 2026-08-31, before it begins"),
        (list(&[first, "from = 12:00:00"]), "which is not a date"),
        (list(&[]), "must have value, source, standing and last_checked together"),
        (format!("value = 90\n{}", list(&["from = 2026-09-01"])), "or none of them beside its values"),
    ];
    for (entry, words) in rows {
        let problems = problems(until_2027(THRESHOLD, &entry));
        let found = problems.iter().any(|problem| problem.fatal && problem.message.contains(words));
        assert!(found, "{entry}: no problem has \"{words}\": {problems:?}");
    }
}

const SOURCES: &str = "[our-panel]\ntitle = \"Example Council, claims panel\"\nstanding = \"local\"\n";
const OURS: &str = "source = \"our-panel\"\nstanding = \"local\"\nlast_checked = 2026-11-26\n";

/// The built-in rules as the files of a council change them. Its sources are always there.
fn changed(files: &[(&str, &str)]) -> (Pack, Vec<Problem>) {
    let files = files.iter().chain([&("sources.toml", SOURCES)]);
    Pack::changed("our-rules", files.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
}

fn parameter(key: &str, value: &str) -> String {
    format!("[[parameter]]\nkey = \"{key}\"\nvalue = {value}\n{OURS}")
}

const CHANGES: &str = "id = \"supporting-families-2022-25\"\n";

#[test]
fn a_folder_that_holds_only_what_it_changes_leaves_everything_else_as_it_is() {
    let framework = format!(
        "{CHANGES}{}[[reading]]\nkey = \"attendance.basis\"\nvalue = \"combined\"\nsays = \"As our panel reads it.\"\nsource = \"our-panel\"\nstanding = \"local\"\n[[headline]]\nnumber = 7\nlabel = \"Ours\"\nlater_label = \"Ours\"\n",
        parameter("timeliness.months_after_closure", "24")
    );
    let targets = format!(
        "authority = \"blackburn-with-darwen\"\n[[year]]\nfinancial_year = \"2024/25\"\ntarget = 600\nfunded_places = 500\n{OURS}[[year]]\nfinancial_year = \"2025/26\"\ntarget = 610\nfunded_places = 510\n{OURS}"
    );
    let files = [
        ("frameworks/ours.toml", framework.as_str()),
        ("targets/ours.toml", &targets),
        ("checks.toml", &format!("[rows_lost_percent]\nvalue = 33\n{OURS}")),
        ("assumptions.toml", &format!("[[assumption]]\nkey = \"range.low\"\nvalue = 5\n{OURS}")),
        ("assurance.toml", &format!("[[setting]]\nkey = \"gap.days\"\nvalue = 60\n{OURS}")),
        ("position.toml", "default_bands = \"achievable\"\n"),
        (
            "attendance_codes.toml",
            &format!("{OURS}[[code]]\ncode = \"L\"\nclass = \"present\"\ntitle = \"Late, as we say\"\n"),
        ),
        (
            "levers.toml",
            &format!(
                "{OURS}[[lever]]\nrule = \"family\"\nkind = \"nobody of the family is listed\"\nwho = \"practitioner\"\nthis_week = true\nneeds = \"us\"\n"
            ),
        ),
    ];
    let (pack, problems) = changed(&files);
    assert!(problems.is_empty(), "{problems:?}");
    let built_in = Pack::built_in().unwrap();
    let rules = |pack: &Pack| Rules::choose(pack, date(2024, 9, 30), None, &[], None).unwrap();
    let (ours, theirs) = (rules(&pack), rules(&built_in));
    for (key, setting) in ours.set.iter() {
        let other = theirs.set.get(key).unwrap();
        if key == "timeliness.months_after_closure" {
            assert_eq!(
                (setting.value.to_string(), setting.given_by()),
                ("24".to_owned(), "our-rules/frameworks/ours.toml")
            );
            assert_eq!(setting.instead_of.as_ref(), Some(&other.value));
            // What does not change need not be written again.
            assert_eq!((&setting.title, &setting.unit, setting.who), (&other.title, &other.unit, other.who));
            assert_eq!(pack.source_title(&setting.source), "Example Council, claims panel");
        } else {
            assert_eq!(
                (&setting.value, setting.given_by(), setting.instead_of.is_none()),
                (&other.value, FRAMEWORK, true),
                "{key}"
            );
        }
    }
    assert_eq!(ours.label(), "supporting-families-2022-25 (changed)");
    assert_eq!((ours.framework.readings.len(), theirs.framework.readings.len()), (8, 8));
    assert_eq!(ours.framework.readings[0].says, "As our panel reads it.");
    assert_eq!((ours.framework.headlines.len(), ours.framework.headline(7).unwrap().label.as_str()), (10, "Ours"));
    let years = &pack.targets_of("blackburn-with-darwen").unwrap().years;
    let said: Vec<String> = years.iter().map(|year| format!("{} {}", year.value.target, year.file)).collect();
    let (old, new) = ("targets/blackburn-with-darwen.toml", "our-rules/targets/ours.toml");
    assert_eq!(
        said,
        [format!("280 {old}"), format!("312 {old}"), format!("505 {old}"), format!("600 {new}"), format!("610 {new}")]
    );
    let (ours, theirs) = (pack.thresholds.as_ref().unwrap(), built_in.thresholds.as_ref().unwrap());
    let other: Vec<(u32, u32)> =
        ours.iter().zip(theirs.iter()).map(|(a, b)| (a.value, b.value)).filter(|(a, b)| a != b).collect();
    assert_eq!(
        (other.len(), ours.rows_lost_percent.value, ours.rows_lost_percent.file.as_str()),
        (1, 33, "our-rules/checks.toml")
    );
    assert_eq!(pack.assumptions.iter().count(), built_in.assumptions.iter().count());
    assert_eq!(pack.assumptions.value("range.low").unwrap().to_string(), "5");
    assert_eq!(
        (pack.assurance.value("gap.days"), pack.assurance.value("closing.days")),
        (60, built_in.assurance.value("closing.days"))
    );
    assert_eq!(pack.position.bands(None).unwrap().id, "achievable");
    assert_eq!(pack.codes.get("L").unwrap().title, "Late, as we say");
    assert_eq!(pack.codes.sorted().len(), built_in.codes.sorted().len());
    assert_eq!(pack.levers.iter().count(), built_in.levers.iter().count());
    // The built-in files, then those of the folder, each with its fingerprint.
    let own: Vec<&str> = pack.files.iter().filter(|of| of.laid_over.is_some()).map(|of| of.file.as_str()).collect();
    assert_eq!(own.len(), files.len() + 1);
    assert!(
        own.iter().all(|name| name.starts_with("our-rules/")) && pack.files.len() == own.len() + built_in.files.len()
    );
}

/// One mistake a row: a file of a council that changes the built-in rules, what stands in it, and words of the message.
#[test]
fn each_mistake_in_a_folder_of_changes_names_the_file_the_key_and_what_to_do() {
    let rows: [(&str, String, &str); 12] = [
        (
            "frameworks/ours.toml",
            format!("{CHANGES}{}", parameter("attendance.trems", "3")),
            "Did you mean \"attendance.terms\"?",
        ),
        (
            "frameworks/ours.toml",
            format!("id = \"supporting-families-2022-26\"\n{}", parameter("attendance.terms", "3")),
            "Did you mean \"supporting-families-2022-25\"?",
        ),
        (
            "frameworks/ours.toml",
            format!("{CHANGES}[[headline]]\nnumber = 11\nlabel = \"a\"\nlater_label = \"a\"\n"),
            "has no headline 11 to change",
        ),
        (
            "frameworks/ours.toml",
            format!("{CHANGES}{0}{0}", parameter("attendance.terms", "3")),
            "\"attendance.terms\" is given twice",
        ),
        ("frameworks/ours.toml", format!("{CHANGES}{}", parameter("attendance.terms", "0")), "cannot be 0"),
        (
            "frameworks/ours.toml",
            format!("{CHANGES}[[parameter]]\nkey = \"attendance.terms\"\nvalue = 3\n"),
            "must have value, source, standing and last_checked together",
        ),
        (
            "frameworks/ours.toml",
            format!("{CHANGES}{}", parameter("attendance.terms", "3").replace("our-panel", "our-panle")),
            "Did you mean \"our-panel\"?",
        ),
        (
            "checks.toml",
            format!("[rows_lost_percnt]\nvalue = 33\n{OURS}"),
            "Did you mean \"checks.rows_lost_percent\"?",
        ),
        (
            "assumptions.toml",
            format!("[[assumption]]\nkey = \"range.low\"\nvalue = 95\n{OURS}"),
            "range.low must be below range.high",
        ),
        ("assurance.toml", format!("[[setting]]\nkey = \"gap.day\"\nvalue = 60\n{OURS}"), "Did you mean \"gap.days\"?"),
        (
            "levers.toml",
            format!(
                "{OURS}[[lever]]\nrule = \"family\"\nkind = \"nobody of the familly is listed\"\nwho = \"school\"\nthis_week = true\nneeds = \"us\"\n"
            ),
            "has no reason \"nobody of the familly is listed\" to change",
        ),
        ("asumptions.toml", String::new(), "Did you mean \"assumptions.toml\"?"),
    ];
    for (file, text, words) in rows {
        let (_, problems) = changed(&[(file, &text)]);
        let found = problems.iter().any(|problem| {
            problem.fatal && problem.file == format!("our-rules/{file}") && problem.message.contains(words)
        });
        assert!(found, "{text}: no problem of {file} has \"{words}\": {problems:?}");
    }
    // What local.toml says for all days would hide it.
    let local = "[[override]]\nkey = \"attendance.terms\"\nvalue = 3\nsource = \"our-panel\"\n";
    let ours = format!("{CHANGES}{}", parameter("attendance.terms", "4"));
    let (_, problems) = changed(&[("local.toml", local), ("frameworks/ours.toml", &ours)]);
    assert!(
        problems.iter().any(|problem| problem.message.contains("is given by our-rules/local.toml (our-panel) too")),
        "{problems:?}"
    );
}

#[test]
fn a_new_framework_can_be_laid_beside_the_built_in_one() {
    let text = built_in_files().into_iter().find(|(name, _)| name == FRAMEWORK).unwrap().1;
    let next = text
        .replace("id = \"supporting-families-2022-25\"", "id = \"next\"")
        .replace("from = 2022-10-03", "from = 2025-04-01")
        .replace("to = 2025-03-31", "to = 2026-03-31");
    let facts = next.find("[[fact]]").unwrap()..next.find("[[parameter]]").unwrap();
    let (pack, problems) = changed(&[("frameworks/next.toml", &next.replace(&next[facts], ""))]);
    assert!(problems.iter().all(|problem| !problem.fatal), "{problems:?}");
    let id = |day| Rules::choose(&pack, day, None, &[], None).unwrap().framework.id;
    assert_eq!(
        (id(date(2025, 3, 31)), id(date(2025, 4, 1))),
        ("supporting-families-2022-25".to_owned(), "next".to_owned())
    );
}

// A person's folder, through the program: what it changes is seen in the receipt, and nothing is taken for rules that is none.
#[test]
fn a_run_by_changed_rules_says_so_in_its_receipt() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name).display().to_string();
    let write = |name: &str, text: &str| {
        let path = place.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let sfclaim = |arguments: &[&str]| {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_sfclaim")).args(arguments).output().unwrap();
        (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr))
    };
    let ours = format!(
        "{CHANGES}[[parameter]]\nkey = \"{THRESHOLD}\"\n[[parameter.values]]\nfrom = 2024-09-01\nvalue = 92\n{OURS}"
    );
    write("our-rules/sources.toml", SOURCES);
    write("our-rules/frameworks/ours.toml", &ours);
    write("data/cases.csv", "case_id,family_id,opened_on\nC1,F1,2024-01-10\n");
    write("data/criteria.csv", "case_id,criterion,identified_on\nC1,1,2024-01-10\n");
    let rules = at("our-rules");
    let linted = sfclaim(&["rules", "lint", "--rules", &rules]);
    assert_eq!(linted, (Some(0), "0 errors, 0 notes\n".to_owned()));
    let mut given = Vec::new();
    for as_at in ["2024-08-31", "2024-09-01"] {
        let out = at(&format!("out-{as_at}"));
        let (code, said) = sfclaim(&["check", &at("data"), "--as-at", as_at, "--rules", &rules, "--out", &out]);
        assert_eq!(code, Some(0), "{said}");
        let run = std::fs::read_to_string(Path::new(&out).join("run.json")).unwrap();
        let run: serde_json::Value = serde_json::from_str(&run).unwrap();
        let setting = &run["parameters"][THRESHOLD];
        let words =
            ["value", "given_by", "instead_of", "from"].map(|key| setting[key].as_str().unwrap_or("-").to_owned());
        given.push(words.join(" "));
        let file = run["rule_files"]
            .as_array()
            .unwrap()
            .iter()
            .find(|of| of["file"] == "our-rules/frameworks/ours.toml")
            .unwrap();
        assert_eq!(file["sha256"], sfclaim::receipt::Fingerprint::of(ours.as_bytes()).to_string());
        assert_eq!(file["laid_over"], "the built-in rules");
    }
    assert_eq!(given, [format!("90 {FRAMEWORK} - -"), "92 our-rules/frameworks/ours.toml 90 2024-09-01".to_owned()]);
    let (_, shown) = sfclaim(&["rules", "show", THRESHOLD, "--rules", &rules]);
    assert!(shown.contains("= 90 from 2022-10-03 (") && shown.contains("= 92 from 2024-09-01 ("), "{shown}");
    // The output may not be written over the rules.
    let (code, said) = sfclaim(&[
        "check",
        &at("data"),
        "--as-at",
        "2024-09-01",
        "--rules",
        &rules,
        "--out",
        &at("our-rules/frameworks"),
    ]);
    assert_eq!(code, Some(2), "{said}");
    write("nothing/readme.txt", "");
    let (code, said) = sfclaim(&["check", &at("data"), "--as-at", "2024-09-01", "--rules", &at("nothing")]);
    assert!(code == Some(2) && said.contains("holds no rules"), "{said}");
    write("our-rules/framework/more.toml", &ours);
    let (code, said) = sfclaim(&["rules", "lint", "--rules", &rules]);
    assert!(code == Some(1) && said.contains("error our-rules/framework/more.toml"), "{said}");
}
