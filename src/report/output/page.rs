//! Text on the terminal: plain, no colours, as wide as the terminal up to a comfortable width. A [`Page`] is put together of
//! paragraphs, notes and tables.

use crate::words::grouped;
use std::fmt::Write as _;

/// Where text is shown: knows how wide it may be.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    width: usize,
}

impl Screen {
    /// The terminal, between 60 and 110 characters wide; 100 where there is none.
    pub fn terminal() -> Screen {
        // A console of Windows goes to the next line as soon as one is full, so that a full one would be followed by a blank one.
        let kept_free = u16::from(cfg!(windows));
        let fits = |width: u16| usize::from(width.saturating_sub(kept_free)).clamp(60, 110);
        Screen::wide(terminal_size::terminal_size().map_or(100, |(width, _)| fits(width.0)))
    }

    /// A screen of this many characters.
    pub fn wide(width: usize) -> Screen {
        Screen { width }
    }

    /// How many characters fit on a line.
    pub fn width(self) -> usize {
        self.width
    }

    /// Wraps a paragraph with these indents. Only spaces break lines: a date or an id is never cut at its hyphens.
    pub fn wrapped(self, text: &str, first: &str, others: &str) -> String {
        let options = textwrap::Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(others)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .break_words(false);
        // A line break in a cell must not look like a line of ours.
        textwrap::fill(&text.replace(['\n', '\r'], " "), options)
    }
}

/// A count with commas.
pub fn number(count: usize) -> String {
    grouped(&count.to_string())
}

/// A name of no more than so many characters: of a longer one the beginning and the end, where names differ.
pub fn shortened(name: &str, longest: usize) -> String {
    let all: Vec<char> = name.chars().collect();
    if all.len() <= longest {
        return name.to_owned();
    }
    let end = longest.saturating_sub(2) / 2;
    let start = longest.saturating_sub(2 + end);
    let (start, end) = (&all[..start], &all[all.len() - end..]);
    start.iter().chain(&['.', '.']).chain(end).collect()
}

/// Columns of a plain table: heading and whether its cells stand to the right.
pub type TextColumn<'a> = (&'a str, bool);

/// A plain table, two spaces between its columns.
pub fn plain_table(columns: &[TextColumn<'_>], rows: &[Vec<String>]) -> String {
    let wide = |position: usize| {
        let cells = rows.iter().filter_map(|row| row.get(position)).map(|cell| cell.chars().count());
        cells.chain([columns[position].0.chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(wide).collect();
    let mut out = String::new();
    let headings: Vec<String> = columns.iter().map(|(heading, _)| (*heading).to_owned()).collect();
    for row in std::iter::once(&headings).chain(rows) {
        let mut line = String::from(" ");
        for ((cell, width), (_, right)) in row.iter().zip(&widths).zip(columns) {
            // A name with a line break would break the table.
            let cell = cell.replace(['\r', '\n', '\t'], " ");
            line.push(' ');
            if *right {
                let _ = write!(line, "{cell:>width$} ");
            } else {
                let _ = write!(line, "{cell:<width$} ");
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// A page of text while it is put together.
pub struct Page {
    screen: Screen,
    text: String,
}

impl Page {
    /// An empty page for a screen.
    pub fn on(screen: Screen) -> Page {
        Page { screen, text: String::new() }
    }

    /// A line as it is, however long.
    pub fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A blank line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A paragraph with these indents.
    pub fn wrapped(&mut self, text: &str, first: &str, others: &str) {
        let wrapped = self.screen.wrapped(text, first, others);
        self.line(&wrapped);
    }

    /// A paragraph.
    pub fn say(&mut self, text: &str) {
        self.wrapped(text, "", "  ");
    }

    /// A paragraph under a heading.
    pub fn item(&mut self, text: &str) {
        self.wrapped(text, "  ", "    ");
    }

    /// A heading after a blank line.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        self.line(text);
    }

    /// What must be known before anything else.
    pub fn first(&mut self, text: &str) {
        self.wrapped(text, "  First: ", "    ");
    }

    /// What must be said beside everything else.
    pub fn note(&mut self, text: &str) {
        self.wrapped(text, "  Note: ", "    ");
    }

    /// A plain table.
    pub fn table(&mut self, columns: &[TextColumn<'_>], rows: &[Vec<String>]) {
        self.text.push_str(&plain_table(columns, rows));
    }

    /// What is a page by itself.
    pub fn add(&mut self, page: &str) {
        self.text.push_str(page);
    }

    /// The text.
    pub fn done(self) -> String {
        self.text
    }
}
