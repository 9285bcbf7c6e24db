//! drand's network `quicknet`: a round every 3 seconds, signed by a threshold of its members.
//!
//! Scheme `bls-unchained-g1-rfc9380`: a BLS signature in G1 of the SHA-256 hash of the round's
//! number, under one public key in G2. There is one signature of a round that is valid, so whoever
//! passes it on has nothing to choose; randomness is its SHA-256 hash.
//!
//! Source: the network's `/info`, chain hash
//! 52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971.

use halo2_proofs::halo2curves::bls12_381::{
    G1, G1Affine, G2Affine, G2Prepared, Gt,
    hash_to_curve::{ExpandMsgXmd, HashToCurve},
    multi_miller_loop,
};
use pacioli_rules::DrawSource;
use sha2::{Digest as _, Sha256};

use super::{Day, DrawnError};

/// The time of the first round, in seconds since 1970.
const GENESIS: u64 = 1_692_803_367;
/// The seconds from one round to the next.
const PERIOD: u64 = 3;
/// RFC 9380's suite, as a domain.
const DOMAIN: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/// The network's public key, a compressed point of G2.
#[rustfmt::skip]
pub(super) const KEY: [u8; 96] = [
    0x83, 0xcf, 0x0f, 0x28, 0x96, 0xad, 0xee, 0x7e, 0xb8, 0xb5, 0xf0, 0x1f, 0xca, 0xd3, 0x91, 0x22,
    0x12, 0xc4, 0x37, 0xe0, 0x07, 0x3e, 0x91, 0x1f, 0xb9, 0x00, 0x22, 0xd3, 0xe7, 0x60, 0x18, 0x3c,
    0x8c, 0x4b, 0x45, 0x0b, 0x6a, 0x0a, 0x6c, 0x3a, 0xc6, 0xa5, 0x77, 0x6a, 0x2d, 0x10, 0x64, 0x51,
    0x0d, 0x1f, 0xec, 0x75, 0x8c, 0x92, 0x1c, 0xc2, 0x2b, 0x0e, 0x17, 0xe6, 0x3a, 0xaf, 0x4b, 0xcb,
    0x5e, 0xd6, 0x63, 0x04, 0xde, 0x9c, 0xf8, 0x09, 0xbd, 0x27, 0x4c, 0xa7, 0x3b, 0xab, 0x4a, 0xf5,
    0xa6, 0xe9, 0xc7, 0x6a, 0x4b, 0xc0, 0x9e, 0x76, 0xea, 0xe8, 0x99, 0x1e, 0xf5, 0xec, 0xe4, 0x5a,
];

/// The first round at or after the end of a day.
///
/// # Errors
/// If the network did not exist then.
pub fn first_round(day: Day) -> Result<u64, DrawnError> {
    let since = day.end().checked_sub(GENESIS);
    let since = since.ok_or(DrawnError::Before { from: DrawSource::Quicknet, day })?;
    Ok(since.div_ceil(PERIOD) + 1)
}

/// The day that ended with a round, if one did.
pub(super) fn day_of(round: u64) -> Option<Day> {
    let after = round.checked_sub(1)?.checked_mul(PERIOD)?.checked_add(GENESIS)?;
    let day = Day::containing(after)?.before()?;
    (first_round(day) == Ok(round)).then_some(day)
}

/// The round with which a day ended, and its randomness, if this is its signature under the key.
pub(super) fn randomness(
    key: &[u8; 96],
    day: Day,
    signature: &[u8],
) -> Result<(u64, [u8; 32]), DrawnError> {
    let round = first_round(day)?;
    let bytes = signature.try_into().map_err(|_| DrawnError::Point)?;
    if !is_signed(key, round, bytes).ok_or(DrawnError::Point)? {
        return Err(DrawnError::Signature { round, day });
    }
    Ok((round, Sha256::digest(signature).into()))
}

/// Whether it is the signature of a round; `None` if one of them is no point of its group.
pub(super) fn is_signed(key: &[u8; 96], round: u64, signature: &[u8; 48]) -> Option<bool> {
    let key = Option::<G2Affine>::from(G2Affine::from_compressed_be(key))?;
    let point = Option::<G1Affine>::from(G1Affine::from_compressed_be(signature))?;
    // Other bytes of the same point would have another hash: whoever passes it on could choose.
    let is_only_form = point.to_compressed_be() == *signature;
    if bool::from(point.is_identity()) || bool::from(key.is_identity()) || !is_only_form {
        return None;
    }
    let message = Sha256::digest(round.to_be_bytes());
    let hashed: G1 = HashToCurve::<ExpandMsgXmd<Sha256>>::hash_to_curve(message, DOMAIN);
    let [key, generator] = [key, G2Affine::generator()].map(G2Prepared::from);
    let looped = multi_miller_loop(&[(&-point, &generator), (&hashed.into(), &key)]);
    Some(looped.final_exponentiation() == Gt::identity())
}

#[cfg(test)]
pub(super) mod testing {
    use halo2_proofs::halo2curves::bls12_381::{Fr, G2};
    use num_bigint::BigUint;

    use super::*;

    /// A signature, and other bytes of the same point: its x plus the field's modulus. Of a network of
    /// one member and of the day's round.
    pub(in crate::drawn) fn two_forms(day: Day) -> ([u8; 96], [[u8; 48]; 2]) {
        let round = first_round(day).unwrap();
        let modulus = "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ff\
                       ffb9feffffffffaaab";
        let modulus = BigUint::parse_bytes(modulus.as_bytes(), 16).unwrap();
        let found = (1..).find_map(|secret| {
            let (key, own) = sign(secret, round);
            let flags = own[0] & 0xe0;
            let mut x = own;
            x[0] &= 0x1f;
            let other = BigUint::from_bytes_be(&x) + &modulus;
            (other.bits() <= 381).then(|| {
                let mut bytes: [u8; 48] = other.to_bytes_be().try_into().unwrap();
                bytes[0] |= flags;
                (key, [own, bytes])
            })
        });
        found.unwrap()
    }

    /// A network of one member, who is us: its key, and its signature of a round.
    pub(in crate::drawn) fn sign(secret: u64, round: u64) -> ([u8; 96], [u8; 48]) {
        let secret = Fr::from(secret);
        let message = Sha256::digest(round.to_be_bytes());
        let hashed: G1 = HashToCurve::<ExpandMsgXmd<Sha256>>::hash_to_curve(message, DOMAIN);
        let key = G2Affine::from(G2::generator() * secret).to_compressed_be();
        (key, G1Affine::from(hashed * secret).to_compressed_be())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(digits: &str) -> [u8; N] {
        hex::decode(digits).unwrap().try_into().unwrap()
    }

    /// Published: https://api3.drand.sh/52db9ba7...84e971/public/123
    const ROUND_123: &str = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482\
                             e26cd02df835d3546d23c4b13e0dfc92";

    #[test]
    fn a_published_round_is_signed_by_the_network() {
        let signature = bytes(ROUND_123);
        assert_eq!(is_signed(&KEY, 123, &signature), Some(true));
        assert_eq!(is_signed(&KEY, 124, &signature), Some(false), "of another round");
        let (other, own) = testing::sign(7, 123);
        assert_eq!(is_signed(&other, 123, &signature), Some(false), "under another key");
        assert_eq!(is_signed(&other, 123, &own), Some(true));
        assert_eq!(is_signed(&KEY, 123, &own), Some(false), "signed by another");
    }

    /// Published test vectors of the scheme, under a key of its authors.
    #[test]
    fn published_vectors_of_the_scheme_hold() {
        let key = bytes(
            "a1ee12542360bf75742bcade13d6134e7d5283d9eb782887c47d3d9725f05805d37b0106b7f744395bf8\
             2c175dd7434a169e998f188a657a030d588892c0cd2c01f996aaf331c4d8bc5b9734bbe261d09e7d2d39\
             ef88b635077f262bd7bbb30f",
        );
        for (round, signature) in [
            (
                3,
                "b98dae74f6a9d2ec79d75ba273dcfda86a45d589412860eb4c0fd056b00654dbf667c1b6884987c9\
                 aee0d43f8ba9db52",
            ),
            (
                4,
                "962c2b2969e8f3351cf5cc457b04ecbf0c65bd79f4c1ee3bd0205f581368aaaa0cdeb1531a0709d3\
                 9ef06a8ba1e1bb93",
            ),
            (
                6,
                "a054dafb27a4a4fb9e06b17b30da3e0c7b13b4ca8e1dec3c6775f81758587029aa358523f2e7e622\
                 04018347db7cbd1c",
            ),
        ] {
            assert_eq!(is_signed(&key, round, &bytes(signature)), Some(true), "round {round}");
            assert_eq!(is_signed(&key, round + 1, &bytes(signature)), Some(false));
        }
    }

    #[test]
    fn what_is_no_point_of_the_group_is_no_signature() {
        let signature: [u8; 48] = bytes(ROUND_123);
        let mut identity = [0; 48];
        identity[0] = 0xc0;
        let uncompressed = {
            let mut one = signature;
            one[0] &= 0x7f;
            one
        };
        // The least x on the curve, in another group than ours.
        let mut outside = [0; 48];
        outside[0] = 0x80;
        for wrong in [identity, uncompressed, outside, [0; 48], [0xff; 48]] {
            assert_eq!(is_signed(&KEY, 123, &wrong), None, "{wrong:?}");
        }
        let (key, [own, other]) = testing::two_forms("2026-11-26".parse().unwrap());
        let round = first_round("2026-11-26".parse().unwrap()).unwrap();
        assert_eq!(is_signed(&key, round, &own), Some(true));
        assert_eq!(is_signed(&key, round, &other), None, "the same point in other bytes");
        let negated = {
            let mut one = signature;
            one[0] ^= 0x20;
            one
        };
        assert_eq!(is_signed(&KEY, 123, &negated), Some(false));
        let day = "2026-11-26".parse().unwrap();
        for wrong in [&signature[1..], &[], &[0; 49]] {
            assert_eq!(randomness(&KEY, day, wrong), Err(DrawnError::Point));
        }
    }

    #[test]
    fn the_round_is_the_first_at_or_after_the_end_of_the_day() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(first_round(day("2023-08-23")), Ok(10_612), "its first day ended at 31,833 s");
        assert_eq!(first_round(day("2023-08-24")), Ok(39_412));
        let time = GENESIS + (first_round(day("2026-11-26")).unwrap() - 1) * PERIOD;
        assert!((day("2026-11-26").end()..day("2026-11-26").end() + PERIOD).contains(&time));
        assert!(matches!(first_round(day("2023-08-22")), Err(DrawnError::Before { .. })));
        assert_eq!(day_of(39_412), Some(day("2023-08-24")));
        for round in [0, 1, 123, 39_411, 39_413, u64::MAX] {
            assert_eq!(day_of(round), None, "{round}");
        }
    }

    #[test]
    fn randomness_is_the_hash_of_the_signature_of_that_days_round() {
        let day: Day = "2026-11-26".parse().unwrap();
        let round = first_round(day).unwrap();
        let (key, signature) = testing::sign(42, round);
        let expected: [u8; 32] = Sha256::digest(signature).into();
        assert_eq!(randomness(&key, day, &signature), Ok((round, expected)));
        let refused = Err(DrawnError::Signature { round, day });
        for other in [round - 1, round + 1, round - 28_800, round + 28_800] {
            let (_, signature) = testing::sign(42, other);
            assert_eq!(randomness(&key, day, &signature), refused, "{other}");
        }
        assert_eq!(randomness(&KEY, day, &signature), refused, "not by the network");
        assert_eq!(randomness(&KEY, day, &bytes::<48>(ROUND_123)), refused, "of another round");
    }
}
