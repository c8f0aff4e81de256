//! What a year's claims come to, and what stands in the way: positions, levers, funnels and anomalies.
//!
//! - [`position`] claims of a financial year against target and funded places.
//! - [`levers`] which single thing holds most money.
//! - [`funnel`] how far families come, from the first case to a claim.
//! - [`anomalies`] what an assurance team would ask about.
//! - [`groups`] families that may be one family.

pub mod anomalies;
pub mod funnel;
pub mod groups;
pub mod levers;
pub mod position;
