//! Who changes a register, and on which day.

use crate::dates::Date;
use crate::error::{Error, Result};

/// Who did something, and on which day: both as typed, since nothing reads a clock.
#[derive(Clone, Debug)]
pub struct Who {
    pub(super) by: String,
    pub(super) on: Date,
}

impl Who {
    /// The name as typed, without white space around it.
    ///
    /// # Errors
    /// There is no name, or it is longer than a name is.
    pub fn new(by: &str, on: Date) -> Result<Who> {
        const LONGEST: usize = 200;
        let by = crate::ids::cleaned(by).into_owned();
        if by.is_empty() || by.chars().count() > LONGEST {
            return Err(Error::new("--by names who does this: give a name, as your council knows the person."));
        }
        Ok(Who { by, on })
    }

    /// The name.
    pub fn by(&self) -> &str {
        &self.by
    }

    /// The day.
    pub fn on(&self) -> Date {
        self.on
    }
}
