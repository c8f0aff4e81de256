//! Findings: what is wrong with, or worth knowing of, the data of a run. Plain data, collected in any
//! order, sorted before they are shown.
//!
//! Longer than most files, since it is one list of all codes.

use crate::dates::Date;
use crate::place::Place;
use crate::words::worded;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::LazyLock;

worded! {
    /// How much a finding matters.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Severity {
        /// Must be mended: the row could not be used. The run ends with exit code 1.
        Error = "error",
        /// Should be looked at.
        Warning = "warning",
        /// Worth knowing.
        Note = "note",
    }
}

worded! {
    /// Who is likeliest to have the answer to a finding.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Owner {
        /// Who works with the family.
        Practitioner = "practitioner",
        /// The school, or whoever keeps its register.
        School = "school",
        /// Who makes the files and keeps the settings.
        DataTeam = "data_team",
    }
}

impl Owner {
    /// As a sentence names them.
    pub fn said(self) -> &'static str {
        match self {
            Owner::Practitioner => "practitioners",
            Owner::School => "schools",
            Owner::DataTeam => "the data team",
        }
    }
}

worded! {
    /// The kinds of finding there are. What is said of each stands in `rules/findings.toml`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[allow(missing_docs, reason = "the catalogue says what each is")]
    pub enum FindingCode {
        MissingValue = "missing_value",
        ImpossibleDate = "impossible_date",
        AcademicYear = "academic_year",
        NotAMonday = "not_a_monday",
        NotANumber = "not_a_number",
        PercentageCannotBeRight = "percentage_cannot_be_right",
        ClosedBeforeOpened = "closed_before_opened",
        DayCannotBeRight = "day_cannot_be_right",
        DaysContradict = "days_contradict",
        IdLostDigits = "id_lost_digits",
        RecordOfTwoPeople = "record_of_two_people",
        UnknownCriterion = "unknown_criterion",
        UnknownOutcome = "unknown_outcome",
        UnknownRule = "unknown_rule",
        KeyGivenTwice = "key_given_twice",
        NoSuchCase = "no_such_case",
        HeldWithCase = "held_with_case",
        UnansweredQuestion = "unanswered_question",
        RowLength = "row_length",
        LeftBeforeJoined = "left_before_joined",
        NoPupil = "no_pupil",
        UnknownTerm = "unknown_term",
        UnknownSession = "unknown_session",
        WeekLength = "week_length",
        UnknownFinding = "unknown_finding",
        UnknownValue = "unknown_value",
        CannotBeAgreed = "cannot_be_agreed",
        AgreementWithoutPerson = "agreement_without_person",
        AgreementOnNothing = "agreement_on_nothing",
        AgreementAgainstRecords = "agreement_against_records",
        ColumnMisspelt = "column_misspelt",
        TableMissing = "table_missing",
        UnknownAuthority = "unknown_authority",
        AgreementWithoutCase = "agreement_without_case",
        AgreementNeverInForce = "agreement_never_in_force",
        UpnCheckLetter = "upn_check_letter",
        NhsNumberCheck = "nhs_number_check",
        UnknownCode = "unknown_code",
        CodeOutOfDate = "code_out_of_date",
        TotalsDoNotAddUp = "totals_do_not_add_up",
        FigureCannotBeRight = "figure_cannot_be_right",
        PercentageAgainstSessions = "percentage_against_sessions",
        HalfTermsAdded = "half_terms_added",
        AttendanceWithoutATotal = "attendance_without_a_total",
        FigureWithoutASchool = "figure_without_a_school",
        HalfTermMissing = "half_term_missing",
        TermAgainstHalfTerms = "term_against_half_terms",
        MoreThanTheTerm = "more_than_the_term",
        XAtSchoolAge = "x_at_school_age",
        SessionsOutsideDecide = "sessions_outside_decide",
        RecordsOfNobodySure = "records_of_nobody_sure",
        TermHardlyHeld = "term_hardly_held",
        MarksStopEarly = "marks_stop_early",
        LikelySamePupil = "likely_same_pupil",
        CalendarGap = "calendar_gap",
        CalendarStops = "calendar_stops",
        DecidedBeforeSubmitted = "decided_before_submitted",
        BirthDateUnlikely = "birth_date_unlikely",
        PlanBeforeOpening = "plan_before_opening",
        PlanAfterClosing = "plan_after_closing",
        OutcomeBeforeNeed = "outcome_before_need",
        OutcomeBeforeOpening = "outcome_before_opening",
        NeedAfterClosing = "need_after_closing",
        AchievedWithoutDay = "achieved_without_day",
        NeedOfNobody = "need_of_nobody",
        AdultOfSchoolAge = "adult_of_school_age",
        AdultOnRoll = "adult_on_roll",
        BirthDateContradicted = "birth_date_contradicted",
        UpnOfTwoPeople = "upn_of_two_people",
        PersonTwiceInFamily = "person_twice_in_family",
        TwoBirthDates = "two_birth_dates",
        CaseWithoutPeople = "case_without_people",
        ClaimOfNoCase = "claim_of_no_case",
        CaseOfAnotherFamily = "case_of_another_family",
        ClaimOfAnotherFamily = "claim_of_another_family",
        ClaimBeforeOpening = "claim_before_opening",
        ClaimedAgainEarly = "claimed_again_early",
        FamiliesSharePeople = "families_share_people",
        IdsNearlyAlike = "ids_nearly_alike",
        RowUnderFormerId = "row_under_former_id",
        EverybodyLeft = "everybody_left",
        HeadlineOnNearlyAll = "headline_on_nearly_all",
        HeadlineOnNone = "headline_on_none",
        EveryHeadline = "every_headline",
        TeamWithOneSet = "team_with_one_set",
        RowsLost = "rows_lost",
        RowsGained = "rows_gained",
        CannotBeConfirmed = "cannot_be_confirmed",
        ConfirmationNeverInForce = "confirmation_never_in_force",
        SupplierWithoutFiles = "supplier_without_files",
        RowsRepeated = "rows_repeated",
        OutsideTerms = "outside_terms",
        UnmatchedPupils = "unmatched_pupils",
        ExtraColumns = "extra_columns",
        FileNotRead = "file_not_read",
        HiddenSheet = "hidden_sheet",
        RowsLeftOut = "rows_left_out",
        IdsAsNumbers = "ids_as_numbers",
        ReadAsWindows1252 = "read_as_windows_1252",
        UnclearFlag = "unclear_flag",
        WhichPeriod = "which_period",
        HeaderAgain = "header_again",
        FamilyIdsAsCaseIds = "family_ids_as_case_ids",
        TableNotRead = "table_not_read",
        PercentageNotRead = "percentage_not_read",
        AmbiguousDates = "ambiguous_dates",
        DatesAsNumbers = "dates_as_numbers",
        DaysOfNoEnd = "days_of_no_end",
        CaseOfLettersCounts = "case_of_letters_counts",
        CellError = "cell_error",
        CorrectionRefused = "correction_refused",
        CorrectionWithoutRow = "correction_without_row",
        CorrectionUnchanged = "correction_unchanged",
        RowsCorrected = "rows_corrected",
        AssessmentBeforeOpening = "assessment_before_opening",
        NeedLongBeforeOpening = "need_long_before_opening",
        OutcomeLongAfterClosing = "outcome_long_after_closing",
        ChildNowAdult = "child_now_adult",
        ClaimsWithoutCase = "claims_without_case",
        OpenCasesTogether = "open_cases_together",
        ConfirmationOfNothing = "confirmation_of_nothing",
    }
}

impl FindingCode {
    /// The code that files carry.
    pub fn code(self) -> &'static str {
        self.word()
    }
}

/// What the catalogue says of a kind of finding.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingEntry {
    /// How much it matters.
    pub severity: Severity,
    /// Who is likeliest to have the answer.
    pub owner: Owner,
    /// What it is, in a line.
    pub title: String,
    /// Why it matters for a claim.
    pub why: String,
    /// What to do about it.
    pub todo: String,
    /// Where one may stand: an invented file, row and value. Blank where no place says more than the title.
    #[serde(default)]
    pub example: String,
}

/// The catalogue by code. It is compiled in, and a test reads it, so that it cannot be missing.
static CATALOGUE: LazyLock<BTreeMap<String, FindingEntry>> =
    LazyLock::new(|| toml::from_str(include_str!("../rules/findings.toml")).unwrap_or_default());

impl FindingCode {
    /// The kind that files know by this code.
    pub fn of_code(code: &str) -> Option<FindingCode> {
        Self::of_word(code)
    }

    /// What the catalogue says of it.
    pub fn entry(self) -> Option<&'static FindingEntry> {
        CATALOGUE.get(self.code())
    }

    /// How much it matters, unless a person has confirmed it: see [`Finding::severity`].
    pub fn severity(self) -> Severity {
        self.entry().map_or(Severity::Error, |entry| entry.severity)
    }

    /// Who is likeliest to have the answer.
    pub fn owner(self) -> Owner {
        self.entry().map_or(Owner::DataTeam, |entry| entry.owner)
    }

    /// What to do about it.
    pub fn what_to_do(self) -> &'static str {
        self.entry().map_or("", |entry| entry.todo.as_str())
    }
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
    /// The key of what it is about: a case, person or claim id; the two families of a link; the table, team or headline of
    /// a comparison. By it a finding is known again when rows have moved. Blank where it is about none of these.
    pub record: String,
    /// The person who has looked at it and found it right as it stands.
    pub confirmed: Option<Confirmed>,
}

/// That a person has looked at a warning.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Confirmed {
    /// Who.
    pub by: String,
    /// When.
    pub on: Date,
    /// Why it is right as it stands.
    pub reason: String,
    /// The last day on which that holds; `None`: for good.
    pub until: Option<Date>,
    /// The row of the confirmations that says so.
    pub place: Place,
}

impl Finding {
    /// One that is about a cell.
    pub fn at(
        code: FindingCode,
        place: &Place,
        column: &str,
        value: impl ToString,
        message: impl Into<String>,
    ) -> Finding {
        Finding {
            code,
            place: Some(place.clone()),
            column: column.to_owned(),
            value: value.to_string(),
            message: message.into(),
            record: String::new(),
            confirmed: None,
        }
    }

    /// One that is about the run or a whole file.
    pub fn of_run(code: FindingCode, message: impl Into<String>) -> Finding {
        Finding {
            code,
            place: None,
            column: String::new(),
            value: String::new(),
            message: message.into(),
            record: String::new(),
            confirmed: None,
        }
    }

    /// The same with the key of what it is about.
    pub fn about(mut self, record: impl ToString) -> Finding {
        self.record = record.to_string();
        self
    }

    /// How much it matters: as much as its kind, but a warning that a person has confirmed is worth knowing only.
    pub fn severity(&self) -> Severity {
        if self.confirmed.is_some() { Severity::Note } else { self.code.severity() }
    }

    /// What to do about it.
    pub fn what_to_do(&self) -> &'static str {
        if self.confirmed.is_some() { "Nothing while the confirmation holds." } else { self.code.what_to_do() }
    }
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
        self.add(Finding::of_run(code, message));
    }

    /// Adds all of another collection.
    pub fn append(&mut self, mut other: Findings) {
        self.0.append(&mut other.0);
    }

    /// All findings: errors first, then by code, file and row.
    pub fn sorted(&self) -> Vec<&Finding> {
        let mut all: Vec<&Finding> = self.0.iter().collect();
        all.sort_by(|a, b| (a.severity(), a).cmp(&(b.severity(), b)));
        all
    }

    /// Gives each finding to be changed, in no order.
    pub fn each(&mut self, change: impl FnMut(&mut Finding)) {
        self.0.iter_mut().for_each(change);
    }

    /// Whether any is an error.
    pub fn any_error(&self) -> bool {
        self.0.iter().any(|finding| finding.severity() == Severity::Error)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_has_every_kind_and_no_other() {
        let read: BTreeMap<String, FindingEntry> = toml::from_str(include_str!("../rules/findings.toml")).unwrap();
        let written: Vec<&str> = read.keys().map(String::as_str).collect();
        let mut known: Vec<&str> = FindingCode::ALL.iter().map(|kind| kind.code()).collect();
        known.sort_unstable();
        assert_eq!(written, known);
    }

    #[test]
    fn every_entry_says_what_it_is_why_it_matters_and_what_to_do() {
        for kind in FindingCode::ALL {
            let entry = kind.entry().unwrap();
            for (field, text) in [("title", &entry.title), ("why", &entry.why), ("todo", &entry.todo)] {
                assert!(
                    text.ends_with('.'),
                    "[{}] of rules/findings.toml: {field} must be a sentence, with its full stop",
                    kind.code()
                );
            }
        }
    }
}
