//! Children without attendance, and pupils in the files whom no family has, each with the likeliest reason.

mod support;

use sfclaim::report::views::check::unmatched::{child_rows, children, pupil_rows, pupils};
use sfclaim::report::views::people::People;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{judge, prepare};
use std::collections::BTreeMap;
use support::{Table, loaded, question, table};

/// Of each child without attendance and of each pupil without a family: the reason, and who is named nearly the same.
type Reasons = BTreeMap<String, (String, String)>;

/// People and attendance of families F1, F2 ... with a case each, as at 30 September 2024: the latest terms are Spring and
/// Summer 2023/24.
fn reasons(people: &[&str], attendance: &[&str]) -> (Reasons, Reasons) {
    let family = |line: &&str| line.split(',').nth(1).unwrap().to_owned();
    let mut families: Vec<String> = people.iter().map(family).collect();
    families.dedup();
    let cases: Vec<String> = families.iter().map(|family| format!("C{family},{family},2023-01-10")).collect();
    let with = |header: &str, lines: &[String]| -> Table {
        let all: Vec<&str> = std::iter::once(header).chain(lines.iter().map(String::as_str)).collect();
        table(if header.starts_with("case_id,family") { "cases.csv" } else { "criteria.csv" }, &all)
    };
    let header = "person_id,family_id,date_of_birth,schooling,upn,former_upn,restricted";
    let tables = [
        with("case_id,family_id,opened_on", &cases),
        with("case_id,criterion", &[]),
        table("people.csv", &[&[header], people].concat()),
        table("attendance.csv", &[&["person_id,upn,academic_year,term,possible,attended"], attendance].concat()),
    ];
    let data = loaded(&tables).unwrap();
    let question = question("2024-09-30", &[], None).unwrap();
    let prepared = prepare(&data, &Pack::built_in().unwrap(), &question).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    let (of_children, of_pupils) = (children(), pupils());
    let people = People::of(&outcome.linked, &prepared, true);
    let children = child_rows(&outcome, &people).map(|row| {
        let row: BTreeMap<_, _> = of_children.named_cells(&row).into_iter().collect();
        let cell = |name: &str| row[name].clone();
        (cell("person_id"), (cell("likeliest_reason"), cell("nearest_person_id") + &cell("nearest_upn")))
    });
    let pupils = pupil_rows(&outcome).map(|row| {
        let row: BTreeMap<_, _> = of_pupils.named_cells(&row).into_iter().collect();
        let cell = |name: &str| row[name].clone();
        (cell("person_id") + &cell("upn"), (cell("likeliest_reason"), cell("nearest_person_id")))
    });
    (children.collect(), pupils.collect())
}

fn is(reason: &str, nearest: &str) -> Option<(String, String)> {
    Some((reason.to_owned(), nearest.to_owned()))
}

// The UPNs are the examples of domain.md, whose check letters are right: W889200024001, L889123424001, R889400122017,
// P207000016049 and the temporary G88920002400A.
#[test]
fn each_child_without_attendance_has_the_likeliest_reason() {
    let (children, _) = reasons(
        &[
            "HOME,F1,2014-05-01,home,W889200024001,,",
            "NOWHERE,F2,2014-05-01,none,,,",
            "NOUPN,F3,2014-05-01,,UN3,,",
            "TEMPORARY,F4,2014-05-01,school,G88920002400A,,",
            "LETTER,F5,2014-05-01,school,Q207000016049,,",
            "NOFILE,F6,2014-05-01,school,R889400122017,,",
            "FORMER,F7,2014-05-01,school,P207000016049,L889123424001,",
            "THERE,F8,2014-05-01,school,,,",
            "TOOYOUNG,F9,2022-05-01,,,,",
        ],
        &[
            // Under the former UPN, of a term before the latest two.
            ",L889123424001,2023/24,Autumn,130,125",
            "THERE,,2023/24,Spring,110,105",
            "THERE,,2023/24,Summer,110,105",
        ],
    );
    for (child, reason) in [
        ("HOME", "educated_at_home"),
        ("NOWHERE", "at_no_school"),
        ("NOUPN", "no_upn"),
        ("TEMPORARY", "temporary_upn"),
        ("LETTER", "upn_check_letter"),
        ("NOFILE", "in_no_file"),
        ("FORMER", "former_upn"),
    ] {
        assert_eq!(children.get(child).cloned(), is(reason, ""), "{child}");
    }
    assert_eq!(children.len(), 7, "{children:?}");
}

#[test]
fn a_slip_of_one_character_is_found_from_both_sides() {
    let (children, pupils) = reasons(
        &[
            // Right in the family, with a wrong digit in the file; the other way about; a person id with a zero less.
            "SLIP,F1,2014-05-01,,W889200024001,,",
            "TURNED,F2,2014-05-01,,L889123442001,,",
            "P-0042,F3,2014-05-01,,,,",
            "TERM,F4,2014-05-01,,R889400122017,,",
        ],
        &[
            ",W889200024007,2023/24,Summer,110,105",
            ",L889123424001,2023/24,Summer,110,105",
            "p42,,2023/24,Summer,110,105",
            ",R889400122017,2023/24,Summer,110,105",
            ",G88920002400A,2023/24,Summer,110,105",
            ",P207000016049,2023/24,Summer,110,105",
        ],
    );
    assert_eq!(children.get("SLIP").cloned(), is("other_spelling", "W889200024007"));
    assert_eq!(children.get("TURNED").cloned(), is("other_spelling", "L889123424001"));
    assert_eq!(children.get("P-0042").cloned(), is("other_spelling", "p42"));
    // Summer is there and Spring is not.
    assert_eq!(children.get("TERM").cloned(), is("other_terms_only", ""));
    assert_eq!(pupils.get("W889200024007").cloned(), is("other_spelling", "SLIP"));
    assert_eq!(pupils.get("L889123424001").cloned(), is("other_spelling", "TURNED"));
    assert_eq!(pupils.get("p42").cloned(), is("other_spelling", "P-0042"));
    assert_eq!(pupils.get("G88920002400A").cloned(), is("temporary_upn", ""));
    assert_eq!(pupils.get("P207000016049").cloned(), is("no_family_has_the_pupil", ""));
}

// W889200024001 and L889123424001 are two pupils, however near two right UPNs may be; and whose row is restricted is never
// named across.
#[test]
fn two_right_upns_are_two_pupils_and_a_restricted_child_is_never_named() {
    let (children, pupils) = reasons(
        &["OPEN,F1,2014-05-01,,W889200024001,,", "HIDDEN,F2,2014-05-01,,R889400122017,,y"],
        &[",L889123424001,2023/24,Summer,110,105", ",R889400122071,2023/24,Summer,110,105"],
    );
    assert_eq!(children.get("OPEN").cloned(), is("in_no_file", ""));
    assert_eq!(children.get("HIDDEN").cloned(), is("in_no_file", ""));
    assert!(pupils.values().all(|(_, nearest)| nearest.is_empty()), "{pupils:?}");
}
