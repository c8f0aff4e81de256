//! Charts in SVG: each with a title and a description, so that it can be read without being seen. The table of its numbers
//! stands beside it in the page.

use super::html::{END_OF_FRAME, escaped, frame};
use super::page::{number, shortened};
use std::fmt::Write as _;

/// A chart: its title, and what can be seen in it.
pub struct Chart<'a> {
    /// Tells the charts of a page apart.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// What it shows, in a sentence.
    pub about: String,
}

/// A month of a fan: what it is called, the lower end of the range, its middle and its upper end.
pub type FanMonth = (String, usize, usize, usize);

const LABELS: usize = 300;
const WIDE: usize = 560;
const LINE: usize = 24;

impl Chart<'_> {
    fn opened(&self, width: usize, height: usize) -> String {
        let id = self.id;
        format!(
            "{}<svg role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {width} {height}\" width=\"100%\">\n<title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n",
            frame(&format!("Chart: {}", self.title)),
            escaped(self.title),
            escaped(&self.about)
        )
    }

    /// A bar for each number, from nought. The number stands at its end.
    pub fn bars(&self, rows: &[(String, usize)]) -> String {
        let most = rows.iter().map(|(_, value)| *value).max().unwrap_or(0).max(1);
        let mut out = self.opened(LABELS + WIDE + 80, LINE * rows.len() + 8);
        for (at, (label, value)) in rows.iter().enumerate() {
            let y = LINE * at + 4;
            let _ = writeln!(
                out,
                "<text x=\"0\" y=\"{}\">{}</text><rect x=\"{LABELS}\" y=\"{y}\" width=\"{}\" height=\"{}\" class=\"stretch\"/><text x=\"{}\" y=\"{}\">{}</text>",
                y + 14,
                escaped(&shortened(label, 46)),
                value * WIDE / most,
                LINE - 6,
                LABELS + value * WIDE / most + 6,
                y + 14,
                number(*value)
            );
        }
        out.push_str("</svg>\n");
        out.push_str(END_OF_FRAME);
        out
    }

    /// A range for each row, from nought, and a diamond at what came.
    pub fn ranges(&self, rows: &[(String, (usize, usize), usize)]) -> String {
        let most = rows.iter().map(|(_, (_, high), came)| *high.max(came)).max().unwrap_or(0).max(1);
        let x = |value: usize| LABELS + value * WIDE / most;
        let mut out = self.opened(LABELS + WIDE + 120, LINE * rows.len() + 8);
        for (at, (label, (low, high), came)) in rows.iter().enumerate() {
            let y = LINE * at + 4;
            let _ = writeln!(
                out,
                "<text x=\"0\" y=\"{0}\">{1}</text><rect x=\"{2}\" y=\"{y}\" width=\"{3}\" height=\"{4}\" class=\"range\"/><path d=\"M{5} {6} l6 6 l-6 6 l-6 -6 z\" class=\"day\"/><text x=\"{7}\" y=\"{0}\">came {8}</text>",
                y + 14,
                escaped(&shortened(label, 46)),
                x(*low),
                (x(*high) - x(*low)).max(2),
                LINE - 6,
                x(*came),
                y + 3,
                x(*high.max(came)) + 12,
                number(*came)
            );
        }
        out.push_str("</svg>\n");
        out.push_str(END_OF_FRAME);
        out
    }

    /// A range that widens over months, with its middle, and marks across such as a target.
    pub fn fan(&self, months: &[FanMonth], marks: &[(String, usize)]) -> String {
        const HIGH: usize = 260;
        const ACROSS: usize = 760;
        let highest = months.iter().map(|(_, _, _, high)| *high).chain(marks.iter().map(|(_, value)| *value));
        let most = highest.max().unwrap_or(0).max(1) * 11 / 10 + 1;
        let x = |at: usize| 60 + at * ACROSS / months.len().saturating_sub(1).max(1);
        let y = |value: usize| 20 + HIGH - value * HIGH / most;
        let mut out = self.opened(60 + ACROSS + 120, HIGH + 60);
        let point = |at: usize, value: usize| format!("{},{}", x(at), y(value));
        let above = months.iter().enumerate().map(|(at, month)| point(at, month.3));
        let below = months.iter().enumerate().rev().map(|(at, month)| point(at, month.1));
        let around: Vec<String> = above.chain(below).collect();
        let middle: Vec<String> = months.iter().enumerate().map(|(at, month)| point(at, month.2)).collect();
        let _ = writeln!(out, "<polygon points=\"{}\" class=\"range\"/>", around.join(" "));
        let _ = writeln!(out, "<polyline points=\"{}\" class=\"middle\"/>", middle.join(" "));
        for (name, value) in marks {
            let at = y(*value);
            let _ = writeln!(
                out,
                "<line x1=\"60\" y1=\"{at}\" x2=\"{}\" y2=\"{at}\" class=\"mark\"/><text x=\"64\" y=\"{}\">{}: {}</text>",
                60 + ACROSS,
                at.saturating_sub(5),
                escaped(name),
                number(*value)
            );
        }
        for (at, (name, _, median, _)) in months.iter().enumerate() {
            let _ = writeln!(
                out,
                "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text><text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                x(at),
                HIGH + 40,
                escaped(name),
                x(at),
                y(*median).saturating_sub(8),
                number(*median)
            );
        }
        let _ =
            writeln!(out, "<line x1=\"60\" y1=\"{0}\" x2=\"{1}\" y2=\"{0}\" class=\"year\"/></svg>", y(0), 60 + ACROSS);
        out.push_str(END_OF_FRAME);
        out
    }
}
