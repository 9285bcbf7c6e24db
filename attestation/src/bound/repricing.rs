//! A proved book at other prices.

use std::collections::BTreeSet;

use num_bigint::{BigInt, BigUint};
use pacioli_circuits::{MAX_SCENARIOS, ScenarioId, Totals};
use pacioli_rules::{
    Amount, Closing, Compiled, Prices, Scenario, ScenarioKind, TableRules, compile,
};

use super::{
    Bound, Certificate, CertificateError, RepriceError,
    values::{RowValues, held},
};
use crate::{
    attestation::Attestation,
    reserves::{Reserve, Reserves},
    verify::Findings,
};

/// A value is below `2^64` in size, so what all scenarios say a row is worth, less what it is worth, is
/// below `2^127`.
const _: () = {
    let most = Certificate::MOST as u128 * Certificate::UNIT as u128;
    assert!(most * (MAX_SCENARIOS as u128) + (Certificate::UNIT as u128) < 1 << 63);
};

/// A proved book at other prices: in `mark`, in every stress from there, and in the twins of these.
#[derive(Clone, Debug)]
pub struct Repricing<'a> {
    pub(super) proved: &'a Compiled,
    pub(super) totals: &'a Totals,
    /// Those that the proof counts.
    pub(super) reserves: Option<Reserves>,
    now: Compiled,
    /// The stresses whose values are too coarse.
    coarse: BTreeSet<String>,
    values: RowValues,
    /// For each row of the proof whether it closes a scenario.
    pub(super) closes: Vec<bool>,
    /// Whether these are the prices of the proof.
    pub(super) own_prices: bool,
}

impl<'a> Repricing<'a> {
    /// The book of an attestation at other prices, with its reserves.
    ///
    /// Prices that neither its book nor its reserves need are not looked at: an asset that was left out of
    /// the book, for want of a price, must not back it either.
    ///
    /// # Errors
    /// If the rules do not compile with these prices; if what is held, or a reserve, has no price there, or
    /// is counted in another unit; if the prices say that one of these, or of what was left out of the
    /// book, was refused; or if an option that is held has expired since the proof.
    pub fn new(findings: &'a Findings, prices: &Prices) -> Result<Self, RepriceError> {
        let Findings { compiled, totals, rules, attestation, .. } = findings;
        let own_prices = are_same(prices, &attestation.prices);
        let (rules, reserves) = (rules.only_worth(), attestation.reserves.as_ref());
        check_left_out(attestation, prices, own_prices)?;
        Self::under(compiled, totals, &rules, prices, reserves, own_prices)
    }

    /// The book with these totals over the table `proved`, which was compiled from `rules`, at other
    /// prices, and these reserves there.
    ///
    /// # Errors
    /// As for [`Self::new`], and also at the proof's own prices if an option that is held has expired.
    ///
    /// # Panics
    /// If there are not as many totals as rows.
    pub fn of(
        proved: &'a Compiled,
        totals: &'a Totals,
        rules: &TableRules,
        prices: &Prices,
        reserves: Option<&'a Reserves>,
    ) -> Result<Self, RepriceError> {
        Self::under(proved, totals, &rules.only_worth(), prices, reserves, false)
    }

    /// The same in other scenarios from there, of which the first is `mark`: for sweeps.
    ///
    /// # Errors
    /// As for [`Self::new`], and if the scenarios make no sense.
    pub fn in_scenarios(
        findings: &'a Findings,
        prices: &Prices,
        scenarios: Vec<Scenario>,
    ) -> Result<Self, RepriceError> {
        let Findings { compiled, totals, rules, attestation, .. } = findings;
        let own_prices = are_same(prices, &attestation.prices);
        check_left_out(attestation, prices, own_prices)?;
        let rules = rules.only_worth().with_scenarios(scenarios)?;
        Self::under(compiled, totals, &rules, prices, None, own_prices)
    }

    fn under(
        proved: &'a Compiled,
        totals: &'a Totals,
        rules: &TableRules,
        prices: &Prices,
        reserves: Option<&Reserves>,
        own_prices: bool,
    ) -> Result<Self, RepriceError> {
        assert_eq!(totals.0.len(), proved.rows.len(), "there is one total per row");
        let held = held(proved, totals);
        let mut options = rules.options.iter().filter(|(name, _)| held.contains(name.as_str()));
        let expired = options.find(|(_, option)| option.expiry <= prices.as_of);
        if let Some((name, _)) = expired.filter(|_| !own_prices) {
            return Err(RepriceError::Expired(name.clone()));
        }
        // What the proof has no price of counts nothing, whatever prices there are for it elsewhere.
        let counts = |asset: &String| proved.assets.contains_key(asset) || *asset == proved.quote;
        let reserves = reserves.map(|all| {
            let reserves = all.reserves.iter().filter(|one| counts(&one.asset)).cloned().collect();
            Reserves { as_of: all.as_of, reserves }
        });
        let reserved: BTreeSet<&str> = reserves
            .iter()
            .flat_map(|reserves| &reserves.reserves)
            .map(|reserve| reserve.asset.as_str())
            .filter(|asset| proved.assets.contains_key(*asset))
            .collect();
        let rules = rules.only_markets(|name| held.contains(name));
        let markets = rules.markets.values();
        let underlyings =
            markets.flat_map(|market| [&market.underlying].into_iter().chain(&market.tiers_in));
        let underlyings =
            underlyings.chain(rules.options.values().map(|option| &option.underlying));
        let underlyings: BTreeSet<&str> = underlyings.map(String::as_str).collect();
        let mut needed = prices.clone();
        let names = [&held, &reserved, &underlyings];
        // At the proof's own prices the clauses of the policy say it.
        let needs = |one: &&String| {
            names.iter().any(|names| names.iter().any(|name| name.eq_ignore_ascii_case(one)))
        };
        if let Some(refused) = prices.refused.keys().find(needs).filter(|_| !own_prices) {
            return Err(RepriceError::Refused(refused.clone()));
        }
        needed.prices.retain(|name, _| names.iter().any(|names| names.contains(name.as_str())));
        let now = compile(&rules, &needed)?;
        let coarse = now.coarse_stresses();
        let values = RowValues::new(proved, totals, &now, prices)?;
        if let Some(asset) = reserved.iter().find(|asset| !now.assets.contains_key(**asset)) {
            return Err(RepriceError::MissingReserve((*asset).to_owned()));
        }
        let closes = closing(proved);
        Ok(Self { proved, totals, reserves, now, coarse, values, closes, own_prices })
    }

    /// Why there are no figures in a scenario of [`Self::now`]: its moves are too small beside the units of
    /// value, and rounding would change what is owed.
    pub fn is_coarse(&self, scenario: ScenarioId) -> bool {
        let of = match self.now.scenario(scenario).kind {
            ScenarioKind::Twin { of } => of,
            _ => scenario,
        };
        self.coarse.contains(&self.now.scenario(of).name)
    }

    /// The table at the other prices.
    pub fn now(&self) -> &Compiled {
        &self.now
    }

    /// What one unit of each row of the proof is worth in a scenario of [`Self::now`].
    pub(super) fn values(&self, scenario: ScenarioId) -> Vec<i128> {
        self.values.in_scenario(&self.now, scenario)
    }

    /// Whether everything that is held, by accounts or as reserves, is worth in a scenario of [`Self::now`]
    /// what it is worth in that of the proof: then the figures are those of the proof.
    pub fn is_as_proved(&self, scenario: ScenarioId) -> bool {
        let Self { proved, now, .. } = self;
        let name = &now.scenario(scenario).name;
        let mut named = proved.scenarios_by_id().filter(|(_, other)| other.name == *name);
        let Some((own, _)) = named.next() else { return false };
        let deposit = |table: &Compiled, asset: &str, scenario| {
            let last = *table.assets.get(asset)?.deposits.last()?;
            Some(table.table.get(last)?.values[scenario])
        };
        let mut reserves = self.reserves.iter().flat_map(|reserves| &reserves.reserves);
        self.values.are_as_in(now, scenario, proved, own)
            && reserves.all(|Reserve { asset, .. }| {
                deposit(now, asset, scenario) == deposit(proved, asset, own)
            })
    }

    /// What a certificate shows in a scenario of [`Self::now`].
    ///
    /// # Errors
    /// If it names a scenario that the proof does not have, or a multiplier is out of its bounds.
    pub fn check(
        &self,
        scenario: ScenarioId,
        certificate: &Certificate,
    ) -> Result<Bound, CertificateError> {
        let multipliers = certificate.multipliers(self.proved)?;
        Ok(self.bound(&self.values(scenario), &multipliers))
    }

    /// The bound at these values, under one multiplier per scenario of the proof, in units of 1 over
    /// [`Certificate::UNIT`].
    pub(super) fn bound(&self, values: &[i128], multipliers: &[u64]) -> Bound {
        let unit = BigInt::from(Certificate::UNIT);
        let scenarios = self.proved.scenarios_by_id().zip(multipliers);
        let scenarios: Vec<_> = scenarios.filter(|(_, multiplier)| **multiplier > 0).collect();
        let mut bad_debt: BigInt = scenarios
            .iter()
            .filter_map(|((_, scenario), multiplier)| {
                let [_, shortfall] = scenario.balance()?;
                Some(BigInt::from(self.totals.0[shortfall.row()].quantity) * **multiplier)
            })
            .sum();
        let mut worth = BigInt::ZERO;
        let rows = self.proved.table.instruments().iter().zip(&self.totals.0).zip(values);
        for (((row, total), &value), closes) in rows.zip(&self.closes) {
            if total.quantity == 0 || *closes {
                continue;
            }
            let quantity = BigInt::from(total.quantity);
            worth += &quantity * value;
            let met = scenarios
                .iter()
                .map(|((id, _), multiplier)| row.values[*id].units() * i128::from(**multiplier));
            let above = met.sum::<i128>() - i128::from(Certificate::UNIT) * value;
            if above > 0 {
                bad_debt += quantity * above;
            }
        }
        // Rounded up.
        let bad_debt: BigInt = (bad_debt + &unit - 1) / unit;
        let decimals = self.proved.value_decimals;
        let amount = |units: BigInt| {
            let units = units.to_biguint().unwrap_or(BigUint::ZERO);
            Amount::new(units, decimals)
        };
        Bound {
            owed_at_most: amount(&worth + &bad_debt),
            owed_at_least: amount(worth.clone()),
            bad_debt_at_least: amount(-worth),
            bad_debt_at_most: amount(bad_debt),
        }
    }
}

/// Whether prices are the same, whoever says so.
fn are_same(prices: &Prices, others: &Prices) -> bool {
    let of = |prices: &Prices| {
        let Prices { as_of, quote, prices, vols, open_interest, refused, volatilities, .. } =
            prices.clone();
        (as_of, quote, prices, vols, open_interest, refused, volatilities)
    };
    of(prices) == of(others)
}

/// Refuses other prices that refuse an asset which was left out of the book: no policy lets it be.
fn check_left_out(
    attestation: &Attestation,
    prices: &Prices,
    own_prices: bool,
) -> Result<(), RepriceError> {
    let is_left_out = |name: &&String| {
        attestation.header.left_out.iter().any(|one| one.asset.eq_ignore_ascii_case(name))
    };
    match prices.refused.keys().find(is_left_out) {
        Some(refused) if !own_prices => Err(RepriceError::Refused(refused.clone())),
        _ => Ok(()),
    }
}

/// For each row whether it closes a scenario.
fn closing(table: &Compiled) -> Vec<bool> {
    let mut closing = vec![false; table.rows.len()];
    for scenario in &table.scenarios {
        match scenario.closing {
            Closing::Balance { equity, shortfall } => {
                closing[equity.row()] = true;
                closing[shortfall.row()] = true;
            }
            Closing::Slack(slack) => closing[slack.row()] = true,
        }
    }
    closing
}
