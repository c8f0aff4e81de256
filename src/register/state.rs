//! The states of a claim, what can be done to it, and which moves there are.

use crate::validate::rows::ClaimOutcome;
use crate::words::worded;

worded! {
    /// Where a claim stands.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum State {
        /// Chosen to be claimed, and not looked at by audit yet.
        Prepared = "prepared",
        /// Audit has passed it, or did not draw it.
        Audited = "audited",
        /// Sent, not decided.
        Submitted = "submitted",
        /// Accepted.
        Approved = "approved",
        /// Refused.
        Rejected = "rejected",
        /// Taken back by the authority, before or after it was sent.
        Withdrawn = "withdrawn",
        /// Accepted, and the money taken back later.
        ClawedBack = "clawed_back",
    }
}

impl State {
    /// Whether nothing more can happen to it but a claw-back.
    pub fn is_finished(self) -> bool {
        !matches!(self, State::Prepared | State::Audited | State::Submitted)
    }
}

impl From<ClaimOutcome> for State {
    fn from(outcome: ClaimOutcome) -> State {
        match outcome {
            ClaimOutcome::Submitted => State::Submitted,
            ClaimOutcome::Approved => State::Approved,
            ClaimOutcome::Rejected => State::Rejected,
            ClaimOutcome::Withdrawn => State::Withdrawn,
            ClaimOutcome::ClawedBack => State::ClawedBack,
        }
    }
}

worded! {
    /// What an entry of the log says was done.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Action {
        /// The register was made.
        Created = "created",
        /// A claim of before was taken in.
        Imported = "imported",
        /// A claim was chosen.
        Prepared = "prepared",
        /// Audit drew it, to look at.
        Drawn = "drawn",
        /// Audit drew a sample, and it is not in it.
        NotDrawn = "not_drawn",
        /// Audit passed it.
        Passed = "passed",
        /// Audit did not pass it, which takes it back.
        Failed = "failed",
        /// It was sent.
        Submitted = "submitted",
        /// It was accepted.
        Approved = "approved",
        /// It was refused.
        Rejected = "rejected",
        /// It was taken back.
        Withdrawn = "withdrawn",
        /// The money was taken back.
        ClawedBack = "clawed_back",
        /// Personal detail of old claims was taken out.
        Redacted = "redacted",
    }
}

/// Every move that there is: what was done, to a claim in which state, and the state after. What is not here cannot be done.
pub const MOVES: [(Action, Option<State>, State); 17] = [
    (Action::Imported, None, State::Submitted),
    (Action::Imported, None, State::Approved),
    (Action::Imported, None, State::Rejected),
    (Action::Imported, None, State::Withdrawn),
    (Action::Imported, None, State::ClawedBack),
    (Action::Prepared, None, State::Prepared),
    (Action::Drawn, Some(State::Prepared), State::Prepared),
    (Action::NotDrawn, Some(State::Prepared), State::Audited),
    (Action::Passed, Some(State::Prepared), State::Audited),
    (Action::Failed, Some(State::Prepared), State::Withdrawn),
    (Action::Submitted, Some(State::Audited), State::Submitted),
    (Action::Approved, Some(State::Submitted), State::Approved),
    (Action::Rejected, Some(State::Submitted), State::Rejected),
    (Action::Withdrawn, Some(State::Prepared), State::Withdrawn),
    (Action::Withdrawn, Some(State::Audited), State::Withdrawn),
    (Action::Withdrawn, Some(State::Submitted), State::Withdrawn),
    (Action::ClawedBack, Some(State::Approved), State::ClawedBack),
];

/// The state after a move; none where it is not lawful. Of an import the state is the claim's own.
pub fn after(action: Action, before: Option<State>) -> Option<State> {
    MOVES.into_iter().find(|(done, from, _)| *done == action && *from == before).map(|(_, _, to)| to)
}

/// Whether a move is lawful.
pub fn is_lawful(action: Action, before: Option<State>, to: State) -> bool {
    MOVES.contains(&(action, before, to))
}
