//! Two attestations, figure by figure.
//!
//! What an asset's customers are owed and what is held of it should move together. Beside the change
//! of the one this puts the change of the other, and what is left: a trade from one asset into another,
//! fees, gains and losses, a loan, coins that nobody states. No proof says which of these it was.

use std::collections::BTreeMap;

use pacioli_attestation::{
    Clause, Finding, Purpose, Reserve, Verified, changes, check_history, place_key,
};
use pacioli_rules::{Amount, Decimal, RulesError, SignedAmount, diff::Change};
use serde::Serialize;

use crate::{
    attested::Attested,
    change::{Pair, less},
    point::{AssetPoint, ScenarioPoint},
};

/// What two attestations say otherwise.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Every scenario of either.
    pub scenarios: Vec<ScenarioChange>,
    /// Every asset of either, by name.
    pub assets: Vec<AssetChange>,
    /// Every market of either, by name: the open interest of longs.
    pub markets: BTreeMap<String, Pair<Amount>>,
    /// The prices that are not the same, by name.
    pub prices: BTreeMap<String, PriceChange>,
    /// The reserves whose amounts are not the same, by asset and place.
    pub holdings: Vec<HoldingChange>,
    /// The clauses whose outcome is not the same, by name: whether each held.
    pub clauses: BTreeMap<String, Pair<bool>>,
    /// All else that changed, in words: rules, key, setup, software, price method, places of reserves.
    pub changes: Vec<Change>,
    /// Why the two cannot be of one chain: a fork, another venue, a time that goes back. A gap between
    /// them is no such reason.
    pub findings: Vec<Finding>,
}

/// One scenario, in the quote currency of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScenarioChange {
    /// The scenario.
    pub name: String,
    /// What is owed.
    pub owed: Pair<Amount>,
    /// Customers' reserves valued there.
    pub reserves: Pair<Amount>,
    /// The one over the other.
    pub coverage: Pair<Amount>,
    /// Shortfalls of accounts.
    pub bad_debt: Pair<Amount>,
    /// What is left for the insurance fund.
    pub fund: Pair<SignedAmount>,
}

/// One asset, in whole units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetChange {
    /// The asset.
    pub name: String,
    /// What accounts have deposited.
    pub deposits: Pair<Amount>,
    /// What they have borrowed.
    pub borrows: Pair<Amount>,
    /// Reserves for customers that count.
    pub reserves: Pair<Amount>,
    /// Reserves of the purpose `insurance` that count.
    pub insurance: Pair<Amount>,
    /// The changes of these.
    pub flow: Flow,
}

/// How an asset moved. A venue that neither trades for itself nor earns nor pays fees in an asset holds
/// what accounts have deposited, less what it lent to them: the rest is then 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// The change of deposits (P of each).
    pub deposits: SignedAmount,
    /// The change of borrows (P of each).
    pub borrows: SignedAmount,
    /// The change of all reserves, of both purposes (W).
    pub reserves: SignedAmount,
    /// The change of reserves, less that of deposits, plus that of borrows (W): what neither explains.
    pub rest: SignedAmount,
}

/// A price before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PriceChange {
    /// The prices.
    #[serde(flatten)]
    pub price: Pair<Decimal>,
}

/// The amount at one place before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HoldingChange {
    /// The asset.
    pub asset: String,
    /// The chain.
    pub chain: String,
    /// The address.
    pub address: String,
    /// Who has custody of it now, or had it.
    pub custodian: Option<String>,
    /// What it is for.
    pub purpose: Purpose,
    /// The amounts.
    pub amount: Pair<Decimal>,
}

impl Comparison {
    /// Compares two attestations, the earlier first.
    ///
    /// # Errors
    /// If the rules of one of them are refused.
    pub fn of(before: &Attested, after: &Attested) -> Result<Self, RulesError> {
        let [old, new] = [&before.verified.attestation, &after.verified.attestation];
        let is_same = before.verified.digest == after.verified.digest;
        let entries = [before.entry(), after.entry()];
        let findings = if is_same { Vec::new() } else { check_history(&entries) };
        let breaks =
            |finding: &Finding| finding.breaks() && !matches!(finding, Finding::Gap { .. });
        Ok(Self {
            scenarios: scenarios(before, after),
            assets: assets(before, after),
            markets: markets(before, after),
            prices: prices(&before.verified, &after.verified),
            holdings: holdings(&before.verified, &after.verified),
            clauses: clauses(&before.verified.clauses, &after.verified.clauses),
            changes: changes(old, new)?,
            findings: findings.into_iter().filter(breaks).collect(),
        })
    }
}

/// All names of two lists, in the order of the second, and then those that only the first has.
fn names<'a>(
    before: impl Iterator<Item = &'a str>,
    after: impl Iterator<Item = &'a str>,
) -> Vec<&'a str> {
    let mut names: Vec<_> = after.collect();
    for name in before {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn scenarios(before: &Attested, after: &Attested) -> Vec<ScenarioChange> {
    let [old, new] = [before, after].map(|one| one.point.scenarios.iter().map(|own| &*own.name));
    let all = names(old, new);
    let change = |name: &str| {
        let [before, after] = [before, after].map(|one| one.point.scenario(name));
        let pair = |field: fn(&ScenarioPoint) -> Option<Amount>| {
            Pair::new(before.and_then(field), after.and_then(field))
        };
        ScenarioChange {
            name: name.to_owned(),
            owed: pair(|one| Some(one.owed.clone())),
            reserves: pair(|one| one.reserves.clone()),
            coverage: pair(|one| one.coverage.clone()),
            bad_debt: pair(|one| Some(one.bad_debt.clone())),
            fund: Pair::new(
                before.and_then(|one| one.fund.clone()),
                after.and_then(|one| one.fund.clone()),
            ),
        }
    };
    all.into_iter().map(change).collect()
}

fn assets(before: &Attested, after: &Attested) -> Vec<AssetChange> {
    let list = |one: &Attested| -> Vec<String> {
        one.point.assets.iter().map(|own| own.name.clone()).collect()
    };
    let mut all = [list(before), list(after)].concat();
    all.sort();
    all.dedup();
    let change = |name: String| {
        let [before, after] = [before, after].map(|one| one.point.asset(&name));
        let pair =
            |field: fn(&AssetPoint) -> Amount| Pair::new(before.map(field), after.map(field));
        let (deposits, borrows) =
            (pair(|one| one.deposits.clone()), pair(|one| one.borrows.clone()));
        let (reserves, insurance) = (pair(|one| one.reserves.clone()), pair(insurance));
        let flow = Flow::of(&deposits, &borrows, &[&reserves, &insurance]);
        AssetChange { name, deposits, borrows, reserves, insurance, flow }
    };
    all.into_iter().map(change).collect()
}

fn insurance(asset: &AssetPoint) -> Amount {
    let own = asset.held.iter().filter(|held| held.purpose == Purpose::Insurance);
    let mut sum = Amount::new(0u32, asset.deposits.decimals);
    own.for_each(|held| sum.units += &held.amount.units);
    sum
}

impl Flow {
    fn of(deposits: &Pair<Amount>, borrows: &Pair<Amount>, reserves: &[&Pair<Amount>]) -> Self {
        let (deposits, borrows) = (deposits.change(), borrows.change());
        let negated = |one: SignedAmount| less(&SignedAmount::default(), &[&one]);
        let reserves = reserves
            .iter()
            .fold(SignedAmount::default(), |sum, one| less(&sum, &[&negated(one.change())]));
        let rest = less(&reserves, &[&deposits, &negated(borrows.clone())]);
        Self { deposits, borrows, reserves, rest }
    }

    /// Whether anything moved.
    pub fn is_still(&self) -> bool {
        let Self { deposits, borrows, reserves, rest } = self;
        [deposits, borrows, reserves, rest].iter().all(|one| one.size.units.bits() == 0)
    }
}

fn markets(before: &Attested, after: &Attested) -> BTreeMap<String, Pair<Amount>> {
    let mut all: BTreeMap<String, Pair<Amount>> = BTreeMap::new();
    let nothing = || Pair::new(None, None);
    for market in &before.point.markets {
        all.entry(market.name.clone()).or_insert_with(nothing).before = Some(market.long.clone());
    }
    for market in &after.point.markets {
        all.entry(market.name.clone()).or_insert_with(nothing).after = Some(market.long.clone());
    }
    all
}

fn prices(before: &Verified, after: &Verified) -> BTreeMap<String, PriceChange> {
    let [old, new] = [before, after].map(|one| &one.attestation.prices.prices);
    let names = old.keys().chain(new.keys());
    let change = |name: &String| {
        let price = Pair::new(old.get(name).copied(), new.get(name).copied());
        (!price.is_same()).then(|| (name.clone(), PriceChange { price }))
    };
    names.filter_map(change).collect()
}

fn holdings(before: &Verified, after: &Verified) -> Vec<HoldingChange> {
    let mut all: BTreeMap<[String; 3], HoldingChange> = BTreeMap::new();
    let mut take = |verified: &Verified, is_after: bool| {
        let reserves = verified.attestation.reserves.iter().flat_map(|one| &one.reserves);
        for reserve in reserves {
            let Reserve { asset, chain, address, custodian, purpose, amount, .. } = reserve;
            let [at, account] = place_key(chain, address);
            let change = all.entry([asset.clone(), at, account]).or_insert_with(|| HoldingChange {
                asset: asset.clone(),
                chain: chain.clone(),
                address: address.clone(),
                custodian: custodian.clone(),
                purpose: *purpose,
                amount: Pair::new(None, None),
            });
            (change.custodian, change.purpose) = (custodian.clone(), *purpose);
            let own = if is_after { &mut change.amount.after } else { &mut change.amount.before };
            *own = Some(*amount);
        }
    };
    take(before, false);
    take(after, true);
    all.into_values().filter(|one| !one.amount.is_same()).collect()
}

fn clauses(before: &[Clause], after: &[Clause]) -> BTreeMap<String, Pair<bool>> {
    let find = |list: &[Clause], name: &str| {
        list.iter().find(|clause| clause.name == name).map(|clause| clause.holds)
    };
    let names = before.iter().chain(after).map(|clause| clause.name.clone());
    let pairs = names.map(|name| {
        let pair = Pair::new(find(before, &name), find(after, &name));
        (name, pair)
    });
    pairs.filter(|(_, pair)| !pair.is_same()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(before: &str, after: &str) -> Pair<Amount> {
        Pair::new(Some(before.parse().unwrap()), Some(after.parse().unwrap()))
    }

    #[test]
    fn the_rest_of_a_flow_is_what_deposits_and_loans_do_not_explain() {
        let none = pair("0", "0");
        let flow = |deposits, borrows, reserves| {
            let flow = Flow::of(&deposits, &borrows, &[&reserves, &none]);
            (flow.rest.to_string(), flow.is_still())
        };
        // Customers brought three, one of which was lent on: two are there.
        let same = flow(pair("1", "4"), pair("0", "1"), pair("1", "3"));
        assert_eq!(same, ("0".to_owned(), false));
        // Three were brought, and half of one is there.
        let less = flow(pair("1", "4"), none.clone(), pair("1", "1.5"));
        assert_eq!(less.0, "-2.5");
        // More is there than was brought.
        assert_eq!(flow(none.clone(), none.clone(), pair("1", "1.5")).0, "0.5");
        assert!(flow(pair("2", "2"), none.clone(), pair("1", "1")).1);
    }
}
