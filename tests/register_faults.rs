//! Every fault that an attendance row can have, in four real files of the four layouts: what the quarantine and the
//! findings say of it, and which term of which child it leaves unknown. All numbers are worked out by hand.
//!
//! One family has all the children, and a child one fault, so that no fault hides another. The terms are a week each,
//! ten half-days: Summer, 8 to 12 July, and Autumn, 9 to 13 September 2024.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// An attendance file: its name, its header, and its faulty rows.
///
/// A faulty row has its number as a spreadsheet shows it, the row itself, what the quarantine says of it (column, value
/// and finding; blank where the row is read), the verdicts of its child for Summer and Autumn, with the figures where they
/// matter, and what is wrong. `+` means that a good row, 10 of 10, stands beside it for that term, below these. Where a
/// fault needs several rows, the first has the verdicts.
type AttendanceFile = (&'static str, &'static str, &'static str);

const MARKS: AttendanceFile = (
    "attendance_marks.csv",
    "person_id,upn,date,session,code,school_urn",
    r"
 2 | M01,,,AM,/,                      | date: missing_value              | +unknown      | +unknown         | a blank date
 3 | M02,,2024-09-31,AM,/,            | date 2024-09-31: impossible_date | +unknown      | +unknown         | 31 September
 4 | M03,,31/31/2024,AM,/,            | date 31/31/2024: impossible_date | +unknown      | +unknown         | no day in any order
 5 | M04,,2024-09-09,,/,              | session: unknown_session         | +met 10 of 10 | +unknown         | a blank session
 6 | M05,,2024-07-08,NOON,/,          | session NOON: unknown_session    | +unknown      | +met 10 of 10    | neither AM nor PM
 7 | M06,,2024-08-05,EVENING,/,       | session EVENING: unknown_session | +met 10 of 10 | +met 10 of 10    | neither AM nor PM, in the holidays
 8 | ,,2024-09-09,AM,/,               | upn: no_pupil                    |               |                  | no pupil
 9 | ,UN1,2024-09-09,AM,/,            | upn UN1: no_pupil                |               |                  | no UPN for reason 1
10 | ,un2,2024-09-09,AM,/,            | upn un2: no_pupil                |               |                  | no UPN for reason 2, in small letters
11 | , UN3 ,2024-09-09,AM,/,          | upn UN3: no_pupil                |               |                  | no UPN for reason 3, with spaces
12 | ,UN4,2024-09-09,AM,/,            | upn UN4: no_pupil                |               |                  | no UPN for reason 4
13 | ,UN5,2024-09-09,AM,/,            | upn UN5: no_pupil                |               |                  | no UPN for reason 5
14 | M07,,2024-09-09,AM               | row_length                       | +unknown      | +unknown         | two cells too few
15 | M08,,2024-09-09,AM,/,100001,late | row_length                       | +unknown      | +unknown         | a cell too many
16 | ,W889200024001,2024-02-30,AM,/,  | date 2024-02-30: impossible_date | +unknown      | +unknown         | 30 February, the pupil told by the UPN
17 | X01,,2024-02-30,AM,/,            | date 2024-02-30: impossible_date |               |                  | 30 February, of a pupil nobody has
18 | M10,UN1,2024-09-13,PM,O,         |                                  | +met          | +met 9 of 10     | no UPN for a reason, but a person
19 | M11,,2024-09-13,PM,O,            |                                  | +met          | +met 9 of 10     | an exact repeat
20 | M11,,2024-09-13,PM,O,            |                                  |               |                  |
21 | M12,,2024-08-05,AM,O,            |                                  | +met 10 of 10 | +met 10 of 10    | a day outside all terms
22 | M13,,2024-09-13,AM,%,            |                                  | +met          | unknown 8 of 10  | a code nobody knows, twice: 8 or 10 of 10
23 | M13,,2024-09-13,PM,%,            |                                  |               |                  |
24 | M14,,2024-07-12,PM,C1,           |                                  | met 9 of 10   | +met             | a code before its time: C1 is absence
25 | M15,,2024-09-13,PM,Y,            |                                  | +met          | met 9 of 9       | a withdrawn code: Y is not possible
26 | M16,,2024-09-13,AM,O,            |                                  | +met          | +unknown 8 of 10 | two files that contradict each other: 8 or 10 of 10
27 | M16,,2024-09-13,PM,O,            |                                  |               |                  |
28 | M17,,2024-09-13,AM,/,100001      |                                  | +met          | unknown 8 of 10  | two schools that contradict each other: 8 or 10 of 10
29 | M17,,2024-09-13,AM,O,100002      |                                  |               |                  |
30 | M17,,2024-09-13,PM,\,100001      |                                  |               |                  |
31 | M17,,2024-09-13,PM,O,100002      |                                  |               |                  |
32 | M18,,2024-09-13,PM,O,,,          |                                  | +met          | +met 9 of 10     | cells too many, but blank
33 | X02,,2024-09-09,AM,/,            |                                  |               |                  | a mark of a pupil nobody has
",
);

const WEEKS: AttendanceFile = (
    "attendance_weeks.csv",
    "person_id,week_start,marks,school_urn",
    r"
 2 | W01,,/\/\/\/\/\,                        | week_start: missing_value              | +unknown      | +unknown        | a blank week
 3 | W02,2024-09-31,/\/\/\/\/\,              | week_start 2024-09-31: impossible_date | +unknown      | +unknown        | 31 September
 4 | W03,2024-09-10,/\/\/\/\/\,              | week_start 2024-09-10: not_a_monday    | +unknown      | +unknown        | a Tuesday
 5 | W04,2024-09-09,/\/\/\/\/,               | marks /\/\/\/\/: week_length           | +met 10 of 10 | +unknown        | nine marks
 6 | W05,2024-07-08,/\/\/\/\/C1,             | marks /\/\/\/\/C1: week_length         | +unknown      | +met 10 of 10   | eleven marks
 7 | W06,2024-09-09,,                        | marks: week_length                     | +met 10 of 10 | +unknown        | no marks
 8 | W07,2024-08-05,OOO,                     | marks OOO: week_length                 | +met 10 of 10 | +met 10 of 10   | three marks, in the holidays
 9 | ,2024-09-09,/\/\/\/\/\,                 | person_id: no_pupil                    |               |                 | no pupil
10 | W08,2024-09-09                          | row_length                             | +unknown      | +unknown        | two cells too few
11 | W09,2024-09-09,/\/\/\/\/\,100001,100002 | row_length                             | +unknown      | +unknown        | a cell too many
12 | W10,2024-08-05,OOOOOOOOOO####,          |                                        | +met 10 of 10 | +met 10 of 10   | a week outside all terms
13 | W11,2024-09-09,/\/\/\/\/O,              |                                        | +met          | met 9 of 10     | an exact repeat
14 | W11,2024-09-09,/\/\/\/\/O,              |                                        |               |                 |
15 | W12,2024-09-09,/\/\/\/\**,              |                                        | +met          | unknown 8 of 10 | a code nobody knows, twice: 8 or 10 of 10
16 | W13,2024-09-09,/\/\/\/\JO,              |                                        | +met          | met 9 of 10     | a withdrawn code: J is attendance
17 | W14,2024-07-08,/\/\/\/\KQ,              |                                        | met 9 of 9    | +met            | codes before their time: K is attendance, Q is not possible
18 | W15,2024-09-09,/\/\/\/\/\,100001        |                                        | +met          | unknown 8 of 10 | two schools that contradict each other: 8 or 10 of 10
19 | W15,2024-09-09,/\/\/\/\OO,100002        |                                        |               |                 |
20 | W16,2024-09-09,/\/\/\/\/\,100001        |                                        | +met          | met 9 of 10     | two schools that contradict each other and pass either way
21 | W16,2024-09-09,DDDDDDDDDO,100002        |                                        |               |                 |
22 | W17,2024-09-09,/\/\/\/\  ,              |                                        | +met          | unknown 8 of 10 | two blank marks: 8 or 10 of 10
23 | W18,2024-09-09,##########,              |                                        | +met          | unknown 0 of 0  | no session possible
24 | X03,2024-09-09,/\/\/\/\/\,              |                                        |               |                 | a week of a pupil nobody has
25 | M13,2024-09-09,/\/\/\/\--,              |                                        |               |                 | beside the marks of M13
26 | M14,2024-07-08,/\/\/\/\/-,              |                                        |               |                 | beside the marks of M14
27 | M15,2024-09-09,/\/\/\/\/-,              |                                        |               |                 | beside the marks of M15
28 | M17,2024-09-09,/\/\/\/\--,              |                                        |               |                 | beside the marks of M17
29 | T29,2024-09-09,/\/\/\/\OO,              |                                        |               |                 | beside the total of T29
30 | W19,2024-10-01,/\/\/\/\/\,              | week_start 2024-10-01: not_a_monday    | +met 10 of 10 | +met 10 of 10   | a Tuesday after the as-at date
",
);

const TOTALS: AttendanceFile = (
    "attendance_totals.csv",
    "person_id,academic_year,term,possible,attended,authorised,unauthorised,school_urn",
    r"
 2 | T01,,Autumn,10,10,,,                 | academic_year: missing_value         | +unknown      | +unknown        | a blank year
 3 | T02,2024-26,Autumn,10,10,,,          | academic_year 2024-26: academic_year | +unknown      | +unknown        | two years, with a hyphen
 4 | T03,2024/26,Autumn,10,10,,,          | academic_year 2024/26: academic_year | +unknown      | +unknown        | two years in one
 5 | T04,2024/25,,10,10,,,                | term: missing_value                  | +unknown      | +unknown        | a blank term
 6 | T05,2024/25,Michaelmas,10,10,,,      | term Michaelmas: unknown_term        | +unknown      | +unknown        | a term the calendar has not got
 7 | T06,2024/25,Autumn,many,10,,,        | possible many: not_a_number          | +met 10 of 10 | +unknown        | possible is no number
 8 | T07,2024/25,Autumn,10,9.5,,,         | attended 9.5: not_a_number           | +met 10 of 10 | +unknown        | attended is no whole number
 9 | T08,2024/25,Autumn,10,,one,0,        | authorised one: not_a_number         | +met 10 of 10 | +unknown        | authorised is no number
10 | T09,2023/24,Summer,10,,0,<5,         | unauthorised <5: not_a_number        | +unknown      | +met 10 of 10   | unauthorised is no number
11 | T10,2009/10,Autumn,many,10,,,        | possible many: not_a_number          | +met 10 of 10 | +met 10 of 10   | possible is no number, in a year the calendar has not got
12 | ,2024/25,Autumn,10,10,,,             | person_id: no_pupil                  |               |                 | no pupil
13 | T11,2024/25,Autumn,10                | row_length                           | +unknown      | +unknown        | four cells too few
14 | T12,2024/25,Autumn,10,9,1,0,100001,1 | row_length                           | +unknown      | +unknown        | a cell too many
15 | T13,2024/25,Autumn,10,9,2,3,         |                                      | +met          | met 9 of 10     | 9 + 2 + 3 are not 10: read by attended
16 | T14,2024/25,Autumn,10,-1,,,          | attended -1: not_a_number            | +met          | unknown         | attended below none
17 | T15,2024/25,Autumn,-10,-10,,,        | possible -10: not_a_number           | +met          | unknown         | possible and attended below none
18 | T16,2024/25,Autumn,10,,-1,0,         | authorised -1: not_a_number          | +met          | unknown         | absence below none
19 | T17,2024/25,Autumn,10,11,,,          |                                      | +met          | unknown         | more attended than possible
20 | T18,2024/25,Autumn,0,0,,,            |                                      | +met          | unknown 0 of 0  | no session possible
21 | T19,2024/25,Autumn,,9,,,             |                                      | +met          | unknown         | possible blank
22 | T20,2024/25,Autumn,10,,1,,           |                                      | +met          | unknown         | one kind of absence blank
23 | T21,2024/25,Autumn,10,,,,            |                                      | +met          | unknown         | attended and absence blank
24 | T22,2024/25,Autumn,10,10,,,          |                                      | +met          | unknown 8 of 10 | two totals: 8 or 10 of 10
25 | T22,2024/25,Autumn,10,8,,,           |                                      |               |                 |
26 | T23,2024/25,Autumn,10,10,,,          |                                      | +met          | met 9 of 10     | two totals that pass either way
27 | T23,2024/25,Autumn,10,9,,,           |                                      |               |                 |
28 | T24,2024/25,Autumn,5,5,,,100001      |                                      | +met          | unknown 8 of 10 | two totals at one of two schools: 5 + 3 or 5 + 5 of 10
29 | T24,2024/25,Autumn,5,5,,,100002      |                                      |               |                 |
30 | T24,2024/25,Autumn,5,3,,,100002      |                                      |               |                 |
31 | T25,2024/25,Autumn,10,9,,,100001     |                                      | +met          | unknown         | a blank school beside a named one, with another figure
32 | T25,2024/25,Autumn,10,10,,,          |                                      |               |                 |
33 | T26,2024/25,Autumn,10,9,,,100001     |                                      | +met          | met 9 of 10     | a blank school beside a named one, with the same figure
34 | T26,2024/25,Autumn,10,9,,,           |                                      |               |                 |
35 | T27,2024/25,Autumn,10,9,,,           |                                      | +met          | met 9 of 10     | an exact repeat
36 | T27,2024/25,Autumn,10,9,,,           |                                      |               |                 |
37 | T28,2009/10,Autumn,10,1,,,           |                                      | +met 10 of 10 | +met 10 of 10   | a year the calendar has not got
38 | T29,2024/25,Autumn,10,10,,,          |                                      | +met          | unknown 8 of 10 | a total and marks: 10 or 8 of 10
39 | T30,2024/25,Autumn,10,10,,,          |                                      | +met          | unknown 8 of 10 | a total and counts: 10 or 8 of 10
40 | X04,2024/25,Autumn,10,10,,,          |                                      |               |                 | a total of a pupil nobody has
",
);

const COUNTS: AttendanceFile = (
    "attendance_counts.csv",
    "person_id,academic_year,term,code,sessions,school_urn",
    r"
 2 | C01,,Autumn,/,10,                | academic_year: missing_value      | +unknown      | +unknown        | a blank year
 3 | C02,2024,Autumn,/,10,            | academic_year 2024: academic_year | +unknown      | +unknown        | a calendar year
 4 | C03,2024/25,,/,10,               | term: missing_value               | +unknown      | +unknown        | a blank term
 5 | C04,2024/25,Autumn 7,/,10,       | term Autumn 7: unknown_term       | +unknown      | +unknown        | a term the calendar has not got
 6 | C05,2024/25,Autumn,/,few,        | sessions few: not_a_number        | +met 10 of 10 | +unknown        | sessions is no number
 7 | ,2024/25,Autumn,/,10,            | person_id: no_pupil               |               |                 | no pupil
 8 | C06,2024/25,Autumn,/             | row_length                        | +unknown      | +unknown        | two cells too few
 9 | C07,2024/25,Autumn,/,10,100001,1 | row_length                        | +unknown      | +unknown        | a cell too many
10 | C08,2024/25,Autumn,/,9,          |                                   | +met          | unknown         | sessions blank
11 | C08,2024/25,Autumn,O,,           |                                   |               |                 |
12 | C09,2024/25,Autumn,/,11,         |                                   | +met          | unknown         | absence below none: 11 attended of 10
13 | C09,2024/25,Autumn,O,-1,         | sessions -1: not_a_number         |               |                 |
14 | C10,2024/25,Autumn,/,-1,         | sessions -1: not_a_number         | +met          | unknown         | attended below none
15 | C10,2024/25,Autumn,O,11,         |                                   |               |                 |
16 | C11,2024/25,Autumn,X,10,         |                                   | +met          | unknown 0 of 0  | no session possible
17 | C12,2024/25,Autumn,/,8,          |                                   | +met          | unknown 8 of 10 | a code nobody knows: 8 or 10 of 10
18 | C12,2024/25,Autumn,ZZ,2,         |                                   |               |                 |
19 | C13,2024/25,Autumn,/,8,          |                                   | +met          | unknown 8 of 10 | a blank code: 8 or 10 of 10
20 | C13,2024/25,Autumn,,2,           |                                   |               |                 |
21 | C14,2023/24,Summer,/,9,          |                                   | met 9 of 10   | +met            | a code before its time: C2 is absence
22 | C14,2023/24,Summer,C2,1,         |                                   |               |                 |
23 | C15,2024/25,Autumn,/,9,          |                                   | +met          | met 9 of 10     | a withdrawn code: H is absence
24 | C15,2024/25,Autumn,H,1,          |                                   |               |                 |
25 | C16,2024/25,Autumn,/,8,          |                                   | +met          | unknown 8 of 10 | two numbers for one code: 8 of 8 or 8 of 10
26 | C16,2024/25,Autumn,O,0,          |                                   |               |                 |
27 | C16,2024/25,Autumn,O,2,          |                                   |               |                 |
28 | C17,2024/25,Autumn,/,5,100001    |                                   | +met          | unknown 8 of 10 | two numbers at one of two schools: 5 + 3 of 8 or of 10
29 | C17,2024/25,Autumn,/,3,100002    |                                   |               |                 |
30 | C17,2024/25,Autumn,O,0,100002    |                                   |               |                 |
31 | C17,2024/25,Autumn,O,2,100002    |                                   |               |                 |
32 | C18,2024/25,Autumn,/,9,100001    |                                   | +met          | unknown         | a blank school beside a named one, with another figure
33 | C18,2024/25,Autumn,O,1,100001    |                                   |               |                 |
34 | C18,2024/25,Autumn,/,10,         |                                   |               |                 |
35 | C19,2024/25,Autumn,/,9,          |                                   | +met          | met 9 of 10     | an exact repeat
36 | C19,2024/25,Autumn,O,1,          |                                   |               |                 |
37 | C19,2024/25,Autumn,O,1,          |                                   |               |                 |
38 | C20,2009/10,Autumn,I,10,         |                                   | +met 10 of 10 | +met 10 of 10   | a year the calendar has not got
39 | T30,2024/25,Autumn,/,8,          |                                   |               |                 | beside the total of T30
40 | T30,2024/25,Autumn,O,2,          |                                   |               |                 | beside the total of T30
41 | X05,2024/25,Autumn,/,10,         |                                   |               |                 | a count of a pupil nobody has
",
);

/// The child whom a row names by this UPN alone.
const BY_UPN: (&str, &str) = ("M09", "W889200024001");

/// What `findings.csv` says beside the quarantined rows: finding, severity, file, row, value, and words of the message.
const BESIDE: [[&str; 6]; 23] = [
    ["unknown_code", "warning", COUNTS.0, "18", "ZZ", "found once, first here"],
    ["unknown_code", "warning", MARKS.0, "22", "%", "found 2 times, first here"],
    ["unknown_code", "warning", WEEKS.0, "15", "*", "found 2 times, first here"],
    ["code_out_of_date", "warning", COUNTS.0, "22", "C2", "found once, first here"],
    ["code_out_of_date", "warning", COUNTS.0, "24", "H", "found once, first here"],
    ["code_out_of_date", "warning", MARKS.0, "24", "C1", "found once, first here"],
    ["code_out_of_date", "warning", MARKS.0, "25", "Y", "found once, first here"],
    ["code_out_of_date", "warning", WEEKS.0, "16", "J", "found once, first here"],
    ["code_out_of_date", "warning", WEEKS.0, "17", "K", "found once, first here"],
    ["code_out_of_date", "warning", WEEKS.0, "17", "Q", "found once, first here"],
    ["totals_do_not_add_up", "warning", TOTALS.0, "15", "", "9 attended and 2 + 3 absent are not 10 possible"],
    ["figure_cannot_be_right", "warning", TOTALS.0, "19", "11", "T17 has 11 of 10 sessions"],
    ["attendance_without_a_total", "warning", COUNTS.0, "11", "", "C08 Autumn 2024/25"],
    ["attendance_without_a_total", "warning", TOTALS.0, "21", "", "T19 Autumn 2024/25"],
    ["attendance_without_a_total", "warning", TOTALS.0, "22", "", "T20 Autumn 2024/25"],
    ["attendance_without_a_total", "warning", TOTALS.0, "23", "", "T21 Autumn 2024/25"],
    ["figure_without_a_school", "warning", COUNTS.0, "34", "", "C18 Autumn 2024/25"],
    ["figure_without_a_school", "warning", TOTALS.0, "32", "", "T25 Autumn 2024/25"],
    // W10's ten absences in the holidays: 10 of 20 with them. M12's one leaves 10 of 11, above 90%.
    ["sessions_outside_decide", "warning", "", "", "", "left out: W10."],
    // The calendar of this test has no term from 14 September 2024 to 5 January 2025.
    ["calendar_gap", "warning", "", "", "", "the calendar has no term for"],
    // One in each file.
    ["rows_repeated", "note", "", "", "", "attendance: 4 rows repeat another one exactly"],
    // M12's mark, W10's fourteen, T28's total and C20's count.
    ["outside_terms", "note", "", "", "", "17 session marks or figures lie in no term"],
    // X02's mark, X03's ten, X04's total and X05's count.
    ["unmatched_pupils", "note", "", "", "", "13 session marks or figures are of pupils whom no family has"],
];

/// Rows read, used, repeated and quarantined, by file: the faulty rows and the good ones.
const ROWS: [(AttendanceFile, [usize; 4]); 4] = [
    // 32 faulty, 16 of them held and 1 a repeat. The good rows of these children are weeks.
    (MARKS, [32, 15, 1, 16]),
    // 29 faulty, 11 held, 1 a repeat. Good: M01 to M12, M16 and M18 twice, M13, M14, M15 and M17 once; W01 to W10 and
    // W19 twice, W11 to W18 once: 28 + 4 + 22 + 8 = 62.
    (WEEKS, [29 + 62, 17 + 62, 1, 11]),
    // 39 faulty, 16 held, 1 a repeat. Good: T01 to T12 and T28 twice, T13 to T27, T29 and T30 once: 26 + 17 = 43.
    (TOTALS, [39 + 43, 22 + 43, 1, 16]),
    // 40 faulty, 10 held, 1 a repeat. Good: C01 to C07 and C20 twice, C08 to C19 once: 16 + 12 = 28.
    (COUNTS, [40 + 28, 29 + 28, 1, 10]),
];

/// 32 + 91 + 82 + 68, 15 + 79 + 65 + 57, 1 + 1 + 1 + 1, 16 + 11 + 16 + 10; and 216 + 4 + 53 = 273.
const ATTENDANCE_ROWS: [usize; 4] = [273, 216, 4, 53];

/// M01 to M18, W01 to W19, T01 to T30 and C01 to C20.
const CHILDREN: usize = 87;

/// A row of the tables above.
struct Fault {
    file: &'static str,
    row: usize,
    text: &'static str,
    /// Column, value and finding.
    held: Option<[&'static str; 3]>,
    child: &'static str,
    verdicts: [&'static str; 2],
    what: &'static str,
}

fn faults((file, _, rows): AttendanceFile) -> Vec<Fault> {
    rows.trim().lines().map(|line| fault(file, line)).collect()
}

fn fault(file: &'static str, line: &'static str) -> Fault {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let &[row, text, held, summer, autumn, what] = cells.as_slice() else { panic!("{line}") };
    let held = (!held.is_empty()).then(|| {
        let (cell, finding) = held.rsplit_once(": ").unwrap_or(("", held));
        let (column, value) = cell.split_once(' ').unwrap_or((cell, ""));
        [column, value, finding]
    });
    let named = text.split(',').next().unwrap();
    let child = if text.contains(BY_UPN.1) { BY_UPN.0 } else { named };
    Fault { file, row: row.parse().unwrap(), text, held, child, verdicts: [summer, autumn], what }
}

/// A good row, 10 of 10, in the layout of the child's fault. Marks and weeks are of one kind.
fn good_row(child: &str, term: &str) -> (&'static str, String) {
    let (year, monday) = if term == "Summer" { ("2023/24", "2024-07-08") } else { ("2024/25", "2024-09-09") };
    match child.as_bytes()[0] {
        b'M' | b'W' => (WEEKS.0, format!(r"{child},{monday},/\/\/\/\/\,")),
        b'T' => (TOTALS.0, format!("{child},{year},{term},10,10,,,")),
        _ => (COUNTS.0, format!("{child},{year},{term},/,10,")),
    }
}

/// The lines of each attendance file: the header, the faulty rows, then the good ones.
fn attendance_files(faults: &[Fault]) -> BTreeMap<&'static str, Vec<String>> {
    let mut files: BTreeMap<&str, Vec<String>> =
        [MARKS, WEEKS, TOTALS, COUNTS].map(|(file, header, _)| (file, vec![header.to_owned()])).into();
    for fault in faults {
        let lines = files.get_mut(fault.file).unwrap();
        lines.push(fault.text.to_owned());
        assert_eq!(lines.len(), fault.row, "{}: {} is in another row", fault.file, fault.text);
    }
    for fault in faults {
        for (term, verdict) in ["Summer", "Autumn"].iter().zip(fault.verdicts) {
            if verdict.starts_with('+') {
                let (file, line) = good_row(fault.child, term);
                files.get_mut(file).unwrap().push(line);
            }
        }
    }
    files
}

/// A row of an output file by column.
type OutRow = BTreeMap<String, String>;

/// What a run of the program left.
struct Done {
    code: Option<i32>,
    screen: String,
    out: PathBuf,
    _place: tempfile::TempDir,
}

impl Done {
    fn rows(&self, file: &str) -> Vec<OutRow> {
        csv::Reader::from_path(self.out.join(file)).unwrap().deserialize().map(|row| row.unwrap()).collect()
    }

    fn summary(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.out.join("summary.json")).unwrap()).unwrap()
    }

    /// Rows read, used, repeated and quarantined of a table.
    fn row_counts(&self, table: &str) -> [usize; 4] {
        let rows = &self.summary()["rows"][table];
        ["read", "used", "repeated", "quarantined"].map(|what| rows[what].as_u64().unwrap().try_into().unwrap())
    }
}

fn write(folder: &Path, file: &str, lines: &[String]) {
    std::fs::write(folder.join(file), lines.join("\n") + "\n").unwrap();
}

/// Checks one family as at 30 September 2024, in order but for the attendance of these children.
fn check(children: &BTreeSet<&str>, attendance: &BTreeMap<&str, Vec<String>>) -> Done {
    let place = tempfile::tempdir().unwrap();
    let (data, out) = (place.path().join("data"), place.path().join("out"));
    std::fs::create_dir(&data).unwrap();
    let small: [(&str, &[&str]); 4] = [
        ("cases.csv", &["case_id,family_id,opened_on,closed_on", "C1,F1,2022-01-10,2023-02-28"]),
        ("criteria.csv", &["case_id,criterion,outcome_on", "C1,1,2023-02-20", "C1,5,2023-02-20", "C1,9,2023-02-20"]),
        ("claims.csv", &["claim_id,family_id,submitted_on,outcome"]),
        (
            "terms.csv",
            &[
                "academic_year,term,starts_on,ends_on",
                "2023/24,Summer,2024-07-08,2024-07-12",
                "2024/25,Autumn,2024-09-09,2024-09-13",
                "2024/25,Spring,2025-01-06,2025-01-10",
            ],
        ),
    ];
    for (file, lines) in small {
        write(&data, file, &lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
    }
    let mut people = vec!["person_id,family_id,date_of_birth,role,upn".to_owned()];
    people.extend(children.iter().map(|child| {
        let upn = if *child == BY_UPN.0 { BY_UPN.1 } else { "" };
        format!("{child},F1,2014-05-01,child,{upn}")
    }));
    write(&data, "people.csv", &people);
    for (file, lines) in attendance {
        write(&data, file, lines);
    }
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_sfclaim"))
        .args(["check", &data.display().to_string(), "--as-at", "2024-09-30", "--out", &out.display().to_string()])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&run.stderr), "");
    // Lines are wrapped at spaces.
    let screen = String::from_utf8_lossy(&run.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    Done { code: run.status.code(), screen, out, _place: place }
}

/// The family of all faults.
fn with_all_faults() -> (Vec<Fault>, Done) {
    let faults: Vec<Fault> = [MARKS, WEEKS, TOTALS, COUNTS].into_iter().flat_map(faults).collect();
    let children: Vec<&str> =
        faults.iter().filter(|fault| !fault.verdicts[0].is_empty()).map(|fault| fault.child).collect();
    let each: BTreeSet<&str> = children.iter().copied().collect();
    assert_eq!((children.len(), each.len()), (CHILDREN, CHILDREN), "a child has one fault");
    let done = check(&each, &attendance_files(&faults));
    assert_eq!(done.code, Some(1), "{}", done.screen);
    (faults, done)
}

fn cells<'a>(row: &'a OutRow, columns: &[&str]) -> Vec<&'a str> {
    columns.iter().map(|column| row[*column].as_str()).collect()
}

#[test]
fn every_row_that_cannot_be_read_is_in_quarantine_and_an_error() {
    let (faults, done) = with_all_faults();
    let columns = ["file", "row", "column", "value", "finding"];
    let (quarantine, findings) = (done.rows("quarantine.csv"), done.rows("findings.csv"));
    assert!(quarantine.iter().all(|row| row["table"] == "attendance"));
    let held: Vec<Vec<&str>> = quarantine.iter().map(|row| cells(row, &columns)).collect();
    let errors: Vec<Vec<&str>> =
        findings.iter().filter(|row| row["severity"] == "error").map(|row| cells(row, &columns)).collect();
    let mut failures = Vec::new();
    let mut expected_rows = 0;
    for fault in &faults {
        let Some([column, value, finding]) = fault.held else { continue };
        expected_rows += 1;
        let row = fault.row.to_string();
        let expected = vec![fault.file, row.as_str(), column, value, finding];
        for (file, rows) in [("quarantine.csv", &held), ("findings.csv", &errors)] {
            if !rows.contains(&expected) {
                failures.push(format!("{}: {expected:?} is not in {file}", fault.what));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    assert_eq!((held.len(), errors.len()), (expected_rows, expected_rows));
}

#[test]
fn what_is_odd_but_can_be_read_is_a_warning_or_a_note() {
    let (_, done) = with_all_faults();
    let findings = done.rows("findings.csv");
    let columns = ["finding", "severity", "file", "row", "value"];
    let found: Vec<&OutRow> = findings.iter().filter(|row| row["severity"] != "error").collect();
    for [finding, severity, file, row, value, words] in BESIDE {
        let expected = [finding, severity, file, row, value];
        assert!(
            found.iter().any(|row| cells(row, &columns) == expected && row["message"].contains(words)),
            "no {expected:?} with \"{words}\" in {found:?}"
        );
    }
    assert_eq!(found.len(), BESIDE.len(), "{found:?}");
    assert_eq!(done.summary()["findings"], serde_json::json!({ "error": 53, "warning": 20, "note": 3 }));
}

#[test]
fn every_fault_reaches_the_term_it_could_change_and_no_other() {
    let (faults, done) = with_all_faults();
    let children = done.rows("children.csv");
    assert_eq!(children.len(), 2 * CHILDREN);
    let mut failures = Vec::new();
    for fault in faults.iter().filter(|fault| !fault.verdicts[0].is_empty()) {
        for (term, expected) in ["Summer", "Autumn"].iter().zip(fault.verdicts) {
            let row = children.iter().find(|row| row["person_id"] == fault.child && row["term"] == *term).unwrap();
            let found = format!("{} {} of {}", row["verdict"], row["attended"], row["possible"]);
            let expected = expected.trim_start_matches('+');
            if found != expected && row["verdict"] != expected {
                let Fault { child, what, .. } = fault;
                failures.push(format!("{child}, {what}: {term} is {found}, not {expected} ({})", row["reason"]));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    // Nobody is below 90%, and many are unknown.
    let decisions = done.rows("decisions.csv");
    assert_eq!(cells(&decisions[0], &["case_id", "status", "attendance"]), ["C1", "review", "unknown"]);
}

#[test]
fn rows_read_are_rows_used_repeated_and_quarantined() {
    let (faults, done) = with_all_faults();
    let (files, quarantine) = (attendance_files(&faults), done.rows("quarantine.csv"));
    for ((file, _, _), [read, used, repeated, quarantined]) in ROWS {
        let held = quarantine.iter().filter(|row| row["file"] == file).count();
        assert_eq!((files[file].len() - 1, held), (read, quarantined), "{file}");
        assert_eq!(read, used + repeated + quarantined, "{file}");
    }
    let of_all_files = [0, 1, 2, 3].map(|column| ROWS.iter().map(|(_, counts)| counts[column]).sum::<usize>());
    assert_eq!(of_all_files, ATTENDANCE_ROWS);
    for (table, expected) in [
        ("cases", [1, 1, 0, 0]),
        ("people", [CHILDREN, CHILDREN, 0, 0]),
        ("criteria", [3, 3, 0, 0]),
        ("attendance", ATTENDANCE_ROWS),
        ("claims", [0, 0, 0, 0]),
        ("terms", [3, 3, 0, 0]),
    ] {
        assert_eq!(done.row_counts(table), expected, "{table}");
    }
    assert_eq!(done.summary()["rows"].as_object().unwrap().len(), 6);
}

#[test]
fn rows_of_which_the_pupil_cannot_be_told_are_named() {
    let (_, done) = with_all_faults();
    let summary = done.summary();
    let named: Vec<&str> =
        summary["rows_of_nobody"].as_array().unwrap().iter().map(|row| row.as_str().unwrap()).collect();
    let mut expected = vec![format!("{} row 7:", COUNTS.0)];
    expected.extend((8..=13).map(|row| format!("{} row {row}:", MARKS.0)));
    expected.extend([format!("{} row 12:", TOTALS.0), format!("{} row 9:", WEEKS.0)]);
    assert_eq!(named.len(), expected.len(), "{named:?}");
    for (named, expected) in named.iter().zip(&expected) {
        assert!(named.starts_with(expected.as_str()), "{named} is not {expected}");
        assert!(done.screen.contains(expected.as_str()), "{expected} is not on the screen: {}", done.screen);
    }
}

/// A child with a good Summer, and these weeks.
fn with_weeks(weeks: &[&str]) -> Done {
    let mut lines = vec![WEEKS.1.to_owned(), r"W01,2024-07-08,/\/\/\/\/\,".to_owned()];
    lines.extend(weeks.iter().map(|line| (*line).to_owned()));
    check(&BTreeSet::from(["W01"]), &BTreeMap::from([(WEEKS.0, lines)]))
}

#[test]
fn a_row_of_the_wrong_length_is_no_repeat_of_a_good_one_whichever_comes_first() {
    let (good, too_long) = (r"W01,2024-09-09,/\/\/\/\/\,100001", r"W01,2024-09-09,/\/\/\/\/\,100001,100002");
    let (good_and_blank, too_short) = (r"W01,2024-09-09,/\/\/\/\/\,", r"W01,2024-09-09,/\/\/\/\/\");
    for weeks in [[good, too_long], [too_long, good], [good_and_blank, too_short], [too_short, good_and_blank]] {
        let done = with_weeks(&weeks);
        assert_eq!(done.row_counts("attendance"), [3, 2, 0, 1], "{weeks:?}");
        assert_eq!(done.code, Some(1), "{weeks:?}");
        for row in done.rows("children.csv") {
            assert_eq!(cells(&row, &["verdict", "attended", "possible"]), ["unknown", "10", "10"], "{weeks:?}");
        }
    }
}

#[test]
fn a_row_of_the_wrong_length_without_a_pupil_is_named_too() {
    let done = with_weeks(&[r"W01,2024-09-09,/\/\/\/\/\,", ",2024-09-09"]);
    assert_eq!(done.row_counts("attendance"), [3, 2, 0, 1]);
    let named = done.summary()["rows_of_nobody"].to_string();
    assert!(named.contains("attendance_weeks.csv row 4:"), "{named}");
}
