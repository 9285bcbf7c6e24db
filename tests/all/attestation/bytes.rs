//! One byte of the stored attestation replaced by another.

use std::{ops::Range, thread};

use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

use crate::attestation::fixture::{attestation, check, stored};

/// Digits of the proofs that are changed: each that leaves points on their curve costs a pairing.
const DIGITS: usize = 600;

/// Where the proofs' digits stand in the file.
fn proofs() -> Vec<Range<usize>> {
    let text = str::from_utf8(stored()).unwrap();
    let starts = text.match_indices("\"proof\": \"0x").map(|(at, tag)| at + tag.len());
    let volumes = attestation().volumes.into_iter();
    starts.zip(volumes).map(|(at, volume)| at..at + 2 * volume.proof.len()).collect()
}

/// Every changed file is refused, and checking it does not panic.
fn refuse_all(changes: &[(usize, u8)]) {
    let refuse = |changes: &[(usize, u8)]| {
        let mut bytes = stored().to_vec();
        for &(at, byte) in changes {
            let before = std::mem::replace(&mut bytes[at], byte);
            assert!(check(&bytes).is_err(), "byte {at} changed to {byte:#x} is accepted");
            bytes[at] = before;
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let parts = changes.chunks(changes.len().div_ceil(threads));
        parts.for_each(|part| drop(scope.spawn(|| refuse(part))));
    });
}

#[test]
fn no_byte_outside_the_proofs_can_be_another() {
    let proofs = proofs();
    let outside = (0..stored().len()).filter(|at| !proofs.iter().any(|proof| proof.contains(at)));
    let changes = outside.flat_map(|at| {
        let byte = stored()[at];
        let near = byte ^ 1;
        // What still reads as the same kind of thing is the harder forgery.
        let like = match byte {
            b'0'..=b'8' => byte + 1,
            b'9' => b'8',
            b'a'..=b'z' | b'A'..=b'Z' => byte ^ 0x20,
            b' ' => b'\t',
            b'\n' => b' ',
            _ => b'0',
        };
        [(at, near), (at, like)]
    });
    refuse_all(&changes.collect::<Vec<_>>());
}

#[test]
fn no_digit_of_a_proof_can_be_another() {
    let mut rng = ChaCha20Rng::seed_from_u64(1494);
    let proofs = proofs();
    assert_eq!(proofs.len(), 2);
    let changes = (0..DIGITS).map(|change| {
        let proof = &proofs[change % 2];
        let at = proof.start + rng.next_u64() as usize % proof.len();
        let digits = b"0123456789abcdef".iter().filter(|&&digit| digit != stored()[at]);
        let digit = digits.copied().nth(rng.next_u64() as usize % 15).unwrap();
        (at, digit)
    });
    refuse_all(&changes.collect::<Vec<_>>());
}

#[test]
fn nothing_can_be_cut_off_or_added() {
    let bytes = stored();
    let step = bytes.len() / 200;
    for end in (0..bytes.len()).step_by(step).chain([bytes.len() - 1]) {
        assert!(check(&bytes[..end]).is_err(), "cut at {end}");
    }
    for more in ["\n", " ", "{}", "\0"] {
        assert!(check(&[bytes, more.as_bytes()].concat()).is_err(), "{more:?} behind");
        assert!(check(&[more.as_bytes(), bytes].concat()).is_err(), "{more:?} before");
    }
}
