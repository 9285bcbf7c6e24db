//! What every secret of a run is derived from, in one place.
//!
//! | secret | what it is | who has it |
//! |---|---|---|
//! | operator's secret | drawn once ([`OperatorSecret`]) | the dealer |
//! | salt | drawn for each run ([`Salt`]) | the dealer |
//! | volume key | `HMAC(secret, "pacioli.volume-key.v1" ‖ context word ‖ salt)` | dealer; shard |
//! | attempt | 32 bytes drawn for each proof ([`Attempt`]) | whoever proves; the dealer |
//! | seed | `HMAC(volume key, "pacioli.seed.v1" ‖ attempt)` | whoever proves; the dealer |
//! | nonce | `HMAC(volume key, "pacioli.nonce.v2" ‖ attempt ‖ length ‖ id)` | the same; the holder |
//!
//! HMAC is that of SHA-256; tags are ASCII, context word, salt and attempt have 32 bytes, the
//! length is that of the account's id in bytes, as 8 big-endian bytes.
//!
//! **No two proofs share a nonce or a seed, whatever they are of.** Another run has another salt,
//! another volume another context word, another proof of the same volume another attempt. Were the
//! nonces those of the volume alone, two proofs of it would have the same seals under two gammas,
//! and whoever has a page's values from both opens all its lines by subtraction
//! (`tests/all/statements/parts.rs`). Machines that start from one image and draw the same bytes still have
//! volume keys of their own.

use std::fmt;

use halo2_proofs::halo2curves::bn256::Fr;
use hmac::Mac;
use pacioli_attestation::encoding::value_bytes;
use pacioli_circuits::Nonce;
use rand_core::{OsRng, RngCore};
use zeroize::Zeroizing;

use crate::{
    mac::{finish, keyed},
    prove::{ProofSeed, RecordedSeed},
    secret::{OperatorSecret, Salt},
    secret_file::SecretError,
};

/// What the seeds and nonces of one volume in one run are derived from. Overwritten when dropped
/// and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct VolumeKey(Zeroizing<[u8; 32]>);

/// The bytes that make one proof's seed and nonces differ from those of every other. Used up by the
/// proof: it is no [`Clone`], and what is kept of it makes no proof.
pub struct Attempt(Zeroizing<[u8; 32]>);

/// An attempt whose proof is made or being made: gives the nonces of its statements and opens its
/// pages, but makes no other proof.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordedAttempt(Zeroizing<[u8; 32]>);

impl VolumeKey {
    /// The key of the volume with this context word.
    pub fn derive(secret: &OperatorSecret, context: Fr, salt: &Salt) -> Self {
        let mac = keyed(secret.bytes(), "pacioli.volume-key.v1")
            .chain_update(value_bytes(&context))
            .chain_update(salt.bytes());
        Self(finish(mac))
    }

    /// The key with these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The secret bytes.
    pub fn secret_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The seed for the proof of an attempt, which is used up.
    pub fn proof_seed(&self, attempt: Attempt) -> ProofSeed {
        ProofSeed::of(self.seed(&attempt.record()))
    }

    /// The seed that the proof of an attempt was made with.
    pub fn seed(&self, attempt: &RecordedAttempt) -> RecordedSeed {
        let mac = keyed(self.0.as_slice(), "pacioli.seed.v1").chain_update(*attempt.0);
        RecordedSeed::from_bytes(*finish(mac))
    }

    /// The nonce of an account's seals in the proof of an attempt.
    pub fn nonce(&self, attempt: &RecordedAttempt, account: &str) -> Nonce {
        let mac = keyed(self.0.as_slice(), "pacioli.nonce.v2")
            .chain_update(*attempt.0)
            .chain_update((account.len() as u64).to_be_bytes())
            .chain_update(account);
        Nonce::new(*finish(mac))
    }
}

impl Attempt {
    /// Fresh bytes from the operating system.
    ///
    /// # Errors
    /// If it provides none.
    pub fn fresh() -> Result<Self, SecretError> {
        let mut bytes = Zeroizing::new([0; 32]);
        OsRng.try_fill_bytes(bytes.as_mut_slice()).map_err(std::io::Error::from)?;
        Ok(Self(bytes))
    }

    /// What the venue keeps of it.
    pub fn record(&self) -> RecordedAttempt {
        RecordedAttempt(self.0.clone())
    }
}

impl RecordedAttempt {
    /// The attempt with these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The secret bytes.
    pub fn secret_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for VolumeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VolumeKey(..)")
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attempt(..)")
    }
}

impl fmt::Debug for RecordedAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordedAttempt(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_derived_is_what_is_computed_elsewhere() {
        // Python's hmac and hashlib.
        for (secret, context, salt, attempt, account, expected) in VECTORS {
            let secret = OperatorSecret::of([secret; 32]);
            // A context word as it is hashed: 31 zeros and the byte.
            let key = VolumeKey::derive(&secret, Fr::from(context), &Salt::of([salt; 32]));
            let attempt = RecordedAttempt::from_bytes([attempt; 32]);
            let found = [
                *key.secret_bytes(),
                *key.seed(&attempt).secret_bytes(),
                *key.nonce(&attempt, account).reveal(),
            ];
            assert_eq!(found.map(hex::encode), expected);
        }
    }

    #[test]
    fn no_two_attempts_share_anything() {
        let key = VolumeKey::from_bytes([1; 32]);
        let [first, second] = [(); 2].map(|()| Attempt::fresh().unwrap().record());
        assert_ne!(key.nonce(&first, "alice").reveal(), key.nonce(&second, "alice").reveal());
        assert!(key.seed(&first) != key.seed(&second));
        // Machines that drew the same bytes for two volumes.
        let other = VolumeKey::from_bytes([2; 32]);
        assert_ne!(key.nonce(&first, "alice").reveal(), other.nonce(&first, "alice").reveal());
        assert!(key.seed(&first) != other.seed(&first));
        assert!(key.proof_seed(Attempt::fresh().unwrap()).record() != key.seed(&first));
    }

    #[test]
    fn secrets_are_not_printed() {
        let attempt = Attempt::fresh().unwrap();
        let shown =
            format!("{:?} {attempt:?} {:?}", VolumeKey::from_bytes([7; 32]), attempt.record());
        assert_eq!(shown, "VolumeKey(..) Attempt(..) RecordedAttempt(..)");
    }

    type Vector = (u8, u64, u8, u8, &'static str, [&'static str; 3]);

    const VECTORS: [Vector; 3] = [
        (
            0,
            0,
            0,
            0,
            "",
            [
                "09bb94cc49834f7e39cc85f8524b4b356e1d7ca126656c42d39abea88d55198a",
                "702773b20481e9f9cc5f6a4e22094f089bb93e97d6c72f89373f822fcc51f669",
                "b0c6e35cdb4ca92fb7656c2d448d5a328c72dc98c152e5dbf97d7dffee89b84b",
            ],
        ),
        (
            1,
            2,
            3,
            4,
            "alice",
            [
                "26f4120f36960642e79d2e05fcffe23cb080aebf34bedcfc78caaabb0c0bb597",
                "094c58d2f6c8b7f5210421b47f4a0459de827834620c8cc0226eab7bf36438be",
                "9fdf45ceef0c6ef34a6b2489b975e318d1326c9c35a73c2639c602ec108256fc",
            ],
        ),
        (
            255,
            128,
            127,
            254,
            "Łukasz",
            [
                "7e51eb6d16313d3137e9cb773df969908946b328e9d30c07aaedbb7e100aa577",
                "74f256244a7ff9d654d17c9b132add27bc4c63026091153071e65cd64a3c949a",
                "0e701e9ed4322ee2de2f2c8d10c6b33c1f43413f923b3b1082c60aab001c76b0",
            ],
        ),
    ];
}
