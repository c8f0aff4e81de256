//! Worklists say who a child is, so that somebody can ring the school; not of restricted people, and not where names are left
//! out.

mod support;

use sfclaim::ids::{FamilyId, PersonId};
use sfclaim::report::views::people::People;
use sfclaim::rules::pack::Pack;
use sfclaim::run::{judge, prepare};
use support::{loaded, question, table};

const PEOPLE: [&str; 5] = [
    "person_id,family_id,date_of_birth,first_name,last_name,upn,restricted",
    "P1,F1,2014-05-01,Ana,Hall,W889200024001,",
    "P2,F1,2012-05-01,Ben,Hall,,",
    "P3,F2,2013-05-01,Cem,Lowe,L889123424001,y",
    "P4,F3,2014-02-01,Dot,Marsh,,",
];

/// Who these people are said to be, as at 30 September 2024.
fn said(with_names: bool) -> Vec<String> {
    let tables = [
        table(
            "cases.csv",
            &["case_id,family_id,opened_on", "C1,F1,2023-01-10", "C2,F2,2023-01-10", "C3,F3,2023-01-10"],
        ),
        table("criteria.csv", &["case_id,criterion"]),
        table("people.csv", &PEOPLE),
        table(
            "attendance_totals.csv",
            &[
                "person_id,upn,school_urn,academic_year,term,possible,attended",
                ",W889200024001,901001,2023/24,Spring,110,105",
                ",W889200024001,901002,2023/24,Summer,120,105",
                // Begins after the as-at date, so the school is not the child's yet.
                ",W889200024001,901009,2024/25,Spring,120,105",
                ",L889123424001,901003,2023/24,Summer,120,105",
            ],
        ),
        table(
            "attendance_marks.csv",
            &["person_id,school_urn,date,session,code", "P4,901004,2024-07-01,AM,/", "P4,901005,2024-03-01,AM,/"],
        ),
    ];
    let data = loaded(&tables).unwrap();
    let prepared = prepare(&data, &Pack::built_in().unwrap(), &question("2024-09-30", &[], None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    let people = People::of(&outcome.linked, &prepared, with_names);
    let of = |family: &str, person: &str| {
        let id = PersonId::new(person);
        people.person(&FamilyId::new(family), &id).said(&id)
    };
    vec![of("F1", "P1"), of("F1", "P2"), of("F2", "P3"), of("F3", "P4")]
}

#[test]
fn a_child_is_said_by_names_birth_date_upn_and_latest_school() {
    assert_eq!(
        said(true),
        [
            "Ana Hall, born 1 May 2014, UPN W889200024001, school 901002 (P1)",
            "Ben Hall, born 1 May 2012 (P2)",
            // Restricted: the id alone, as before.
            "P3",
            "Dot Marsh, born 1 February 2014, school 901004 (P4)",
        ]
    );
}

#[test]
fn without_names_the_ids_alone_are_said() {
    assert_eq!(said(false), ["P1", "P2", "P3", "P4"]);
}
