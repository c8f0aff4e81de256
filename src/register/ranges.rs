//! Numbers as spans, as the log has those of entries that were redacted.

/// Numbers in order as text: `3-40;52`.
pub fn ranges(numbers: &[i64]) -> String {
    let mut spans: Vec<(i64, i64)> = Vec::new();
    for number in numbers {
        match spans.last_mut() {
            Some((_, to)) if *to + 1 == *number => *to = *number,
            _ => spans.push((*number, *number)),
        }
    }
    let one = |(from, to): &(i64, i64)| if from == to { from.to_string() } else { format!("{from}-{to}") };
    spans.iter().map(one).collect::<Vec<_>>().join(";")
}

/// Whether a number is among those of such a text.
pub(super) fn covers(ranges: &str, number: i64) -> bool {
    ranges.split(';').any(|part| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        from.parse().is_ok_and(|from: i64| from <= number) && to.parse().is_ok_and(|to: i64| number <= to)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_spans_and_found_again() {
        assert_eq!(ranges(&[3, 4, 5, 9, 11, 12]), "3-5;9;11-12");
        let among: Vec<i64> = (0..14).filter(|number| covers("3-5;9;11-12", *number)).collect();
        assert_eq!(among, [3, 4, 5, 9, 11, 12]);
        assert!(!covers("", 0));
    }
}
