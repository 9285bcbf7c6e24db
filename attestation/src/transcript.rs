//! The Keccak transcript that the contract can follow: a proof is a row of 32-byte big-endian
//! words, a point two of them.
//!
//! What is absorbed is appended to a buffer; a challenge is the buffer's Keccak-256 hash mod r, and
//! the hash becomes the buffer. Where nothing was absorbed since, one byte `1` is hashed behind it.
//! The same as `EvmTranscript` of `snark-verifier` 0.2 (`src/system/halo2/transcript/evm.rs`), so
//! that the verifier which that crate generates can be asked for a second opinion.

use std::io::{self, Read, Write};

use ff::{FromUniformBytes, PrimeField};
use group::prime::PrimeCurveAffine;
use halo2_proofs::{
    halo2curves::{
        CurveAffine,
        bn256::{Fq, Fr, G1Affine},
    },
    transcript::{
        EncodedChallenge, Transcript, TranscriptRead, TranscriptReadBuffer, TranscriptWrite,
        TranscriptWriterBuffer,
    },
};
use sha3::{Digest, Keccak256};

use crate::encoding::{point_bytes, value_bytes};

/// Reads or writes a proof in `stream`, hashing as it goes.
#[derive(Debug)]
pub struct KeccakTranscript<S> {
    stream: S,
    buffer: Vec<u8>,
}

/// A challenge: a Keccak-256 hash read as a big-endian integer mod r.
#[derive(Clone, Copy, Debug)]
pub struct KeccakChallenge(Fr);

impl EncodedChallenge<G1Affine> for KeccakChallenge {
    type Input = [u8; 32];

    fn new(hash: &[u8; 32]) -> Self {
        Self(hash_to_field(hash))
    }

    fn get_scalar(&self) -> Fr {
        self.0
    }
}

impl<S> KeccakTranscript<S> {
    fn new(stream: S) -> Self {
        Self { stream, buffer: Vec::new() }
    }
}

impl<S> Transcript<G1Affine, KeccakChallenge> for KeccakTranscript<S> {
    fn squeeze_challenge(&mut self) -> KeccakChallenge {
        if self.buffer.len() == 32 {
            self.buffer.push(1);
        }
        let hash: [u8; 32] = Keccak256::digest(&self.buffer).into();
        self.buffer = hash.to_vec();
        KeccakChallenge::new(&hash)
    }

    fn common_point(&mut self, point: G1Affine) -> io::Result<()> {
        self.buffer.extend(point_words(&point)?);
        Ok(())
    }

    fn common_scalar(&mut self, scalar: Fr) -> io::Result<()> {
        self.buffer.extend(value_bytes(&scalar));
        Ok(())
    }
}

impl<R: Read> KeccakTranscript<R> {
    fn read_element<F: PrimeField<Repr: From<[u8; 32]>>>(&mut self) -> io::Result<F> {
        let mut bytes = [0; 32];
        self.stream.read_exact(&mut bytes)?;
        bytes.reverse();
        Option::from(F::from_repr(bytes.into())).ok_or_else(|| invalid("a word is not canonical"))
    }
}

impl<R: Read> TranscriptRead<G1Affine, KeccakChallenge> for KeccakTranscript<R> {
    fn read_point(&mut self) -> io::Result<G1Affine> {
        let x: Fq = self.read_element()?;
        let y: Fq = self.read_element()?;
        let point = Option::from(G1Affine::from_xy(x, y));
        let point: G1Affine = point.ok_or_else(|| invalid("a point is not on the curve"))?;
        self.common_point(point)?;
        Ok(point)
    }

    fn read_scalar(&mut self) -> io::Result<Fr> {
        let scalar = self.read_element()?;
        self.common_scalar(scalar)?;
        Ok(scalar)
    }
}

impl<R: Read> TranscriptReadBuffer<R, G1Affine, KeccakChallenge> for KeccakTranscript<R> {
    fn init(stream: R) -> Self {
        Self::new(stream)
    }
}

impl<W: Write> TranscriptWrite<G1Affine, KeccakChallenge> for KeccakTranscript<W> {
    fn write_point(&mut self, point: G1Affine) -> io::Result<()> {
        self.common_point(point)?;
        self.stream.write_all(&point_words(&point)?)
    }

    fn write_scalar(&mut self, scalar: Fr) -> io::Result<()> {
        self.common_scalar(scalar)?;
        self.stream.write_all(&value_bytes(&scalar))
    }
}

impl<W: Write> TranscriptWriterBuffer<W, G1Affine, KeccakChallenge> for KeccakTranscript<W> {
    fn init(stream: W) -> Self {
        Self::new(stream)
    }

    fn finalize(self) -> W {
        self.stream
    }
}

/// A hash as a field element: the big-endian number mod r.
pub fn hash_to_field(hash: &[u8; 32]) -> Fr {
    let mut wide = [0; 64];
    wide.iter_mut().zip(hash.iter().rev()).for_each(|(to, from)| *to = *from);
    Fr::from_uniform_bytes(&wide)
}

/// A point as two words, x and y. The point at infinity has none: no honest proof holds it.
fn point_words(point: &G1Affine) -> io::Result<[u8; 64]> {
    if bool::from(point.is_identity()) {
        return Err(invalid("a point is at infinity"));
    }
    Ok(point_bytes(point))
}

fn invalid(message: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_the_hash_of_what_was_absorbed() {
        let mut transcript = KeccakTranscript::new(Vec::<u8>::new());
        transcript.write_scalar(Fr::from(1)).unwrap();
        transcript.write_scalar(Fr::from(2)).unwrap();
        let mut absorbed = [0; 64];
        (absorbed[31], absorbed[63]) = (1, 2);
        let first: [u8; 32] = Keccak256::digest(absorbed).into();
        let challenge = transcript.squeeze_challenge().get_scalar();
        assert_eq!(challenge, KeccakChallenge::new(&first).get_scalar());
        let again: [u8; 32] = Keccak256::digest([&first[..], &[1]].concat()).into();
        let challenge = transcript.squeeze_challenge().get_scalar();
        assert_eq!(challenge, KeccakChallenge::new(&again).get_scalar());
    }

    #[test]
    fn what_is_not_canonical_is_refused() {
        let scalar = |bytes: &[u8]| {
            KeccakTranscript::new(bytes).read_scalar().map_err(|error| error.to_string())
        };
        let mut modulus = value_bytes(&-Fr::one());
        assert_eq!(scalar(&modulus), Ok(-Fr::one()));
        modulus[31] += 1;
        assert_eq!(scalar(&modulus).unwrap_err(), "a word is not canonical");
        assert!(scalar(&modulus[1..]).is_err());

        let point = |bytes: &[u8]| {
            KeccakTranscript::new(bytes).read_point().map_err(|error| error.to_string())
        };
        let generator = point_words(&G1Affine::generator()).unwrap();
        assert_eq!(point(&generator), Ok(G1Affine::generator()));
        assert_eq!(point(&[0; 64]).unwrap_err(), "a point is at infinity");
        let mut off = generator;
        off[63] += 1;
        assert_eq!(point(&off).unwrap_err(), "a point is not on the curve");
    }
}
