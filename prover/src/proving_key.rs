//! The proving key, always made from the shape and a setup.

use halo2_proofs::{
    halo2curves::bn256::G1Affine,
    plonk::{self, keygen_pk, keygen_vk},
};
use pacioli_attestation::{KeyError, check_size, setup::Setup};
use pacioli_circuits::{Circuit, Shape};

/// The key that a prover needs besides the setup.
#[derive(Debug)]
pub struct ProvingKey {
    /// The circuit's sizes.
    pub shape: Shape,
    pub(crate) key: plonk::ProvingKey<G1Affine>,
}

impl ProvingKey {
    /// The key for circuits of `shape` under a setup of the same size.
    ///
    /// # Errors
    /// If the setup has another size.
    pub fn new(setup: &Setup, shape: Shape) -> Result<Self, KeyError> {
        check_size(setup, shape)?;
        let circuit = Circuit::of(shape);
        let key = keygen_vk(setup.params(), &circuit).expect("the circuit fits its own shape");
        let key = keygen_pk(setup.params(), key, &circuit).expect("the circuit fits its own shape");
        Ok(Self { shape, key })
    }
}

#[cfg(test)]
mod tests {
    use pacioli_attestation::{VerifyingKey, setup::insecure_setup};

    use super::*;

    #[test]
    fn both_keys_have_the_same_fixed_commitments() {
        let shape = Shape::new(11, 2, 64).unwrap();
        let setup = insecure_setup(11).unwrap();
        let proving = ProvingKey::new(&setup, shape).unwrap();
        let verifying = VerifyingKey::new(&setup, shape).unwrap();
        let (proving, verifying) = (proving.key.get_vk(), verifying.plonk());
        assert_eq!(proving.fixed_commitments(), verifying.fixed_commitments());
        assert_eq!(proving.transcript_repr(), verifying.transcript_repr());
    }

    #[test]
    fn a_setup_of_another_size_is_refused() {
        let setup = insecure_setup(11).unwrap();
        let error = KeyError::Size { expected: 12, got: 11 };
        let refused = ProvingKey::new(&setup, Shape::new(12, 2, 64).unwrap()).unwrap_err();
        assert_eq!(refused, error);
    }
}
