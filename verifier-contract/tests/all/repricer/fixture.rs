//! A venue with an attestation, and the contract that is asked about it.

use alloy_primitives::{Address, B256};
use alloy_sol_types::{SolCall, SolConstructor};
use num_bigint::BigInt;
use pacioli_attestation::bound::Certificate as Named;
use pacioli_circuits::{ScenarioId, Total, Totals as Proved};
use pacioli_rules::{Compiled, Decimal, Prices as PricesFile, Rules as RulesFile, ScenarioKind};
use pacioli_verifier_contract::{
    bindings::{BoundAt, Certificate, ProvedBook, Repricer as C, Standing},
    errors,
    evm::{Evm, Revert},
    submission,
};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};

use crate::registry::world::*;

pub fn repricer(evm: &mut Evm, registry: Address) -> Address {
    deploy(evm, "Repricer", &C::constructorCall { registry }.abi_encode())
}

/// A world with one attestation, its totals, and the contract.
pub struct Asked {
    pub world: World,
    pub totals: Proved,
    pub contract: Address,
}

/// An attestation as Rust has it.
#[derive(Clone, Copy)]
pub struct Attested<'a> {
    pub compiled: &'a Compiled,
    pub rules: &'a RulesFile,
    pub totals: &'a Proved,
}

impl Asked {
    pub fn attested(&self) -> Attested<'_> {
        let World { compiled, rules, .. } = &self.world;
        Attested { compiled, rules, totals: &self.totals }
    }

    /// Attests these totals as the one with number 0.
    pub fn new(mut world: World, totals: Proved) -> Self {
        let contract = repricer(&mut world.evm, world.registry);
        world.later(60);
        world.submit(world.submission(0, B256::ZERO), std::slice::from_ref(&totals)).unwrap();
        Self { world, totals, contract }
    }

    /// Attests the next totals.
    pub fn attest(&mut self, sequence: u64, totals: Proved) {
        self.world.later(60);
        let submission = self.world.submission(sequence, attestation(sequence - 1));
        self.world.submit(submission, std::slice::from_ref(&totals)).unwrap();
        self.totals = totals;
    }

    /// What the latest attestation proved.
    pub fn book(&self) -> ProvedBook {
        let (_, latest) = self.world.appended.last_key_value().unwrap();
        let record = latest.record.clone();
        submission::proved_book(record, &self.world.prices, &self.totals).unwrap()
    }

    pub fn bound_call(
        &self,
        prices: &PricesFile,
        scenario: ScenarioId,
        multipliers: &[u64],
    ) -> C::boundAtCall {
        C::boundAtCall {
            venue: self.world.venue,
            book: self.book(),
            prices: submission::prices(prices).unwrap(),
            scenario: alloy_primitives::U256::from(scenario.index()),
            multipliers: multipliers.to_vec(),
        }
    }

    pub fn standing_call(
        &self,
        prices: &PricesFile,
        certificates: &[(ScenarioId, Vec<u64>)],
    ) -> C::standingAtCall {
        let certificates = certificates.iter().map(|(scenario, multipliers)| Certificate {
            scenario: alloy_primitives::U256::from(scenario.index()),
            multipliers: multipliers.clone(),
        });
        C::standingAtCall {
            venue: self.world.venue,
            book: self.book(),
            prices: submission::prices(prices).unwrap(),
            certificates: certificates.collect(),
        }
    }

    pub fn ask<C: SolCall>(&mut self, call: &C) -> Result<C::Return, Revert> {
        let output = self.world.evm.view(STRANGER, self.contract, call.abi_encode())?;
        Ok(C::abi_decode_returns(&output.bytes).unwrap())
    }

    pub fn bound(
        &mut self,
        prices: &PricesFile,
        scenario: ScenarioId,
        multipliers: &[u64],
    ) -> Result<BoundAt, Revert> {
        let call = self.bound_call(prices, scenario, multipliers);
        self.ask(&call)
    }

    pub fn standing(
        &mut self,
        prices: &PricesFile,
        certificates: &[(ScenarioId, Vec<u64>)],
    ) -> Result<Standing, Revert> {
        let call = self.standing_call(prices, certificates);
        self.ask(&call)
    }
}

/// The name of the error, of whichever contract, that the revert is.
#[track_caller]
pub fn error_name(revert: &Revert) -> &'static str {
    errors::name(&revert.data).unwrap_or_else(|| panic!("an unknown error: {revert}"))
}

/// The scenarios that have figures at other prices.
pub fn priced(compiled: &Compiled) -> Vec<ScenarioId> {
    let priced = compiled.scenarios_by_id().filter(|(_, scenario)| {
        matches!(
            scenario.kind,
            ScenarioKind::Mark | ScenarioKind::Stress | ScenarioKind::Twin { .. }
        )
    });
    priced.map(|(id, _)| id).collect()
}

/// The multiplier of one scenario, and of the cover where there is one, is 1.
pub fn alone(compiled: &Compiled, scenario: ScenarioId) -> Vec<u64> {
    let mut multipliers = vec![0; compiled.scenarios.len()];
    for one in [Some(scenario), compiled.cover_scenario()].into_iter().flatten() {
        multipliers[one.index()] = Named::UNIT;
    }
    multipliers
}

/// A certificate by name, as Rust reads and writes it.
pub fn named(compiled: &Compiled, multipliers: &[u64]) -> Named {
    let named = compiled.scenarios.iter().zip(multipliers).filter(|(_, units)| **units > 0);
    let named: serde_json::Map<_, _> = named
        .map(|(scenario, &units)| {
            let multiplier = Decimal::new(units.into(), 9).to_string();
            (scenario.name.clone(), multiplier.into())
        })
        .collect();
    serde_json::from_value(named.into()).unwrap()
}

/// The multipliers of a certificate by name, as the contract takes them.
pub fn numbered(compiled: &Compiled, certificate: &Named) -> Vec<u64> {
    let text = serde_json::to_value(certificate).unwrap();
    let multipliers = compiled.scenarios.iter().map(|scenario| {
        let Some(multiplier) = text.get(&scenario.name) else { return 0 };
        let multiplier: Decimal = multiplier.as_str().unwrap().parse().unwrap();
        multiplier.exact_units(9).unwrap().try_into().unwrap()
    });
    multipliers.collect()
}

/// Prices that are so many thousandths of others, with as many digits.
pub fn moved(prices: &PricesFile, thousandths: &[u32]) -> PricesFile {
    let mut moved = prices.clone();
    let quote = moved.quote.clone();
    let others = moved.prices.iter_mut().filter(|(name, _)| **name != quote);
    for ((_, price), &part) in others.zip(thousandths.iter().cycle()) {
        let mantissa = price.mantissa() * i128::from(part) / 1_000;
        *price = Decimal::new(mantissa, price.scale());
    }
    moved
}

/// What a test asks of a book: its totals, other prices, and multipliers.
#[derive(Clone, Debug)]
pub struct Question {
    pub totals: Vec<Total>,
    pub balances: [u64; 3],
    pub thousandths: Vec<u32>,
    pub multipliers: Vec<u64>,
    pub dice: u64,
}

/// Questions about tables of these sizes.
pub fn questions(compiled: &Compiled) -> impl Strategy<Value = Question> + use<> {
    let quantity = prop_oneof![Just(0u128), 0..1_000_000_000_000u128, 0..(1u128 << 64)];
    let total = (0..5_000u64, quantity);
    let total = total.prop_map(|(count, quantity)| Total { count, quantity });
    let multiplier = prop_oneof![
        6 => Just(0),
        3 => Just(Named::UNIT),
        6 => 0..2 * Named::UNIT,
        1 => 0..=Named::MOST * Named::UNIT
    ];
    let (rows, scenarios) = (compiled.rows.len(), compiled.scenarios.len());
    (
        vec(total, rows),
        [any::<u64>(), any::<u64>(), any::<u64>()],
        vec(prop_oneof![0..3_000u32, 950..1_050u32], 3),
        vec(multiplier, scenarios),
        any::<u64>(),
    )
        .prop_map(|(totals, balances, thousandths, multipliers, dice)| Question {
            totals,
            balances,
            thousandths,
            multipliers,
            dice,
        })
}

/// Asks so many questions, each about an attestation of its own in the same world.
pub fn each_question(world: World, cases: u32, mut ask: impl FnMut(&mut Asked, &Question)) {
    let strategy = questions(&world.compiled);
    let book = world.smallest_book();
    let asked = std::cell::RefCell::new((Asked::new(world, book), 0));
    let ask = std::cell::RefCell::new(&mut ask);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let result = TestRunner::new_with_rng(config, rng).run(&strategy, |question| {
        let (asked, sequence) = &mut *asked.borrow_mut();
        *sequence += 1;
        let world = &mut asked.world;
        let [btc, usdc, fund] = question.balances;
        for (token, custodian, balance) in
            [(world.btc, CUSTODIAN, btc), (world.usdc, CUSTODIAN, usdc), (world.usdc, FUND, fund)]
        {
            world.set_balance(token, custodian, balance.into());
        }
        let mut totals = Proved(question.totals.clone());
        // A volume has fewer than 2^24 lines, so no capped row holds more than as many caps.
        for (row, total) in world.compiled.table.instruments().iter().zip(&mut totals.0) {
            let most = row.cap.map_or(u128::MAX, |cap| cap.units().saturating_mul(1 << 20));
            total.quantity = total.quantity.min(most);
        }
        let totals = world.completed(totals);
        asked.attest(*sequence, totals);
        (*ask.borrow_mut())(asked, &question);
        Ok::<(), TestCaseError>(())
    });
    result.unwrap();
}

pub fn int(number: impl Into<BigInt>) -> BigInt {
    number.into()
}
