//! Does a page hold these values?

use ff::{BatchInvert, Field};
use group::{Curve, Group, cofactor::CofactorGroup};
use halo2_proofs::halo2curves::{
    CurveAffine,
    bn256::{Bn256, Fr, G1Affine, G2, G2Affine, G2Prepared},
    fft::best_fft,
    pairing::{MillerLoopResult, MultiMillerLoop},
};

use super::{Interpolation, OpeningError, Pages, pages::root_of_unity};
use crate::encoding::EncodingError;

/// What checking the pages of one size needs of a setup.
#[derive(Clone, Debug)]
pub struct OpeningKey {
    pages: Pages,
    powers: Vec<G1Affine>,
    page_power: G2Affine,
}

impl OpeningKey {
    /// The key from `[1]_1, [tau]_1, .. [tau^P]_1` and `[tau^P]_2`, where `P` is the page size.
    ///
    /// That the powers in G1 are powers is the setup's to show; here `[tau^P]_2` is bound to
    /// `[tau^P]_1` by `e([tau^P]_1, G2) = e(G1, [tau^P]_2)`.
    ///
    /// # Errors
    /// If the number of powers is wrong, one is not on the curve, the first is not the
    /// generator, or `[tau^P]_2` is outside its group or belongs to another `tau`.
    pub fn new(
        pages: Pages,
        powers: &[G1Affine],
        page_power: G2Affine,
    ) -> Result<Self, OpeningError> {
        let page_size = pages.page_size();
        if powers.len() != page_size + 1 {
            return Err(OpeningError::PowerCount { page_size, got: powers.len() });
        }
        let (powers, last) = (&powers[..page_size], powers[page_size]);
        let on_curve = |point: &G1Affine| bool::from(point.is_on_curve());
        if powers[0] != G1Affine::generator() || !powers.iter().all(on_curve) || !on_curve(&last) {
            return Err(OpeningError::Powers);
        }
        let in_group = bool::from(page_power.is_on_curve())
            && bool::from(G2::from(page_power).is_torsion_free());
        if !in_group || !pairs_equally(last, G2Affine::generator(), powers[0], page_power) {
            return Err(OpeningError::PagePower);
        }
        Ok(Self { pages, powers: powers.to_vec(), page_power })
    }

    /// The pages that the key is for.
    pub fn pages(&self) -> Pages {
        self.pages
    }

    /// The polynomial of degree below P that takes `values` on a page, committed: for a verifier
    /// that cannot afford P scalar multiplications (the contract).
    ///
    /// # Errors
    /// If the page is out of range, or there is not one value for each slot.
    pub fn interpolate(
        &self,
        page: usize,
        values: &[Fr],
    ) -> Result<Interpolation<'_>, OpeningError> {
        self.pages.require(page)?;
        let (expected, got) = (self.pages.page_size(), values.len());
        if got != expected {
            return Err(OpeningError::ValueCount { expected, got });
        }
        Ok(Interpolation::new(interpolate(self.pages, page, values), &self.powers))
    }

    /// Checks that the polynomial under `commitment` takes `values`, in the order of the slots, on
    /// a page, as `opening` claims.
    ///
    /// # Errors
    /// If the page is out of range, there is not one value for each slot, a point is not on the
    /// curve, or the pairing equation fails.
    pub fn check_page(
        &self,
        commitment: G1Affine,
        page: usize,
        values: &[Fr],
        opening: G1Affine,
    ) -> Result<(), OpeningError> {
        let interpolation = self.interpolate(page, values)?;
        if !bool::from(commitment.is_on_curve()) || !bool::from(opening.is_on_curve()) {
            return Err(EncodingError::Point.into());
        }
        let left = commitment - interpolation.commitment() + opening * self.pages.constant(page);
        let left = left.to_affine();
        if pairs_equally(left, G2Affine::generator(), opening, self.page_power) {
            Ok(())
        } else {
            Err(OpeningError::Mismatch(page))
        }
    }
}

/// The coefficients of the polynomial of degree below `P` that takes `values` on a page in range.
fn interpolate(pages: Pages, page: usize, values: &[Fr]) -> Vec<Fr> {
    // With x = omega^page y, the values are taken at the powers of the root y of order P.
    let log = pages.page_size().ilog2();
    let mut scale = [root_of_unity(log), pages.omega().pow([page as u64]), Fr::from(1 << log)];
    scale.batch_invert();
    let [root_inverse, offset_inverse, mut power] = scale;
    let mut coefficients = values.to_vec();
    best_fft(&mut coefficients, root_inverse, log);
    for coefficient in &mut coefficients {
        *coefficient *= power;
        power *= offset_inverse;
    }
    coefficients
}

/// `e(a, b) = e(c, d)`.
fn pairs_equally(a: G1Affine, b: G2Affine, c: G1Affine, d: G2Affine) -> bool {
    let (b, d) = (G2Prepared::from(b), G2Prepared::from(d));
    Bn256::multi_miller_loop(&[(&a, &b), (&-c, &d)]).final_exponentiation().is_identity().into()
}
