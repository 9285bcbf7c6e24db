//! The constraints of the circuit as the prover evaluates them, in the rows or between them.
//!
//! They are written a second time here, by hand: what the circuit says of itself is for any circuit
//! and several times slower. Nothing rests on this copy: a proof made with a wrong one does not verify.

use std::borrow::Cow;

use ff::Field;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_circuits::{Challenges, Shape};
use rayon::prelude::*;

use super::columns::{Columns, TableColumns};

/// Fewest rows that a thread takes at once.
pub(super) const CHUNK: usize = 1 << 10;

/// What each constraint is multiplied by: powers of `y`, the last constraint's is 1.
pub(super) struct Weights {
    /// `limb i is in range`.
    pub(super) limbs: Vec<Fr>,
    /// `the step is in range`.
    pub(super) step: Fr,
    /// `the table offers its totals`.
    pub(super) table: Fr,
    /// `a line is an instrument`.
    pub(super) line: Fr,
    /// `the sum is zero at both ends`.
    pub(super) ends: Fr,
    /// `last is a bit`.
    pub(super) last: Fr,
    /// `a capped line has its headroom next`.
    pub(super) cap: Fr,
    /// `the balance runs`.
    pub(super) runs: Fr,
    /// `an account balances`.
    pub(super) balances: Fr,
}

impl Weights {
    pub(super) fn new(shape: &Shape, y: Fr) -> Self {
        let mut powers = std::iter::successors(Some(Fr::ONE), |power| Some(power * y));
        let mut next = || powers.next().expect("there is always another power");
        let [balances, runs, cap, last] = std::array::from_fn(|_| next());
        let [ends, line, table, step] = std::array::from_fn(|_| next());
        let mut limbs: Vec<Fr> = (0..shape.limbs()).map(|_| next()).collect();
        limbs.reverse();
        Self { limbs, step, table, line, ends, last, cap, runs, balances }
    }
}

/// Where columns are evaluated.
pub(super) struct Side<'a> {
    pub(super) shape: &'a Shape,
    /// A column's values there.
    pub(super) values: &'a dyn Fn(&[Fr]) -> Cow<'_, [Fr]>,
}

/// The constraints' products of two columns: those that `row_on` multiplies, and those of `line_on`.
pub(super) struct Products {
    pub(super) row: Vec<Fr>,
    pub(super) line: Vec<Fr>,
}

impl Products {
    /// The products on one side. The columns are taken one after another, and let go.
    pub(super) fn new(
        side: &Side<'_>,
        columns: &Columns,
        table: &TableColumns,
        Challenges { eta, alpha, beta }: &Challenges,
        weights: &Weights,
    ) -> Self {
        let Side { shape, values } = side;
        let Columns { phase1, phase2 } = columns;
        let n = shape.rows();
        let next_line = |row: usize| (row + shape.stride()) & (n - 1);
        let zeros = || vec![Fr::ZERO; n];
        let (mut products, mut quantity, mut terms) =
            (Self { row: zeros(), line: zeros() }, zeros(), zeros());

        let limbs = phase1.lines.limb.iter().zip(&phase2.limb_term).zip(&weights.limbs);
        let mut unit = Fr::ONE;
        for ((limb, term), weight) in limbs {
            let (limb, term) = (values(limb), values(term));
            let rows = (&mut products.row, &mut products.line, &mut quantity, &mut terms);
            let rows = (rows.into_par_iter(), limb.par_iter(), term.par_iter()).into_par_iter();
            rows.with_min_len(CHUNK).for_each(|((row, line, quantity, terms), limb, term)| {
                *row += weight * term * (beta - limb);
                *line -= weight * limb;
                *quantity += unit * limb;
                *terms += term;
            });
            unit *= Fr::from(1 << shape.limb_bits());
        }

        let last = values(&phase1.lines.last);
        let instrument = values(&phase1.lines.instrument);
        let step_term = values(&phase2.step_term);
        let forward = Fr::from(shape.instruments() as u64);
        let rows = (&mut products.row, &mut products.line, &mut terms).into_par_iter();
        rows.enumerate().with_min_len(CHUNK).for_each(|(i, (row, line, terms))| {
            let step = instrument[next_line(i)] - instrument[i] - Fr::ONE + last[i] * forward;
            *row += weights.step * step_term[i] * (beta - step);
            *line += weights.last * last[i] * (Fr::ONE - last[i]) - weights.step * step;
            *terms += step_term[i];
        });
        drop(step_term);

        let balance = values(&phase2.balance);
        products.line.par_iter_mut().enumerate().with_min_len(CHUNK).for_each(|(i, line)| {
            let next = balance[next_line(i)];
            *line += weights.runs * (next - balance[i]) + weights.balances * last[i] * next;
        });
        drop((balance, last));

        // [instrument, worth, cap, 1].
        let mut entry = instrument.into_owned();
        let (eta_2, eta_3) = (eta.square(), eta.square() * eta);
        let worth = values(&phase1.worth);
        let rows = (&mut products.line, &mut entry, &quantity, worth.par_iter()).into_par_iter();
        rows.with_min_len(CHUNK).for_each(|(line, entry, quantity, worth)| {
            *line -= weights.runs * quantity * worth;
            *entry += eta * worth + eta_3;
        });
        drop(worth);
        let cap = values(&phase1.cap);
        let rows = (&mut products.line, &mut entry).into_par_iter().enumerate();
        rows.with_min_len(CHUNK).for_each(|(i, (line, entry))| {
            let over = quantity[i] + quantity[next_line(i)] - cap[i];
            *line += weights.cap * cap[i] * over - weights.line * (Fr::ONE + alpha * quantity[i]);
            *entry += eta_2 * cap[i];
        });
        drop((cap, quantity));

        let (table_term, offered) = (values(&phase2.table_term), values(&table.entry));
        let rows = (&mut products.row, &mut terms, table_term.par_iter(), offered.par_iter());
        rows.into_par_iter().with_min_len(CHUNK).for_each(|(row, terms, term, offered)| {
            *row += weights.table * term * (beta - offered);
            *terms -= term;
        });
        drop((table_term, offered));
        let sum = values(&phase2.sum);
        let rows = (&mut products.row, &terms, &entry).into_par_iter().enumerate();
        rows.with_min_len(CHUNK).for_each(|(i, (row, terms, entry))| {
            let line_term = sum[(i + 1) & (n - 1)] - sum[i] - terms;
            *row += weights.line * line_term * (beta - entry);
        });
        products
    }
}
