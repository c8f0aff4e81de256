//! How far a value of the rules can be relied on, and who may change it.

use crate::words::worded;

worded! {
    /// How far a value can be relied on, from a council's report down to a belief. Shown beside every value.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Standing {
        /// Read in a council's own report.
        Council = "council",
        /// Read on an official page or in official data.
        Official = "official",
        /// One council's reading of the national rule.
        Area = "area",
        /// Worked out from other figures.
        Inferred = "inferred",
        /// Chosen locally, or by this program until somebody chooses.
        Local = "local",
        /// Believed, not seen.
        Unverified = "unverified",
    }
}

worded! {
    /// Who may change a value.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Who {
        /// Government; an authority can only ask "what if".
        National = "national",
        /// The authority.
        Local = "local",
    }
}
