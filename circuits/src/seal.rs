//! The commitment to one line and its owner.
//!
//! `seal = (keccak256(0x00 || m) * 2^256 + keccak256(0x01 || m)) mod p`, the digests read as
//! big-endian numbers. Two digests, because 256 bits modulo `p` would leave a bias that repeated
//! attestations reveal. `m` is 148 bytes of fixed widths, numbers big-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 32 | `keccak256("pacioli.seal.v1")` |
//! | 32 | context of the attestation |
//! | 32 | owner ([`Owner`]) |
//! | 32 | [`Nonce`] of the account in this run |
//! | 2 | index of the line in its account |
//! | 2 | instrument |
//! | 16 | quantity |
//!
//! To whom the nonce is unknown the seal is a uniform field element: a one-time pad on the opened
//! value of its slot. So a nonce never serves two proofs.

use std::fmt;

use ff::FromUniformBytes;
use halo2_proofs::halo2curves::bn256::Fr;
use sha3::{Digest, Keccak256};
use zeroize::Zeroizing;

use crate::Line;

/// Bytes of a seal's preimage `m`.
const PREIMAGE_BYTES: usize = 4 * 32 + 2 + 2 + 16;

/// What the circuit and everything published shows of an account holder: an id, hashed.
///
/// `keccak256(keccak256("pacioli.owner.v1") || length || id)`, where the length is that of the id
/// in bytes, as a 32-byte word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owner([u8; 32]);

impl Owner {
    /// The owner with this id, taken as its UTF-8 bytes, without normalisation.
    pub fn new(id: &str) -> Self {
        let mut hasher = Keccak256::new();
        hasher.update(Keccak256::digest("pacioli.owner.v1"));
        let mut length = [0; 32];
        length[24..].copy_from_slice(&(id.len() as u64).to_be_bytes());
        hasher.update(length);
        hasher.update(id);
        Self(hasher.finalize().into())
    }

    /// The hash.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The secret of one account's seals in one run; its holder gets it with the statement. It is
/// overwritten when dropped and never printed.
#[derive(Clone)]
pub struct Nonce(Zeroizing<[u8; 32]>);

impl Nonce {
    /// The nonce with these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The secret bytes.
    pub fn reveal(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(..)")
    }
}

/// The seal of the line that is `index`-th in its account, from 0.
pub fn seal(context: &[u8; 32], owner: &Owner, nonce: &Nonce, index: u16, line: Line) -> Fr {
    let mut preimage = Zeroizing::new([0; PREIMAGE_BYTES]);
    let mut rest = preimage.as_mut_slice();
    let mut append = |bytes: &[u8]| {
        let (field, after) = std::mem::take(&mut rest).split_at_mut(bytes.len());
        field.copy_from_slice(bytes);
        rest = after;
    };
    append(&Keccak256::digest("pacioli.seal.v1"));
    append(context);
    append(owner.bytes());
    append(nonce.reveal());
    append(&index.to_be_bytes());
    append(&(line.instrument.row() as u16).to_be_bytes());
    append(&line.quantity.units().to_be_bytes());

    let digest = |prefix: u8| Keccak256::new().chain_update([prefix]).chain_update(*preimage);
    let mut number = Zeroizing::new([0; 64]);
    number[..32].copy_from_slice(&digest(0).finalize());
    number[32..].copy_from_slice(&digest(1).finalize());
    number.reverse();
    // Little-endian from here, reduced modulo p.
    Fr::from_uniform_bytes(&number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{InstrumentId, Quantity};

    fn line(instrument: usize, units: u128) -> Line {
        Line {
            instrument: InstrumentId::new(instrument).unwrap(),
            quantity: Quantity::new(units).unwrap(),
        }
    }

    /// The number's big-endian digits.
    fn hex(bytes: impl IntoIterator<Item = u8>) -> String {
        bytes.into_iter().map(|byte| format!("{byte:02x}")).collect()
    }

    // Computed in Python: pycryptodome's keccak and integers without bounds.

    #[test]
    fn owners_are_those_computed_elsewhere() {
        for (id, expected) in [
            ("", "3c8a2447b485689d80c222d3b906d88d149cbb8588e84e782b022d37e66b3b28"),
            ("alice", "48fef99b03a55cca6b4207ecb3b47ddd12f9e9f358b90a713e2d696b8aceb74a"),
            (
                "0x00000000219ab540356cBB839Cbe05303d7705Fa",
                "ca91a1a4972b74de7448cf63fda1d8eb5c6a3d55de2d4aa4bb0f812f069b9a18",
            ),
            ("Łukasz", "86de725214adaf66b5bd85b2d36ffe1e2c7d6d9403131e25a2c9b5a128bcfe3d"),
        ] {
            assert_eq!(hex(*Owner::new(id).bytes()), expected);
        }
    }

    #[test]
    fn seals_are_those_computed_elsewhere() {
        for (context, id, nonce, index, line, expected) in [
            (
                0,
                "",
                0,
                0,
                line(0, 0),
                "0b0c0458a5bec3737ecab208039af0f7c596a5f4db86b51bff317497ff9cc4b8",
            ),
            (
                1,
                "alice",
                2,
                3,
                line(4, 5),
                "212d1a5ae36e674406e066b3cb9b7fdba20aba05e271544fc70990171cbebca6",
            ),
            (
                255,
                "Łukasz",
                128,
                511,
                line(1023, (1 << 90) - 1),
                "1b0b8255a2b5913f1d7d6229bcfc24d20929c5bec5438c436818ddac74e3a910",
            ),
        ] {
            let nonce = Nonce::new([nonce; 32]);
            let seal = seal(&[context; 32], &Owner::new(id), &nonce, index, line);
            assert_eq!(hex(seal.to_bytes().into_iter().rev()), expected);
        }
    }

    #[test]
    fn every_part_changes_the_seal() {
        let (context, owner, nonce) = ([1; 32], Owner::new("alice"), Nonce::new([2; 32]));
        let seals = [
            seal(&context, &owner, &nonce, 0, line(5, 9)),
            seal(&[3; 32], &owner, &nonce, 0, line(5, 9)),
            seal(&context, &Owner::new("bob"), &nonce, 0, line(5, 9)),
            seal(&context, &owner, &Nonce::new([3; 32]), 0, line(5, 9)),
            seal(&context, &owner, &nonce, 1, line(5, 9)),
            seal(&context, &owner, &nonce, 0, line(6, 9)),
            seal(&context, &owner, &nonce, 0, line(5, 8)),
        ];
        for (at, one) in seals.iter().enumerate() {
            assert!(!seals[..at].contains(one));
        }
    }

    #[test]
    fn a_nonce_is_not_printed() {
        assert_eq!(format!("{:?}", Nonce::new([7; 32])), "Nonce(..)");
    }
}
