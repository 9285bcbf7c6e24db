//! Fractions of any size.

pub use num_rational::BigRational as Number;

use num_bigint::BigInt;

/// A whole number.
pub fn whole(number: impl Into<BigInt>) -> Number {
    Number::from_integer(number.into())
}

/// `units / 10^decimals`.
pub fn decimal(units: impl Into<BigInt>, decimals: u32) -> Number {
    Number::new(units.into(), BigInt::from(10).pow(decimals))
}

/// The number that a text such as `-0.05` says.
pub fn read(text: &str) -> Number {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    decimal(format!("{whole}{fraction}").parse::<BigInt>().unwrap(), fraction.len() as u32)
}

/// A non-negative number as a text, which has to be a decimal of at most so many digits.
pub fn write(number: &Number, decimals: u32) -> String {
    let scaled = number * whole(BigInt::from(10).pow(decimals));
    assert!(scaled.is_integer(), "{number} has more than {decimals} digits");
    let digits =
        format!("{:0>width$}", scaled.to_integer().to_string(), width = decimals as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals as usize);
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

/// The number rounded down to a multiple of `10^-decimals`.
pub fn floor(number: &Number, decimals: u32) -> Number {
    let scale = whole(BigInt::from(10).pow(decimals));
    (number * &scale).floor() / scale
}

/// The number rounded up to a multiple of `10^-decimals`.
pub fn ceil(number: &Number, decimals: u32) -> Number {
    -floor(&-number, decimals)
}

/// The number rounded towards zero to a multiple of `10^-decimals`.
pub fn truncate(number: &Number, decimals: u32) -> Number {
    if *number < whole(0) { ceil(number, decimals) } else { floor(number, decimals) }
}
