//! What backs a book at other prices: reserves valued there, over what is owed at most and at least.

use num_bigint::BigInt;
use pacioli_circuits::ScenarioId;
use pacioli_rules::{Amount, Class, ScenarioKind, SignedAmount};
use serde::Serialize;

use super::{Bound, Certificate, CertificateError, Certificates, Repricing};
use crate::{
    coverage::{ratio, ratio_up},
    progress::Progress,
    reserves::Purpose,
};

/// A book at other prices: in mark and in every stress from there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repriced {
    /// In the order of the rules.
    pub scenarios: Vec<RepricedScenario>,
    /// The stresses that have no figures there, because units of value are too coarse.
    pub coarse: Vec<String>,
    /// What shows the bounds.
    pub certificates: Certificates,
    /// Whether these are the prices of the proof, so that its margins stand as well.
    pub own_prices: bool,
}

/// What backs a book in one scenario at other prices. Amounts are of the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RepricedScenario {
    /// The scenario: `mark` or a stress.
    pub scenario: String,
    /// Whether everything is worth there what it is worth in the proof, whose figures then stand.
    pub as_proved: bool,
    /// What is owed, and what bad debt is.
    #[serde(flatten)]
    pub bound: Bound,
    /// The customers' reserves, valued there: nothing where none were given.
    pub reserves: Amount,
    /// The reserves of the purpose `insurance`, likewise.
    pub insurance_reserves: Amount,
    /// How many times what is owed at most the customers' reserves are, rounded down to four digits;
    /// `None` where nothing is owed.
    pub coverage_at_least: Option<Amount>,
    /// How many times what is owed at least they are, rounded up.
    pub coverage_at_most: Option<Amount>,
    /// What all but the insurance fund are owed. `None` where the fund is a class of accounts and the
    /// proof has no twin of the scenario.
    pub owed_to_others: Option<OwedToOthers>,
    /// What is left for the insurance fund: all reserves, of both purposes, less what all others are
    /// owed at most. Below zero where it is not certain that reserves cover these.
    pub fund_at_least: Option<SignedAmount>,
}

/// What all but the insurance fund are owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwedToOthers {
    /// At most.
    pub at_most: Amount,
    /// At least.
    pub at_least: Amount,
}

impl RepricedScenario {
    /// The reserves of both purposes together.
    pub fn all_reserves(&self) -> Amount {
        let units = &self.reserves.units + &self.insurance_reserves.units;
        Amount::new(units, self.reserves.decimals)
    }
}

impl Repriced {
    /// The book at these prices, with the best certificates that are found.
    pub fn find(repricing: &Repricing<'_>, progress: &dyn Progress) -> Self {
        let scenarios = priced(repricing);
        progress.begin("bounding what is owed in each scenario", scenarios.len() as u64);
        let found = scenarios.iter().zip(1..).map(|(&id, done)| {
            let found = repricing.find(id);
            progress.reach(done);
            found
        });
        let (certificates, bounds) = found.collect::<(Vec<Certificate>, Vec<Bound>)>();
        Self::new(repricing, &bounds, certificates)
    }

    /// The book at these prices, as far as somebody's certificates show. Where there is none for a
    /// scenario, every account may owe all that it holds.
    ///
    /// # Errors
    /// If a certificate is for a scenario that there is not, or itself names one or has a multiplier out
    /// of its bounds.
    pub fn check(
        repricing: &Repricing<'_>,
        certificates: &Certificates,
    ) -> Result<Self, CertificateError> {
        let now = repricing.now();
        let scenarios = priced(repricing);
        let names: Vec<&str> = scenarios.iter().map(|&id| now.scenario(id).name.as_str()).collect();
        if let Some(coarse) =
            certificates.scenarios().find(|name| coarse(repricing).any(|one| one == *name))
        {
            return Err(CertificateError::Coarse(coarse.clone()));
        }
        let mut given = certificates.scenarios();
        if let Some(other) = given.find(|name| !names.contains(&name.as_str())) {
            return Err(CertificateError::Priced(other.clone()));
        }
        let certificates: Vec<_> = names.iter().map(|name| certificates.of(name)).collect();
        let bounds = scenarios.iter().zip(&certificates);
        let bounds = bounds.map(|(&id, certificate)| repricing.check(id, certificate));
        let bounds = bounds.collect::<Result<Vec<_>, _>>()?;
        Ok(Self::new(repricing, &bounds, certificates))
    }

    /// The scenario of this name.
    pub fn scenario(&self, name: &str) -> Option<&RepricedScenario> {
        self.scenarios.iter().find(|scenario| scenario.scenario == name)
    }

    /// With a bound and a certificate for each priced scenario.
    fn new(repricing: &Repricing<'_>, bounds: &[Bound], certificates: Vec<Certificate>) -> Self {
        let reserves = repricing.reserves.as_ref();
        let now = repricing.now();
        let has_fund = now.classes.contains_key(&Class::Insurance);
        let all = priced(repricing);
        let bound_of =
            |id: ScenarioId| all.iter().position(|other| *other == id).map(|at| &bounds[at]);
        let scenarios = all.iter().zip(bounds).filter_map(|(&id, bound)| {
            let scenario = now.scenario(id);
            if let ScenarioKind::Twin { .. } = scenario.kind {
                return None;
            }
            let others = match has_fund {
                true => now.twin(id).and_then(bound_of),
                false => Some(bound),
            };
            let owed_to_others = others.map(|bound| OwedToOthers {
                at_most: bound.owed_at_most.clone(),
                at_least: bound.owed_at_least.clone(),
            });
            let [held, insurance] = [Purpose::Customers, Purpose::Insurance].map(|purpose| {
                let nothing = || Amount::new(0u32, now.value_decimals);
                reserves.map_or_else(nothing, |reserves| reserves.worth(now, purpose, id))
            });
            let left = |others: &OwedToOthers| {
                let all = BigInt::from(&held.units + &insurance.units);
                let left = all - BigInt::from(others.at_most.units.clone());
                SignedAmount::new(&left, now.value_decimals)
            };
            Some(RepricedScenario {
                scenario: scenario.name.clone(),
                as_proved: repricing.is_as_proved(id),
                coverage_at_least: ratio(&held, &bound.owed_at_most),
                coverage_at_most: ratio_up(&held, &bound.owed_at_least),
                bound: bound.clone(),
                fund_at_least: owed_to_others.as_ref().map(left),
                owed_to_others,
                reserves: held,
                insurance_reserves: insurance,
            })
        });
        let scenarios = scenarios.collect();
        let coarse = coarse(repricing).cloned().collect();
        let names = all.iter().map(|&id| now.scenario(id).name.clone());
        let certificates = Certificates::new(names.zip(certificates));
        Self { scenarios, coarse, certificates, own_prices: repricing.own_prices }
    }
}

/// The stresses that have none, because units of value are too coarse.
fn coarse<'a>(repricing: &'a Repricing<'_>) -> impl Iterator<Item = &'a String> {
    let scenarios = repricing.now().scenarios_by_id();
    let coarse =
        scenarios.filter(|(id, one)| one.kind == ScenarioKind::Stress && repricing.is_coarse(*id));
    coarse.map(|(_, one)| &one.name)
}

/// Mark, the stresses and the twins that have figures.
fn priced(repricing: &Repricing<'_>) -> Vec<ScenarioId> {
    let is_priced = |kind| {
        matches!(kind, ScenarioKind::Mark | ScenarioKind::Stress | ScenarioKind::Twin { .. })
    };
    let scenarios = repricing.now().scenarios_by_id();
    let priced =
        scenarios.filter(|(id, scenario)| is_priced(scenario.kind) && !repricing.is_coarse(*id));
    priced.map(|(id, _)| id).collect()
}
