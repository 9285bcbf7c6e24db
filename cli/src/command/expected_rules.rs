//! Whether the rules are those that the reader has read.

use anyhow::Result;
use pacioli_attestation::{Digest, Verified};

use crate::outcome::Refused;

/// The rules are those that the reader has read.
pub fn check_rules(verified: &Verified, expected: Option<Digest>) -> Result<()> {
    let got = Digest::of(verified.attestation.rules.as_bytes());
    match expected {
        Some(expected) if got != expected => {
            Err(Refused(format!("the rules have digest {got}, expected {expected}")).into())
        }
        _ => Ok(()),
    }
}
