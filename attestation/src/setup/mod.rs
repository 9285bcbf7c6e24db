//! The powers of tau that proofs are made and checked with: where they come from, and who knows
//! tau.
//!
//! A setup is one secret number tau, given as points: `[tau^i]_1`, the same powers in the Lagrange
//! basis, and `[tau^(2^i)]_2` for page openings. Whoever knows tau can prove anything, so a setup
//! is taken from a public ceremony ([`import_ptau`]), or it is made here by [`insecure_setup`] with
//! a tau that everyone can compute, which is good for tests and demonstrations only.
//!
//! **A setup is its `[tau]_2`.** The import and every reading check that each point is the power of
//! tau that it should be, so all of them follow from that one point, and a ceremony, our own insecure
//! setup and the setups of other people's tests are recognised by it ([`recognise`]). A label in a
//! file decides nothing, and there is none. What nobody recognises is [`Origin::Unknown`] until its
//! reader gives the digest that it has to have ([`Setup::vouch`]).
//!
//! A verifier needs the points too: its key commits to the fixed columns in the Lagrange basis, and
//! the openings of pages are checked with the first powers in G1. With one point of either
//! replaced, any totals and any statement could be made to verify, under the same `[tau]_2`.

mod check;
mod file;
mod file_digest;
mod insecure;
mod insecure_tau;
mod known;
mod origin;
mod ptau;
mod source;

pub use check::PointsError;
pub use file::SetupFileError;
pub use file_digest::{FileDigest, FileDigestError};
pub use insecure::{insecure_commitment, insecure_lagrange, insecure_setup};
pub use insecure_tau::insecure_tau;
pub use known::{KnownTau, Recognised, recognise};
pub(crate) use origin::setup_digest;
pub use origin::{NotVouched, Origin};
pub use ptau::{PtauError, import_ptau};
pub use source::SourceError;

use halo2_proofs::{
    halo2curves::bn256::{Bn256, G2Affine},
    poly::{commitment::Params, kzg::commitment::ParamsKZG},
};

use crate::digest::Digest;

/// Largest `k` of a setup: the roots of unity of the scalar field have orders up to `2^28`.
pub const MAX_K: u32 = 28;

/// The largest page whose openings a setup can check, in slots.
pub const MAX_PAGE: usize = 1 << (MAX_PAGE_POWERS - 1);

/// Most points `[tau^(2^i)]_2` a setup holds.
const MAX_PAGE_POWERS: u32 = 10;

/// Powers of tau for circuits of `2^k` rows. Its points and origin cannot be replaced:
///
/// ```compile_fail,E0616
/// # use pacioli_attestation::setup::{Origin, Setup};
/// fn from_a_ceremony(mut setup: Setup) {
///     setup.origin = Origin::Ceremony("any");
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Setup {
    params: ParamsKZG<Bn256>,
    tau_powers_g2: Vec<G2Affine>,
    origin: Origin,
}

impl Setup {
    /// A setup of any points under any label, for tests that forge one. **Nothing is checked**:
    /// with one wrong point, or a tau that somebody knows, every proof can be forged.
    ///
    /// `tau_powers_g2` are `[tau^(2^i)]_2`, from `i = 0`.
    #[cfg(any(test, feature = "testing"))]
    pub fn unchecked_from_parts(
        params: ParamsKZG<Bn256>,
        tau_powers_g2: Vec<G2Affine>,
        origin: Origin,
    ) -> Self {
        Self { params, tau_powers_g2, origin }
    }

    /// The parameters that halo2 commits, opens and verifies with.
    pub fn params(&self) -> &ParamsKZG<Bn256> {
        &self.params
    }

    /// `[tau^(2^i)]_2` for `i` from 0 to the smaller of `k - 1` and 9: a page is at most half of
    /// the rows and at most [`MAX_PAGE`] of them.
    pub fn tau_powers_g2(&self) -> &[G2Affine] {
        &self.tau_powers_g2
    }

    /// Who is trusted not to know tau.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The power of two that is its number of rows.
    pub fn k(&self) -> u32 {
        self.params.k()
    }

    /// The setup's name: `words("pacioli.setup.v1", keccak(tau_g2))`. It covers `[tau]_2`, from
    /// which every other point follows.
    pub fn digest(&self) -> Digest {
        setup_digest(&self.params.s_g2())
    }

    /// The setup, after its reader gave the digest that it has to have. The digest has to come from
    /// its reader: one from a file vouches for nothing.
    ///
    /// # Errors
    /// If it has another digest.
    pub fn vouch(mut self, expected: Digest) -> Result<Self, NotVouched> {
        self.origin = self.origin.vouched("setup", expected, self.digest())?;
        Ok(self)
    }

    /// `[tau^slots]_2`, which checks the opening of a page of `slots` rows; `None` if `slots` is
    /// not a power of two, is above [`MAX_PAGE`], or above half of the rows.
    pub fn page_power(&self, slots: usize) -> Option<G2Affine> {
        let power = slots.is_power_of_two().then(|| slots.trailing_zeros() as usize)?;
        self.tau_powers_g2.get(power).copied()
    }
}

/// How many points `[tau^(2^i)]_2` a setup of `2^k` rows holds.
fn page_powers(k: u32) -> usize {
    k.min(MAX_PAGE_POWERS) as usize
}
