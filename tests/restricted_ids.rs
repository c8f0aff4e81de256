//! What leads from one family to another by ids alone: former ids, ids that are nearly alike, cases of another family. Where either
//! family has a restricted row, nothing shown of one names the other.

#![allow(dead_code, reason = "the helper is shared")]

#[path = "support/folder.rs"]
mod folder;

use folder::Folder;

const CASES: &str = "case_id,family_id,opened_on,closed_on\nOPENC,OPENF,2023-01-10,2024-01-31\n";
const THEIRS: &str = "SECRETC,SECRETF,2023-02-10,2024-01-31\n";

/// Two families, of which one has a restricted child.
fn two(cases: &str, people: &str, claims: &str, former: &str) -> Folder {
    let folder = Folder::new();
    folder.put("cases.csv", format!("{CASES}{cases}"));
    let mut needs = "case_id,criterion,family_id,outcome_on\n".to_owned();
    for case in ["OPENC", "SECRETC"].iter().filter(|case| **case == "OPENC" || !cases.is_empty()) {
        [3, 5, 7].iter().for_each(|need| needs.push_str(&format!("{case},{need},,2024-01-15\n")));
    }
    folder.put("criteria.csv", needs);
    folder.put(
        "people.csv",
        format!(
            "person_id,family_id,date_of_birth,role,upn,first_name,last_name,restricted\nOPENP,OPENF,2014-05-01,child,,Ann,Hill,\n{people}"
        ),
    );
    folder.put("claims.csv", format!("claim_id,family_id,case_id,submitted_on,outcome\n{claims}"));
    let mut sums = "person_id,academic_year,term,possible,attended\n".to_owned();
    for person in ["OPENP", "SECRETP"] {
        ["Spring", "Summer"].iter().for_each(|term| sums.push_str(&format!("{person},2023/24,{term},110,105\n")));
    }
    folder.put("attendance.csv", sums);
    if !former.is_empty() {
        folder.put("former_ids.csv", format!("kind,id,former_id\n{former}"));
    }
    folder
}

/// What is shown of the open family's case, and the rows of outputs that show something of both families.
fn leaks(folder: &Folder) -> Vec<String> {
    let mut found: Vec<String> =
        folder.explained("OPENC", &[]).lines().filter(|line| line.contains("SECRET")).map(str::to_owned).collect();
    let ran = folder.check();
    for file in ["decisions.csv", "findings.csv"] {
        let both = ran.rows(file).into_iter().map(|row| row.into_values().collect::<Vec<_>>().join(" | "));
        found.extend(both.filter(|row| row.contains("OPEN") && row.contains("SECRET")));
    }
    let recheck = folder.run("recheck", &[]);
    let rows = recheck.rows("recheck.csv").into_iter().map(|row| row.into_values().collect::<Vec<_>>().join(" | "));
    found.extend(rows.filter(|row| row.contains("OPEN") && row.contains("SECRET")));
    found
}

const SECRET: &str = "SECRETP,SECRETF,2012-01-01,child,,Bea,Day,y\nSECRETA,SECRETF,1980-01-01,adult,,Al,Day,\n";

#[test]
fn rows_under_another_id_of_a_restricted_family_are_not_named() {
    let former = two(THEIRS, SECRET, "", "family,OPENF,SECRETF\n");
    assert_eq!(leaks(&former), Vec::<String>::new());
    let claim = two(THEIRS, SECRET, "SECRETK,SECRETF,,2024-06-01,approved\n", "family,OPENF,SECRETF\n");
    assert_eq!(leaks(&claim), Vec::<String>::new());
    // Nothing passes for it: the claim is the family's own.
    assert_eq!(claim.check().status("OPENC"), "claimed");
    let alike = SECRET.replace("SECRETF", "openf");
    assert_eq!(leaks(&two("", &alike, "", "")), Vec::<String>::new());
    let folder = two("", &alike, "SECRETK,openf,,2024-06-01,approved\n", "");
    assert_eq!(folder.check().of("OPENC", "reclaim"), "unknown");
    assert!(!folder.explained("OPENC", &[]).contains("claims.csv row 2"));
}

#[test]
fn claims_and_needs_of_cases_of_a_restricted_family_are_not_named() {
    // Linked by the child's names and birth date.
    let linked = "SECRETP,SECRETF,2014-05-01,child,,Ann,Hill,y\n";
    for (claims, former) in [
        ("SECRETK,SECRETF,OPENC,2024-06-01,approved\n", ""),
        ("SECRETK,SECRETF,openc,2024-06-01,approved\n", ""),
        ("SECRETK,SECRETF,SECRETC,2024-06-01,approved\n", "case,OPENC,SECRETC\n"),
        ("SECRETK,OLD,SECRETC,2024-06-01,approved\n", "family,OPENF,OLD\n"),
    ] {
        let folder = two(THEIRS, linked, claims, former);
        let found: Vec<String> =
            leaks(&folder).into_iter().filter(|line| line.contains("SECRETF") || line.contains("SECRETC")).collect();
        assert_eq!(found, Vec::<String>::new(), "{claims} {former}");
    }
    for (need, former) in [("OPENC,8,SECRETF,", ""), ("OLDC,8,,", "case,OPENC,OLDC\ncase,SECRETC,OLDC\n")] {
        let folder = two(THEIRS, linked, "", former);
        let needs = std::fs::read_to_string(folder.data().join("criteria.csv")).unwrap();
        folder.put("criteria.csv", format!("{needs}{need}\n"));
        assert_eq!(leaks(&folder), Vec::<String>::new(), "{need}");
        assert_eq!(folder.check().of("OPENC", "progress"), "unknown", "{need}");
    }
}

#[test]
fn two_people_of_a_family_are_not_named_where_one_is_restricted_elsewhere() {
    let people = "SHAREDP,OPENF,2012-05-01,child,,Cy,Day,\nSHAREDP,SECRETF,2012-05-01,child,,Cy,Day,y\n\
                  SECRETP7,SECRETF,2012-05-01,child,,Cy,Day,\n";
    assert_eq!(leaks(&two(THEIRS, people, "", "")), Vec::<String>::new());
}

#[test]
fn a_restricted_row_whose_cells_have_moved_protects_by_names_too() {
    let people = "SECRETP,SECRETF,2014-05-01,child,W889200024001,Bea,Day,\nZZ,OTHERF,2014-05-01,child,,Ann,Hill\n";
    let folder = two(THEIRS, people, "", "");
    let rows = std::fs::read_to_string(folder.data().join("people.csv")).unwrap();
    folder.put(
        "people.csv",
        rows.replace("OPENP,OPENF,2014-05-01,child,,", "OPENP,OPENF,2014-05-01,child,W889200024001,"),
    );
    assert_eq!(leaks(&folder), Vec::<String>::new());
}
