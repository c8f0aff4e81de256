//! What the report is made of, whatever it is written as.

/// A part of the report, in the order in which it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// The title.
    Title(String),
    /// What is asked and what stands beside it.
    Facts(Vec<(String, String)>),
    /// A heading.
    Heading(String),
    /// A paragraph.
    Said(String),
}
