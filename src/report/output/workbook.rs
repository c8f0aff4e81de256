//! Sheets of a workbook (`.xlsx`): tables that a spreadsheet knows as tables, with filters, headings that stay in view, days as
//! days and ids as text. No macro and no formula. The same rows give the same bytes: the day of making is the as-at date.
//!
//! What a cell is follows from its column's [`Kind`], as in CSV and Parquet. A text that begins as a formula does stays text,
//! also when somebody edits the cell, so it needs no apostrophe before it.
//!
//! Longer than most files, since it alone names the library that writes workbooks.

use super::archive::alike_everywhere;
use super::cell::{Cell, Kind};
use crate::dates::{Date, day_number, in_words};
use crate::error::{Error, Result};
use crate::load::formulas::held_back;
use rust_xlsxwriter::{
    DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    FormatUnderline, IgnoreError, Table, TableColumn, TableStyle, Url, Workbook, Worksheet, XlsxError,
};
use std::borrow::Cow;

/// How a word is shaded; the word itself says what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something to act on with profit: green.
    Good,
    /// Time must pass: blue.
    Wait,
    /// Somebody must look: yellow.
    Look,
    /// Something stands against it: red.
    Stop,
    /// Done with: grey.
    Done,
}

impl Tone {
    const ALL: [Tone; 5] = [Tone::Good, Tone::Wait, Tone::Look, Tone::Stop, Tone::Done];

    /// Pale, so that black letters stand out against it.
    fn colour(self) -> u32 {
        match self {
            Tone::Good => 0x00D5_E8D4,
            Tone::Wait => 0x00D6_E6F5,
            Tone::Look => 0x00FF_F2CC,
            Tone::Stop => 0x00F8_D7D3,
            Tone::Done => 0x00E4_E4E4,
        }
    }
}

/// What a person may enter in a cell that is left blank for them.
#[derive(Clone, Copy, Debug)]
pub enum FillIn {
    /// One of these words.
    Word(&'static [&'static str]),
    /// A day.
    Day,
    /// Anything.
    Text,
}

/// A column of a sheet.
#[derive(Clone, Debug)]
pub struct SheetColumn {
    /// What stands above it.
    pub heading: String,
    /// What its cells are.
    pub kind: Kind,
    /// What a person enters.
    pub fill_in: Option<FillIn>,
}

/// A column's name as a heading: `case_id` as `Case id`. It is read back as the same column.
pub fn heading(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The narrowest and the widest column, in characters. What is longer is wrapped.
const WIDTHS: (usize, usize) = (9, 70);

/// Room for what a person writes, in characters.
const ROOM: usize = 30;

/// No text of a cell may be longer.
const LONGEST: usize = 32_767;

/// A text cell of more characters than this is shown as `####` where its format says that it is text.
const LONGEST_AS_TEXT: usize = 255;

/// More links on a sheet are taken for damage.
const MOST_LINKS: usize = 65_000;

/// The height of a line, and of the highest row, in points.
const LINE: u32 = 13;
const HIGHEST: u32 = 409;

/// About so many characters fit across a page of A4, lying.
const ACROSS: usize = 230;

/// A workbook while it is being made.
pub struct Book {
    book: Workbook,
    /// What stands at the foot of every page.
    foot: String,
}

impl Book {
    /// A workbook with a title. Its day of making is the as-at date.
    ///
    /// # Errors
    /// The as-at date cannot be written.
    pub fn of(title: &str, about: &str, as_at: Date) -> Result<Book> {
        let [month, day] = [as_at.month(), as_at.day()].map(|part| u8::try_from(part).unwrap_or(1));
        let made = ExcelDateTime::from_ymd(u16::try_from(as_at.year()).unwrap_or(1900), month, day).map_err(failed)?;
        let mut book = Workbook::new();
        let properties = DocProperties::new().set_title(title).set_subject(about).set_author("sfclaim");
        book.set_properties(&properties.set_creation_datetime(&made));
        Ok(Book { book, foot: format!("{title}, as at {}", in_words(as_at)) })
    }

    /// Adds a sheet that is complete.
    ///
    /// # Errors
    /// It cannot be a sheet: it has too many rows.
    pub fn add(&mut self, sheet: Sheet) -> Result<()> {
        let worksheet = sheet.finished(&self.foot)?;
        self.book.push_worksheet(worksheet);
        Ok(())
    }

    /// Adds a sheet of lines, below a title.
    ///
    /// # Errors
    /// Its name cannot be that of a sheet.
    pub fn add_page(&mut self, name: &str, title: &str, lines: &[String]) -> Result<()> {
        let mut worksheet = Worksheet::new();
        worksheet.set_name(name).map_err(failed)?;
        let bold = Format::new().set_bold().set_font_size(14).set_text_wrap().set_quote_prefix();
        let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_quote_prefix();
        let written = (|| -> std::result::Result<(), XlsxError> {
            worksheet.set_column_width(0, 100.0)?;
            worksheet.write_string_with_format(0, 0, title, &bold)?;
            for (row, line) in (1..).zip(lines) {
                worksheet.write_string_with_format(row, 0, line, &plain)?;
                let height = if line.chars().count() > 90 { 2 * LINE + 4 } else { LINE + 4 };
                worksheet.set_row_height(row, f64::from(height))?;
            }
            Ok(())
        })();
        written.map_err(failed)?;
        worksheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
        self.book.push_worksheet(worksheet);
        Ok(())
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// Two sheets or tables have one name.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.book.save_to_buffer().map(alike_everywhere).map_err(failed)
    }
}

/// A sheet with one table, while it is being made.
pub struct Sheet {
    worksheet: Worksheet,
    name: String,
    columns: Vec<Column>,
    /// The row of the headings.
    top: u32,
    /// The row that is being written.
    row: u32,
    /// The column of the next cell.
    next: u16,
    links: usize,
    /// The most lines of a cell of the row.
    lines: usize,
    /// Whether its table can be filtered.
    filtered: bool,
}

struct Column {
    of: SheetColumn,
    /// The longest text in it, the heading among them.
    longest: usize,
    plain: Format,
    long: Format,
    toned: [Format; 5],
}

impl Column {
    fn of(of: &SheetColumn) -> Column {
        let base = Format::new().set_align(FormatAlign::Top).set_font_size(10);
        let plain = match of.kind {
            Kind::Text | Kind::List(_) | Kind::YesNo(_) => base.clone().set_num_format("@").set_text_wrap(),
            Kind::Whole => base.clone().set_num_format("#,##0"),
            Kind::Number(decimals) => base.clone().set_num_format(format!("#,##0.{}", "0".repeat(decimals as usize))),
            Kind::Tenths => base.clone(),
            Kind::Share | Kind::Percent => base.clone().set_num_format("0.0%"),
            Kind::Money => base.clone().set_num_format("\"£\"#,##0.00;-\"£\"#,##0.00"),
            Kind::Day => base.clone().set_num_format("d mmm yyyy"),
        };
        let plain = match of.fill_in {
            Some(_) => {
                plain.set_background_color(0x00FF_FBE6).set_border(FormatBorder::Thin).set_border_color(0x00B0_A060)
            }
            None => plain,
        };
        let plain = match of.kind {
            Kind::Text | Kind::List(_) | Kind::YesNo(_) => plain.set_align(FormatAlign::Left).set_indent(1),
            _ => plain.set_align(FormatAlign::Right),
        };
        Column {
            longest: match of.fill_in {
                Some(FillIn::Text) => ROOM,
                _ => of.heading.chars().count() + 3,
            },
            long: base.set_text_wrap().set_align(FormatAlign::Left).set_indent(1).set_quote_prefix(),
            toned: Tone::ALL.map(|tone| plain.clone().set_background_color(tone.colour())),
            plain,
            of: of.clone(),
        }
    }

    /// As wide as its longest text, between bounds.
    fn width(&self) -> usize {
        (self.longest + 1).clamp(WIDTHS.0, WIDTHS.1)
    }
}

impl Sheet {
    /// A sheet whose table stands below some lines, the first of which is its title; or at its first row, where there are none.
    ///
    /// # Errors
    /// Its name cannot be that of a sheet.
    pub fn begin(name: &str, above: &[String], columns: &[SheetColumn]) -> Result<Sheet> {
        let mut worksheet = Worksheet::new();
        worksheet.set_name(name).map_err(failed)?;
        let mut row = 0;
        for line in above {
            let format = match row {
                0 => Format::new().set_bold().set_font_size(14),
                _ => Format::new().set_font_size(10),
            };
            worksheet.write_string_with_format(row, 0, line, &format.set_quote_prefix()).map_err(failed)?;
            row += 1;
        }
        let columns: Vec<Column> = columns.iter().map(Column::of).collect();
        let (name, top) = (name.to_owned(), row);
        Ok(Sheet { worksheet, name, columns, top, row: top + 1, next: 0, links: 0, lines: 1, filtered: true })
    }

    /// The same without filters.
    #[must_use]
    pub fn unfiltered(mut self) -> Sheet {
        self.filtered = false;
        self
    }

    /// The next cell of the row.
    ///
    /// # Errors
    /// The sheet is full.
    pub fn cell(&mut self, cell: &Cell<'_>, tone: Option<Tone>, link: Option<&str>) -> Result<()> {
        let (row, at) = (self.row, self.next);
        self.next += 1;
        let Some(column) = self.columns.get_mut(usize::from(at)) else { return Ok(()) };
        let kind = column.of.kind;
        let tone = tone.and_then(|tone| Tone::ALL.into_iter().position(|known| known == tone));
        let format = tone.map_or(&column.plain, |tone| &column.toned[tone]);
        let sheet = &mut self.worksheet;
        let shown = cell.text(kind);
        let lines = shown.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        self.lines = self.lines.max(shown.lines().map(lines_of).sum());
        column.longest = column.longest.max(match cell {
            // "30 Sep 2024", and room for a sign and separators.
            Cell::Day(_) => 11,
            Cell::Money { .. } | Cell::Whole(_) | Cell::Number(_) => lines + 3,
            _ => lines,
        });
        let written = match cell {
            Cell::Blank => sheet.write_blank(row, at, format),
            Cell::Whole(number) => sheet.write_number_with_format(row, at, *number as f64, format),
            Cell::Day(day) => {
                // Day 25,569 of a spreadsheet is the first of 1970.
                sheet.write_number_with_format(row, at, f64::from(day_number(*day) + 25_569), format)
            }
            Cell::Number(_) | Cell::Money { .. } | Cell::Share(_) => {
                let percent = matches!(cell, Cell::Share(_));
                let number = cell.decimal().map(|number| if percent { number / hundred() } else { number });
                let number: Option<f64> = number.and_then(|number| number.to_string().parse().ok());
                match number {
                    Some(number) => sheet.write_number_with_format(row, at, number, format),
                    None => sheet.write_string_with_format(row, at, shown, format),
                }
            }
            Cell::Text(_) | Cell::YesNo(_) | Cell::List(_) if shown.is_empty() => sheet.write_blank(row, at, format),
            Cell::Text(_) | Cell::YesNo(_) | Cell::List(_) => {
                let text = not_too_long(&shown);
                match link.filter(|_| self.links < MOST_LINKS) {
                    Some(link) => {
                        self.links += 1;
                        sheet.write_url_with_format(row, at, Url::new(link).set_text(text), &linked(format))
                    }
                    None if text.chars().count() > LONGEST_AS_TEXT || held_back(&text) != text => {
                        sheet.write_string_with_format(row, at, text, &column.long)
                    }
                    None => sheet.write_string_with_format(row, at, text, format),
                }
            }
        };
        written.map(|_| ()).map_err(|why| self.full(&why))
    }

    /// Ends a row.
    ///
    /// # Errors
    /// The sheet is full.
    pub fn end_row(&mut self) -> Result<()> {
        // Not every program makes rows higher by itself for what is wrapped.
        if self.lines > 1 {
            let height = u32::try_from(self.lines).unwrap_or(1).saturating_mul(LINE).min(HIGHEST);
            self.worksheet.set_row_height(self.row, f64::from(height)).map(|_| ()).map_err(|why| self.full(&why))?;
        }
        (self.next, self.lines) = (0, 1);
        self.row += 1;
        Ok(())
    }

    fn full(&self, why: &XlsxError) -> Error {
        match why {
            XlsxError::RowColumnLimitError => Error::new(format!(
                "the sheet \"{}\" would have more rows than a workbook can hold: take the CSV or Parquet files instead.",
                self.name
            )),
            _ => Error::new(format!("cannot write the sheet \"{}\": {why}.", self.name)),
        }
    }

    /// The sheet with its table, its widths and how it is printed.
    fn finished(mut self, foot: &str) -> Result<Worksheet> {
        let last_column = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(0);
        // A table has one row below its headings at least.
        let last_row = (self.row - 1).max(self.top + 1);
        let headings = Format::new()
            .set_bold()
            .set_font_size(10)
            .set_font_color(0x00FF_FFFF)
            .set_background_color(0x001F_4E79)
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        let to_fill = headings.clone().set_background_color(0x006B_4E00);
        let columns: Vec<TableColumn> = self
            .columns
            .iter()
            .map(|column| {
                let format = if column.of.fill_in.is_some() { &to_fill } else { &headings };
                let format = match column.of.kind {
                    Kind::Text | Kind::List(_) | Kind::YesNo(_) => {
                        format.clone().set_align(FormatAlign::Left).set_indent(1)
                    }
                    _ => format.clone().set_align(FormatAlign::Right),
                };
                TableColumn::new().set_header(column.of.heading.as_str()).set_header_format(format)
            })
            .collect();
        let name: String = self.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let table = Table::new()
            .set_name(format!("table_{name}"))
            .set_style(TableStyle::Light1)
            .set_banded_rows(false)
            .set_autofilter(self.filtered)
            .set_columns(&columns)
            .set_alt_text_title(&*self.name);
        let mut across = 0;
        let sheet = &mut self.worksheet;
        let made = (|| -> std::result::Result<(), XlsxError> {
            sheet.add_table(self.top, 0, last_row, last_column, &table)?;
            for (at, column) in (0..).zip(&self.columns) {
                let width = column.width();
                across += width;
                sheet.set_column_width(at, width as f64)?;
                if let Some(fill_in) = column.of.fill_in
                    && let Some(rule) = fill_in.rule()?
                {
                    sheet.add_data_validation(self.top + 1, at, last_row, at, &rule)?;
                }
            }
            sheet.ignore_error_range(self.top, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
            sheet.set_freeze_panes(self.top + 1, 0)?;
            sheet.set_print_area(0, 0, last_row, last_column)?;
            sheet.set_repeat_rows(self.top, self.top)?;
            if across > ACROSS {
                let ids = self.columns.iter().take(4).position(|column| column.of.heading == heading("case_id"));
                sheet.set_repeat_columns(0, u16::try_from(ids.unwrap_or(0)).unwrap_or(0))?;
            }
            Ok(())
        })();
        made.map_err(|why| self.full(&why))?;
        let pages = u16::try_from(across.div_ceil(ACROSS)).unwrap_or(1);
        self.worksheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(pages, 0).set_footer(format!(
            "&L{}: {}&RPage &P of &N",
            self.name.replace('&', "&&"),
            foot.replace('&', "&&")
        ));
        Ok(self.worksheet)
    }
}

impl FillIn {
    fn rule(self) -> std::result::Result<Option<DataValidation>, XlsxError> {
        Ok(match self {
            FillIn::Text => None,
            FillIn::Word(words) => Some(
                DataValidation::new()
                    .allow_list_strings(words)?
                    .set_error_message(format!("Choose {}, or leave it blank.", words.join(" or ")))?,
            ),
            FillIn::Day => Some(
                DataValidation::new()
                    .allow_date(DataValidationRule::GreaterThan(&ExcelDateTime::from_ymd(2000, 1, 1)?))
                    .set_error_message("Enter a day, such as 30/09/2024, or leave it blank.")?,
            ),
        })
    }
}

/// The lines of a text in the widest column. Words are kept whole, so that a line is not always full.
fn lines_of(text: &str) -> usize {
    (text.chars().count() * 11).div_ceil(WIDTHS.1 * 10).max(1)
}

/// A format as links have it.
fn linked(format: &Format) -> Format {
    format.clone().set_font_color(0x0005_63C1).set_underline(FormatUnderline::Single)
}

fn hundred() -> rust_decimal::Decimal {
    rust_decimal::Decimal::ONE_HUNDRED
}

/// A text that fits into a cell. Where it is cut, that is said.
fn not_too_long(text: &str) -> Cow<'_, str> {
    const SAID: &str = " (cut here: a cell holds no more; the CSV file has all of it)";
    if text.encode_utf16().count() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let mut left = LONGEST - SAID.len();
    let mut kept = String::new();
    for character in text.chars() {
        let Some(rest) = left.checked_sub(character.len_utf16()) else { break };
        left = rest;
        kept.push(character);
    }
    Cow::Owned(kept + SAID)
}

fn failed(why: XlsxError) -> Error {
    Error::new(format!("cannot write the workbook: {why}."))
}
