//! Civil dates, and the arithmetic on them that the rules need: months, years, spans with both ends,
//! compulsory school age, weekdays. Nothing here reads the clock: every run is given its as-at date.
//!
//! [`day`] has the arithmetic, and is the only file that names `chrono`. How councils write dates stands in [`reading`].
//!
//! ```
//! use sfclaim::dates::{add_months, add_years, date, is_under_18, read};
//!
//! // Six months after 31 August is the last day of February.
//! assert_eq!(add_months(date(2022, 8, 31), 6), date(2023, 2, 28));
//! // A year is 12 months: born on 29 February, 18 on 28 February.
//! assert_eq!(add_years(date(2004, 2, 29), 18), date(2022, 2, 28));
//! assert!(!is_under_18(date(2004, 2, 29), date(2022, 2, 28)));
//! assert_eq!(read("30/09/2024"), Some(date(2024, 9, 30)));
//! ```

pub mod day;
pub mod reading;

pub use day::{
    Date, Span, add_days, add_months, add_years, date, day_after, day_before, day_number, days_between,
    days_since_monday, first_of_month, in_words, is_monday, is_under_18, is_weekday, last_of_month, of_day_number,
    school_age, time_since_1970, weeks_after,
};
pub use reading::{DateOrder, Form, form, of_serial, read, read_in};
