//! Rows of attendance files to what is kept of them, by any number of workers at the same time. What comes out does not
//! depend on which worker read which row: places are the first of all, and rows of figures are put in the files' order
//! before repeats are left out.
//!
//! - [`worker`] the loop that every row passes through; [`records`] what a row says, layout by layout; [`mod@columns`] rows of marks that come
//!   in columns; [`rests`] and [`date_texts`] what was read before and need not be read again.

mod columns;
mod date_texts;
mod records;
mod rests;
mod worker;

pub(super) use worker::{File, ReadByOne, Said, Shared, Waiting, Worker};
