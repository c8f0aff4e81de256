//! What is said of quarter ends that are rebuilt from today's records.

/// What past days rest on.
pub const HINDSIGHT: &str = "The past quarter ends are rebuilt from today's records. Records put in late, or changed since, make the past look better known than it was.";
