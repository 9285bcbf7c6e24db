//! Exponential, logarithm and the normal distribution over intervals, to any precision.
//!
//! Each is a series of which so many terms are taken that the rest is below one unit of the last
//! place; the bound of the rest is given where it is used and added to the result. All else is
//! interval arithmetic, so a result holds the true value whatever the precision, and more bits only
//! make it narrower.

use num_bigint::BigInt;
use num_rational::BigRational;

use super::interval::Interval;

/// The bits of a computation after the point, and the constants to that precision.
#[derive(Debug)]
pub struct Precision {
    bits: u32,
    /// ln 2 and 1 / sqrt(2 pi), finer than `bits`: inside, more bits are needed.
    ln_2: Interval,
    peak: Interval,
}

/// The normal distribution at a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normal {
    /// The density, `e^(-x^2/2) / sqrt(2 pi)`.
    pub density: Interval,
    /// The probability of a number below, `N(x)`.
    pub below: Interval,
}

impl Precision {
    /// A precision of `bits` bits behind the point.
    pub fn new(bits: u32) -> Self {
        let inner = 3 * bits + 64;
        let reciprocal = |n: u32| Interval::around(&BigRational::new(1.into(), n.into()), inner);
        // ln 2 = 2 artanh(1/3), and pi = 16 arctan(1/5) - 4 arctan(1/239) (Machin).
        let ln_2 = odd_series(&reciprocal(3), Signs::Same).shifted(1);
        let [fifth, other] = [5, 239].map(|n| odd_series(&reciprocal(n), Signs::Alternating));
        let pi = fifth.shifted(4).minus(&other.shifted(2));
        let one = Interval::whole(&1.into(), inner);
        let peak = one.over(&pi.shifted(1).root()).expect("pi is above zero");
        Self { bits, ln_2, peak }
    }

    /// Bits behind the point.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// Every `e^x`, for an x of at most some thousands.
    ///
    /// With `x = k ln 2 + r`, it is `2^k (e^(r / 2^h))^(2^h)`.
    pub fn exp(&self, x: &Interval) -> Interval {
        self.exp_to(x, self.bits)
    }

    /// Every `e^x` with `bits` bits.
    fn exp_to(&self, x: &Interval, bits: u32) -> Interval {
        // About the root of the bits balances halvings, each of which costs a bit, and terms.
        let halvings = bits.isqrt();
        // e^x < 2^(2 x), whose digits before the point cost bits too.
        let whole_bits = 2 * u32::try_from(x.ceil().max(BigInt::ZERO)).expect("x is small");
        let inner = bits + whole_bits + halvings + 16;
        let (x, ln_2) = (x.with_bits(inner), self.ln_2.with_bits(inner));
        // Any k is right; this one leaves r between 0 and ln 2.
        let power = x.over(&ln_2).expect("ln 2 is above zero").floor_low();
        let rest = x.minus(&ln_2.scaled(&power)).shifted(-i64::from(halvings));
        let mut sum = Interval::whole(&1.into(), inner);
        let mut term = sum.clone();
        for n in 1.. {
            term = term.times(&rest).divided(n);
            sum = sum.plus(&term);
            // From where |r| <= (n + 1) / 2, each term is at most half of the one before, and all
            // that follow are together at most this one.
            let falling = rest.size() * 2 <= BigInt::from(n + 1) << inner;
            if falling && term.size() <= 1.into() {
                break;
            }
        }
        sum = sum.widened(&term.size());
        for _ in 0..halvings {
            sum = sum.squared();
        }
        sum.shifted(i64::try_from(power).expect("x is small")).with_bits(bits)
    }

    /// The logarithm of a positive fraction.
    ///
    /// With `x = 2^k m` and `y = (m - 1) / (m + 1)`, it is `k ln 2 + 2 artanh y`; `m` between 3/4
    /// and 3/2 makes `|y|` at most 1/5.
    pub fn ln(&self, x: &BigRational) -> Interval {
        let inner = self.bits + 24;
        let mut power = x.numer().bits() as i64 - x.denom().bits() as i64;
        let scaled = |power: i64| {
            let up = BigInt::from(1) << power.unsigned_abs();
            if power < 0 {
                (x.numer() * up, x.denom().clone())
            } else {
                (x.numer().clone(), x.denom() * up)
            }
        };
        let (mut over, mut under) = scaled(power);
        // Bit lengths leave m between 1/2 and 2.
        let correction = i64::from(&over * 2 > &under * 3) - i64::from(&over * 4 < &under * 3);
        if correction != 0 {
            power += correction;
            (over, under) = scaled(power);
        }
        let y = BigRational::new(&over - &under, over + under);
        let near = odd_series(&Interval::around(&y, inner), Signs::Same).shifted(1);
        near.plus(&self.ln_2.with_bits(inner).scaled(&power.into())).with_bits(self.bits)
    }

    /// The normal distribution at every `x`.
    ///
    /// `N(x) = 1/2 + density(x) (x + x^3/3 + x^5/(3 5) + x^7/(3 5 7) + ..)`: all terms have one
    /// sign, so nothing cancels. Where `e^(-x^2/2) < 2^-bits`, the bound
    /// `N(-x) <= e^(-x^2/2) / 2` says all that these bits can.
    pub fn normal(&self, x: &Interval) -> Normal {
        let bits = self.bits;
        let one = Interval::whole(&1.into(), bits);
        if x.is_non_positive() && !x.is_non_negative() {
            let Normal { density, below } = self.normal(&x.negated());
            return Normal { density, below: one.minus(&below) };
        }
        // x^2 >= 1.4 bits, and ln 2 < 0.7.
        let least = x.least_size();
        if &least * &least * 5 >= BigInt::from(7 * bits) << (2 * x.bits()) {
            let rest = Interval::up_to(-i64::from(bits), bits);
            return Normal { density: rest.clone(), below: one.minus(&rest) };
        }
        if !x.is_within(0) {
            // Nothing is known of x yet, and little of N(x): more bits will tell.
            let any = Interval::up_to(0, bits);
            return Normal { density: any.clone(), below: any };
        }
        // The series grows like e^(x^2/2), so the density needs that many bits more: 0.73 x^2,
        // with x at most sqrt(1.4 bits) + 1.
        let square = x.squared();
        let growth = u32::try_from(square.ceil()).expect("x is below its bound");
        let inner = bits + growth * 3 / 4 + 16;
        let (x, square) = (x.with_bits(inner), square.with_bits(inner));
        let density = self.exp_to(&square.shifted(-1).negated(), inner);
        let density = density.times(&self.peak.with_bits(inner));
        let mut sum = x.clone();
        let mut term = x;
        for n in 1.. {
            term = term.times(&square).divided(2 * n + 1);
            sum = sum.plus(&term);
            // From where x^2 <= (2n + 3) / 2, each term is at most half of the one before.
            let falling = square.size() * 2 <= BigInt::from(2 * n + 3) << inner;
            if falling && term.size() <= 1.into() {
                break;
            }
        }
        sum = sum.widened(&term.size());
        let half = Interval::whole(&1.into(), inner).shifted(-1);
        let below = half.plus(&density.times(&sum)).with_bits(bits);
        Normal { density: density.with_bits(bits), below }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Signs {
    Same,
    Alternating,
}

/// `y + y^3/3 + y^5/5 + ..` = artanh y, or with alternating signs arctan y, for |y| <= 1/2.
fn odd_series(y: &Interval, signs: Signs) -> Interval {
    let square = y.squared();
    let (mut sum, mut power) = (y.clone(), y.clone());
    for n in 1.. {
        power = power.times(&square);
        let term = power.divided(2 * n + 1);
        let subtract = signs == Signs::Alternating && n % 2 == 1;
        sum = if subtract { sum.minus(&term) } else { sum.plus(&term) };
        // y^2 <= 1/4, so all that follow are together less than a third of this power.
        if power.size() <= 1.into() {
            break;
        }
    }
    sum.widened(&power.size())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(numerator: i64, denominator: i64) -> BigRational {
        BigRational::new(numerator.into(), denominator.into())
    }

    /// Checks that `interval` holds a number, given by its first digits, and little else.
    #[track_caller]
    fn is_near(interval: &Interval, digits: &str) {
        let (whole, decimals) = digits.split_once('.').unwrap();
        let unit = BigInt::from(10).pow(decimals.len() as u32);
        let truncated: BigInt = format!("{whole}{decimals}").parse().unwrap();
        let scaled = interval.scaled(&unit);
        assert_eq!(scaled.floor(), Some(truncated), "{interval:?}");
        assert!(interval.is_within(8 - i64::from(interval.bits())), "{interval:?}");
    }

    // Digits from mpmath 1.3, 60 digits.

    #[test]
    fn constants_are_known() {
        let precision = Precision::new(128);
        is_near(&precision.ln_2.with_bits(128), "0.693147180559945309417232121458176568");
        is_near(&precision.peak.with_bits(128), "0.398942280401432677939946059934381868");
    }

    #[test]
    fn exponentials_are_known() {
        let precision = Precision::new(128);
        let exp = |numerator, denominator| {
            precision.exp(&Interval::around(&fraction(numerator, denominator), 128))
        };
        assert_eq!(exp(0, 1), Interval::whole(&1.into(), 128));
        is_near(&exp(-1, 1), "0.367879441171442321595523770161460867");
        is_near(&exp(1, 3), "1.39561242508608952862812531960258683");
        is_near(&exp(-32, 1), "0.000000000000012664165549094175723120");
        is_near(&exp(-1, 1_000_000_000), "0.999999999000000000499999999833333333");
        // The input's own unit of the last place grows with the result.
        let large = exp(100, 3);
        assert_eq!(large.floor(), Some(299_559_246_914_181i64.into()));
        assert!(large.is_within(-70));
    }

    #[test]
    fn logarithms_are_known() {
        let precision = Precision::new(128);
        assert_eq!(precision.ln(&fraction(1, 1)), Interval::whole(&0.into(), 128));
        is_near(&precision.ln(&fraction(10, 1)), "2.302585092994045684017991454684364207");
        is_near(&precision.ln(&fraction(3, 2)), "0.405465108108164381978013115464349136");
        is_near(
            &precision.ln(&fraction(1_000_001, 1_000_000)),
            "0.000000999999500000333333083333533333",
        );
        let [small, large] = [fraction(1, 1 << 60), fraction(1 << 60, 1)];
        assert_eq!(precision.ln(&small).negated(), precision.ln(&large));
    }

    #[test]
    fn the_normal_distribution_is_known() {
        let precision = Precision::new(128);
        let normal = |numerator, denominator| {
            precision.normal(&Interval::around(&fraction(numerator, denominator), 128))
        };
        assert_eq!(normal(0, 1).below, Interval::whole(&1.into(), 128).shifted(-1));
        is_near(&normal(1, 1).below, "0.841344746068542948585232545632037922");
        is_near(&normal(-1, 1).below, "0.158655253931457051414767454367962077");
        is_near(&normal(1, 3).density, "0.377383227692993164017922024349184");
        is_near(&normal(-5, 2).below, "0.006209665325776135166978104574192221");
        is_near(&normal(-6, 1).below, "0.000000000986587645037698140700864132");
        is_near(&normal(-13, 1).below, "0.00000000000000000000000000000000000000");
        let beyond = normal(-40, 1);
        assert!(beyond.below.is_within(-128) && beyond.below.is_non_negative());
    }

    #[test]
    fn what_is_known_of_no_number_says_nothing() {
        let precision = Precision::new(128);
        let wide = Interval::whole(&(-3).into(), 128).widened(&(BigInt::from(1) << 129));
        assert_eq!(precision.normal(&wide).below, Interval::up_to(0, 128));
    }

    #[test]
    fn more_bits_lie_inside_fewer() {
        let [coarse, fine] = [128, 512].map(Precision::new);
        for numerator in [-900, -31, -7, 1, 24, 55, 1_200] {
            let x = fraction(numerator, 100);
            let normal = |precision: &Precision| {
                precision.normal(&Interval::around(&x, precision.bits())).below
            };
            let (coarse, fine) = (normal(&coarse), normal(&fine));
            assert!(coarse.holds(&fine), "{numerator}");
            assert!(!fine.holds(&coarse), "{numerator}");
        }
    }
}
