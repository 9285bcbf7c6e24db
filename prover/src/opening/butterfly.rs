//! Fourier transforms of points of the curve.
//!
//! A stage takes up to three levels of a [transform](super::transform) at once. Where one level
//! multiplies and adds, three levels write their eight results as sums of the eight elements times
//! scalars, and add the elements' multiples within one run of doublings for each sum:
//! seven runs, since results pair up as sum and difference, where level by level there are twelve.
//! All columns of a node share their scalars, so that they go through the same additions in step,
//! and these share their inversions.

use std::collections::BTreeMap;

use ff::{Field, WithSmallOrderMulGroup};
use group::prime::PrimeCurveAffine;
use halo2_proofs::halo2curves::bn256::{Fq, G1Affine};
use rayon::prelude::*;

use super::{
    affine::Adder,
    digits::{Digit, Multiple, digits, multiples},
    transform::Tree,
};

/// Most levels of a stage.
const LEVELS: u32 = 3;

/// Columns that share their inversions. More share better, until their multiples leave the cache.
const COLUMNS_AT_ONCE: usize = 64;

/// Evaluates the columns of `rows`, of `width` points each, at the roots of unity.
pub(super) fn evaluate_in_group(rows: &mut [G1Affine], width: usize) {
    let tree = Tree::new(rows.len() / width);
    // Blocks of rows to be transformed, by their size; a stage takes all of one size and one kind.
    let mut waiting = BTreeMap::from([(rows.len(), vec![Block { first: 0, exponent: 0 }])]);
    while let Some((size, blocks)) = waiting.pop_last() {
        let left = (size / width).ilog2();
        if left == 0 {
            break;
        }
        let (plain, others): (Vec<_>, Vec<_>) =
            blocks.into_iter().partition(|block| block.exponent == 0);
        let usual = if left == LEVELS + 1 { 2 } else { left.min(LEVELS) };
        for (blocks, levels) in [(plain, 1), (others, usual)] {
            let stride = size >> levels;
            let nodes = blocks.par_iter().map(|block| Node::new(&tree, *block, levels)).collect();
            let stage = Stage { nodes, levels, stride };
            stage.apply(rows);
            let blocks = stage.nodes.iter().flat_map(|node| node.children(stride));
            waiting.entry(stride).or_default().extend(blocks);
        }
    }
}

/// Rows from element `first` on, to be reduced modulo `Y^m - root^exponent`.
#[derive(Clone, Copy)]
struct Block {
    first: usize,
    exponent: usize,
}

/// Multiplies row `i` by `lambda^i`, as [`turn`](super::transform::turn) does, or by `lambda^-i`.
pub(super) fn turn_in_group(rows: &mut [G1Affine], width: usize, back: bool) {
    let power = [Fq::ONE, Fq::ZETA, Fq::ZETA.square()];
    for (i, row) in rows.chunks_mut(width).enumerate() {
        let power = power[if back { 2 * i } else { i } % 3];
        row.iter_mut().for_each(|point| point.x *= power);
    }
}

/// How a block of rows is transformed, the same for all its columns.
struct Node {
    first: usize,
    /// The sums to be made: of level 1, of level 2, and so on, each in the order of its nodes.
    sums: Vec<Vec<Step>>,
    /// The exponents of the blocks after the stage.
    children: Vec<usize>,
}

/// One addition in a sum of multiplied elements.
#[derive(Clone, Copy)]
struct Step {
    position: usize,
    /// Which of the elements, but for the first, which no scalar multiplies.
    element: usize,
    digit: Digit,
}

impl Node {
    /// Where one level reduces modulo `Y^(m/2) - s` and `Y^(m/2) + s`, several put powers of their
    /// `s` together: the result for modulus `Y^q - root^e` is the sum over `i` of element `i` times
    /// `root^(ie)`. Even `i` are those of the level before. Odd ones change their sign with `s`.
    fn new(tree: &Tree, block: Block, levels: u32) -> Self {
        let (mut sums, mut children) = (Vec::new(), vec![block.exponent]);
        for level in 1..=levels {
            let stride = 1 << (levels - level);
            for exponent in &mut children {
                *exponent /= 2;
                let mut steps = Vec::new();
                for odd in (1..1 << level).step_by(2) {
                    let element = odd * stride - 1;
                    let digits = digits(tree.power(odd * *exponent));
                    let step = |(position, digit)| Step { position, element, digit };
                    steps.extend(digits.map(step));
                }
                steps.sort_by_key(|step| std::cmp::Reverse(step.position));
                sums.push(steps);
            }
            children = children.iter().flat_map(|&low| [low, low + tree.half]).collect();
        }
        Self { first: block.first, sums, children }
    }

    /// The blocks after the stage, of `stride` elements each.
    fn children(&self, stride: usize) -> impl Iterator<Item = Block> {
        let block = move |(i, &exponent)| Block { first: self.first + i * stride, exponent };
        self.children.iter().enumerate().map(block)
    }
}

/// Some levels of a transform, for blocks of one size.
struct Stage {
    nodes: Vec<Node>,
    levels: u32,
    /// Elements of a block after the stage: as many columns go through each node.
    stride: usize,
}

impl Stage {
    fn apply(&self, rows: &mut [G1Affine]) {
        let columns: Vec<_> = (0..self.nodes.len() * self.stride).collect();
        let node = |column: &usize| column / self.stride;
        let place = |column: &usize, i: usize| {
            self.nodes[node(column)].first + i * self.stride + column % self.stride
        };
        let transformed: Vec<_> = columns
            .par_chunks(COLUMNS_AT_ONCE)
            .map(|columns| {
                let element = |i: usize| columns.iter().map(move |column| place(column, i));
                let elements: Vec<_> =
                    (0..1 << self.levels).flat_map(element).map(|at| rows[at]).collect();
                self.transform(&elements, &columns.iter().map(node).collect::<Vec<_>>())
            })
            .collect();
        for (columns, results) in columns.chunks(COLUMNS_AT_ONCE).zip(transformed) {
            for (i, results) in results.chunks(columns.len()).enumerate() {
                for (column, result) in columns.iter().zip(results) {
                    rows[place(column, i)] = *result;
                }
            }
        }
    }

    /// Whether no element is to be multiplied.
    fn is_plain(&self) -> bool {
        self.levels == 1 && self.nodes.iter().all(|node| node.children[0] == 0)
    }

    /// Transforms columns, given by their elements 0, their elements 1 and so on, and their nodes.
    fn transform(&self, elements: &[G1Affine], nodes: &[usize]) -> Vec<G1Affine> {
        let (columns, mut adder) = (nodes.len(), Adder::default());
        let (first, others) = elements.split_at(columns);
        let sums = if self.is_plain() {
            others.to_vec()
        } else {
            self.sums(&multiples(others, &mut adder), nodes, &mut adder)
        };
        let mut sums = sums.chunks(columns);
        let mut results = first.to_vec();
        for level in 0..self.levels {
            let next = sums.by_ref().take(1 << level);
            results =
                results.chunks(columns).flat_map(|results| [results, results].concat()).collect();
            for (node, sums) in next.enumerate() {
                for (column, sum) in sums.iter().enumerate() {
                    adder.push(&mut results, 2 * node * columns + column, *sum);
                    adder.push(&mut results, (2 * node + 1) * columns + column, -sum);
                }
            }
            adder.apply(&mut results);
        }
        results
    }

    /// The nodes' sums, each for all columns.
    fn sums(&self, multiples: &[Multiple], nodes: &[usize], adder: &mut Adder) -> Vec<G1Affine> {
        let (columns, count) = (nodes.len(), (1 << self.levels) - 1);
        let points = columns * count;
        let mut sums = vec![G1Affine::identity(); columns * count];
        // Columns of one node, and where each of its sums is.
        let mut runs = Vec::new();
        let mut start = 0;
        for run in nodes.chunk_by(|a, b| a == b) {
            for (sum, steps) in self.nodes[run[0]].sums.iter().enumerate() {
                let first = sum * columns + start;
                runs.push((first..first + run.len(), start, steps.iter().peekable(), false));
            }
            start += run.len();
        }
        let top = runs.iter_mut().filter_map(|run| run.2.peek().map(|step| step.position)).max();
        for position in (0..top.map_or(0, |top| top + 1)).rev() {
            // The first addition at a position goes with the doubling.
            for round in 0.. {
                let mut done = true;
                for (places, start, steps, started) in &mut runs {
                    let double = *started && round == 0;
                    if let Some(step) = steps.next_if(|step| step.position == position) {
                        (*started, done) = (true, false);
                        let first = step.digit.multiple() * points + step.element * columns;
                        let multiples = &multiples[first + *start..][..places.len()];
                        for (place, multiple) in places.clone().zip(multiples) {
                            let point = step.digit.of(multiple);
                            if double {
                                adder.push_to_double(&mut sums, place, point);
                            } else {
                                adder.push(&mut sums, place, point);
                            }
                        }
                    } else if double {
                        done = false;
                        places.clone().for_each(|place| adder.push_double(&sums, place));
                    }
                }
                adder.apply(&mut sums);
                if done {
                    break;
                }
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use group::Curve;
    use halo2_proofs::halo2curves::bn256::{Fr, G1};
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;
    use crate::opening::transform::{evaluate, turn};

    fn in_group(scalars: &[Fr]) -> Vec<G1Affine> {
        scalars.iter().map(|s| (G1::generator() * s).to_affine()).collect()
    }

    fn assert_transforms_like_the_field(scalars: &[Fr], width: usize) {
        let (mut field, mut group) = (scalars.to_vec(), in_group(scalars));
        evaluate(&mut field, width);
        evaluate_in_group(&mut group, width);
        assert_eq!(group, in_group(&field), "{} rows", scalars.len() / width);
    }

    #[test]
    fn the_group_transforms_as_the_field_does() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let scalars: Vec<_> = (0..256).map(|_| Fr::random(&mut rng)).collect();
        for rows in [1, 2, 4, 8, 16, 32, 64, 128] {
            assert_transforms_like_the_field(&scalars[..2 * rows], 2);
        }
        assert_transforms_like_the_field(&scalars, 1);
        assert_transforms_like_the_field(&scalars, 128);
    }

    #[test]
    fn equal_opposite_and_zero_points_transform_too() {
        let mut mixed = vec![Fr::ZERO; 48];
        mixed.extend([Fr::ONE, -Fr::ONE, Fr::ZERO, Fr::from(2)].repeat(4));
        for scalars in [[Fr::ZERO; 64].as_slice(), &[Fr::ONE; 64], &mixed] {
            assert_transforms_like_the_field(scalars, 2);
            assert_transforms_like_the_field(scalars, 1);
        }
    }

    #[test]
    fn rows_turn_as_in_the_field_and_back() {
        let scalars: Vec<_> = (0..14).map(Fr::from).collect();
        let (mut field, mut group) = (scalars.clone(), in_group(&scalars));
        turn(&mut field, 2);
        turn_in_group(&mut group, 2, false);
        assert_eq!(group, in_group(&field));
        turn_in_group(&mut group, 2, true);
        assert_eq!(group, in_group(&scalars));
    }
}
