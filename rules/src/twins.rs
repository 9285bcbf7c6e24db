//! Twins: stresses over again in which nothing of the insurance fund counts.
//!
//! Bad debt is paid from the insurance fund. Where that is accounts of the book, it is an asset of
//! the venue only as far as something is left when all others have what they are owed, and neither
//! the fund's own lines nor the difference of two totals say so: an account nobody has may hold what
//! the fund gains and a customer loses, or a credit that is worth nothing anywhere. So for a stress S
//! whose bad debt the fund is to meet there is a scenario S', called `S~insurance`, worth the same to
//! everyone but the class `insurance`, to whom it is worth nothing. Its `equity` is what all but the
//! fund are owed in S, account by account, and the clause compares that with all reserves, valued in
//! S. With `c` what an account's lines of other classes are worth in S, it closes S' with
//! `equity - shortfall = c`, so
//!
//! ```text
//! equity:S'  >=  sum over accounts of max(0, c)  >=  what the holders who check are owed in S
//! ```
//!
//! whatever a prover puts beside a holder's lines, invents, splits, merges or leaves out.

use super::{
    class::Class,
    file::{Kind, Rules},
    policy::BadDebtLimit,
};

/// What follows the name of a stress in its twin's. No scenario's own name has the first character.
const SUFFIX: &str = "~insurance";

/// What the twin of a stress is called.
pub(super) fn twin_name(stress: &str) -> String {
    format!("{stress}{SUFFIX}")
}

impl Rules {
    /// The stresses that have a twin, by number and in order: those whose bad debt the insurance fund
    /// is to meet, where the fund is a class of accounts. Their twins follow the scenarios of the
    /// rules in the same order.
    pub fn twins(&self) -> Vec<usize> {
        if !self.classes.contains_key(&Class::Insurance) {
            return Vec::new();
        }
        let of_fund =
            |name: &String| matches!(self.policy.bad_debt.get(name), Some(BadDebtLimit::Insurance));
        let stresses = self.scenarios.iter().enumerate();
        let stresses = stresses.filter(|(_, one)| one.kind == Kind::Stress && of_fund(&one.name));
        stresses.map(|(number, _)| number).collect()
    }
}
