//! One page by itself: divide, then commit.

use group::Curve;
use halo2_proofs::{
    arithmetic::best_multiexp,
    halo2curves::bn256::{Bn256, Fr, G1Affine},
    poly::{
        commitment::{Params, ParamsProver},
        kzg::commitment::ParamsKZG,
    },
};
use pacioli_attestation::opening::{OpeningError, Pages};

/// Opens one page of the polynomial with these coefficients, lowest first, without computing the
/// others: one division and one multi-exponentiation.
///
/// # Errors
/// If the page is out of range, or the setup or the coefficients are not for `2^k` rows.
pub fn open_page(
    params: &ParamsKZG<Bn256>,
    pages: Pages,
    coefficients: &[Fr],
    page: usize,
) -> Result<G1Affine, OpeningError> {
    pages.require(page)?;
    require_setup(params, pages)?;
    require_coefficients(coefficients, pages)?;
    // From the top, q[i - P] = f[i] + c q[i] divides f by X^P - c; the rest of the division is I.
    let (size, constant) = (pages.page_size(), pages.constant(page));
    let mut quotient = coefficients[size..].to_vec();
    for i in (size..quotient.len()).rev() {
        let carried = constant * quotient[i];
        quotient[i - size] += carried;
    }
    Ok(best_multiexp(&quotient, &params.get_g()[..quotient.len()]).to_affine())
}

/// A page's values in the order of its slots, from the values of all rows.
///
/// # Errors
/// If the page is out of range, or there is not one value for each row.
pub fn page_values(pages: Pages, rows: &[Fr], page: usize) -> Result<Vec<Fr>, OpeningError> {
    pages.require(page)?;
    if rows.len() != pages.rows() {
        return Err(OpeningError::ValueCount { expected: pages.rows(), got: rows.len() });
    }
    Ok((0..pages.page_size()).map(|slot| rows[pages.row(page, slot)]).collect())
}

/// Fails where the setup is for another number of rows.
pub(super) fn require_setup(params: &ParamsKZG<Bn256>, pages: Pages) -> Result<(), OpeningError> {
    let (setup, pages) = (params.k(), pages.k());
    if setup == pages { Ok(()) } else { Err(OpeningError::SetupSize { setup, pages }) }
}

/// Fails where there is not one coefficient for each row.
pub(super) fn require_coefficients(coefficients: &[Fr], pages: Pages) -> Result<(), OpeningError> {
    let (expected, got) = (pages.rows(), coefficients.len());
    if got == expected { Ok(()) } else { Err(OpeningError::CoefficientCount { expected, got }) }
}
