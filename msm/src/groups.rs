//! Sums of points, group by group: the step that commitments by class and by bucket have in common.
//!
//! Indices of points are sorted by group. Then the points of a group are added in pairs, their sums
//! in pairs, and so on, in blocks that stay in the cache. The additions of one round share an
//! inversion, and no two of them meet, however many points a group has.

use halo2curves::bn256::G1Affine;
use rayon::prelude::*;

use crate::additions::Additions;

/// Most points that are sorted at once: more of them are too far apart in memory.
const CHUNK: usize = 1 << 16;

/// Most points that are summed at once.
const BLOCK: usize = 1 << 12;

/// Set in the index of a point that is subtracted.
const NEGATIVE: u32 = 1 << 31;

/// Adds to each of `sums` the points of its group. `group` gives an index of `points` the group, and
/// whether the point is subtracted; `None` leaves it out.
pub(crate) fn add_groups(
    sums: &mut [G1Affine],
    points: &[G1Affine],
    group: impl Fn(usize) -> Option<(usize, bool)>,
) {
    for (chunk, points) in points.chunks(CHUNK).enumerate() {
        let group = |index| group(chunk * CHUNK + index);
        Groups::new(points.len(), sums.len(), group).add_to(sums, points);
    }
}

/// Indices of points, sorted by group.
struct Groups {
    order: Vec<u32>,
    /// Where in `order` each group begins, and behind the last one its end.
    starts: Vec<u32>,
}

impl Groups {
    fn new(len: usize, count: usize, group: impl Fn(usize) -> Option<(usize, bool)>) -> Self {
        let mut starts = vec![0; count + 1];
        for (group, _) in (0..len).filter_map(&group) {
            starts[group] += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        // Each group is filled from its end down to its start.
        let mut order = vec![0; end as usize];
        for index in (0..len).rev() {
            if let Some((group, negative)) = group(index) {
                starts[group] -= 1;
                let sign = if negative { NEGATIVE } else { 0 };
                order[starts[group] as usize] = index as u32 | sign;
            }
        }
        Self { order, starts }
    }

    fn add_to(&self, sums: &mut [G1Affine], points: &[G1Affine]) {
        let (mut tasks, mut starts, mut rest) = (Vec::new(), self.starts.as_slice(), sums);
        while !rest.is_empty() {
            let fits = |end: &u32| (end - starts[0]) as usize <= BLOCK;
            let count = starts[1..].partition_point(fits).max(1);
            let (sums, behind) = rest.split_at_mut(count);
            let order = &self.order[starts[0] as usize..starts[count] as usize];
            if !order.is_empty() {
                tasks.push((sums, &starts[..=count], order));
            }
            (starts, rest) = (&starts[count..], behind);
        }
        tasks.into_par_iter().for_each_init(Block::new, |block, (sums, starts, order)| {
            if let [sum] = sums {
                order.chunks(BLOCK).for_each(|part| block.add_all(sum, part, points));
            } else {
                block.add(sums, starts, order, points);
            }
        });
    }
}

/// Room for points, in which they are summed.
struct Block {
    points: Vec<G1Affine>,
    /// The start and the length of each stretch of points that have one sum.
    runs: Vec<(u32, u32)>,
    additions: Additions,
}

impl Block {
    fn new() -> Self {
        Self {
            points: Vec::with_capacity(2 * BLOCK),
            runs: Vec::with_capacity(BLOCK),
            additions: Additions::with_capacity(BLOCK),
        }
    }

    /// Adds all points of `order` to `sum`.
    fn add_all(&mut self, sum: &mut G1Affine, order: &[u32], points: &[G1Affine]) {
        self.gather(order, points);
        self.points.push(*sum);
        self.runs.push((0, self.points.len() as u32));
        self.sum();
        *sum = self.points[0];
    }

    /// Adds to each of `sums` its points of `order`, which are between its start and the next one.
    fn add(&mut self, sums: &mut [G1Affine], starts: &[u32], order: &[u32], points: &[G1Affine]) {
        let runs = || {
            let runs = starts.windows(2).map(|ends| (ends[0] - starts[0], ends[1] - ends[0]));
            runs.enumerate().filter(|(_, (_, len))| *len > 0)
        };
        self.gather(order, points);
        self.runs.extend(runs().map(|(_, run)| run));
        self.sum();
        for (sum, (start, _)) in runs() {
            let end = self.points.len();
            self.points.push(sums[sum]);
            self.additions.add(&mut self.points, start as usize, end);
        }
        self.additions.settle(&mut self.points);
        for (sum, (start, _)) in runs() {
            sums[sum] = self.points[start as usize];
        }
    }

    fn gather(&mut self, order: &[u32], points: &[G1Affine]) {
        self.points.clear();
        self.points.extend(order.iter().map(|index| points[(index & !NEGATIVE) as usize]));
        for (point, index) in self.points.iter_mut().zip(order) {
            point.y = [point.y, -point.y][(index >> 31) as usize];
        }
    }

    /// Leaves the sum of each run in its first place.
    fn sum(&mut self) {
        while !self.runs.is_empty() {
            for (start, len) in &mut self.runs {
                let last = *start + *len - 1;
                for step in 0..*len / 2 {
                    let (to, from) = ((*start + step) as usize, (last - step) as usize);
                    self.additions.add(&mut self.points, to, from);
                }
                // The sums, and behind them the point that had no other.
                *len = len.div_ceil(2);
            }
            self.additions.settle(&mut self.points);
            self.runs.retain(|(_, len)| *len > 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use group::{Curve, Group, prime::PrimeCurveAffine};
    use halo2curves::bn256::G1;

    use super::*;
    use crate::testing::points;

    #[test]
    fn groups_of_all_sizes_are_added() {
        let points = points(CHUNK + 3 * BLOCK);
        // Many groups of a few points, some that fill blocks, empty ones, and points of none.
        let group = |index: usize| match index {
            0..1000 => Some((index, index & 2 == 0)),
            1000..5000 => Some((index % 700, false)),
            5000..5004 => None,
            _ => Some((1200 + index % 2, index & 4 == 0)),
        };
        let start = points[7];
        let mut sums = vec![start; 1203];
        let mut expected: Vec<G1> = sums.iter().map(PrimeCurveAffine::to_curve).collect();
        add_groups(&mut sums, &points, group);
        for (index, point) in points.iter().enumerate() {
            match group(index) {
                Some((group, false)) => expected[group] += point,
                Some((group, true)) => expected[group] -= point,
                None => {}
            }
        }
        assert!(sums.iter().zip(&expected).all(|(sum, expected)| sum.to_curve() == *expected));
        assert_eq!(sums[1202], start);
        assert_ne!(expected[1201].to_affine(), start);
        assert!(!bool::from(expected[0].is_identity()));
    }
}
