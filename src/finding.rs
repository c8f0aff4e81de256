//! Findings: what is wrong with, or worth knowing of, the data of a run. Plain data, collected in any
//! order, sorted before they are shown.

use crate::place::Place;
use serde::{Serialize, Serializer};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Must be mended: the row could not be used. The run ends with exit code 1.
    Error,
    /// Should be looked at.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word used in files and on screens.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $severity:ident, $todo:literal;)*) => {
        /// The kinds of finding there are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FindingCode { $($(#[$doc])* $name,)* }

        impl FindingCode {
            /// Every kind.
            pub const ALL: &[FindingCode] = &[$(FindingCode::$name,)*];

            /// The code that files carry.
            pub fn code(self) -> &'static str {
                match self { $(FindingCode::$name => $code,)* }
            }

            /// How much it matters.
            pub fn severity(self) -> Severity {
                match self { $(FindingCode::$name => Severity::$severity,)* }
            }

            /// What to do about it.
            pub fn what_to_do(self) -> &'static str {
                match self { $(FindingCode::$name => $todo,)* }
            }
        }
    };
}

codes! {
    /// A value that every row must have is blank.
    MissingValue = "missing_value", Error, "Fill in the value in the system the file came from.";
    /// A date that cannot be read or does not exist.
    ImpossibleDate = "impossible_date", Error, "Write the date as 2024-09-30 or 30/09/2024, with four digits of the year.";
    /// An academic year that is not written as one.
    AcademicYear = "academic_year", Error, "Write the academic year as 2023/24.";
    /// A week that does not start on a Monday.
    NotAMonday = "not_a_monday", Error, "Give the Monday of the week, and check that its marks begin on that day.";
    /// A number that cannot be read.
    NotANumber = "not_a_number", Error, "Write a whole number of sessions, or leave it blank if it is not known.";
    /// A case that closes before it opens.
    ClosedBeforeOpened = "closed_before_opened", Error, "Correct the day of opening or of closing.";
    /// A criterion that the framework does not have.
    UnknownCriterion = "unknown_criterion", Error, "Write the number of a headline outcome, alone or with the need: 3 or 3.2.";
    /// A claim outcome, need result or answer that is none of the known words.
    UnknownOutcome = "unknown_outcome", Error, "Use one of the words named in the message.";
    /// A rule that does not exist.
    UnknownRule = "unknown_rule", Error, "Use the name of a rule as decisions.csv has it.";
    /// A key that more than one row gives, with different values.
    KeyGivenTwice = "key_given_twice", Error, "Keep the row that is right and remove the others.";
    /// A criterion of a case that is not in the cases table.
    NoSuchCase = "no_such_case", Error, "Correct the case id, or add the case.";
    /// A criterion held because its case is quarantined. In the quarantine only, never a finding of its own.
    HeldWithCase = "held_with_case", Error, "Mend the case; this row then comes back by itself.";
    /// A row with fewer or more cells than the header.
    RowLength = "row_length", Error, "Check the row for a missing or an unquoted separator.";
    /// An attendance record that names no pupil.
    NoPupil = "no_pupil", Error, "Give the person_id or the UPN.";
    /// A term that the calendar does not have in that year.
    UnknownTerm = "unknown_term", Error, "Use the names of the calendar in use, or give your own calendar as a terms table.";
    /// A session that is neither AM nor PM.
    UnknownSession = "unknown_session", Error, "Write AM or PM.";
    /// A week's marks that are not 10 or 14.
    WeekLength = "week_length", Error, "Give 10 marks (Monday to Friday) or 14 (with the weekend), two a day.";
    /// A word that the column does not know; the value is treated as the message says.
    UnknownValue = "unknown_value", Warning, "Use one of the words named in the message.";
    /// An agreement on a rule on which nobody can agree.
    CannotBeAgreed = "cannot_be_agreed", Warning, "Change the record instead: this rule follows from the data alone.";
    /// An agreement that names a term and no person.
    AgreementWithoutPerson = "agreement_without_person", Warning, "Name the person if only that child's term was meant.";
    /// An agreement on the attendance of somebody, or of a term, that the data does not have.
    AgreementOnNothing = "agreement_on_nothing", Warning, "Correct the person or the term: as it stands the agreement changes nothing.";
    /// A table that is not in the data.
    TableMissing = "table_missing", Warning, "Add the table; if there is nothing to tell, give it with its header alone.";
    /// An authority that the rules have no targets of.
    UnknownAuthority = "unknown_authority", Warning, "Correct the authority in sfclaim.toml, or add its targets to the rules.";
    /// An agreement on a case that is not in the cases table.
    AgreementWithoutCase = "agreement_without_case", Warning, "Correct the case id.";
    /// An agreement that ends before it begins.
    AgreementNeverInForce = "agreement_never_in_force", Warning, "Correct agreed_on or until.";
    /// A UPN whose check letter is wrong.
    UpnCheckLetter = "upn_check_letter", Warning, "Compare the UPN with the school's: a digit may be wrong.";
    /// An attendance code that no list has; its marks are missing ones.
    UnknownCode = "unknown_code", Warning, "Ask what the code means. Until then each of its marks may be either: a term on which they decide is unknown.";
    /// A code used outside its dates; it keeps its class.
    CodeOutOfDate = "code_out_of_date", Warning, "Tell the school that the code was withdrawn, or not yet in use.";
    /// Termly totals whose attended and absent sessions are not the possible ones.
    TotalsDoNotAddUp = "totals_do_not_add_up", Warning, "Ask the school which of the figures is right: the row is read by its attended sessions, or by its absences where unauthorised absence alone counts.";
    /// A term for which hardly any attendance is held.
    TermHardlyHeld = "term_hardly_held", Warning, "Ask for the attendance of that term: until it comes, most of its children are unknown.";
    /// Session marks of a term that begin late or stop early, with families that it holds up.
    MarksStopEarly = "marks_stop_early", Warning, "Ask for the marks of the rest of the term.";
    /// Pupils whom no family has, named nearly as children of whom no attendance is held.
    LikelySamePupil = "likely_same_pupil", Warning, "Compare the identifiers in pupils_unmatched.csv with the school's, and correct those that are wrong.";
    /// The calendar stops before the as-at date.
    CalendarStops = "calendar_stops", Warning, "Add the later terms to the terms table.";
    /// A supplier in the settings whose files are not there.
    SupplierWithoutFiles = "supplier_without_files", Note, "Correct the names of its files in sfclaim.toml, unless it has sent none.";
    /// Exact repeats of rows.
    RowsRepeated = "rows_repeated", Note, "Nothing: each counts once.";
    /// Dates or years of attendance that lie in no term of the calendar.
    OutsideTerms = "outside_terms", Note, "Nothing, unless the calendar in use is not yours.";
    /// Attendance of pupils whom no family has.
    UnmatchedPupils = "unmatched_pupils", Note, "Nothing: attendance files usually hold whole schools.";
    /// Columns that the table does not have.
    ExtraColumns = "extra_columns", Note, "Nothing: they are kept out.";
    /// A file in the data folder that is no table.
    FileNotRead = "file_not_read", Note, "Rename it if it is meant to be one of the tables.";
}

impl Serialize for FindingCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What kind of thing it is.
    pub code: FindingCode,
    /// The file and row, where it is about one.
    pub place: Option<Place>,
    /// The column, where it is about one.
    pub column: String,
    /// The value as it stands.
    pub value: String,
    /// What is the matter, in a sentence.
    pub message: String,
}

/// A text as it is, or its beginning and its length where it is longer than anybody would read.
pub fn shortened(text: String) -> String {
    const LONGEST: usize = 400;
    let length = text.chars().count();
    if length <= LONGEST {
        return text;
    }
    let beginning: String = text.chars().take(LONGEST / 2).collect();
    format!("{beginning}... ({length} characters)")
}

/// Collected findings.
#[derive(Clone, Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Adds one. A value or message of unreasonable length is shortened: a broken file may have a whole file in a cell.
    pub fn add(&mut self, mut finding: Finding) {
        finding.value = shortened(finding.value);
        finding.message = shortened(finding.message);
        self.0.push(finding);
    }

    /// Adds one that is about the run or a whole file rather than about a cell.
    pub fn say(&mut self, code: FindingCode, message: impl Into<String>) {
        self.add(Finding { code, place: None, column: String::new(), value: String::new(), message: message.into() });
    }

    /// Adds all of another collection.
    pub fn append(&mut self, mut other: Findings) {
        self.0.append(&mut other.0);
    }

    /// All findings: errors first, then by code, file and row.
    pub fn sorted(&self) -> Vec<&Finding> {
        let mut all: Vec<&Finding> = self.0.iter().collect();
        all.sort_by(|a, b| (a.code.severity(), a).cmp(&(b.code.severity(), b)));
        all
    }

    /// Whether any is an error.
    pub fn any_error(&self) -> bool {
        self.0.iter().any(|finding| finding.code.severity() == Severity::Error)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
