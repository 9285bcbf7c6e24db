//! Points, field elements and bytes as bytes and text: one encoding each, numbers big-endian.

use ff::PrimeField;
use group::{cofactor::CofactorGroup, prime::PrimeCurveAffine};
use halo2_proofs::halo2curves::{
    CurveAffine,
    bn256::{Fq, Fr, G1Affine, G2, G2Affine},
};
use thiserror::Error;

/// Bytes that encode nothing.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum EncodingError {
    /// Not a point of the curve, or not its only encoding.
    #[error("not the encoding of a point of the curve")]
    Point,
    /// Not a field element, or not its only encoding.
    #[error("not the encoding of a field element below the modulus")]
    Value,
}

/// A point of G1 from its coordinates `x || y`, 32 bytes each.
///
/// The identity is 64 zero bytes, as for the curve operations of the EVM, and it is accepted: it
/// is the true opening of every page of a polynomial of degree below the page size, and the
/// pairing equation judges it like any other point.
///
/// # Errors
/// If a coordinate is not below the base field's modulus, or the point is not on the curve
/// (whose every point is in the prime-order group).
pub fn parse_point(bytes: &[u8; 64]) -> Result<G1Affine, EncodingError> {
    let (x, y) = bytes.split_at(32);
    let coordinate =
        |bytes| Option::<Fq>::from(Fq::from_bytes(&reversed(bytes))).ok_or(EncodingError::Point);
    let point = G1Affine { x: coordinate(x)?, y: coordinate(y)? };
    if point.is_on_curve().into() { Ok(point) } else { Err(EncodingError::Point) }
}

/// The encoding that [`parse_point`] reads.
pub fn point_bytes(point: &G1Affine) -> [u8; 64] {
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&value_bytes(&point.x));
    bytes[32..].copy_from_slice(&value_bytes(&point.y));
    bytes
}

/// A point of G2 as four words in the order of EIP-197: x.c1, x.c0, y.c1, y.c0.
pub fn g2_words(point: &G2Affine) -> [u8; 128] {
    let mut words = [0; 128];
    let coordinates = [point.x.c1, point.x.c0, point.y.c1, point.y.c0];
    for (word, coordinate) in words.chunks_exact_mut(32).zip(coordinates) {
        word.copy_from_slice(&value_bytes(&coordinate));
    }
    words
}

/// The point of G2 that [`g2_words`] writes as these bytes. The identity is refused.
///
/// # Errors
/// If there are not 128 bytes, a coordinate is not below the base field's modulus, or the point is
/// not in the subgroup of order r.
pub fn parse_g2(bytes: &[u8]) -> Result<G2Affine, EncodingError> {
    let (words, rest) = bytes.as_chunks::<32>();
    let coordinate = |word: &[u8; 32]| {
        Option::<Fq>::from(Fq::from_bytes(&reversed(word))).ok_or(EncodingError::Point)
    };
    let [x1, x0, y1, y0] = words else { return Err(EncodingError::Point) };
    let mut point = G2Affine::generator();
    (point.x.c0, point.x.c1) = (coordinate(x0)?, coordinate(x1)?);
    (point.y.c0, point.y.c1) = (coordinate(y0)?, coordinate(y1)?);
    let in_group = bool::from(point.is_on_curve())
        && !bool::from(point.is_identity())
        && bool::from(G2::from(point).is_torsion_free());
    if rest.is_empty() && in_group { Ok(point) } else { Err(EncodingError::Point) }
}

/// A field element from 32 bytes.
///
/// # Errors
/// If the number is not below the modulus.
pub fn parse_value(bytes: &[u8; 32]) -> Result<Fr, EncodingError> {
    Option::from(Fr::from_bytes(&reversed(bytes))).ok_or(EncodingError::Value)
}

/// A field element as a 32-byte word: the encoding that [`parse_value`] reads.
pub fn value_bytes<F: PrimeField<Repr: AsRef<[u8]>>>(value: &F) -> [u8; 32] {
    reversed(value.to_repr().as_ref())
}

/// Bytes as `0x` and lower-case hexadecimal digits.
pub fn to_hex(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// The bytes of `0x` and an even number of lower-case hexadecimal digits; `None` for any other
/// text.
pub fn parse_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x")?;
    let lower = !digits.bytes().any(|digit| digit.is_ascii_uppercase());
    if lower { hex::decode(digits).ok() } else { None }
}

/// 32 bytes in the other order: the field types read and write little-endian.
fn reversed(bytes: &[u8]) -> [u8; 32] {
    let mut word = [0; 32];
    for (to, from) in word.iter_mut().zip(bytes.iter().rev()) {
        *to = *from;
    }
    word
}

#[cfg(test)]
mod tests {
    use ff::Field;
    use group::{Curve, Group, prime::PrimeCurveAffine};
    use halo2_proofs::halo2curves::bn256::G1;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    #[test]
    fn points_and_values_come_back() {
        let mut rng = ChaCha20Rng::seed_from_u64(0);
        for _ in 0..20 {
            let point = G1::random(&mut rng).to_affine();
            assert_eq!(parse_point(&point_bytes(&point)), Ok(point));
            let value = Fr::random(&mut rng);
            assert_eq!(parse_value(&value_bytes(&value)), Ok(value));
        }
        let one_and_two = point_bytes(&G1Affine::generator());
        assert_eq!((one_and_two[31], one_and_two[63]), (1, 2));
    }

    #[test]
    fn the_identity_is_zero_bytes() {
        assert_eq!(point_bytes(&G1Affine::identity()), [0; 64]);
        assert_eq!(parse_point(&[0; 64]), Ok(G1Affine::identity()));
    }

    #[test]
    fn what_is_not_on_the_curve_or_not_reduced_is_refused() {
        let mut bytes = point_bytes(&G1Affine::generator());
        bytes[63] = 3;
        assert_eq!(parse_point(&bytes), Err(EncodingError::Point));
        assert_eq!(parse_point(&[0xff; 64]), Err(EncodingError::Point));
        let modulus = |bytes: [u8; 32]| {
            let mut next = bytes;
            next[31] += 1;
            next
        };
        let mut unreduced = [0; 64];
        unreduced[..32].copy_from_slice(&modulus(value_bytes(&-Fq::ONE)));
        assert_eq!(parse_point(&unreduced), Err(EncodingError::Point));
        assert_eq!(parse_value(&modulus(value_bytes(&-Fr::ONE))), Err(EncodingError::Value));
    }
}
