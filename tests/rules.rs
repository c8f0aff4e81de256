//! The rule pack: every day of force, the files and what is compiled in, mistakes and their messages, and the machinery
//! with a second, invented framework.

mod support;

use sfclaim::dates::{date, day_after};
use sfclaim::rules::Rules;
use sfclaim::rules::lint::lint;
use sfclaim::rules::pack::{BUILT_IN, Pack, Problem, read_folder};
use sfclaim::rules::parameters::{KEYS, Override};
use std::path::{Path, PathBuf};
use support::{Table, check_with, table};

fn rules_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

fn built_in_files() -> Vec<(String, String)> {
    BUILT_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
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
