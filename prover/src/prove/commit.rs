//! Commitments to columns, from the Lagrange basis of the setup.
//!
//! Most columns hold few values: those of a limb, of the instruments, of the steps between them.
//! The rows of such a column fall into classes, and so do those of every column that is a function
//! of it: cap and worth of the instrument, the fraction of a limb. The points of a class are added
//! up once, and each of these columns then costs a sum over classes, not over rows.

use std::io::{self, Write};

use ff::Field;
use group::{Curve, Group};
use halo2_proofs::{
    SerdeFormat,
    halo2curves::{
        bn256::{Bn256, Fr, G1, G1Affine},
        serde::SerdeObject,
    },
    poly::{
        commitment::{Params, ParamsProver},
        kzg::commitment::ParamsKZG,
    },
};
use pacioli_circuits::{UNUSABLE_ROWS, small};
use pacioli_msm::{ClassSums, msm};
use rayon::prelude::*;

use super::seed::BlindingRows;

/// What columns are committed with: `[L_row(tau)]_1` for every row; and for what is no column,
/// `[1]_1` and `[tau]_1`.
pub(crate) struct Bases {
    rows: Vec<G1Affine>,
    powers: [G1Affine; 2],
}

impl Bases {
    /// The Lagrange basis of a setup. halo2 lets nobody see it, but writes it.
    pub(crate) fn of(params: &ParamsKZG<Bn256>) -> Self {
        let rows = params.n() as usize;
        let skip = size_of::<u32>() + rows * POINT;
        let mut writer = BasisWriter { skip, part: Vec::new(), left: rows, points: Vec::new() };
        let written = params.write_custom(&mut writer, SerdeFormat::RawBytesUnchecked);
        written.expect("nothing is written that could fail");
        assert_eq!(writer.points.len(), rows, "the basis has a point for every row");
        let powers = params.get_g();
        Self { rows: writer.points, powers: [powers[0], powers[1]] }
    }

    /// The commitment to a polynomial of degree 1, lowest coefficient first.
    pub(super) fn commit_line(&self, coefficients: &[Fr; 2]) -> G1 {
        self.powers.iter().zip(coefficients).map(|(power, coefficient)| power * coefficient).sum()
    }

    /// The commitment to a column with a value of its own in every row.
    pub(super) fn commit(&self, column: &[Fr]) -> G1 {
        msm(column, &self.rows)
    }

    /// The same of a column that is to end in `blinding`, whatever it ends in now.
    pub(super) fn commit_blinded(&self, column: &[Fr], blinding: &BlindingRows) -> G1 {
        let usable = self.usable();
        msm(&column[..usable], &self.rows[..usable]) + self.blinding(blinding)
    }

    /// The same of a column which is zero after its first `rows` rows.
    pub(super) fn commit_first(&self, column: &[Fr], rows: usize, blinding: &BlindingRows) -> G1 {
        msm(&column[..rows], &self.rows[..rows]) + self.blinding(blinding)
    }

    /// The classes of the rows of a column of numbers below `count`.
    pub(super) fn classes(&self, column: &[Fr], count: usize) -> ColumnClasses<'_> {
        let usable = self.usable();
        let class = |value: &Fr| match small(value, count) {
            Some(0) => NO_CLASS,
            Some(value) => value as u32,
            None => OTHER,
        };
        let mut class_of_row: Vec<u32> = column[..usable].par_iter().map(class).collect();
        let others = class_of_row.iter_mut().enumerate().filter(|(_, class)| **class == OTHER);
        let others = others.map(|(row, class)| {
            *class = NO_CLASS;
            row
        });
        let others = others.collect();
        let sums = ClassSums::new(&class_of_row, count, &self.rows[..usable]);
        ColumnClasses { bases: self, count, sums, others }
    }

    fn blinding(&self, rows: &BlindingRows) -> G1 {
        let bases = &self.rows[self.usable()..];
        bases.iter().zip(rows).map(|(base, row)| base * row).sum()
    }

    fn usable(&self) -> usize {
        self.rows.len() - UNUSABLE_ROWS
    }
}

/// In no class: the columns are zero there.
const NO_CLASS: u32 = u32::MAX;
/// In no class, but not zero.
const OTHER: u32 = u32::MAX - 1;

/// The rows in which a column has the same value, and the sums of their points.
pub(super) struct ColumnClasses<'a> {
    bases: &'a Bases,
    count: usize,
    sums: ClassSums,
    /// Rows whose values are no class's: an honest book has none.
    others: Vec<usize>,
}

impl ColumnClasses<'_> {
    /// The commitment to a column that has `values[c]` in the rows of each class `c`, nothing where
    /// the classes' column is zero, and ends in `blinding`. Classes behind the values have no rows.
    pub(super) fn commit(&self, column: &[Fr], values: &[Fr], blinding: &BlindingRows) -> G1 {
        let others: Vec<Fr> = self.others.iter().map(|&row| column[row]).collect();
        let bases: Vec<G1Affine> = self.others.iter().map(|&row| self.bases.rows[row]).collect();
        let others = if others.is_empty() { G1::identity() } else { msm(&others, &bases) };
        let mut values = values[..values.len().min(self.count)].to_vec();
        values.resize(self.count, Fr::ZERO);
        self.sums.combine(&values) + others + self.bases.blinding(blinding)
    }
}

/// The points themselves.
pub(super) fn affine(commitments: &[G1]) -> Vec<G1Affine> {
    let mut points = vec![G1Affine::default(); commitments.len()];
    G1::batch_normalize(commitments, &mut points);
    points
}

/// The numbers below `count`.
pub(super) fn numbers(count: usize) -> Vec<Fr> {
    std::iter::successors(Some(Fr::ZERO), |number| Some(number + Fr::ONE)).take(count).collect()
}

/// Bytes of a point as halo2 writes it.
const POINT: usize = 64;

/// Keeps the points of a setup's Lagrange basis of what is written through it: the size and the
/// powers come before, and two points in G2 behind.
struct BasisWriter {
    skip: usize,
    part: Vec<u8>,
    left: usize,
    points: Vec<G1Affine>,
}

impl Write for BasisWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let skipped = self.skip.min(bytes.len());
        self.skip -= skipped;
        for &byte in &bytes[skipped..] {
            if self.left == 0 {
                break;
            }
            self.part.push(byte);
            if self.part.len() == POINT {
                self.points.push(G1Affine::from_raw_bytes_unchecked(&self.part));
                self.part.clear();
                self.left -= 1;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
