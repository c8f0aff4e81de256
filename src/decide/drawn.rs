//! A sample of the claimable periods for internal audit, drawn so that audit can draw it again without this program: in each
//! stratum (a team and a kind of claim) the periods stand in the order of the SHA-256 of `SEED:CASE`, and the first are taken.

use super::{ClaimKind, Decision, Status};
use crate::ids::CaseId;
use crate::link::Linked;
use crate::receipt::Fingerprint;
use std::collections::BTreeMap;

/// A period of the list that is sampled from.
#[derive(Clone, Debug)]
pub struct Listed<'a> {
    /// Its decision.
    pub decision: &'a Decision,
    /// The team of its latest case that names one; blank where none does.
    pub team: &'a str,
    /// First claim or reclaim; blank without a table of claims.
    pub kind: &'static str,
    /// The SHA-256 of the seed, a colon and the case.
    pub print: Fingerprint,
    /// Its place in the order of its stratum, from 1.
    pub place: usize,
    /// How many periods its stratum has.
    pub of: usize,
    /// Whether it is taken.
    pub taken: bool,
}

/// A sample, with what it was drawn from.
#[derive(Clone, Debug)]
pub struct Drawn<'a> {
    /// All claimable periods, by case.
    pub frame: Vec<Listed<'a>>,
    /// The SHA-256 of the frame: a line a period, sorted by case, each the case, the team and the kind, with tabs between and a
    /// line feed behind.
    pub frame_sha256: Fingerprint,
}

/// Draws so many per cent of the claimable periods, rounded up in each stratum, so that each has one.
pub fn drawn<'a>(decisions: &'a [Decision], linked: &'a Linked, percent: u32, seed: u64) -> Drawn<'a> {
    let mut frame: Vec<Listed<'a>> = decisions
        .iter()
        .filter(|decision| decision.status == Status::Claimable)
        .map(|decision| {
            let cases = linked.periods[decision.period].cases.iter().rev();
            Listed {
                decision,
                team: cases.into_iter().find_map(|case| case.team.as_deref()).unwrap_or_default(),
                kind: decision.kind.map_or("", ClaimKind::word),
                print: Fingerprint::of(format!("{seed}:{}", decision.case_id).as_bytes()),
                place: 0,
                of: 0,
                taken: false,
            }
        })
        .collect();
    frame.sort_by(|one, other| one.decision.case_id.cmp(&other.decision.case_id));
    let lines: String =
        frame.iter().map(|one| format!("{}\t{}\t{}\n", one.decision.case_id, one.team, one.kind)).collect();
    // Of each stratum the members in their order, each with its place in the frame.
    type Members<'a> = Vec<(Fingerprint, &'a CaseId, usize)>;
    let mut strata: BTreeMap<(&str, &str), Members<'_>> = BTreeMap::new();
    for (at, one) in frame.iter().enumerate() {
        strata.entry((one.team, one.kind)).or_default().push((one.print, &one.decision.case_id, at));
    }
    for mut members in strata.into_values() {
        members.sort();
        let taken = (members.len() * percent as usize).div_ceil(100).max(1);
        let of = members.len();
        for (place, (.., at)) in members.into_iter().enumerate() {
            let one = &mut frame[at];
            (one.place, one.of, one.taken) = (place + 1, of, place < taken);
        }
    }
    Drawn { frame, frame_sha256: Fingerprint::of(lines.as_bytes()) }
}
