//! The proving key, always made from the shape and a setup.

use std::fmt;

use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::{Digest, KeyError, VerifyingKey, setup::Setup};
use pacioli_circuits::Shape;

use crate::prove::{Bases, Domain, FixedValues, Queries};

/// The key that a prover needs; 288 bytes a row.
pub struct ProvingKey {
    /// The circuit's sizes.
    pub shape: Shape,
    /// The digest of the verifying key.
    pub digest: Digest,
    /// What halo2's transcript begins with.
    pub(crate) circuit_word: Fr,
    pub(crate) queries: Queries,
    pub(crate) bases: Bases,
    pub(crate) domain: Domain,
    pub(crate) fixed: FixedValues,
}

impl ProvingKey {
    /// The key for circuits of `shape` under a setup of the same size.
    ///
    /// # Errors
    /// If the setup has another size.
    pub fn new(setup: &Setup, shape: Shape) -> Result<Self, KeyError> {
        let verifying = VerifyingKey::new(setup, shape)?;
        let (digest, circuit) = (verifying.digest(), verifying.plonk());
        let circuit_word = circuit.transcript_repr();
        let queries = Queries::new(circuit.cs(), shape.rows());
        let (bases, domain) = (Bases::of(setup.params()), Domain::new(shape.k()));
        let fixed = FixedValues::new(&shape, &domain);
        Ok(Self { shape, digest, circuit_word, queries, bases, domain, fixed })
    }
}

impl fmt::Debug for ProvingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProvingKey").field("shape", &self.shape).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use halo2_proofs::plonk::keygen_vk;
    use pacioli_attestation::setup::insecure_setup;
    use pacioli_circuits::Circuit;

    use super::*;

    #[test]
    fn the_key_is_what_halo2_makes_of_the_circuit() {
        let shape = Shape::new(11, 64).unwrap();
        let setup = insecure_setup(11).unwrap();
        let ours = ProvingKey::new(&setup, shape).unwrap();
        let halo2s = keygen_vk(setup.params(), &Circuit::of(shape)).unwrap();
        // It covers the fixed columns' commitments.
        assert_eq!(ours.circuit_word, halo2s.transcript_repr());
    }

    #[test]
    fn a_setup_of_another_size_is_refused() {
        let setup = insecure_setup(11).unwrap();
        let error = KeyError::Size { expected: 12, got: 11 };
        let refused = ProvingKey::new(&setup, Shape::new(12, 64).unwrap()).unwrap_err();
        assert_eq!(refused, error);
    }
}
