//! A bar on the terminal that shows how far long work has come. A page in a browser has no terminal, and no bar.

#[cfg(feature = "native")]
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on stderr.
pub(super) struct Bar {
    #[cfg(feature = "native")]
    bar: ProgressBar,
}

#[cfg(feature = "native")]
impl Bar {
    /// A bar of this form; hidden unless `is_shown`.
    pub(super) fn new(form: &str, is_shown: bool) -> Bar {
        if !is_shown {
            return Bar { bar: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()) };
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template(form) {
            bar.set_style(style);
        }
        Bar { bar }
    }

    /// So much is done, of so much in all.
    pub(super) fn set(&self, done: u64, of: u64) {
        self.bar.set_length(of);
        self.bar.set_position(done);
    }

    /// Takes the bar away.
    pub(super) fn end(self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(not(feature = "native"))]
impl Bar {
    pub(super) fn new(_form: &str, _is_shown: bool) -> Bar {
        Bar {}
    }

    #[allow(clippy::unused_self, reason = "as where there is a terminal")]
    pub(super) fn set(&self, _done: u64, _of: u64) {}

    #[allow(clippy::unused_self, reason = "as where there is a terminal")]
    pub(super) fn end(self) {}
}
