//! Integers wide enough for any account's worth, and for the sum over all accounts.

use std::ops::{AddAssign, Neg};

use num_bigint::BigUint;
use pacioli_circuits::{MAX_INSTRUMENTS, QUANTITY_BITS, VALUE_BITS};

/// The bit at which a quantity is split in two, so that each half times a value fits an `i128` with
/// room for the sum over an account.
pub(super) const CUT: u32 = QUANTITY_BITS / 2;

// Lines of an account are in different instruments, and so are the bends of a column, so there are
// no more of either than rows of a table. A half times a value is below 2^109, times the difference
// of two below 2^110, and the sum below 2^121.
const _: () = assert!(QUANTITY_BITS.is_multiple_of(2));
const _: () = assert!(CUT + VALUE_BITS + MAX_INSTRUMENTS.ilog2() + 2 < i128::BITS - 1);

/// The number `high * 2^128 + low`: an account's worth, below 2^164 in size, or the sum over any
/// number of accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WideInt {
    high: i128,
    low: u128,
}

impl WideInt {
    pub(super) const ZERO: Self = Self { high: 0, low: 0 };

    /// The number `upper * 2^CUT + lower`, from the sums over the halves of quantities.
    pub(super) fn join(upper: i128, lower: i128) -> Self {
        let mut worth = Self { high: upper >> (i128::BITS - CUT), low: (upper << CUT) as u128 };
        worth += Self { high: lower >> (i128::BITS - 1), low: lower as u128 };
        worth
    }

    /// The number, which is not negative.
    pub(super) fn units(self) -> BigUint {
        (BigUint::from(self.high.unsigned_abs()) << i128::BITS) + self.low
    }

    /// The quotient of the number, which is not negative, by a positive one, rounded up.
    pub(super) fn div_ceil(self, divisor: u64) -> Self {
        let mut rest = 0;
        let mut quotient = self.limbs();
        for limb in quotient.iter_mut().rev() {
            let part = (rest << u64::BITS) + u128::from(*limb);
            // The rest is below the divisor, so the quotient is below 2^64.
            (*limb, rest) = ((part / u128::from(divisor)) as u64, part % u128::from(divisor));
        }
        let mut quotient = Self::of_limbs(quotient);
        quotient += Self { high: 0, low: u128::from(rest > 0) };
        quotient
    }

    /// The number, which is not negative, times another.
    pub(super) fn times(self, factor: u64) -> Self {
        let mut carry = 0;
        let product = self.limbs().map(|limb| {
            let part = u128::from(limb) * u128::from(factor) + carry;
            carry = part >> u64::BITS;
            part as u64
        });
        Self::of_limbs(product)
    }

    fn limbs(self) -> [u64; 4] {
        let high = self.high.unsigned_abs();
        [self.low, self.low >> u64::BITS, high, high >> u64::BITS].map(|limb| limb as u64)
    }

    fn of_limbs(limbs: [u64; 4]) -> Self {
        let [a, b, c, d] = limbs.map(u128::from);
        Self { high: ((d << u64::BITS) + c) as i128, low: (b << u64::BITS) + a }
    }
}

impl AddAssign for WideInt {
    fn add_assign(&mut self, other: Self) {
        let (low, carry) = self.low.overflowing_add(other.low);
        self.low = low;
        self.high += other.high + i128::from(carry);
    }
}

impl Neg for WideInt {
    type Output = Self;

    fn neg(self) -> Self {
        let (low, carry) = (!self.low).overflowing_add(1);
        Self { high: !self.high + i128::from(carry), low }
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;
    use proptest::prelude::*;

    use super::*;

    fn big(worth: WideInt) -> BigInt {
        (BigInt::from(worth.high) << i128::BITS) + worth.low
    }

    /// The largest sum over one half of an account's quantities.
    const MOST: i128 = 1 << (CUT + VALUE_BITS + MAX_INSTRUMENTS.ilog2() + 2);

    fn half() -> impl Strategy<Value = i128> {
        prop_oneof![-MOST..=MOST, Just(MOST), Just(-MOST), -1i128..=1]
    }

    proptest! {
        #[test]
        fn it_adds_orders_and_negates_like_any_integer(
            (a, b, c, d) in (half(), half(), half(), half()),
            factor in prop_oneof![1..=u64::MAX, Just(1), Just(u64::MAX), 1u64..9],
        ) {
            let [x, y] = [(a, b), (c, d)].map(|(upper, lower)| {
                ((BigInt::from(upper) << CUT) + lower, WideInt::join(upper, lower))
            });
            prop_assert_eq!(big(x.1), x.0.clone());
            prop_assert_eq!(big(-x.1), -x.0.clone());
            prop_assert_eq!(x.1.cmp(&y.1), x.0.cmp(&y.0));
            let mut sum = x.1;
            sum += y.1;
            prop_assert_eq!(big(sum), &x.0 + &y.0);
            if x.1 >= WideInt::ZERO {
                prop_assert_eq!(BigInt::from(x.1.units()), x.0.clone());
                prop_assert_eq!(big(x.1.times(factor)), &x.0 * factor);
                let quotient: BigInt = (&x.0 + factor - 1u32) / factor;
                prop_assert_eq!(big(x.1.div_ceil(factor)), quotient);
            }
        }
    }
}
