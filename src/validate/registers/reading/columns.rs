//! Rows of marks from columns: the same as row by row, but what repeats from one row to the next is looked up once, and what is
//! written as nearly all are is seen at a glance.

use super::worker::{BATCH, File, LOOKED_UP, Positions, Worker};
use crate::load::parquet_file::Column;
use crate::load::parts::FileNumber;
use crate::load::{Row, row_number, trimmed};
use crate::validate::registers::enrolments::Naming;
use crate::validate::registers::kinds::KindNumber;
use crate::validate::registers::record::{HalfDayNumber, RecordPlace};

impl Worker<'_, '_> {
    /// Rows of marks from columns: the same as row by row, but what repeats from one row to the next is looked up once.
    /// Rows that are not plainly right go the common way.
    pub(super) fn marks_of_columns(
        &mut self,
        file: &File<'_>,
        positions: &Positions,
        number: FileNumber,
        (first, rows): (usize, usize),
        columns: &[Column],
    ) {
        let shared = self.shared;
        let absent = Column::Absent;
        let column = |position: Option<usize>| position.and_then(|position| columns.get(position)).unwrap_or(&absent);
        let naming = positions.enrolment.map(column);
        let [date, session, code] = positions.mark.map(|position| column(Some(position)));
        let text = |position: usize| naming.map(|column| trimmed(column.text(position)));
        // The rows that name another enrolment than the row before.
        let (mut changes, mut enrolments) = (Vec::new(), Vec::new());
        let mut from = 0;
        while from < rows {
            let to = rows.min(from + LOOKED_UP);
            changes.clear();
            enrolments.clear();
            for position in from..to {
                // The UPN first: where it is another one the others need not be looked at.
                if position == from || ![1, 2, 0].iter().all(|column: &usize| naming[*column].repeats(position)) {
                    changes.push((position, Naming::of(text(position))));
                }
            }
            self.enrolments.enrolments(&changes, &shared.enrolments, shared.known, text, |position, enrolment| {
                enrolments.push((position, enrolment));
            });
            let ends = enrolments.iter().skip(1).map(|(position, _)| *position).chain([to]);
            for ((start, enrolment), end) in enrolments.iter().zip(ends) {
                let rows = *start..end;
                let of_all =
                    (date.all_days(rows.clone()), session.all_short(rows.clone()), code.all_short(rows.clone()));
                let mut of_all = match of_all {
                    (Some(days), Some(sessions), Some(codes)) => Some(days.iter().zip(sessions).zip(codes)),
                    _ => None,
                };
                for position in rows {
                    let (day, session_text, code_text) = match of_all.as_mut().and_then(Iterator::next) {
                        Some(((day, session), code)) => (Some(*day), session, code),
                        None => (date.day(position), session.short(position), code.short(position)),
                    };
                    let plain = self.plain(day, session_text, code_text).filter(|_| !enrolment.is_unusable());
                    if let Some((half_day, kind)) = plain {
                        self.counts.read += 1;
                        let place = RecordPlace::of(number, row_number(first + position));
                        self.mark_of_kind(*enrolment, half_day, kind, place);
                        if self.batch.len() >= BATCH {
                            self.put_down();
                        }
                        continue;
                    }
                    let row = Row::of_columns(columns, position, row_number(first + position), file.text.reading());
                    if !row.is_blank() {
                        self.row(file, positions, &row, RecordPlace::of(number, row.number), None);
                    }
                }
            }
            from = to;
        }
    }

    /// The half-day and the kind of a row of columns that is written as nearly all are, with a code that was seen before.
    #[inline]
    fn plain(&self, day: Option<i32>, session: Option<u64>, code: Option<u64>) -> Option<(HalfDayNumber, KindNumber)> {
        let half = match session?.to_le_bytes() {
            [b'A', b'M', 0, 0, 2, ..] => 0,
            [b'P', b'M', 0, 0, 2, ..] => 1,
            _ => return None,
        };
        let is_plain = |byte: u8| (b'!'..=b'~').contains(&byte);
        let code = match code?.to_le_bytes() {
            [0, 0, 0, 0, 0, ..] => 0,
            [one, 0, 0, 0, 1, ..] if is_plain(one) => u16::from(one),
            [one, two, 0, 0, 2, ..] if is_plain(one) && is_plain(two) => u16::from_le_bytes([one, two]),
            _ => return None,
        };
        let day = day.filter(|day| self.shared.days.contains(day))?;
        Some((2 * day + half, self.kinds.common(code)?))
    }
}
