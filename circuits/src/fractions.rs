//! The fractions that the lookup adds up.

use ff::{BatchInvert, Field};
use halo2_proofs::halo2curves::bn256::Fr;
use rayon::prelude::*;

use crate::{
    challenges::Challenges,
    fixed::table_row,
    phase1::{Phase1, on_row_values, small},
    shape::Shape,
};

/// Replaces every element by its inverse, zero by zero.
fn invert(values: &mut [Fr]) {
    values.par_chunks_mut(1 << 12).for_each(|chunk| {
        chunk.iter_mut().batch_invert();
    });
}

/// `value / (beta - value)` for every value of a limb.
pub fn range_fractions(shape: &Shape, Challenges { beta, .. }: &Challenges) -> Vec<Fr> {
    let values = (0..1u32 << shape.limb_bits()).into_par_iter().map(|v| Fr::from(u64::from(v)));
    let mut fractions: Vec<Fr> = values.clone().map(|value| beta - value).collect();
    invert(&mut fractions);
    fractions.par_iter_mut().zip(values).for_each(|(fraction, value)| *fraction *= value);
    fractions
}

/// `value / (beta - value)` in every switched-on row. Those of a limb's values are known.
pub(crate) fn range_term(
    shape: &Shape,
    values: &[Fr],
    fractions: &[Fr],
    Challenges { beta, .. }: &Challenges,
) -> Vec<Fr> {
    on_row_values(shape, |row| match small(&values[row], fractions.len()) {
        Some(value) => fractions[value],
        None => values[row] * (beta - values[row]).invert().unwrap_or(Fr::ZERO),
    })
}

/// `(1 + alpha quantity) / (beta - [instrument, worth, cap, 1])` in every switched-on row.
pub(crate) fn line_term(
    shape: &Shape,
    phase1: &Phase1,
    quantities: &[Fr],
    Challenges { eta, alpha, beta }: &Challenges,
) -> Vec<Fr> {
    let mut term = on_row_values(shape, |row| {
        let tail = (*eta + phase1.cap[row]) * eta + phase1.worth[row];
        beta - (tail * eta + phase1.lines.instrument[row])
    });
    invert(&mut term);
    let terms = term.par_iter_mut().zip(quantities);
    terms.for_each(|(term, quantity)| *term *= Fr::one() + alpha * quantity);
    term
}

/// What each table row offers, over `beta` less its entry.
pub(crate) fn table_term(
    shape: &Shape,
    multiplicity: &[Fr],
    instance: &[Vec<Fr>],
    Challenges { eta, alpha, beta }: &Challenges,
) -> Vec<Fr> {
    let [_, counts, quantities, caps, worth] = instance else {
        panic!("the instance has a context, counts, quantities, caps and values");
    };
    let public = |column: &Vec<Fr>, row: usize| column.get(row).copied().unwrap_or_default();
    let mut term = vec![Fr::zero(); shape.rows()];
    let rows = term[..shape.table_rows()].par_iter_mut().enumerate();
    rows.for_each(|(row, term)| {
        let (entry, is_instrument) = table_row(shape, row);
        let tail = *eta * Fr::from(u64::from(is_instrument)) + public(caps, row);
        let tail = tail * eta + public(worth, row);
        *term = beta - (tail * eta + Fr::from(u64::from(entry)));
    });
    invert(&mut term[..shape.table_rows()]);
    let rows = term[..shape.table_rows()].par_iter_mut().enumerate();
    rows.for_each(|(row, term)| {
        let (entry, is_instrument) = table_row(shape, row);
        let offered = public(counts, row) + alpha * public(quantities, row);
        let limbs = if is_instrument { Fr::zero() } else { multiplicity[row] };
        *term *= offered + limbs * Fr::from(u64::from(entry));
    });
    term
}
