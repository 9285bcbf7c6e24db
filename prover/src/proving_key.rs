//! The proving key, always made from the shape and a setup.

use halo2_proofs::{
    halo2curves::bn256::G1Affine,
    plonk::{self, keygen_pk},
};
use pacioli_attestation::{Digest, KeyError, VerifyingKey, setup::Setup};
use pacioli_circuits::{Circuit, Shape};

/// The key that a prover needs besides the setup.
#[derive(Debug)]
pub struct ProvingKey {
    /// The circuit's sizes.
    pub shape: Shape,
    /// The digest of the verifying key.
    pub digest: Digest,
    pub(crate) key: plonk::ProvingKey<G1Affine>,
}

impl ProvingKey {
    /// The key for circuits of `shape` under a setup of the same size.
    ///
    /// # Errors
    /// If the setup has another size.
    pub fn new(setup: &Setup, shape: Shape) -> Result<Self, KeyError> {
        let verifying = VerifyingKey::new(setup, shape)?;
        let key = keygen_pk(setup.params(), verifying.plonk().clone(), &Circuit::of(shape));
        let key = key.expect("the circuit fits its own shape");
        Ok(Self { shape, digest: verifying.digest(), key })
    }
}

#[cfg(test)]
mod tests {
    use halo2_proofs::plonk::keygen_vk;
    use pacioli_attestation::setup::insecure_setup;

    use super::*;

    #[test]
    fn the_key_is_what_halo2_makes_of_the_circuit() {
        let shape = Shape::new(11, 64).unwrap();
        let setup = insecure_setup(11).unwrap();
        let ours = ProvingKey::new(&setup, shape).unwrap();
        let halo2s = keygen_vk(setup.params(), &Circuit::of(shape)).unwrap();
        let ours = ours.key.get_vk();
        assert_eq!(ours.fixed_commitments(), halo2s.fixed_commitments());
        assert_eq!(ours.transcript_repr(), halo2s.transcript_repr());
    }

    #[test]
    fn a_setup_of_another_size_is_refused() {
        let setup = insecure_setup(11).unwrap();
        let error = KeyError::Size { expected: 12, got: 11 };
        let refused = ProvingKey::new(&setup, Shape::new(12, 64).unwrap()).unwrap_err();
        assert_eq!(refused, error);
    }
}
