//! The exact numbers of a column's values, however wide they are stored.

use num_bigint::{BigInt, BigUint, Sign};
use pacioli_rules::{Decimal, DecimalError, MAX_DIGITS};

use super::kind::Kind;

/// Widest number that is looked at, in bytes without those that only continue the sign. Writers
/// have at most 32.
const MAX_BYTES: usize = 64;

impl Kind {
    /// The number encoded in 32 bits.
    pub fn number_in_32_bits(self, bits: i32) -> Result<Decimal, DecimalError> {
        match self {
            Self::Integer { signed: false } => self.number((bits as u32).into()),
            _ => self.number(bits.into()),
        }
    }

    /// The number encoded in 64 bits.
    pub fn number_in_64_bits(self, bits: i64) -> Result<Decimal, DecimalError> {
        match self {
            Self::Integer { signed: false } => self.number((bits as u64).into()),
            _ => self.number(bits.into()),
        }
    }

    /// The number encoded as a big-endian integer in two's complement.
    pub fn number_in_bytes(self, bytes: &[u8]) -> Result<Decimal, DecimalError> {
        let first = bytes.first().ok_or(DecimalError::Missing)?;
        let fill = if first & 0x80 == 0 { 0 } else { 0xFF };
        let (head, tail) = bytes.split_at(bytes.len().saturating_sub(size_of::<i128>()));
        let mut word = [fill; size_of::<i128>()];
        word[size_of::<i128>() - tail.len()..].copy_from_slice(tail);
        let unscaled = i128::from_be_bytes(word);
        let negative = fill != 0;
        if head.iter().all(|&byte| byte == fill) && (unscaled < 0) == negative {
            return self.number(unscaled);
        }
        let significant = bytes.iter().position(|&byte| byte != fill).unwrap_or(bytes.len());
        // One byte more holds the sign.
        let bytes = &bytes[significant.saturating_sub(1)..];
        if bytes.len() > MAX_BYTES {
            let bits = bytes.len() * 8;
            return Err(DecimalError::TooLong(format!("a number of {bits} bits")));
        }
        self.wide_number(BigInt::from_signed_bytes_be(bytes))
    }

    /// The number of an unscaled integer.
    fn number(self, unscaled: i128) -> Result<Decimal, DecimalError> {
        if is_short(unscaled, self.scale()) {
            Ok(Decimal::new(unscaled, self.scale()))
        } else {
            self.wide_number(unscaled.into())
        }
    }

    /// The number of an unscaled integer with more digits than a [`Decimal`] has. Its last zeros
    /// after the point are left away, which changes nothing but how it is written.
    fn wide_number(self, unscaled: BigInt) -> Result<Decimal, DecimalError> {
        let (sign, digits) = unscaled.into_parts();
        if sign == Sign::NoSign {
            return Ok(Decimal::new(0, 0));
        }
        let (digits, scale) = without_last_zeros(digits, self.scale());
        let unscaled = BigInt::from_biguint(sign, digits);
        match i128::try_from(&unscaled) {
            Ok(short) if is_short(short, scale) => Ok(Decimal::new(short, scale)),
            _ => Err(DecimalError::TooLong(written(&unscaled, scale))),
        }
    }
}

/// Whether a number has few enough digits as written, the zero before a point included.
fn is_short(unscaled: i128, scale: u32) -> bool {
    unscaled.unsigned_abs() < 10u128.pow(MAX_DIGITS as u32) && (scale as usize) < MAX_DIGITS
}

/// An integer and its scale, both divided by ten for as long as that is exact.
fn without_last_zeros(mut digits: BigUint, mut scale: u32) -> (BigUint, u32) {
    // Numbers are below 10^155, so steps that halve from 128 reach every count of zeros.
    for step in [128, 64, 32, 16, 8, 4, 2, 1] {
        if step > scale {
            continue;
        }
        let power = BigUint::from(10u32).pow(step);
        if (&digits % &power) == BigUint::ZERO {
            digits /= power;
            scale -= step;
        }
    }
    (digits, scale)
}

/// A number as text, with its point if it has few enough decimals to be shown.
fn written(unscaled: &BigInt, scale: u32) -> String {
    const SHOWN_DECIMALS: u32 = 200;
    if scale > SHOWN_DECIMALS {
        return format!("a number with {scale} decimals");
    }
    let scale = scale as usize;
    let digits = format!("{:0>width$}", unscaled.magnitude().to_string(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if unscaled.sign() == Sign::Minus { "-" } else { "" };
    match fraction {
        "" => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CENTS: Kind = Kind::Decimal { scale: 2 };
    /// As BigQuery writes its widest numbers.
    const WIDE: Kind = Kind::Decimal { scale: 38 };

    fn bytes(unscaled: &str, length: usize) -> Vec<u8> {
        let number: BigInt = unscaled.parse().unwrap();
        let bytes = number.to_signed_bytes_be();
        let fill = if number.sign() == Sign::Minus { 0xFF } else { 0 };
        [vec![fill; length - bytes.len()], bytes].concat()
    }

    #[test]
    fn bytes_are_a_signed_integer_of_any_length() {
        let number = |bytes: &[u8]| CENTS.number_in_bytes(bytes).unwrap().to_string();
        assert_eq!(number(&[0x7B]), "1.23");
        assert_eq!(number(&[0xFF]), "-0.01");
        assert_eq!(number(&[0x00, 0x80]), "1.28");
        assert_eq!(number(&[[0; 16].as_slice(), &[0x01]].concat()), "0.01");
        assert_eq!(number(&[0xFF; 20]), "-0.01");
        assert_eq!(number(&[0; 40]), "0.00");
    }

    #[test]
    fn integers_past_the_digits_of_a_decimal_are_refused() {
        let most = 10i128.pow(MAX_DIGITS as u32) - 1;
        for unscaled in [most, -most] {
            assert_eq!(
                CENTS.number_in_bytes(&unscaled.to_be_bytes()).unwrap().mantissa(),
                unscaled
            );
        }
        for unscaled in [most + 2, -most - 2, i128::MIN] {
            let number = CENTS.number_in_bytes(&unscaled.to_be_bytes());
            assert!(matches!(number, Err(DecimalError::TooLong(_))));
        }
        for bytes in [[[0].as_slice(), &[0x80; 16]].concat(), [[1].as_slice(), &[0; 16]].concat()] {
            assert!(matches!(CENTS.number_in_bytes(&bytes), Err(DecimalError::TooLong(_))));
        }
        assert_eq!(CENTS.number_in_bytes(&[]), Err(DecimalError::Missing));
    }

    #[test]
    fn a_wide_number_of_few_digits_is_read() {
        let (zeros, nines) = ("0".repeat(38), "9".repeat(38));
        for (unscaled, expected) in [
            (format!("1{zeros}"), "1"),
            (format!("-1{zeros}"), "-1"),
            (format!("170{zeros}"), "170"),
            (format!("100{}", &zeros[1..]), "10"),
            (format!("10025{}", &zeros[2..]), "100.25"),
            (format!("{}0", &nines[1..]), &*format!("0.{}", &nines[1..])),
            (format!("-{nines}{zeros}"), &*format!("-{nines}")),
        ] {
            for length in [16_usize, 17, 32, 48] {
                if length < bytes_needed(&unscaled) {
                    continue;
                }
                let number = WIDE.number_in_bytes(&bytes(&unscaled, length));
                let number = number.unwrap().to_string();
                let trimmed = match number.contains('.') {
                    true => number.trim_end_matches('0').trim_end_matches('.'),
                    false => &number,
                };
                assert_eq!(trimmed, expected, "{length} bytes");
            }
        }
        // A scale that no `Decimal` has, where the number needs less.
        let kind = Kind::Decimal { scale: 60 };
        let unscaled = format!("15{}", "0".repeat(59));
        assert_eq!(kind.number_in_bytes(&bytes(&unscaled, 32)).unwrap().to_string(), "1.5");
        assert_eq!(kind.number_in_bytes(&[0; 32]).unwrap().to_string(), "0");
        assert_eq!(kind.number_in_64_bits(0).unwrap().to_string(), "0");
    }

    fn bytes_needed(unscaled: &str) -> usize {
        unscaled.parse::<BigInt>().unwrap().to_signed_bytes_be().len()
    }

    #[test]
    fn a_number_that_is_too_long_is_shown_as_written() {
        let error = |kind: Kind, unscaled: &str| {
            kind.number_in_bytes(&bytes(unscaled, 64)).unwrap_err().to_string()
        };
        let digits = "123456789012345678901234567890123456789";
        assert_eq!(
            error(WIDE, digits),
            "`1.23456789012345678901234567890123456789` has more than 38 digits"
        );
        assert_eq!(
            error(CENTS, &format!("-{digits}")),
            "`-1234567890123456789012345678901234567.89` has more than 38 digits"
        );
        // As long as CSV may have it.
        let least = format!("`0.{}1` has more than 38 digits", "0".repeat(37));
        assert_eq!(error(WIDE, "1"), least);
        // Digits of the whole part are not left away.
        let kind = Kind::Integer { signed: true };
        let power = format!("1{}", "0".repeat(38));
        assert_eq!(error(kind, &power), format!("`{power}` has more than 38 digits"));
        assert_eq!(
            Kind::Decimal { scale: 1 << 20 }.number_in_32_bits(1).unwrap_err().to_string(),
            "`a number with 1048576 decimals` has more than 38 digits"
        );
        let long = CENTS.number_in_bytes(&[0x70; 65]).unwrap_err().to_string();
        assert_eq!(long, "`a number of 520 bits` has more than 38 digits");
    }
}
