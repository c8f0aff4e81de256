//! Everything to files and screens. Nothing is decided here.
//!
//! - [`output`] what is written: folders, tables whose columns are data, JSON, pages of text, and the folders of earlier runs.
//! - [`views`] what each command shows, one module a command.

pub mod output;
pub mod views;
