//! The operator's secret and a run's salt. What is derived from them: [`crate::derive`].

use pacioli_attestation::Digest;

use crate::{
    mac::{finish, keyed},
    secret_file::{Purpose, Secret},
};

/// 32 bytes that only the operator knows.
pub type OperatorSecret = Secret<Operator>;

/// 32 bytes that make the nonces of one proving run differ from those of every other. Kept with the
/// run's private files: whoever knows the secret needs it to make the statements again.
pub type Salt = Secret<OneRun>;

/// The purpose of an [`OperatorSecret`].
#[derive(Debug)]
pub enum Operator {}

/// The purpose of a [`Salt`].
#[derive(Debug)]
pub enum OneRun {}

impl Purpose for Operator {
    const NAME: &'static str = "OperatorSecret";
}

impl Purpose for OneRun {
    const NAME: &'static str = "Salt";
}

impl OperatorSecret {
    /// What recognises the secret without showing it: `HMAC-SHA256(secret,
    /// "pacioli.fingerprint.v1")`.
    pub fn fingerprint(&self) -> Digest {
        Digest(*finish(keyed(self.bytes(), "pacioli.fingerprint.v1")))
    }
}
