//! Printing, on stdout and stderr: nothing else of the program prints.

use crate::error::{Error, Result};
use crate::report::output::folder::OutFolder;
use crate::words::neutral;
use std::io::Write;
use std::sync::OnceLock;

/// Why something could not be printed: the disk that it was sent to may be full.
static NOT_SAID: OnceLock<String> = OnceLock::new();

/// Prints on stdout, where everything passes through here and [`print_to_stderr`]: nothing in a file can give orders to the
/// terminal. A reader that has gone away (`| head`) is no error.
pub(super) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let said = out.write_all(neutral(text).as_bytes()).and_then(|()| out.flush());
    if let Err(why) = said.map_err(|why| (why.kind(), why.to_string()))
        && why.0 != std::io::ErrorKind::BrokenPipe
    {
        let _ = NOT_SAID.set(why.1);
    }
}

/// Prints on stderr.
pub(super) fn print_to_stderr(text: &str) {
    let _ = std::io::stderr().lock().write_all(neutral(text).as_bytes());
}

/// Says what was put right of an earlier run that was broken off.
pub(super) fn say_notes(folder: &OutFolder) {
    for note in folder.notes() {
        print_to_stderr(&format!("sfclaim: note: {note}\n"));
    }
}

/// Prints data as JSON.
pub(super) fn say_json(value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|why| Error::new(format!("cannot write JSON: {why}.")))?;
    say(&text);
    say("\n");
    Ok(())
}

/// Why something that was said could not be printed, if so.
pub(super) fn why_not_said() -> Option<&'static str> {
    NOT_SAID.get().map(String::as_str)
}
