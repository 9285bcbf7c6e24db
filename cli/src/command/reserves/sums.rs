//! Reserves added up by letter, and what they cover at mark.

use std::collections::BTreeMap;

use pacioli_attestation::{By, Purpose, Reserves, backing};
use pacioli_rules::Amount;

use super::found::One;

/// What counts for a coverage, from the strictest to the venue's word: the worst letter that counts, and
/// in words.
pub const STEPS: [(By, &str); 3] = [
    (By::Chain, "what was read and is controlled (C)"),
    (By::Observers, "with custodians' word (O)"),
    (By::Publisher, "with the venue's word (W)"),
];

/// The letter of a step.
pub fn letter(by: By) -> &'static str {
    match by {
        By::Proved | By::Recomputed | By::Chain => "C",
        By::Observers => "O",
        By::Publisher => "W",
    }
}

/// The customers' and the fund's reserves by letter and asset, pledged ones aside.
pub fn by_letter(one: &One) -> BTreeMap<(&'static str, &'static str, String), Amount> {
    let mut sums: BTreeMap<_, Amount> = BTreeMap::new();
    let entries = one.reserves().map(|reserves| reserves.reserves.as_slice()).unwrap_or_default();
    for (reserve, checked) in entries.iter().zip(&one.found.reserves) {
        if reserve.is_pledged() {
            continue;
        }
        let letter = if checked.faults.is_empty() { letter(checked.by()) } else { "wrong" };
        let key = (letter, reserve.purpose.name(), reserve.asset.clone());
        sums.entry(key).or_default().add(&reserve.amount);
    }
    sums
}

/// A coverage at mark: what counts, the customers' reserves in it, and their ratio to what is owed.
#[derive(Clone, Debug)]
pub struct Step {
    /// The worst letter that counts.
    pub by: By,
    /// What counts, in words.
    pub what: &'static str,
    /// What customers' reserves of it are worth.
    pub reserves: Amount,
    /// What is owed.
    pub owed: Amount,
    /// The ratio, rounded down; `None` where nothing is owed.
    pub coverage: Option<Amount>,
}

/// The coverage at mark, by what is known how well; `None` where the proofs were not checked.
pub fn coverage(one: &One) -> Option<Vec<Step>> {
    let verified = one.verified.as_ref()?;
    let all = one.reserves()?;
    let step = |(by, what): (By, &'static str)| {
        let pairs = all.reserves.iter().zip(&one.found.reserves);
        let counted = pairs.filter(|(_, checked)| checked.faults.is_empty() && checked.by() <= by);
        let reserves: Vec<_> = counted.map(|(reserve, _)| reserve.clone()).collect();
        let reserves = Reserves { as_of: all.as_of, reserves };
        let backing = backing(&verified.compiled, &verified.figures, Some(&reserves));
        // Mark is the first scenario of every table.
        let mark = backing.into_iter().next()?;
        let (reserves, owed) = (mark.reserves, mark.owed);
        Some(Step { by, what, reserves, owed, coverage: mark.coverage })
    };
    STEPS.into_iter().map(step).collect()
}

/// The places of a purpose's reserves that count nothing because they are pledged.
pub fn pledged(one: &One, purpose: Purpose) -> Vec<usize> {
    let entries = one.reserves().map(|reserves| reserves.reserves.as_slice()).unwrap_or_default();
    let pledged = entries.iter().enumerate();
    let pledged = pledged.filter(|(_, one)| one.is_pledged() && one.purpose == purpose);
    pledged.map(|(index, _)| index).collect()
}
