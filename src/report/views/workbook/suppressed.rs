//! Which counts of published tables are left out, so that no small count can be seen, or worked out from those that are shown.
//!
//! Counts that add up are seen as a network: each is an arrow from one point to another, and at each point as much comes in as
//! goes out. A table of two ways is one: from the start to a row (its total), from the row to a column (the count), from the
//! column to the end (its total), and from the end to the start (the total of all). What a column is made up of again can stand
//! behind it. Somebody who sees the counts that are shown can only think of other values for the others that add up as well. So a
//! count that is left out is safe where a way leads round through others that are left out, along which it can be larger by as
//! much as a small count is, and nothing shown changes: those along the way become larger, and those against it smaller, which
//! they can only be where they are large enough. Where there is no such way, the counts of the cheapest one are left out too.

/// Points of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point(usize);

/// A count of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(usize);

struct Arrow {
    from: usize,
    to: usize,
    value: usize,
    left_out: bool,
}

/// Counts that add up.
pub struct Counts {
    below: usize,
    points: usize,
    arrows: Vec<Arrow>,
}

impl Counts {
    /// No counts yet; those below this number are left out.
    pub fn new(below: usize) -> Counts {
        Counts { below, points: 0, arrows: Vec::new() }
    }

    /// Another point.
    pub fn point(&mut self) -> Point {
        self.points += 1;
        Point(self.points - 1)
    }

    /// A count between two points.
    pub fn count(&mut self, from: Point, to: Point, value: usize) -> Count {
        self.arrows.push(Arrow { from: from.0, to: to.0, value, left_out: value < self.below });
        Count(self.arrows.len() - 1)
    }

    /// Leaves out what must be, beside the small counts themselves.
    pub fn settle(&mut self) {
        for at in 0..self.arrows.len() {
            // What another count needed is on its way round, and safe with it.
            if self.arrows[at].value < self.below {
                for other in self.way_round(at) {
                    self.arrows[other].left_out = true;
                }
            }
        }
    }

    /// The count, where it may be shown.
    pub fn shown(&self, count: Count) -> Option<usize> {
        self.arrows.get(count.0).filter(|arrow| !arrow.left_out).map(|arrow| arrow.value)
    }

    /// The counts of the cheapest way from the end of one back to its start.
    fn way_round(&self, of: usize) -> Vec<usize> {
        let (start, end) = (self.arrows[of].to, self.arrows[of].from);
        let mut cost: Vec<Option<usize>> = vec![None; self.points];
        let mut came: Vec<Option<(usize, usize)>> = vec![None; self.points];
        let mut done = vec![false; self.points];
        cost[start] = Some(0);
        loop {
            let open = (0..self.points).filter(|point| !done[*point]).filter_map(|point| Some((cost[point]?, point)));
            let Some((so_far, point)) = open.min() else { break };
            done[point] = true;
            for (at, arrow) in self.arrows.iter().enumerate().filter(|(at, _)| *at != of) {
                let against = arrow.to == point && arrow.value >= self.below;
                let next = match () {
                    () if arrow.from == point => arrow.to,
                    () if against => arrow.from,
                    () => continue,
                };
                // A large count tells more than a small one, so it is left out last.
                let more = if arrow.left_out { 0 } else { arrow.value + 1 };
                if !done[next] && cost[next].is_none_or(|known| so_far + more < known) {
                    cost[next] = Some(so_far + more);
                    came[next] = Some((at, point));
                }
            }
        }
        let mut way = Vec::new();
        let mut point = end;
        while point != start {
            let Some((at, before)) = came[point] else { break };
            way.push(at);
            point = before;
        }
        way
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of two ways with its totals: rows, then the totals of columns, then the total of all.
    fn table(rows: &[&[usize]], below: usize) -> (Counts, Vec<Vec<Count>>) {
        let mut counts = Counts::new(below);
        let (start, end) = (counts.point(), counts.point());
        let columns: Vec<Point> = rows[0].iter().map(|_| counts.point()).collect();
        let mut cells = Vec::new();
        for row in rows {
            let point = counts.point();
            let mut line = vec![counts.count(start, point, row.iter().sum())];
            line.extend(row.iter().zip(&columns).map(|(value, column)| counts.count(point, *column, *value)));
            cells.push(line);
        }
        let sums: Vec<usize> = (0..rows[0].len()).map(|at| rows.iter().map(|row| row[at]).sum()).collect();
        let mut line = vec![counts.count(end, start, sums.iter().sum())];
        line.extend(sums.iter().zip(&columns).map(|(sum, column)| counts.count(*column, end, *sum)));
        cells.push(line);
        counts.settle();
        (counts, cells)
    }

    fn shown(rows: &[&[usize]]) -> Vec<String> {
        let (counts, cells) = table(rows, 5);
        let said = |count: &Count| counts.shown(*count).map_or("[c]".to_owned(), |value| value.to_string());
        cells.iter().map(|line| line.iter().map(said).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn a_large_table_is_shown_whole() {
        assert_eq!(shown(&[&[10, 20], &[30, 40]]), ["30 10 20", "70 30 40", "100 40 60"]);
    }

    // By hand: 3 could be worked out from its row and from its column, so one more of each is left out, and where those two
    // cross one more, or they could be.
    #[test]
    fn one_small_count_takes_three_others_with_it() {
        assert_eq!(shown(&[&[3, 20, 60], &[30, 40, 70]]), ["83 [c] [c] 60", "140 [c] [c] 70", "223 33 60 130"]);
    }

    // 2 and 3 in one row: the row's total less the others would tell that both together are 5, and each is below 5.
    #[test]
    fn two_small_counts_do_not_guard_each_other() {
        assert_eq!(shown(&[&[2, 3, 40, 60]]), ["105 [c] [c] [c] 60", "105 [c] [c] [c] 60"]);
    }

    #[test]
    fn where_all_is_small_nothing_is_shown() {
        assert_eq!(shown(&[&[1, 0], &[2, 1]]), ["[c] [c] [c]", "[c] [c] [c]", "[c] [c] [c]"]);
    }

    /// Every table that adds up to what is shown is tried: each count that is left out has another value in one of them, and a
    /// small one a value that is not small.
    #[test]
    fn nothing_left_out_can_be_worked_out() {
        let values = [0usize, 1, 4, 5, 9];
        let mut tried = 0;
        for number in 0..values.len().pow(4) {
            let value = |at: u32| values[number / values.len().pow(at) % values.len()];
            let rows = [[value(0), value(1)], [value(2), value(3)]];
            let (counts, cells) = table(&[&rows[0], &rows[1]], 5);
            let seen: Vec<Option<usize>> = cells.iter().flatten().map(|count| counts.shown(*count)).collect();
            let mut others: Vec<Vec<usize>> = Vec::new();
            for a in 0..=20usize {
                for b in 0..=20usize {
                    for c in 0..=20usize {
                        for d in 0..=20usize {
                            let all = [a + b, a, b, c + d, c, d, a + b + c + d, a + c, b + d];
                            if seen.iter().zip(all).all(|(seen, value)| seen.is_none_or(|seen| seen == value)) {
                                others.push(all.to_vec());
                            }
                        }
                    }
                }
            }
            for (at, seen) in seen.iter().enumerate().filter(|(_, seen)| seen.is_none()) {
                assert!(seen.is_none());
                let (least, most) =
                    others.iter().fold((usize::MAX, 0), |(least, most), all| (least.min(all[at]), most.max(all[at])));
                assert!(least < most && most >= 5, "{rows:?}: place {at} is {least} to {most}");
            }
            tried += 1;
        }
        assert_eq!(tried, 625);
    }
}
