//! Files that may be damaged, read by a library that then may panic: the panic becomes the error that it is, and nothing
//! of it is printed.

use crate::error::{Error, Result};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether this thread is reading a file in whose reading a panic is no mistake of the program.
    static READING: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Reads something of a file on this thread alone.
///
/// # Errors
/// As `read`, and where it panics.
#[cfg(feature = "native")]
pub(super) fn guarded<T>(file: &str, read: impl FnOnce() -> Result<T>) -> Result<T> {
    guarded_as(file, "Parquet", read)
}

/// The same of a file of another format.
///
/// # Errors
/// As `read`, and where it panics.
pub(super) fn guarded_as<T>(file: &str, format: &str, read: impl FnOnce() -> Result<T>) -> Result<T> {
    // What is said of a panic is said before it can be caught, so only the hook can leave it unsaid. Those of other
    // threads, and of this one before and afterwards, are said as ever.
    HOOK.call_once(|| {
        let others = take_hook();
        set_hook(Box::new(move |panic| {
            if !READING.get() {
                others(panic);
            }
        }));
    });
    let outer = READING.replace(true);
    // What `read` leaves half done it has made itself, and nobody sees it again.
    let done = catch_unwind(AssertUnwindSafe(read));
    READING.set(outer);
    done.unwrap_or_else(|_| Err(damaged_as(file, format)))
}

/// What to say of a file that is damaged.
#[cfg(feature = "native")]
pub(super) fn damaged(file: &str) -> Error {
    damaged_as(file, "Parquet")
}

fn damaged_as(file: &str, format: &str) -> Error {
    Error::new(format!("cannot read {file} as {format}: it is damaged. Save or copy the file again."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_that_names_the_file() {
        let done: Result<()> = guarded_as("a.parquet", "Parquet", || panic!("as a library does"));
        assert!(done.unwrap_err().to_string().contains("a.parquet"));
        assert_eq!(guarded_as("a.parquet", "Parquet", || Ok(1)).unwrap(), 1);
        assert!(!READING.get());
    }
}
