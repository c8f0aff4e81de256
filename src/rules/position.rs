//! How the position within a financial year is judged: bands of the RAG words, and profiles of how claims are expected to
//! come over the year. From `position.toml`; where a pack has none, the file that comes with the program holds.
//!
//! Longer than most files: 150 lines of it are tests.

use super::cited::Cited;
use super::file::{OpenFile, day};
use super::standing::{Standing, Who};
use super::targets::{YearStart, parts_of_year};
use crate::dates::{Date, Span, day_after, day_number};
use crate::error::{Error, Result, did_you_mean};
use crate::share::{Percent, Ratio};
use serde::Deserialize;
use std::fmt;

/// Red, amber or green: always as a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Rag {
    /// On what is expected, or near enough.
    Green,
    /// Behind it.
    Amber,
    /// Far behind it.
    Red,
}

impl fmt::Display for Rag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Rag::Green => "green",
            Rag::Amber => "amber",
            Rag::Red => "red",
        })
    }
}

/// What a band asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// At least this share of what is expected.
    Share(Percent),
    /// That the whole number can still be reached.
    Achievable,
}

impl fmt::Display for Asks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Asks::Share(percent) => write!(f, "at least {percent}"),
            Asks::Achievable => f.write_str("still achievable"),
        }
    }
}

/// What must hold for one of the words.
pub type Band = Cited<Asks>;

/// The bands of one council's RAG words.
#[derive(Clone, Debug)]
pub struct Bands {
    /// The id that is chosen by.
    pub id: String,
    /// The bands in words.
    pub title: String,
    /// When it is green.
    pub green: Band,
    /// When it is amber, where it is not green; `None` in a scheme without tolerance: what is not green is red.
    pub amber: Option<Band>,
}

impl Bands {
    /// The word for so many where so many are expected. `achievable` says whether what is wanted by the year's end can
    /// still be reached.
    pub fn judge(&self, claims: usize, expected: Ratio, achievable: bool) -> Rag {
        let holds = |band: &Band| match band.value {
            Asks::Share(percent) => Ratio::whole(claims) >= expected.times(percent.share()),
            Asks::Achievable => achievable,
        };
        match (holds(&self.green), self.amber.as_ref().is_some_and(holds)) {
            (true, _) => Rag::Green,
            (false, true) => Rag::Amber,
            (false, false) => Rag::Red,
        }
    }
}

/// How claims are expected to come over the year. Its key is the id that is chosen by, and its title the profile in words.
pub type Profile = Cited<Shape>;

/// When which share of the year's results is expected.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Cumulative shares at the ends of as many equal parts of the year.
    Shares(Vec<Percent>),
    /// Windows: the first and the last day, as day and month, and the share between them.
    Windows(Vec<(YearStart, YearStart, Percent)>),
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = match self {
            Shape::Shares(shares) => shares.iter().map(ToString::to_string).collect(),
            Shape::Windows(windows) => {
                windows.iter().map(|(opens, closes, share)| format!("{share} from {opens} to {closes}")).collect()
            }
        };
        f.write_str(&parts.join(", "))
    }
}

impl Profile {
    /// The share of the year's results that is expected by the end of a day of that year.
    pub fn share_by(&self, by: Date, year: Span) -> Ratio {
        if by >= year.to {
            return Ratio::ONE;
        }
        let mut share = Ratio::ZERO;
        for (span, part) in self.pieces(year) {
            share = share.plus(part.times(elapsed_part(span, by)));
        }
        share
    }

    /// The days over which shares come evenly, with each share.
    fn pieces(&self, year: Span) -> Vec<(Span, Ratio)> {
        match &self.value {
            Shape::Shares(shares) => {
                let parts = parts_of_year(year, 12 / i32::try_from(shares.len()).unwrap_or(12).max(1));
                let before = std::iter::once(Ratio::ZERO).chain(shares.iter().map(|share| share.share()));
                let pieces = parts.into_iter().zip(shares).zip(before);
                // Within a quarter the share grows from month to month, as the straight line does.
                let in_months = |(span, whole): (Span, Ratio)| {
                    let months: Vec<Span> =
                        parts_of_year(year, 1).into_iter().filter(|month| span.covers(month.from)).collect();
                    let each = whole.by(Ratio::whole(months.len()));
                    months.into_iter().map(move |month| (month, each))
                };
                pieces.map(|((span, share), before)| (span, share.share().less(before))).flat_map(in_months).collect()
            }
            Shape::Windows(windows) => {
                let in_this_year = |day: YearStart| {
                    let early = day.in_year(year.from.year());
                    if early >= year.from { early } else { day.in_year(year.to.year()) }
                };
                let piece = |(opens, closes, share): &(YearStart, YearStart, Percent)| {
                    (Span { from: in_this_year(*opens), to: in_this_year(*closes) }, share.share())
                };
                windows.iter().map(piece).collect()
            }
        }
    }
}

/// Which part of the days has passed at the end of `by`.
fn elapsed_part(span: Span, by: Date) -> Ratio {
    let days = |from: Date, to: Date| i128::from(day_number(day_after(to)) - day_number(from));
    if by < span.from {
        Ratio::ZERO
    } else if span.to < span.from {
        // A window that closes before it opens: its share is due on the day it opens.
        Ratio::ONE
    } else {
        Ratio::new(days(span.from, by.min(span.to)), days(span.from, span.to))
    }
}

/// Months elapsed of the year at the end of a day: whole months, and the days of a running one as a part of it
/// (contract section 7).
pub fn months_elapsed(by: Date, year: Span) -> Ratio {
    parts_of_year(year, 1).into_iter().fold(Ratio::ZERO, |sum, month| sum.plus(elapsed_part(month, by)))
}

/// Everything that the file says.
#[derive(Clone, Debug, Default)]
pub struct Judging {
    bands: Vec<Bands>,
    profiles: Vec<Profile>,
    default_bands: String,
    default_profile: String,
}

impl Judging {
    /// All bands and all profiles, each as it is listed.
    pub fn listed(&self) -> Vec<super::cited::Listed> {
        let bands =
            self.bands.iter().flat_map(|bands| std::iter::once(&bands.green).chain(&bands.amber)).map(Into::into);
        bands.chain(self.profiles.iter().map(Into::into)).collect()
    }

    /// The bands of this id; without one the default ones.
    ///
    /// # Errors
    /// There are none of that id.
    pub fn bands(&self, id: Option<&str>) -> Result<&Bands> {
        let id = id.unwrap_or(&self.default_bands);
        let known = || self.bands.iter().map(|bands| bands.id.as_str());
        self.bands.iter().find(|bands| bands.id == id).ok_or_else(|| nothing_of("RAG bands", id, known().collect()))
    }

    /// The profile of this id; without one the default one.
    ///
    /// # Errors
    /// There is none of that id.
    pub fn profile(&self, id: Option<&str>) -> Result<&Profile> {
        let id = id.unwrap_or(&self.default_profile);
        let known = || self.profiles.iter().map(|profile| profile.key.as_str());
        let found = self.profiles.iter().find(|profile| profile.key == id);
        found.ok_or_else(|| nothing_of("profile", id, known().collect()))
    }
}

fn nothing_of(what: &str, id: &str, known: Vec<&str>) -> Error {
    let hint = did_you_mean(id, known.iter().copied());
    Error::new(format!("position.toml of the rules has no {what} \"{id}\".{hint} There is: {}.", known.join(", ")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    default_bands: Option<String>,
    default_profile: Option<String>,
    #[serde(default)]
    bands: Vec<BandsFile>,
    #[serde(default)]
    profile: Vec<ProfileFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandsFile {
    id: String,
    title: String,
    green: BandFile,
    amber: Option<BandFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandFile {
    percent: Option<toml::Value>,
    #[serde(default)]
    achievable: bool,
    source: String,
    standing: Standing,
    who: Option<Who>,
    last_checked: toml::value::Datetime,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    id: String,
    title: String,
    shares: Option<Vec<toml::Value>>,
    windows: Option<Vec<WindowFile>>,
    source: String,
    standing: Standing,
    who: Option<Who>,
    last_checked: toml::value::Datetime,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WindowFile {
    opens: String,
    closes: String,
    percent: toml::Value,
}

fn percent(value: &toml::Value) -> Option<Percent> {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned).parse().ok()
}

/// What a band or a profile is counted in.
const UNIT: &str = "per cent";

impl Judging {
    pub(super) fn take_in(&mut self, file: &mut OpenFile<'_>) {
        let Some(parsed) = file.parsed::<File>() else { return };
        for (word, own, given) in [
            ("default_bands", &mut self.default_bands, parsed.default_bands),
            ("default_profile", &mut self.default_profile, parsed.default_profile),
        ] {
            match given {
                Some(id) => *own = id,
                None if file.is_over() => {}
                None => file.problem(format!("{word} is missing.")),
            }
        }
        for entry in parsed.bands {
            let band = |file: &mut OpenFile<'_>, of: &BandFile, word: &str| band(file, of, &entry, word);
            let amber = entry.amber.as_ref().map(|of| band(file, of, "amber"));
            let (Some(green), false) = (band(file, &entry.green, "green"), matches!(amber, Some(None))) else {
                continue;
            };
            let amber = amber.flatten();
            // Amber is looked at only where it is not green.
            let never_amber = match (green.value, amber.as_ref().map(|amber| amber.value)) {
                (Asks::Share(green), Some(Asks::Share(amber))) => amber >= green,
                (Asks::Achievable, Some(Asks::Achievable)) => true,
                _ => false,
            };
            if never_amber {
                file.problem(format!(
                    "the bands {} are never amber: the amber band must ask for less than the green one. For a scheme without tolerance leave amber out.",
                    entry.id
                ));
            }
            let bands = Bands { id: entry.id, title: entry.title, green, amber };
            match self.bands.iter_mut().find(|other| other.id == bands.id) {
                None => self.bands.push(bands),
                Some(other) if file.may_replace(&other.green.file, &format!("\"{}\" of the bands", bands.id)) => {
                    *other = bands;
                }
                Some(_) => {}
            }
        }
        for entry in parsed.profile {
            let Some(profile) = profile(file, entry) else { continue };
            match self.profiles.iter_mut().find(|other| other.key == profile.key) {
                None => self.profiles.push(profile),
                Some(other) if file.may_replace(&other.file, &format!("the profile {}", profile.key)) => {
                    *other = profile;
                }
                Some(_) => {}
            }
        }
        for why in [
            self.bands(None).err().map(|why| format!("default_bands: {why}")),
            self.profile(None).err().map(|why| format!("default_profile: {why}")),
        ] {
            why.into_iter().for_each(|why| file.problem(why));
        }
    }
}

fn band(file: &mut OpenFile<'_>, of: &BandFile, bands: &BandsFile, word: &str) -> Option<Band> {
    file.cite(&of.source, format!("the {word} band of {}", bands.id));
    let asks = match (&of.percent, of.achievable) {
        (None, true) => Some(Asks::Achievable),
        (Some(value), false) => percent(value).map(Asks::Share),
        _ => None,
    };
    let last_checked = day(&of.last_checked);
    let (Some(value), Some(last_checked)) = (asks, last_checked) else {
        file.problem(format!(
            "the {word} band of {} must give either percent, from 0 to 100, or achievable = true, and a day on which it was checked.",
            bands.id
        ));
        return None;
    };
    Some(Band {
        key: format!("{}.{word}", bands.id),
        value,
        unit: UNIT.to_owned(),
        title: bands.title.clone(),
        source: of.source.clone(),
        standing: of.standing,
        who: of.who.unwrap_or(Who::Local),
        last_checked,
        file: file.name.to_owned(),
    })
}

fn profile(file: &mut OpenFile<'_>, entry: ProfileFile) -> Option<Profile> {
    file.cite(&entry.source, format!("the profile {}", entry.id));
    let shape = match (&entry.shares, &entry.windows) {
        (Some(shares), None) => shares_of(shares),
        (None, Some(windows)) => windows_of(windows),
        _ => None,
    };
    let (Some(value), Some(last_checked)) = (shape, day(&entry.last_checked)) else {
        file.problem(format!(
            "the profile {} must give either shares, 4 or 12 percentages that grow to 100, or windows, each with opens and closes (such as 06-01) and percent, together 100, in a year from April and without a day in common; and a day on which it was checked.",
            entry.id
        ));
        return None;
    };
    Some(Profile {
        key: entry.id,
        value,
        unit: UNIT.to_owned(),
        title: entry.title,
        source: entry.source,
        standing: entry.standing,
        who: entry.who.unwrap_or(Who::Local),
        last_checked,
        file: file.name.to_owned(),
    })
}

fn shares_of(shares: &[toml::Value]) -> Option<Shape> {
    let shares: Vec<Percent> = shares.iter().map(percent).collect::<Option<_>>()?;
    let grow = shares.windows(2).all(|pair| pair[0] <= pair[1]) && shares.last() == Some(&Percent::whole(100));
    (grow && [4, 12].contains(&shares.len())).then_some(Shape::Shares(shares))
}

fn windows_of(windows: &[WindowFile]) -> Option<Shape> {
    let one = |window: &WindowFile| {
        Some((window.opens.parse().ok()?, window.closes.parse().ok()?, percent(&window.percent)?))
    };
    let windows: Vec<(YearStart, YearStart, Percent)> = windows.iter().map(one).collect::<Option<_>>()?;
    // As in a year from April: a window lies within the year, and no two share a day.
    let in_year = |day: &YearStart| {
        let year = YearStart::default().in_year(2024);
        let early = day.in_year(2024);
        if early >= year { early } else { day.in_year(2025) }
    };
    let mut days: Vec<Span> =
        windows.iter().map(|(opens, closes, _)| Span { from: in_year(opens), to: in_year(closes) }).collect();
    days.sort_by_key(|span| span.from);
    let apart = days.iter().all(|span| span.from <= span.to) && days.windows(2).all(|pair| pair[0].to < pair[1].from);
    let whole = windows.iter().fold(Ratio::ZERO, |sum, (_, _, share)| sum.plus(share.share()));
    (apart && whole == Ratio::ONE).then_some(Shape::Windows(windows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::date;
    use crate::rules::targets::financial_year;

    const BUILT_IN: &str = include_str!("../../rules/position.toml");

    fn year() -> Span {
        financial_year(date(2024, 9, 30), YearStart::default()).1
    }

    fn read_all(text: &str) -> (Judging, Vec<String>) {
        let (mut read, mut file) = (Judging::default(), OpenFile::new("position.toml", text, None));
        read.take_in(&mut file);
        (read, file.problems.into_iter().map(|problem| problem.message).collect())
    }

    fn with_profile(shape: &str) -> (Judging, Vec<String>) {
        let entry = format!(
            "\n[[profile]]\nid = \"own\"\ntitle = \"own\"\n{shape}\nsource = \"x\"\nstanding = \"local\"\nlast_checked = 2024-01-01\n"
        );
        read_all(&format!("{BUILT_IN}{entry}"))
    }

    #[test]
    fn the_straight_line_grows_by_a_twelfth_a_month_and_evenly_within_it() {
        let (judging, problems) = read_all(BUILT_IN);
        assert!(problems.is_empty(), "{problems:?}");
        let line = judging.profile(None).unwrap();
        assert_eq!(line.share_by(date(2024, 9, 30), year()), Ratio::new(1, 2));
        assert_eq!(line.share_by(date(2024, 4, 30), year()), Ratio::new(1, 12));
        // 15 of the 30 days of April are half a month.
        assert_eq!(line.share_by(date(2024, 4, 15), year()), Ratio::new(1, 24));
        assert_eq!(line.share_by(date(2025, 6, 1), year()), Ratio::ONE);
        assert_eq!(line.share_by(date(2024, 3, 31), year()), Ratio::ZERO);
        assert_eq!(months_elapsed(date(2025, 2, 14), year()), Ratio::new(21, 2));
    }

    // Of 312 expected so far: 312 is green, and 311 is red, whatever could still be achieved.
    #[test]
    fn a_scheme_without_tolerance_is_green_or_red() {
        let (judging, _) = read_all(BUILT_IN);
        let bands = judging.bands(Some("no-tolerance")).unwrap();
        for (claims, word) in [(313, Rag::Green), (312, Rag::Green), (311, Rag::Red), (0, Rag::Red)] {
            assert_eq!(bands.judge(claims, Ratio::whole(312), true), word);
        }
        // With the tolerance of the default ones 90% of 312 is 280.8, and 80% 249.6.
        let bands = judging.bands(None).unwrap();
        for (claims, word) in [(281, Rag::Green), (280, Rag::Amber), (250, Rag::Amber), (249, Rag::Red)] {
            assert_eq!(bands.judge(claims, Ratio::whole(312), true), word);
        }
    }

    #[test]
    fn own_shares_by_quarter_and_by_month_hold_at_their_ends() {
        let (judging, problems) = with_profile("shares = [10, 30, 60, 100]");
        assert!(problems.is_empty(), "{problems:?}");
        let own = judging.profile(Some("own")).unwrap();
        assert_eq!(own.share_by(date(2024, 6, 30), year()), Ratio::new(1, 10));
        assert_eq!(own.share_by(date(2024, 9, 30), year()), Ratio::new(3, 10));
        // One of the three months of the second quarter: a third of its 20%.
        assert_eq!(own.share_by(date(2024, 7, 31), year()), Ratio::new(1, 6));
        let (judging, _) = with_profile("shares = [0, 0, 20, 20, 20, 40, 40, 40, 60, 60, 60, 100]");
        let own = judging.profile(Some("own")).unwrap();
        assert_eq!(own.share_by(date(2024, 9, 30), year()), Ratio::new(2, 5));
        assert_eq!(own.share_by(date(2024, 8, 31), year()), Ratio::new(1, 5));
    }

    #[test]
    fn claim_windows_ask_for_nothing_between_them() {
        let (judging, problems) = with_profile(
            "windows = [{ opens = \"06-01\", closes = \"06-30\", percent = 40 }, { opens = \"03-01\", closes = \"03-31\", percent = 60 }]",
        );
        assert!(problems.is_empty(), "{problems:?}");
        let own = judging.profile(Some("own")).unwrap();
        for (day, share) in [
            (date(2024, 5, 31), Ratio::ZERO),
            (date(2024, 6, 15), Ratio::new(1, 5)),
            (date(2024, 9, 30), Ratio::new(2, 5)),
            (date(2025, 3, 31), Ratio::ONE),
        ] {
            assert_eq!(own.share_by(day, year()), share, "{day}");
        }
    }

    #[test]
    fn mistakes_in_the_file_are_told() {
        for shape in [
            "shares = [50, 40, 90, 100]",
            "shares = [50, 100]",
            "shares = [25, 50, 75, 99]",
            "windows = [{ opens = \"06-01\", closes = \"06-30\", percent = 40 }]",
            "windows = [{ opens = \"06-30\", closes = \"06-01\", percent = 100 }]",
            "windows = [{ opens = \"03-15\", closes = \"04-15\", percent = 100 }]",
            "windows = [{ opens = \"06-01\", closes = \"06-30\", percent = 40 }, { opens = \"06-30\", closes = \"07-31\", percent = 60 }]",
            "",
        ] {
            assert_eq!(with_profile(shape).1.len(), 1, "{shape}");
        }
        let (_, problems) =
            read_all(&BUILT_IN.replace("default_bands = \"within-ten-percent\"", "default_bands = \"x\""));
        assert!(problems[0].contains("no RAG bands \"x\""), "{problems:?}");
        let (_, problems) = read_all(&BUILT_IN.replace("amber = { percent = 80", "amber = { percent = 90"));
        assert!(problems[0].contains("the bands within-ten-percent are never amber"), "{problems:?}");
        let (_, problems) = read_all(&BUILT_IN.replace("achievable = true", "achievable = false"));
        assert!(problems[0].contains("the amber band of achievable"), "{problems:?}");
    }

    // Blackburn with Darwen's half year: 176 of 624, and of 537 funded. The council says red.
    #[test]
    fn both_kinds_of_bands_judge_as_they_say() {
        let (judging, _) = read_all(BUILT_IN);
        let within = judging.bands(None).unwrap();
        let half = Ratio::new(1, 2);
        for number in [624, 537] {
            assert_eq!(within.judge(176, half.times(Ratio::whole(number)), true), Rag::Red);
        }
        // Of 100 expected: 90 is within 10%, 89 is not; 80 is within 20%, 79 is not.
        for (claims, rag) in [(90, Rag::Green), (89, Rag::Amber), (80, Rag::Amber), (79, Rag::Red)] {
            assert_eq!(within.judge(claims, Ratio::whole(100), false), rag, "{claims}");
        }
        let achievable = judging.bands(Some("achievable")).unwrap();
        assert_eq!(achievable.judge(100, Ratio::whole(100), false), Rag::Green);
        assert_eq!(achievable.judge(99, Ratio::whole(100), true), Rag::Amber);
        assert_eq!(achievable.judge(99, Ratio::whole(100), false), Rag::Red);
    }
}
