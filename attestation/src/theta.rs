//! The challenge that combines the scenarios, drawn before halo2 begins.
//!
//! ```text
//! theta = keccak256(tag, key, J, S, context, N.., T.., cap.., V + 2^64 by scenario.., lines) mod r
//! ```
//!
//! in words of 32 bytes: `key` is the digest of the verifying key, `J` and `S` the numbers of
//! instruments and of scenarios, which with the words of [`PublicInputs::words`] between fix where
//! everything lies, and `lines` the commitments to `last`, `instrument` and the limbs, which are the
//! first bytes of the proof. The tag is not below r, so that no transcript of halo2 begins with it.
//!
//! Whoever checks a proof draws theta, from the bytes that halo2 reads, and combines the values
//! itself: under a theta that the prover chose, or that was drawn before a line or a value was fixed,
//! an account may balance in no scenario at all.

use pacioli_circuits::PublicInputs;

use halo2_proofs::halo2curves::bn256::Fr;

use crate::{
    digest::{Digest, Words},
    encoding::value_bytes,
    transcript::hash_to_field,
};

/// The tag, hashed.
pub const THETA_TAG: &str = "pacioli.theta.v1";

/// Draws theta for a proof under the key with digest `key` of these public inputs; `lines` is the
/// beginning of the proof, [`crate::ProofLayout::lines`] bytes.
pub fn theta(key: Digest, public: &PublicInputs<'_>, lines: &[u8]) -> Fr {
    let (instruments, scenarios) = (public.table.instruments().len(), public.table.scenarios());
    let words =
        Words::new(THETA_TAG).digest(key).number(instruments as u64).number(scenarios as u64);
    let public = public.words();
    let words =
        public.iter().flatten().fold(words, |words, word| words.digest(Digest(value_bytes(word))));
    hash_to_field(&words.bytes(lines).finish().0)
}

#[cfg(test)]
mod tests {
    use ff::PrimeField;

    use super::*;

    #[test]
    fn no_transcript_begins_with_the_tag() {
        let mut little_endian = Digest::of(THETA_TAG.as_bytes()).0;
        little_endian.reverse();
        assert!(bool::from(Fr::from_repr(little_endian).is_none()));
    }
}
