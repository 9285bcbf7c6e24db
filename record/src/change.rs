//! A figure before and after.

use num_bigint::{BigInt, BigUint};
use pacioli_rules::{Amount, SignedAmount};
use serde::Serialize;

/// One thing before and after; `None` where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pair<T> {
    /// In the earlier attestation.
    pub before: Option<T>,
    /// In the later.
    pub after: Option<T>,
}

impl<T: PartialEq> Pair<T> {
    /// Two values.
    pub(crate) fn new(before: Option<T>, after: Option<T>) -> Self {
        Self { before, after }
    }

    /// Whether both are the same.
    pub fn is_same(&self) -> bool {
        self.before == self.after
    }
}

impl Pair<Amount> {
    /// What was added; what is not there is 0.
    pub fn change(&self) -> SignedAmount {
        let nothing = Amount::default();
        let or = |one: &Option<Amount>| one.clone().unwrap_or_else(|| nothing.clone());
        signed_difference(&or(&self.before), &or(&self.after))
    }
}

/// `after - before`, exactly.
pub fn signed_difference(before: &Amount, after: &Amount) -> SignedAmount {
    let signed = |amount: &Amount| SignedAmount { negative: false, size: amount.clone() };
    less(&signed(after), &[&signed(before)])
}

/// The first less all others, exactly.
pub(crate) fn less(first: &SignedAmount, others: &[&SignedAmount]) -> SignedAmount {
    let all = others.iter().map(|one| one.size.decimals);
    let decimals = all.fold(first.size.decimals, u32::max);
    let units = |amount: &SignedAmount| -> BigInt {
        amount.units() * BigInt::from(BigUint::from(10u32).pow(decimals - amount.size.decimals))
    };
    let rest = others.iter().fold(units(first), |rest, one| rest - units(one));
    SignedAmount::new(&rest, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_exact_whatever_the_decimals() {
        let amount = |text: &str| text.parse::<Amount>().unwrap();
        let pair = |before, after| Pair { before, after }.change().to_string();
        assert_eq!(pair(Some(amount("1.5")), Some(amount("0.25"))), "-1.25");
        assert_eq!(pair(None, Some(amount("0.25"))), "0.25");
        assert_eq!(pair(Some(amount("7")), None), "-7");
        assert_eq!(pair(None, None), "0");
        let change = |text: &str| signed_difference(&Amount::default(), &amount(text));
        let rest = less(&change("1"), &[&change("0.3"), &change("2")]);
        assert_eq!(rest.to_string(), "-1.3");
    }
}
