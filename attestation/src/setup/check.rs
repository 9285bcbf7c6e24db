//! The points of a setup, and the checks that they are powers of the tau that `[tau]_2` says.
//!
//! What is checked, for n = 2^k rows, with G1 and G2 the generators:
//!
//! 1. every `[tau^(2^i)]_2` is in the subgroup of order r (the curve of G2 has more points than
//!    that, and a pairing means nothing outside it), and none is the point at infinity;
//! 2. `[tau^0]_1` is G1;
//! 3. `e([tau^(2^i)]_1, G2) = e(G1, [tau^(2^i)]_2)` for every i, and
//!    `e([tau^(2^i)]_1, [tau^(2^i)]_2) = e(G1, [tau^(2^(i+1))]_2)` for every i but the last;
//! 4. `[tau^(i+1)]_1` is tau times `[tau^i]_1` for every i: with random r_i,
//!    A = `sum r_i [tau^(i+1)]_1 - tau sum r_i [tau^i]_1` is the point at infinity;
//! 5. the Lagrange basis is that of these powers: with random c_j, and a_i the coefficients of the
//!    polynomial that takes the values c_j, B = `sum c_j [L_j(tau)]_1 - sum a_i [tau^i]_1` is the
//!    point at infinity.
//!
//! By 3 each point in G2 is the square of the one before, from `[tau]_2` on, without 4 and 5. By 2
//! and 4 each power in G1 is tau times the one before; by 5 the Lagrange basis is theirs. So every
//! point follows from `[tau]_2`, and a digest adds nothing to a `[tau]_2` that is known.
//!
//! **4 and 5 together.** A + B is tested, by one pairing equation. With a wrong power, A depends on
//! r; whatever c is, at most one of the 2^128 values of some r_i gives A = -B. With right powers A
//! vanishes, and with a wrong Lagrange point at most one of the 2^128 values of some c_j gives B = 0.
//! So one wrong point passes with a chance of 2^-128 at most. The points were read before the numbers
//! are drawn, from the operating system, so nobody can try again before handing the file over, as
//! they could with numbers hashed from it. One sum is saved: `sum a_i [tau^i]_1` and
//! `sum r_i [tau^(i+1)]_1` are taken over the same points at once, which leaves a sum with numbers of
//! 254 bits and two with numbers of 128.

use ff::{Field, PrimeField};
use group::{Curve, cofactor::CofactorGroup, prime::PrimeCurveAffine};
use halo2_proofs::{
    arithmetic::best_multiexp,
    halo2curves::{
        bn256::{Bn256, Fr, G1Affine, G2Affine, G2Prepared, Gt, multi_miller_loop},
        pairing::MillerLoopResult,
    },
    poly::{EvaluationDomain, kzg::commitment::ParamsKZG},
};
use rand_chacha::ChaCha20Rng;
use rand_core::{OsRng, RngCore, SeedableRng};
use thiserror::Error;

use super::{Origin, Setup};
use crate::progress::Progress;

/// Why points are not the powers of one tau.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PointsError {
    /// No commitment should be free to make.
    #[error("[tau^{0}]_1 is the point at infinity")]
    Infinity(usize),
    /// Then `L_j(tau) = 0` for all j but one, and tau is found by trying.
    #[error("[L_{0}(tau)]_1 is the point at infinity: tau is a root of unity, and so known")]
    RootOfUnity(usize),
    /// Outside of it a pairing means nothing.
    #[error("[tau^{0}]_2 is not in the subgroup of order r")]
    Subgroup(usize),
    /// The powers have to begin with the generator.
    #[error("[tau^0]_1 is not the generator of G1")]
    Generator,
    /// Check 3.
    #[error("[tau^{0}]_1 and [tau^{0}]_2 are not that power of the tau of [tau]_2")]
    PowersG2(usize),
    /// Check 4.
    #[error("the points in G1 are not consecutive powers of the tau of [tau]_2")]
    Powers,
    /// Check 5.
    #[error("the Lagrange basis does not belong to the powers of tau")]
    Lagrange,
    /// Nothing can be checked without random numbers.
    #[error("the operating system gives no random numbers")]
    Randomness,
}

/// The points of a setup of `2^k` rows, each of them on its curve, in halo2's order.
pub(super) struct Points {
    /// Rows are `2^k`.
    pub(super) k: u32,
    /// `[tau^i]_1`, one per row.
    pub(super) powers: Vec<G1Affine>,
    /// `[L_j(tau)]_1`, one per row.
    pub(super) lagrange: Vec<G1Affine>,
    /// `[tau^(2^i)]_2`, as many as [`super::page_powers`] says.
    pub(super) powers_g2: Vec<G2Affine>,
}

impl Points {
    /// All five checks.
    pub(super) fn check(&self, progress: &dyn Progress) -> Result<(), PointsError> {
        progress.begin("checking the setup's points in G2", 1);
        self.check_g2()?;
        // The multi-exponentiation of halo2curves panics at the point at infinity.
        if let Some(index) = self.powers.iter().position(|point| point.is_identity().into()) {
            return Err(PointsError::Infinity(index));
        }
        if let Some(index) = self.lagrange.iter().position(|point| point.is_identity().into()) {
            return Err(PointsError::RootOfUnity(index));
        }
        let mut seed = [0; 32];
        OsRng.try_fill_bytes(&mut seed).map_err(|_| PointsError::Randomness)?;
        let mut rng = ChaCha20Rng::from_seed(seed);
        progress.begin("checking the setup's points in G1", 1);
        let r = random_scalars(&mut rng, self.powers.len() - 1);
        let c = random_scalars(&mut rng, self.lagrange.len());
        self.check_g1(&r, c)
    }

    /// Checks 1 to 3, some thirty pairings.
    fn check_g2(&self) -> Result<(), PointsError> {
        let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
        if self.powers.first() != Some(&g1) {
            return Err(PointsError::Generator);
        }
        let mut before = None;
        for (i, in_g2) in self.powers_g2.iter().enumerate() {
            let power = 1 << i;
            let in_subgroup: bool = in_g2.to_curve().is_torsion_free().into();
            if !in_subgroup || bool::from(in_g2.is_identity()) {
                return Err(PointsError::Subgroup(power));
            }
            let in_g1 = self.powers.get(power).ok_or(PointsError::PowersG2(power))?;
            let is_square = before.is_none_or(|root| same_pairing(root, (&g1, in_g2)));
            if !is_square || !same_pairing((in_g1, &g2), (&g1, in_g2)) {
                return Err(PointsError::PowersG2(power));
            }
            before = Some((in_g1, in_g2));
        }
        Ok(())
    }

    /// Checks 4 and 5.
    fn check_g1(&self, r: &[Fr], c: Vec<Fr>) -> Result<(), PointsError> {
        let in_lagrange = best_multiexp(&c, &self.lagrange);
        let domain = EvaluationDomain::new(1, self.k);
        let a = domain.lagrange_to_coeff(domain.lagrange_from_vec(c));
        let shifted = std::iter::once(&Fr::ZERO).chain(r);
        let scalars: Vec<Fr> = shifted.zip(a.iter()).map(|(r, a)| r - a).collect();
        let upper = best_multiexp(&scalars, &self.powers);
        let lower = best_multiexp(r, &self.powers[..r.len()]).to_affine();
        let sum = (in_lagrange + upper).to_affine();
        if self.is_tau_times(&sum, &lower) {
            return Ok(());
        }
        // Which of the two it is, for whoever has to find out what happened to the file.
        let upper = best_multiexp(r, &self.powers[1..]).to_affine();
        let powers = self.is_tau_times(&upper, &lower);
        Err(if powers { PointsError::Lagrange } else { PointsError::Powers })
    }

    /// `upper` is tau times `lower`.
    fn is_tau_times(&self, upper: &G1Affine, lower: &G1Affine) -> bool {
        same_pairing((upper, &G2Affine::generator()), (lower, &self.powers_g2[0]))
    }

    /// The setup of these points.
    pub(super) fn into_setup(self, origin: Origin) -> Setup {
        let Self { k, powers, lagrange, powers_g2 } = self;
        // `from_parts` takes the parameters it replaces; these have one row.
        let some = ParamsKZG::<Bn256>::setup(0, ChaCha20Rng::from_seed([0; 32]));
        let (g2, tau_g2) = (G2Affine::generator(), powers_g2[0]);
        let params = some.from_parts(k, powers, Some(lagrange), g2, tau_g2);
        Setup { params, tau_powers_g2: powers_g2, origin }
    }
}

/// Random numbers below 2^128.
fn random_scalars(rng: &mut ChaCha20Rng, count: usize) -> Vec<Fr> {
    let mut half = || u128::from(rng.next_u64());
    (0..count).map(|_| Fr::from_u128(half() << 64 | half())).collect()
}

/// `e(a, b) = e(c, d)`, for points of order r.
fn same_pairing((a, b): (&G1Affine, &G2Affine), (c, d): (&G1Affine, &G2Affine)) -> bool {
    let (b, d) = (G2Prepared::from_affine(*b), G2Prepared::from_affine(*d));
    multi_miller_loop(&[(a, &b), (&-c, &d)]).final_exponentiation() == Gt::identity()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::insecure::{lagrange_at, points};

    /// Enough points for the multi-exponentiation that large setups meet.
    const K: u32 = 13;

    fn of(tau: Fr) -> Points {
        points(tau, K, &lagrange_at(tau, K))
    }

    fn checked(change: impl FnOnce(&mut Points)) -> Result<(), PointsError> {
        let mut points = of(Fr::from(0x1494));
        change(&mut points);
        points.check(&())
    }

    #[test]
    fn the_points_of_one_tau_pass() {
        assert_eq!(checked(|_| {}), Ok(()));
    }

    #[test]
    fn one_wrong_point_among_thousands_does_not() {
        let powers = |change: fn(&mut [G1Affine])| checked(|points| change(&mut points.powers));
        assert_eq!(powers(|points| points.swap(5000, 5001)), Err(PointsError::Powers));
        assert_eq!(powers(|points| points[8191] = points[8190]), Err(PointsError::Powers));
        assert_eq!(powers(|points| points[3] = -points[3]), Err(PointsError::Powers));
        let constant = powers(|points| points.fill(points[0]));
        assert_eq!(constant, Err(PointsError::PowersG2(1)));
        let constant = powers(|points| points[513..].fill(G1Affine::generator()));
        assert_eq!(constant, Err(PointsError::Powers));
        let lagrange = |change: fn(&mut [G1Affine])| checked(|points| change(&mut points.lagrange));
        assert_eq!(lagrange(|points| points.rotate_left(1)), Err(PointsError::Lagrange));
        assert_eq!(lagrange(|points| points.fill(points[0])), Err(PointsError::Lagrange));
        // Sums in which points cancel each other.
        let turned = |points: &mut [G1Affine]| {
            let one = points[1];
            points.iter_mut().skip(5000).enumerate().for_each(|(i, point)| {
                *point = if i % 2 == 0 { one } else { -one };
            });
        };
        assert_eq!(powers(turned), Err(PointsError::Powers));
        assert_eq!(lagrange(turned), Err(PointsError::Lagrange));
    }

    #[test]
    fn powers_of_different_taus_do_not() {
        let one_tau = checked(|points| {
            points.powers_g2 = of(Fr::from(0x1495)).powers_g2;
        });
        assert_eq!(one_tau, Err(PointsError::PowersG2(1)));
        let both_groups = checked(|points| {
            let other = of(Fr::from(0x1495));
            points.powers[64] = other.powers[64];
            points.powers_g2[6] = other.powers_g2[6];
        });
        assert_eq!(both_groups, Err(PointsError::PowersG2(64)));
        let higher = checked(|points| points.powers_g2[9] = points.powers_g2[8]);
        assert_eq!(higher, Err(PointsError::PowersG2(512)));
    }
}
