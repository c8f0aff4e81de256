//! Section 1, "Attendance records", and rule 5 of section 4 up to the single child's term.

use super::dates::{self, Date};
use super::tables::{self, What, World, in_term};

/// (possible, attended)
pub type Figure = (i64, i64);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Class {
    Attended,
    Absent,
    NotPossible,
    Missing,
}

/// domain.md, "Attendance", the table of codes; with `absence_counted = unauthorised` authorised absence counts as attended.
fn class_of(code: &str, only_unauthorised: bool) -> Class {
    match code.trim().to_uppercase().as_str() {
        "/" | "\\" | "L" => Class::Attended,
        "B" | "K" | "P" | "V" | "W" | "J" => Class::Attended,
        "C" | "C1" | "C2" | "E" | "I" | "J1" | "M" | "R" | "S" | "T" | "H" | "F" => {
            if only_unauthorised {
                Class::Attended
            } else {
                Class::Absent
            }
        }
        "G" | "N" | "O" | "U" => Class::Absent,
        "D" | "Q" | "X" | "Y" | "Y1" | "Y2" | "Y3" | "Y4" | "Y5" | "Y6" | "Y7" | "Z" | "#" => Class::NotPossible,
        _ => Class::Missing,
    }
}

/// "An `X` from 1 September 2022 on a day on which the child is of compulsory school age (by any birth date of that
/// person_id) is a missing mark."
fn class_of_mark(world: &World, births: &[Date], date: Date, code: &str) -> Class {
    let class = class_of(code, world.p.only_unauthorised);
    let since = Date { y: 2022, m: 9, d: 1 };
    let is_x = code.trim().to_uppercase() == "X";
    if is_x && date >= since && births.iter().any(|&born| dates::of_school_age(born, date)) {
        return Class::Missing;
    }
    class
}

/// "Settling": 100 x attended - threshold x possible.
fn score(world: &World, figure: Figure) -> i64 {
    100 * figure.1 - world.p.threshold * figure.0
}

/// The least favourable of several figures; of equal ones that of the smaller possible.
fn lowest(world: &World, options: &[Figure]) -> Figure {
    let mut best = options[0];
    for &other in options {
        let (b, o) = (score(world, best), score(world, other));
        if o < b || (o == b && other.0 < best.0) {
            best = other;
        }
    }
    best
}

/// The most favourable of several figures; of equal ones that of the smaller possible.
fn highest(world: &World, options: &[Figure]) -> Figure {
    let mut best = options[0];
    for &other in options {
        let (b, o) = (score(world, best), score(world, other));
        if o > b || (o == b && other.0 < best.0) {
            best = other;
        }
    }
    best
}

fn add(a: Figure, b: Figure) -> Figure {
    (a.0 + b.0, a.1 + b.1)
}

/// What one kind of records says of a child's term.
struct Kind {
    least: Figure,
    most: Figure,
    recorded: i64,
}

/// The records of a child that lie in a term: the school and what they say. "School numbers nearly alike are one school."
fn records_of<'a>(world: &'a World, person_id: &str, term: usize) -> Vec<(String, &'a What)> {
    let mut schools: Vec<String> = Vec::new();
    let mut out = Vec::new();
    for record in world.attendance.as_deref().unwrap_or(&[]) {
        if in_term(&world.terms, term, &record.what) && record.persons.iter().any(|p| p == person_id) {
            let same = |school: &&String| {
                **school == record.school || world.nearly_alike(tables::SCHOOL, school, &record.school)
            };
            let school = match schools.iter().find(same) {
                Some(school) => school.clone(),
                None => {
                    schools.push(record.school.clone());
                    record.school.clone()
                }
            };
            out.push((school, &record.what));
        }
    }
    out
}

/// `held`: does the data hold any record of the term, of whatever pupil?
fn is_held(world: &World, term: usize) -> bool {
    world.attendance.as_deref().unwrap_or(&[]).iter().any(|r| in_term(&world.terms, term, &r.what))
}

/// "Marks and weeks."
fn from_marks(world: &World, births: &[Date], records: &[(String, &What)]) -> Option<Kind> {
    let mut half_days = Vec::new();
    for (_, what) in records {
        if let What::Mark { date, afternoon, .. } = what {
            if !half_days.contains(&(*date, *afternoon)) {
                half_days.push((*date, *afternoon));
            }
        }
    }
    if half_days.is_empty() {
        return None;
    }
    let mut kind = Kind { least: (0, 0), most: (0, 0), recorded: 0 };
    for half_day in half_days {
        let mut classes = Vec::new();
        for (_, what) in records {
            if let What::Mark { date, afternoon, code } = what {
                if (*date, *afternoon) == half_day {
                    classes.push(class_of_mark(world, births, half_day.0, code));
                }
            }
        }
        let attended = classes.contains(&Class::Attended);
        let absent = classes.contains(&Class::Absent);
        let not_possible = classes.contains(&Class::NotPossible);
        // As what it counts least and most favourably: (possible, attended).
        let (least, most) = if attended && absent {
            ((1, 0), (1, 1))
        } else if attended {
            ((1, 1), (1, 1))
        } else if absent {
            ((1, 0), (1, 0))
        } else if not_possible {
            ((0, 0), (0, 0))
        } else {
            ((1, 0), (1, 1)) // only missing marks
        };
        kind.least = add(kind.least, least);
        kind.most = add(kind.most, most);
        if attended || absent || not_possible {
            kind.recorded += 1;
        }
    }
    Some(kind)
}

/// "A row without possible, or from which attended cannot be told": None.
fn totals_figure(
    only_unauthorised: bool,
    possible: Option<i64>,
    attended: Option<i64>,
    authorised: Option<i64>,
    unauthorised: Option<i64>,
) -> Option<Figure> {
    let possible = possible?;
    if only_unauthorised {
        if let Some(unauthorised) = unauthorised {
            return Some((possible, possible - unauthorised));
        }
        if let (Some(attended), Some(authorised)) = (attended, authorised) {
            return Some((possible, attended + authorised));
        }
        return if attended == Some(possible) { Some((possible, possible)) } else { None };
    }
    if let Some(attended) = attended {
        return Some((possible, attended));
    }
    Some((possible, possible - authorised? - unauthorised?))
}

/// The figures of one school for a child's term.
struct School {
    name: String,
    options: Vec<Figure>,
    smallest_possible: i64,
}

/// The counts by code of one school, assembled: least, most, smallest possible. Err: a row without sessions.
fn counts_figure(
    world: &World,
    school: &str,
    records: &[(String, &What)],
) -> Result<Option<(Figure, Figure, i64)>, ()> {
    let mut codes: Vec<&String> = Vec::new();
    let mut blank = false;
    for (name, what) in records {
        if let What::Count { code, sessions, .. } = what {
            if name == school {
                if sessions.is_none() {
                    blank = true;
                } else if !codes.contains(&code) {
                    codes.push(code);
                }
            }
        }
    }
    if blank {
        return Err(());
    }
    if codes.is_empty() {
        return Ok(None);
    }
    let (mut least, mut most, mut smallest) = ((0, 0), (0, 0), 0);
    for wanted in codes {
        let mut options: Vec<Figure> = Vec::new();
        for (name, what) in records {
            if let What::Count { code, sessions: Some(n), .. } = what {
                if name == school && code == wanted {
                    match class_of(code, world.p.only_unauthorised) {
                        Class::Attended => options.push((*n, *n)),
                        Class::Absent => options.push((*n, 0)),
                        Class::NotPossible => options.push((0, 0)),
                        Class::Missing => {
                            options.push((*n, 0));
                            options.push((*n, *n));
                        }
                    }
                }
            }
        }
        least = add(least, lowest(world, &options));
        most = add(most, highest(world, &options));
        smallest += options.iter().map(|figure| figure.0).min().unwrap_or(0);
    }
    Ok(Some((least, most, smallest)))
}

/// "Totals and counts." The bool: the term is unknown.
fn from_figures(world: &World, records: &[(String, &What)]) -> (Option<Kind>, bool) {
    let mut unknown = false;
    let mut names: Vec<&str> = Vec::new();
    for (school, what) in records {
        if !matches!(what, What::Mark { .. }) && !names.contains(&school.as_str()) {
            names.push(school.as_str());
        }
    }
    let mut schools = Vec::new();
    for name in names {
        let mut options: Vec<Figure> = Vec::new();
        let mut possibles: Vec<i64> = Vec::new();
        for (school, what) in records {
            if let What::Totals { possible, attended, authorised, unauthorised, .. } = what {
                if school == name {
                    match totals_figure(world.p.only_unauthorised, *possible, *attended, *authorised, *unauthorised) {
                        Some(figure) => {
                            // "A figure of one school with attended > possible", whatever the sum; so is one below
                            // nought, of more absences than sessions.
                            if figure.1 > figure.0 || figure.1 < 0 {
                                unknown = true;
                            }
                            options.push(figure);
                            possibles.push(figure.0);
                        }
                        None => unknown = true,
                    }
                }
            }
        }
        match counts_figure(world, name, records) {
            Ok(Some((least, most, smallest))) => {
                options.push(least);
                options.push(most);
                possibles.push(smallest);
            }
            Ok(None) => {}
            Err(()) => unknown = true,
        }
        if let Some(smallest_possible) = possibles.into_iter().min() {
            schools.push(School { name: name.to_string(), options, smallest_possible });
        }
    }
    // A figure with a blank school beside named ones: ignored if equal to one of them, else the term is unknown.
    let named: Vec<Figure> = schools.iter().filter(|s| !s.name.is_empty()).flat_map(|s| s.options.clone()).collect();
    if !named.is_empty() {
        for school in &schools {
            if school.name.is_empty() && school.options.iter().any(|figure| !named.contains(figure)) {
                unknown = true;
            }
        }
        schools.retain(|school| !school.name.is_empty());
    }
    if schools.is_empty() {
        return (None, unknown);
    }
    let mut kind = Kind { least: (0, 0), most: (0, 0), recorded: 0 };
    for school in &schools {
        kind.least = add(kind.least, lowest(world, &school.options));
        kind.most = add(kind.most, highest(world, &school.options));
        kind.recorded += school.smallest_possible;
    }
    (Some(kind), unknown)
}

/// A child's term, judged.
#[derive(Clone, Debug)]
pub struct ChildTerm {
    pub term: usize,
    /// None: no figure at all.
    pub least: Option<Figure>,
    pub most: Option<Figure>,
    /// False: it could not be judged for a reason other than a settling that decides nothing.
    pub judgeable: bool,
    /// None: unknown.
    pub met: Option<bool>,
}

fn sound(figure: Figure) -> bool {
    figure.0 != 0 && figure.1 >= 0 && figure.1 <= figure.0
}

/// 100 x attended >= threshold x possible; `above`: >
fn passes(world: &World, figure: Figure) -> bool {
    if world.p.above { score(world, figure) > 0 } else { score(world, figure) >= 0 }
}

/// "Judged on both: the same verdict stands, otherwise unknown."
pub fn judge_both(world: &World, least: Figure, most: Figure) -> Option<bool> {
    if passes(world, least) == passes(world, most) { Some(passes(world, least)) } else { None }
}

/// Rule 5, "A child's term".
pub fn child_term(world: &World, person_id: &str, term: usize) -> ChildTerm {
    let records = records_of(world, person_id, term);
    let marks = from_marks(world, &world.births(person_id), &records);
    let (figures, mut unknown) = from_figures(world, &records);

    // "Quarantine": an attendance row: that pupil's term (every term where it cannot be told).
    for lost in &world.lost_records {
        let about = match &lost.terms {
            Some(terms) => terms.contains(&term),
            None => true,
        };
        if about && lost.persons.iter().any(|p| p == person_id) {
            unknown = true;
        }
    }
    // "Attendance records" and "Ids": records of which it is not told whose they are.
    for record in world.attendance.as_deref().unwrap_or(&[]) {
        if record.doubted.iter().any(|p| p == person_id) && in_term(&world.terms, term, &record.what) {
            unknown = true;
        }
    }

    // "Both kinds for one term: they must give the same figure, else they are in conflict."
    let kind = match (marks, figures) {
        (Some(m), Some(f)) => {
            let options = [m.least, m.most, f.least, f.most];
            Kind {
                least: lowest(world, &options),
                most: highest(world, &options),
                recorded: m.recorded.max(f.recorded),
            }
        }
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => return ChildTerm { term, least: None, most: None, judgeable: false, met: None },
    };

    // "Coverage."
    let calendar = &world.terms[term];
    let expected = 2 * dates::weekdays_between(calendar.starts, calendar.ends);
    if 100 * kind.recorded < world.p.minimum_coverage * expected
        || 100 * kind.recorded > world.p.maximum_coverage * expected
    {
        unknown = true;
    }
    if !sound(kind.least) || !sound(kind.most) {
        unknown = true;
    }
    let met = if unknown { None } else { judge_both(world, kind.least, kind.most) };
    ChildTerm { term, least: Some(kind.least), most: Some(kind.most), judgeable: !unknown, met }
}

/// The window, oldest first.
pub struct Window {
    /// None: with `held`, fewer such terms than `terms`.
    pub full: Option<Vec<usize>>,
    /// The window, or where there is none the latest completed terms, held or not.
    pub looked_at: Vec<usize>,
}

/// Err: fewer terms in the calendar that ended by D than `terms`.
pub fn window(world: &World) -> Result<Window, String> {
    let wanted = world.p.terms as usize;
    let mut completed: Vec<usize> = (0..world.terms.len()).filter(|&t| world.terms[t].ends <= world.d).collect();
    if completed.len() < wanted {
        let mut years: Vec<&str> = world.terms.iter().map(|t| t.year.as_str()).collect();
        years.dedup();
        return Err(format!("{} completed terms, {wanted} needed; the calendar covers {years:?}", completed.len()));
    }
    // docs: a year after the last term of the calendar there must have been others, so the run stops.
    if world.terms.iter().all(|t| world.d > dates::add_months(t.ends, 12)) {
        return Err("the as-at date is outside the calendar".to_string());
    }
    let latest = completed[completed.len() - wanted..].to_vec();
    if world.p.held {
        completed.retain(|&t| is_held(world, t));
        if completed.len() < wanted {
            return Ok(Window { full: None, looked_at: latest });
        }
    }
    let full = completed[completed.len() - wanted..].to_vec();
    Ok(Window { full: Some(full.clone()), looked_at: full })
}

/// Section 5, children.csv: truncated to one decimal.
pub fn percent(figure: Figure) -> String {
    if figure.0 <= 0 || figure.1 < 0 {
        return String::new();
    }
    let tenths = 1000 * figure.1 / figure.0;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_percent_never_rounds_up() {
        assert_eq!(percent((2000, 1799)), "89.9"); // 89.95
        assert_eq!(percent((130, 117)), "90.0");
        assert_eq!(percent((0, 0)), "");
        assert_eq!(percent((7, 7)), "100.0");
    }

    #[test]
    fn totals_by_both_readings() {
        assert_eq!(totals_figure(false, Some(100), None, Some(6), Some(5)), Some((100, 89)));
        assert_eq!(totals_figure(true, Some(100), None, Some(6), Some(5)), Some((100, 95)));
        assert_eq!(totals_figure(true, Some(100), Some(89), Some(6), None), Some((100, 95)));
        assert_eq!(totals_figure(true, Some(100), Some(89), None, None), None);
        assert_eq!(totals_figure(true, Some(100), Some(100), None, None), Some((100, 100)));
        assert_eq!(totals_figure(false, None, Some(89), None, None), None);
    }
}
