//! Nothing across a restricted link: separated parents must not learn of each other through us. Every way of linking,
//! restricted on either side, with everything that a link can bring up; in every form in which a decision is shown.

mod support;

use sfclaim::decide::review::Review;
use sfclaim::forecast::levers::levers;
use sfclaim::recheck::{self, past_of};
use sfclaim::report::output::page::Screen;
use sfclaim::report::views::check::decisions::{child_rows, children, decision_rows, decisions};
use sfclaim::report::views::evidence::EvidenceView;
use sfclaim::report::views::explain::{explain, records, text};
use sfclaim::report::views::levers::{families_held, held_rows};
use sfclaim::report::views::people::People;
use sfclaim::report::views::review;
use sfclaim::report::views::view::View;
use sfclaim::report::views::workbook::listed;
use sfclaim::report::views::worklists::{self, Worklists};
use sfclaim::rules::pack::Pack;
use sfclaim::run::{Outcome, judge, prepare};
use support::{Table, loaded, question, table};

/// Two families that share a child: OPENF, which is looked at, and SECRETF. Everything of the other one that could
/// name it has SECRET in it.
fn families(link: &str, restricted: (&str, &str), secret_case: &str, claims: &[&str]) -> Vec<Table> {
    let (ours, theirs) = match link {
        "person" => (["P1", "", "Ann", "Hill"], ["P1", "", "Ann", "SECRET"]),
        "upn" => (["P1", "W889200024001", "Ann", "Hill"], ["SECRETP", "W889200024001", "Bea", "SECRET"]),
        "nhs" => (["P1", "", "Ann", "Hill"], ["SECRETP", "", "Bea", "SECRET"]),
        _ => (["P1", "", "Ann", "Hill"], ["SECRETP", "", "ann", "HILL"]),
    };
    // One number, written in two ways.
    let numbers = if link == "nhs" { ["9434765919", "943 476 5919"] } else { ["", ""] };
    let person = |who: [&str; 4], number: &str, family: &str, restricted: &str| {
        format!("{},{family},2014-05-01,child,{},{number},{},{},{restricted}", who[0], who[1], who[2], who[3])
    };
    let people = [person(ours, numbers[0], "OPENF", restricted.0), person(theirs, numbers[1], "SECRETF", restricted.1)];
    let attendance =
        [ours[0], theirs[0]].map(|who| ["Spring", "Summer"].map(|term| format!("{who},2023/24,{term},110,105")));
    let attendance: Vec<String> = attendance.concat();
    let mut lines: Vec<&str> = vec!["person_id,academic_year,term,possible,attended"];
    for line in &attendance {
        if !lines.contains(&line.as_str()) {
            lines.push(line);
        }
    }
    let need = |case: &str| [3, 5, 7].map(|criterion| format!("{case},{criterion},2024-01-15"));
    let needs = [need("OPENC"), need("SECRETC")].concat();
    let needs: Vec<&str> =
        std::iter::once("case_id,criterion,outcome_on").chain(needs.iter().map(String::as_str)).collect();
    let claims: Vec<&str> =
        std::iter::once("claim_id,family_id,case_id,submitted_on,outcome").chain(claims.iter().copied()).collect();
    vec![
        table(
            "cases.csv",
            &["case_id,family_id,opened_on,closed_on", "OPENC,OPENF,2023-01-10,2024-01-31", secret_case],
        ),
        table("criteria.csv", &needs),
        table(
            "people.csv",
            &[
                "person_id,family_id,date_of_birth,role,upn,nhs_number,first_name,last_name,restricted",
                &people[0],
                &people[1],
                "P9,OPENF,1980-01-01,adult,,,Jo,Hill,",
                "P8,OPENF,1981-01-01,adult,,,Al,Hill,",
                "P7,OPENF,1982-01-01,adult,,,Cy,Hill,",
            ],
        ),
        table("attendance.csv", &lines),
        table("claims.csv", &claims),
    ]
}

/// The rows of all worklists and of the families held, their cells put together.
fn worklists_of(outcome: &Outcome<'_>, people: &People<'_>) -> Vec<String> {
    let levers = levers(outcome);
    let lists = Worklists::of(outcome, &levers, people, None);
    let table = worklists::table();
    let things = lists.lists.iter().flat_map(|list| &list.rows).map(|row| table.cells(row).join(","));
    let held = families_held();
    let families =
        levers.listed.iter().flat_map(|family| held_rows(family, people)).map(|row| held.cells(&row).join(","));
    things.chain(families).collect()
}

// The child is of both families, each a row of the same list: the id in both would say that they are linked.
#[test]
fn worklists_do_not_tell_a_restricted_link_by_a_child_who_stands_under_both_families() {
    for (restricted, named) in [(("", ""), true), (("y", "y"), false), (("", "y"), false)] {
        let mut tables = families("person", restricted, SAME_DAYS, &[]);
        let attendance = tables.iter_mut().find(|table| table.file == "attendance.csv").unwrap();
        // Half of the sessions: below 90%.
        attendance.rows.iter_mut().for_each(|row| row[4] = "55".to_owned());
        let data = loaded(&tables).unwrap();
        let prepared = prepare(&data, &Pack::built_in().unwrap(), &question("2024-09-30", &[], None).unwrap()).unwrap();
        let outcome = judge(&prepared, prepared.rules.clone());
        let rows = worklists_of(&outcome, &People::of(&outcome.linked, &prepared, true));
        for family in ["OPENF", "SECRETF"] {
            let theirs: Vec<&String> = rows.iter().filter(|row| row.contains(family)).collect();
            assert!(theirs.iter().any(|row| row.contains("attendance")), "{rows:?}");
            assert_eq!(theirs.iter().any(|row| row.contains("P1")), named, "{restricted:?} {theirs:?}");
        }
    }
}

/// Everything that is shown of OPENF, and its status.
fn shown(tables: &[Table]) -> (String, String) {
    let data = loaded(tables).unwrap();
    let prepared = prepare(&data, &Pack::built_in().unwrap(), &question("2024-09-30", &[], None).unwrap()).unwrap();
    let outcome = judge(&prepared, prepared.rules.clone());
    let (of_periods, of_children) = (decisions(), children());
    let periods = decision_rows(&outcome).map(|row| of_periods.named_cells(&row));
    let rows = periods.chain(child_rows(&outcome).map(|row| of_children.named_cells(&row)));
    let mut all: Vec<String> = rows
        .filter(|row| row.iter().any(|(column, value)| *column == "family_id" && value == "OPENF"))
        .map(|row| row.into_iter().map(|(_, value)| value).collect::<Vec<_>>().join(","))
        .collect();
    let decision = outcome.decisions.iter().find(|decision| decision.case_id.as_str() == "OPENC").unwrap();
    let records = records(&outcome, &[decision], &data).unwrap();
    let past = recheck::of_periods(&outcome, &[decision]);
    let explanation = explain(&outcome, decision, &records, past_of(&past, decision), true);
    // Wide, so that no place is broken over two lines.
    all.push(text(&explanation, Screen::wide(100_000)));
    all.push(serde_json::to_string(&explanation).unwrap());
    let evidence = EvidenceView::of(&outcome, &[decision], &data, &past, true, "One claim".to_owned()).unwrap();
    all.push(evidence.page());
    all.push(evidence.data().to_string());
    // The sheets that only the workbook has.
    let (now, waiting) = (listed::claim_now(), listed::waiting());
    let sheets = listed::claim_now_rows(&outcome).map(|row| now.named_cells(&row));
    let sheets = sheets.chain(listed::waiting_rows(&outcome).into_iter().map(|row| waiting.named_cells(&row)));
    all.extend(
        sheets
            .filter(|row| row.iter().any(|(column, value)| *column == "family_id" && value == "OPENF"))
            .map(|row| row.into_iter().map(|(_, value)| value).collect::<Vec<_>>().join(",")),
    );
    let found = outcome.review(31);
    let people = People::of(&outcome.linked, &prepared, true);
    let ours = |row: &Vec<String>| !row.contains(&"SECRETC".to_owned());
    let (of_review, of_questions) = (review::table(), review::questions::table());
    let listed = review::rows(&outcome, &found, &people).into_iter().map(|row| of_review.cells(&row));
    all.extend(listed.filter(ours).map(|row| row.join(",")));
    let asked = review::questions::questions(&outcome, &found, &people).into_iter().map(|row| of_questions.cells(&row));
    all.extend(asked.filter(ours).map(|row| row.join(",")));
    all.extend(worklists_of(&outcome, &people).into_iter().filter(|row| row.contains("OPENF")));
    // Of the lists on screen and in JSON, what is said of our period.
    let only_ours = Review {
        blocked: found.blocked.into_iter().filter(|open| open.period == decision.period).collect(),
        next: Vec::new(),
        expired: found.expired.into_iter().filter(|lapse| lapse.period == decision.period).collect(),
        expiring: found.expiring.into_iter().filter(|lapse| lapse.period == decision.period).collect(),
    };
    all.push(review::text(&outcome, &people, &only_ours, 31, Screen::wide(100_000)));
    all.push(review::data(&outcome, &people, &only_ours, 31).to_string());
    (decision.status.word().to_owned(), all.join("\n"))
}

const SAME_DAYS: &str = "SECRETC,SECRETF,2023-02-10,2024-01-31";
const INSIDE_THE_MONTHS: &str = "SECRETC,SECRETF,2024-03-10,2024-04-30";

/// What the link brings up: the other family's case, claims, and the status that follows for OPENF.
const SITUATIONS: [(&str, &[&str], &str); 4] = [
    // Both can be claimed.
    (SAME_DAYS, &[], "review"),
    // The other family's period opens inside the months.
    (INSIDE_THE_MONTHS, &[], "review"),
    // The other family was claimed.
    (SAME_DAYS, &["SECRETK,SECRETF,SECRETC,2024-06-01,approved"], "review"),
    // The other family's claim names our case.
    (SAME_DAYS, &["SECRETK,SECRETF,OPENC,2024-06-01,approved"], "claimed"),
];

#[test]
fn nothing_is_named_across_a_restricted_link() {
    for link in ["person", "upn", "nhs", "name"] {
        for restricted in [("y", ""), ("", "y"), ("y", "y"), ("", "perhaps")] {
            for (secret_case, claims, status) in SITUATIONS {
                let (found, text) = shown(&families(link, restricted, secret_case, claims));
                let what = format!("{link}, {restricted:?}, {secret_case}, {claims:?}");
                assert_eq!(found, status, "{what}\n{text}");
                assert!(!text.contains("SECRET"), "{what}\n{text}");
                // Rows lead to names: those of the other family are row 3 of every table but the claims.
                assert!(!text.contains("cases.csv row 3") && !text.contains("claims.csv row"), "{what}\n{text}");
            }
        }
    }
}

#[test]
fn a_claim_that_cannot_be_read_gives_no_row_away_either() {
    let claims =
        ["SECRETK,SECRETF,OPENC,2024-06-01,aproved", "K2,F9,,2019-01-01,approved", "K3,F9,,2019-01-02,approved"];
    let text = shown(&families("person", ("", "y"), SAME_DAYS, &claims)).1;
    assert!(text.contains("look at it before claiming") && !text.contains("claims.csv row"), "{text}");
    let text = shown(&families("person", ("", ""), SAME_DAYS, &claims)).1;
    assert!(text.contains("claims.csv row 2"), "{text}");
}

#[test]
fn without_a_restriction_the_other_family_is_named() {
    for link in ["person", "upn", "nhs", "name"] {
        for (secret_case, claims, status) in SITUATIONS {
            let (found, text) = shown(&families(link, ("", ""), secret_case, claims));
            assert_eq!(found, status);
            assert!(text.contains("SECRETF") || text.contains("SECRETK"), "{link}, {secret_case}, {claims:?}\n{text}");
        }
    }
}

#[test]
fn a_restricted_row_that_cannot_be_read_or_comes_later_still_protects() {
    // The shared adult's row is restricted and broken; the shared child's row is not restricted.
    let mut tables = families("person", ("", ""), SAME_DAYS, &[]);
    let people = tables.iter_mut().find(|table| table.file == "people.csv").unwrap();
    let row = |cells: &str| cells.split(',').map(str::to_owned).collect::<Vec<String>>();
    people.rows.push(row("P9,SECRETF,1980-13-01,adult,,,Jo,Hill,y"));
    assert!(!shown(&tables).1.contains("SECRET"));

    let mut tables = families("person", ("", ""), SAME_DAYS, &[]);
    let people = tables.iter_mut().find(|table| table.file == "people.csv").unwrap();
    people.columns.push("joined_on".to_owned());
    people.rows.iter_mut().for_each(|row| row.push(String::new()));
    people.rows.push(row("P1,ELSEWHERE,2014-05-01,child,,Ann,Hill,y,2025-01-01"));
    assert!(!shown(&tables).1.contains("SECRET"));
}

/// The words of a former agreement may name the other family, so they are not repeated across a restricted link.
#[test]
fn a_former_agreement_is_asked_again_without_its_words_across_a_restricted_link() {
    for (restricted, named) in [(("y", ""), false), (("", "y"), false), (("", ""), true)] {
        let mut tables = families("person", restricted, INSIDE_THE_MONTHS, &[]);
        tables.push(table(
            "agreements.csv",
            &[
                "case_id,rule,answer,reason,agreed_by,agreed_on,until",
                "OPENC,sustainment,met,SECRETF is the other parent,A. Officer,2024-05-01,2024-09-29",
            ],
        ));
        let (status, text) = shown(&tables);
        assert_eq!(status, "review", "{text}");
        assert!(text.contains("That ran out on 2024-09-29"), "{text}");
        let review = &text[text.find("blocks,").unwrap()..];
        assert_eq!(review.contains("SECRET"), named, "{review}");
    }
}

/// The words of an agreement in force, or of a confirmation, may name the other family too: the row is named instead.
#[test]
fn the_words_of_agreements_and_confirmations_are_not_explained_across_a_restricted_link() {
    let attendance = "OPENC,attendance,P1,2023/24,Summer,not_met,SECRETF has the child,A. Officer,2024-05-01,";
    for (row, effect) in [
        ("OPENC,sustainment,,,,met,SECRETF is the other parent,A. Officer,2024-05-01,", "by agreement"),
        ("OPENC,sustainment,,,,not_met,SECRETF is the other parent,A. Officer,2024-05-01,", "by agreement"),
        ("OPENC,evidence,,,,met,SECRETF holds the plan,A. Officer,2024-05-01,", "changed nothing"),
        ("OPENC,evidence,,,,met,SECRETF holds the plan,A. Officer,2024-05-01,2024-06-01", "no longer in force"),
        (attendance, "not met"),
    ] {
        for (restricted, named) in [(("y", ""), false), (("", "y"), false), (("", ""), true)] {
            let mut tables = families("person", restricted, INSIDE_THE_MONTHS, &[]);
            let header = "case_id,rule,person_id,academic_year,term,answer,reason,agreed_by,agreed_on,until";
            tables.push(table("agreements.csv", &[header, row]));
            let text = shown(&tables).1;
            assert!(text.contains(effect) && text.contains("A. Officer on 2024-05-01"), "{row}\n{text}");
            assert_eq!(text.contains("SECRET"), named, "{row}\n{text}");
            assert_eq!(text.contains("it stands in agreements.csv row 2"), !named, "{row}\n{text}");
        }
    }
    // A need found after the closing is confirmed, and the reason is the officer's own.
    for (restricted, named) in [(("y", ""), false), (("", ""), true)] {
        let mut tables = families("person", restricted, SAME_DAYS, &[]);
        let needs = tables.iter_mut().find(|table| table.file == "criteria.csv").unwrap();
        needs.columns.push("identified_on".to_owned());
        needs.rows.iter_mut().for_each(|row| row.push(String::new()));
        needs.rows[0][3] = "2024-02-01".to_owned();
        tables.push(table(
            "confirmations.csv",
            &[
                "finding,record,confirmed_by,confirmed_on,reason",
                "need_after_closing,OPENC,A. Officer,2024-05-01,as SECRETF says.",
            ],
        ));
        let text = shown(&tables).1;
        assert!(text.contains("Confirmed by A. Officer on 2024-05-01: "), "{text}");
        assert_eq!(text.contains("SECRET"), named, "{text}");
        assert_eq!(text.contains("it stands in confirmations.csv row 2"), !named, "{text}");
    }
}

// With nine months to sustain OPENC and SECRETC wait until 2024-10-15. A scenario of six lets both be claimed by 2024-09-30; they
// share a restricted person, so that both would be for a person to look at. Side by side that would say who is linked to whom.
#[test]
fn a_scenario_does_not_list_side_by_side_who_stands_elsewhere_through_a_restricted_link() {
    use sfclaim::forecast::whatif::scenario::Known;
    use sfclaim::forecast::whatif::{Model, file, what_if};
    for (restricted, listed) in [("", 2), ("y", 0)] {
        let tables = families("upn", (restricted, restricted), "SECRETC,SECRETF,2023-01-10,2024-01-31", &[]);
        let data = loaded(&tables).unwrap();
        let pack = Pack::built_in().unwrap();
        let prepared = prepare(
            &data,
            &pack,
            &question("2024-09-30", &[("sustainment.months".to_owned(), "9".to_owned())], None).unwrap(),
        )
        .unwrap();
        let text = "[[scenario]]\nname = \"six months\"\nsustainment.months = 6\n";
        let scenarios =
            file::read(std::path::Path::new("scenarios.toml"), text.as_bytes(), &Known::of(&prepared)).unwrap();
        let found = what_if(&prepared, &scenarios, Model::Left).unwrap();
        let tried = &found.scenarios[0];
        assert_eq!(tried.flips.len(), listed, "{:?}", tried.flips);
        let said = tried
            .notices
            .iter()
            .any(|notice| notice.contains("2 periods would stand elsewhere through a family that is restricted"));
        assert_eq!(said, listed == 0, "{:?}", tried.notices);
    }
}
