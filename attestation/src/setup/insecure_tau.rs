//! The tau that everyone knows.

use std::sync::LazyLock;

use ff::FromUniformBytes;
use halo2_proofs::halo2curves::bn256::Fr;
use sha3::{Digest, Keccak512};

/// What is hashed to make tau.
const SEED: &[u8] = b"pacioli insecure setup v1";

/// The tau of our insecure setup: Keccak-512 of `pacioli insecure setup v1`, read as a
/// little-endian number, modulo r.
pub fn insecure_tau() -> Fr {
    static TAU: LazyLock<Fr> =
        LazyLock::new(|| Fr::from_uniform_bytes(&Keccak512::digest(SEED).into()));
    *TAU
}
