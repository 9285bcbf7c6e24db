//! What observers signed, kept before they sign: two attestations of one number, signed for times that
//! overlap, eject whoever signed them, also where it was a mistake.

use std::path::Path;

use alloy_primitives::{Address, B256};
use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::{json_lines::JsonLines, signed::SignedAttestation, signer};
use crate::outcome::Refused;

/// What the lines of the file are.
const ABOUT: &str =
    "what was signed: mend the line, since what is missing here can be signed twice";

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    chain_id: u64,
    registry: Address,
    venue: B256,
    signer: Address,
    sequence: u64,
    context: B256,
    program: B256,
    totals: B256,
    signed_at: u64,
    deadline: u64,
}

impl Entry {
    fn of(signed: &SignedAttestation) -> Self {
        Self {
            chain_id: signed.chain_id,
            registry: signed.registry,
            venue: signed.venue,
            signer: signed.signer,
            sequence: signed.sequence,
            context: signed.context,
            program: signed.program,
            totals: signed.totals,
            signed_at: signed.signed_at,
            deadline: signed.deadline,
        }
    }

    /// Whether both together eject their signer; as `Signatures.exclude` asks.
    fn excludes(&self, other: &Self) -> bool {
        let number = |one: &Self| (one.chain_id, one.registry, one.venue, one.signer, one.sequence);
        let book = |one: &Self| (one.context, one.program, one.totals);
        let overlap = self.signed_at <= other.deadline && other.signed_at <= self.deadline;
        number(self) == number(other) && book(self) != book(other) && overlap
    }
}

/// Writes down what is going to be signed, unless it would eject its signer together with what was
/// signed before. It is on the disk when this returns.
///
/// # Errors
/// If it would, or the file cannot be read or written.
pub fn enter(path: &Path, signed: &SignedAttestation) -> Result<()> {
    let mut lines = JsonLines::open(path, ABOUT)?;
    let entry = Entry::of(signed);
    let excludes = |(before, _): &(&Entry, usize)| entry.excludes(before);
    if let Some((before, number)) = lines.entries.iter().zip(1..).find(excludes) {
        return Err(Refused(format!(
            "{}:{number}: you signed another attestation of number {}, which can be used until {}: both \
             together eject you; sign this one after it, if the registry has appended none",
            path.display(),
            before.sequence,
            signer::at(before.deadline)?
        ))
        .into());
    }
    lines.add(&entry)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::Bytes;

    use super::*;

    fn signed(context: u8, signed_at: u64) -> SignedAttestation {
        SignedAttestation {
            chain_id: 1,
            registry: Address::repeat_byte(1),
            venue: B256::repeat_byte(2),
            sequence: 7,
            context: B256::repeat_byte(context),
            program: B256::repeat_byte(4),
            totals: B256::repeat_byte(5),
            attestation: B256::repeat_byte(6),
            verifier: Address::repeat_byte(7),
            rounds: Vec::new(),
            signer: Address::repeat_byte(8),
            signed_at,
            deadline: signed_at + 600,
            carrier: Address::ZERO,
            compared: 1,
            signature: Bytes::new(),
        }
    }

    #[test]
    fn nobody_signs_what_ejects_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signed.jsonl");
        enter(&path, &signed(3, 1_000)).unwrap();
        // The same again, and others' numbers.
        enter(&path, &signed(3, 1_010)).unwrap();
        let other = SignedAttestation { sequence: 8, ..signed(9, 1_000) };
        enter(&path, &other).unwrap();
        let other = SignedAttestation { signer: Address::ZERO, ..signed(9, 1_000) };
        enter(&path, &other).unwrap();
        for time in [400, 1_000, 1_610] {
            let error = enter(&path, &signed(9, time)).unwrap_err();
            assert!(error.is::<Refused>(), "{time}: {error}");
        }
        enter(&path, &signed(9, 1_611)).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 5);
        // What cannot be read may be what it would be ejected for.
        for damage in ["{}\n", "{"] {
            std::fs::write(&path, damage).unwrap();
            assert!(enter(&path, &signed(3, 5_000)).is_err(), "{damage}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), damage);
        }
    }
}
