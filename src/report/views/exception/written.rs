//! The blocks of the report as Markdown, as a page and as a document.

use super::block::Block;
#[cfg(feature = "native")]
use crate::error::{Error, Result};
#[cfg(feature = "native")]
use crate::report::output::archive::alike_everywhere;
use crate::report::output::html::{END, END_OF_FRAME, beginning, escaped, frame};
use crate::words::neutral;
#[cfg(feature = "native")]
use docx_rs::{
    Docx, LineSpacing, Paragraph, Run, RunFonts, Style, StyleType, Table, TableCell, TableLayoutType, TableRow,
    WidthType,
};
use std::fmt::Write as _;
#[cfg(feature = "native")]
use std::io::Cursor;

pub(super) fn markdown(blocks: &[Block]) -> String {
    // What a person typed must not become a mark of the page.
    let plain = |text: &str| {
        let text = neutral(text).replace('\\', "\\\\");
        text.chars().fold(String::new(), |mut out, c| {
            if "`*_{}[]<>#|".contains(c) {
                out.push('\\');
            }
            out.push(c);
            out
        })
    };
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Title(text) => drop(writeln!(out, "# {}\n", plain(text))),
            Block::Facts(facts) => {
                out.push_str("| | |\n|---|---|\n");
                for (what, said) in facts {
                    let _ = writeln!(out, "| **{}** | {} |", plain(what), plain(said));
                }
                out.push('\n');
            }
            Block::Heading(text) => drop(writeln!(out, "## {}\n", plain(text))),
            Block::Said(text) => drop(writeln!(out, "{}\n", plain(text))),
        }
    }
    out
}

pub(super) fn page(blocks: &[Block]) -> String {
    let title = blocks.iter().find_map(|block| match block {
        Block::Title(text) => Some(text.as_str()),
        _ => None,
    });
    let mut out = beginning(title.unwrap_or("Exception report"));
    for block in blocks {
        match block {
            Block::Title(_) => {}
            Block::Facts(facts) => {
                out.push_str(&frame("Table: The measure"));
                out.push_str("<table>\n<caption>The measure</caption>\n<tbody>\n");
                for (what, said) in facts {
                    let _ =
                        writeln!(out, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escaped(what), escaped(said));
                }
                out.push_str("</tbody>\n</table>\n");
                out.push_str(END_OF_FRAME);
            }
            Block::Heading(text) => drop(writeln!(out, "<h2>{}</h2>", escaped(text))),
            Block::Said(text) => drop(writeln!(out, "<p>{}</p>", escaped(text))),
        }
    }
    out.push_str(END);
    out
}

/// Widths of the two columns of facts, in twentieths of a point: a page of A4 less its margins.
#[cfg(feature = "native")]
const WIDTHS: [usize; 2] = [2_700, 5_800];

/// The same bytes for the same blocks: the document has no time of making.
#[cfg(feature = "native")]
pub(super) fn document(blocks: &[Block]) -> Result<Vec<u8>> {
    let heading = |id: &str, name: &str, size: usize| Style::new(id, StyleType::Paragraph).name(name).size(size).bold();
    let mut document = Docx::new()
        .default_fonts(RunFonts::new().ascii("Arial").hi_ansi("Arial").cs("Arial"))
        .default_size(22)
        .add_style(heading("Title", "Title", 34))
        .add_style(heading("Heading1", "heading 1", 28));
    // An order of a control character in a cell of data must not reach the document.
    let run = |text: &str| Run::new().add_text(neutral(text).into_owned());
    let spaced = |paragraph: Paragraph| paragraph.line_spacing(LineSpacing::new().after(160));
    for block in blocks {
        document = match block {
            Block::Title(text) => document.add_paragraph(spaced(Paragraph::new().add_run(run(text)).style("Title"))),
            Block::Heading(text) => {
                document.add_paragraph(spaced(Paragraph::new().add_run(run(text)).style("Heading1")))
            }
            Block::Said(text) => document.add_paragraph(spaced(Paragraph::new().add_run(run(text)))),
            Block::Facts(facts) => {
                let cell = |run: Run, width: usize| {
                    TableCell::new().width(width, WidthType::Dxa).add_paragraph(Paragraph::new().add_run(run))
                };
                let rows = facts.iter().map(|(what, said)| {
                    TableRow::new(vec![cell(run(what).bold(), WIDTHS[0]), cell(run(said), WIDTHS[1])])
                });
                let table = Table::new(rows.collect())
                    .set_grid(WIDTHS.to_vec())
                    .layout(TableLayoutType::Fixed)
                    .width(WIDTHS.iter().sum(), WidthType::Dxa);
                document.add_table(table).add_paragraph(Paragraph::new())
            }
        };
    }
    let mut bytes = Cursor::new(Vec::new());
    document
        .pack(&mut bytes)
        .map_err(|why| Error::new(format!("the document of the exception report cannot be made: {why}.")))?;
    Ok(alike_everywhere(bytes.into_inner()))
}
