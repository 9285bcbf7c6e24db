//! What backs a book in `mark` and in every stress: the reserves valued there, over what is
//! owed there.
//!
//! The policy's clauses and every report take these figures from here. Reserves are the publisher's
//! word; what is owed is proved.

use num_bigint::{BigInt, BigUint, Sign};
use pacioli_rules::{Amount, Class, Compiled, ScenarioKind, SignedAmount};
use serde::Serialize;

use crate::{
    coverage::ratio,
    figures::Figures,
    reserves::{Purpose, Reserves},
};

/// What backs the book in one scenario. Amounts are of the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Backing {
    /// The scenario: `mark` or a stress.
    pub scenario: String,
    /// The customers' reserves, valued in the scenario.
    pub reserves: Amount,
    /// The reserves of the purpose `insurance`, likewise.
    pub insurance_reserves: Amount,
    /// What is owed, to the insurance fund's own accounts as well.
    pub owed: Amount,
    /// How many times that the customers' reserves are, rounded down to four digits; `None` where
    /// nothing is owed.
    pub coverage: Option<Amount>,
    /// The sum of the accounts' shortfalls.
    pub bad_debt: Amount,
    /// What all but the insurance fund are owed. `None` where the fund is a class of accounts and
    /// the scenario has no twin: `owed` is more then.
    pub owed_to_others: Option<Amount>,
    /// What is left for the insurance fund: all reserves, of both purposes, less what all others
    /// are owed. Below zero where the reserves do not even cover these.
    pub fund: Option<SignedAmount>,
}

impl Backing {
    /// The reserves of both purposes together.
    pub fn all_reserves(&self) -> Amount {
        let units = &self.reserves.units + &self.insurance_reserves.units;
        Amount::new(units, self.reserves.decimals)
    }
}

/// What backs the book in `mark` and in every stress, in the table's order: nothing without
/// reserves.
pub fn backing(
    compiled: &Compiled,
    figures: &Figures,
    reserves: Option<&Reserves>,
) -> Vec<Backing> {
    let scenarios = compiled.scenarios_by_id();
    let scenarios =
        scenarios.filter(|(_, one)| matches!(one.kind, ScenarioKind::Mark | ScenarioKind::Stress));
    let backing = scenarios.filter_map(|(id, scenario)| {
        let own = figures.scenario(&scenario.name)?;
        let [held, insurance] = [Purpose::Customers, Purpose::Insurance].map(|purpose| {
            let nothing = || Amount::new(0u32, compiled.value_decimals);
            reserves.map_or_else(nothing, |reserves| reserves.worth(compiled, purpose, id))
        });
        let has_class = compiled.classes.contains_key(&Class::Insurance);
        let twin = figures.funds.iter().find(|fund| fund.scenario == scenario.name);
        let others = match has_class {
            true => twin.map(|twin| twin.owed_to_others.clone()),
            false => Some(own.owed.clone()),
        };
        let left = |others: &Amount| {
            let all: BigUint = &held.units + &insurance.units;
            let left = BigInt::from(all) - BigInt::from(others.units.clone());
            let size = Amount::new(left.magnitude().clone(), compiled.value_decimals);
            SignedAmount { negative: left.sign() == Sign::Minus, size }
        };
        Some(Backing {
            scenario: scenario.name.clone(),
            coverage: ratio(&held, &own.owed),
            owed: own.owed.clone(),
            bad_debt: own.bad_debt.clone(),
            fund: others.as_ref().map(left),
            owed_to_others: others,
            reserves: held,
            insurance_reserves: insurance,
        })
    });
    backing.collect()
}
