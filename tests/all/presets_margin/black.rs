//! Black's model of 1976 in fixed point, by the textbook's series. No code in common with the
//! compiler's, which works in intervals.

use num_bigint::{BigInt, Sign};
use num_rational::BigRational;

/// Bits behind the point. The series of [`normal`] loses 190 of them at [`FAR`].
const BITS: u32 = 640;
/// Beyond this the normal distribution is 0 or 1 to 57 digits.
const FAR: u32 = 16;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Right {
    Call,
    Put,
}

/// What the model needs, beside the right: forward, strike, volatility, years and rate.
#[derive(Clone)]
pub struct Terms {
    pub forward: BigRational,
    pub strike: BigRational,
    pub vol: BigRational,
    pub years: BigRational,
    pub rate: BigRational,
}

impl Terms {
    /// The value of one option, short of an error below 2^-400 of the forward.
    pub fn value(&self, right: Right) -> BigRational {
        let (forward, strike) = (fixed(&self.forward), fixed(&self.strike));
        let Some((d1, d2)) = self.distances() else {
            let gain = match right {
                Right::Call => forward - strike,
                Right::Put => strike - forward,
            };
            return ratio(multiply(&self.discount(), &gain.max(BigInt::ZERO)));
        };
        let undiscounted = match right {
            Right::Call => multiply(&forward, &normal(&d1)) - multiply(&strike, &normal(&d2)),
            Right::Put => multiply(&strike, &normal(&-d2)) - multiply(&forward, &normal(&-d1)),
        };
        ratio(multiply(&self.discount(), &undiscounted))
    }

    /// What the value changes by where the forward does, discounted.
    pub fn delta(&self, right: Right) -> BigRational {
        let in_the_money = match self.distances() {
            Some((d1, _)) => normal(&d1),
            None if self.forward > self.strike => one(),
            None => BigInt::ZERO,
        };
        let delta = match right {
            Right::Call => in_the_money,
            Right::Put => in_the_money - one(),
        };
        ratio(multiply(&self.discount(), &delta))
    }

    fn discount(&self) -> BigInt {
        exp(&-fixed(&(&self.rate * &self.years)))
    }

    /// d1 and d2; none where the value is what exercise brings.
    fn distances(&self) -> Option<(BigInt, BigInt)> {
        let variance = &self.vol * &self.vol * &self.years;
        let zero = BigRational::default();
        if variance <= zero || self.forward <= zero {
            return None;
        }
        let deviation = (fixed(&variance) << BITS).sqrt();
        let distance = (ln(&(&self.forward / &self.strike)) << BITS) / &deviation;
        let half: BigInt = deviation >> 1;
        Some((&distance + &half, distance - half))
    }
}

/// e^x of a fraction.
pub fn exponential(x: &BigRational) -> BigRational {
    ratio(exp(&fixed(x)))
}

/// x^y of a fraction above 0.
pub fn power(x: &BigRational, y: &BigRational) -> BigRational {
    ratio(exp(&multiply(&ln(x), &fixed(y))))
}

fn one() -> BigInt {
    BigInt::from(1) << BITS
}

fn fixed(x: &BigRational) -> BigInt {
    (x.numer() << BITS) / x.denom()
}

fn ratio(x: BigInt) -> BigRational {
    BigRational::new(x, one())
}

fn multiply(a: &BigInt, b: &BigInt) -> BigInt {
    (a * b) >> BITS
}

fn exp(x: &BigInt) -> BigInt {
    const HALVINGS: u32 = 16;
    let x: BigInt = x >> HALVINGS;
    let (mut sum, mut term) = (one(), one());
    for n in 1.. {
        term = multiply(&term, &x) / n;
        if term == BigInt::ZERO || term == BigInt::from(-1) {
            break;
        }
        sum += &term;
    }
    (0..HALVINGS).fold(sum, |root, _| multiply(&root, &root))
}

/// 2 atanh((y - 1) / (y + 1)), y a power of 2 away from the argument.
fn ln(x: &BigRational) -> BigInt {
    let (mut y, mut twos) = (fixed(x), 0);
    while y >= (one() << 1) {
        y >>= 1;
        twos += 1;
    }
    while y < one() {
        y <<= 1;
        twos -= 1;
    }
    artanh_doubled(&(&y - one()), &(y + one())) + artanh_doubled(&1.into(), &3.into()) * twos
}

fn artanh_doubled(numerator: &BigInt, denominator: &BigInt) -> BigInt {
    let z = (numerator << BITS) / denominator;
    let square = multiply(&z, &z);
    let (mut power, mut sum, mut n) = (z, BigInt::ZERO, 1);
    while power != BigInt::ZERO {
        sum += &power / n;
        power = multiply(&power, &square);
        n += 2;
    }
    sum << 1
}

/// 1/2 + (x - x^3 / (2 * 3) + x^5 / (2^2 2! 5) - ...) / sqrt(2 pi).
fn normal(x: &BigInt) -> BigInt {
    if x.magnitude() > (one() * FAR).magnitude() {
        return if x.sign() == Sign::Minus { BigInt::ZERO } else { one() };
    }
    let square = multiply(x, x);
    let (mut term, mut sum) = (x.clone(), BigInt::ZERO);
    for n in 0.. {
        let part: BigInt = &term / (2 * n + 1);
        if part == BigInt::ZERO {
            break;
        }
        sum += part;
        term = -multiply(&term, &square) / (2 * (n + 1));
    }
    let root = (two_pi() << BITS).sqrt();
    (one() >> 1) + (sum << BITS) / root
}

/// Machin: pi = 16 atan(1/5) - 4 atan(1/239).
fn two_pi() -> BigInt {
    let atan = |x: i32| {
        let (mut power, mut sum, mut n) = (one() / x, BigInt::ZERO, 1);
        while power != BigInt::ZERO {
            sum += &power / n;
            power /= -(x * x);
            n += 2;
        }
        sum
    };
    (atan(5) * 16 - atan(239) * 4) << 1
}

#[test]
fn the_model_is_that_of_the_textbook() {
    // Hull, Options, Futures and Other Derivatives, example on a futures option: 1.12.
    let number = |text: &str| super::book::number(text);
    let terms = Terms {
        forward: number("20"),
        strike: number("20"),
        vol: number("0.25"),
        years: number("4") / number("12"),
        rate: number("0.09"),
    };
    for right in [Right::Call, Right::Put] {
        let cents = (terms.value(right) * number("100")).round().to_integer();
        assert_eq!(cents, 112.into());
    }
}
