//! Which scenarios a contract takes for mark, a stress or a twin, of which a program says nothing.

use std::collections::{BTreeMap, BTreeSet};

use alloy_sol_types::SolValue;
use num_bigint::BigInt;
use pacioli_attestation::program::{FACTOR_BYTES, HEAD_BYTES, ROW_BYTES};
use pacioli_rules::{Class, Compiled, Role, ScenarioKind};
use proptest::prelude::*;

use crate::libraries::{
    books::{self, Case},
    chain::{Chain, program_arguments},
};

/// What the contract says of each scenario.
fn priced(chain: &mut Chain, case: &Case) -> Vec<bool> {
    let arguments = program_arguments(case.program().to_bytes(), &case.prices);
    let output = chain.call("priced", arguments).unwrap();
    let mut priced = Vec::<bool>::abi_decode(&output.bytes).unwrap();
    assert_eq!(priced.pop(), Some(false));
    priced
}

/// Whether in a scenario of the rules all rows of an asset or market count by one factor, quote currency
/// by 1, and contingencies by none.
fn is_uniform(compiled: &Compiled, scenario: usize) -> bool {
    let mut factors = BTreeMap::<(u8, u16), BTreeSet<BigInt>>::new();
    for row in compiled.rows.iter().filter(|row| row.class == Class::Customer) {
        let (group, sign) = match row.role {
            Role::Deposit { asset, .. } => ((0, asset), 1),
            Role::Borrow { asset } => ((0, asset), -1),
            Role::Long { market, .. } => ((1, market), 1),
            Role::Short { market, .. } => ((1, market), -1),
            Role::QuoteCredit => ((2, 0), 1),
            Role::QuoteDebit => ((2, 0), -1),
            Role::Contingency { .. } => ((3, 0), 1),
            _ => continue,
        };
        // In parts of 10^60.
        let factor = &row.worth.factors[scenario];
        let parts = sign * &factor.numerator * BigInt::from(10).pow(60 - factor.scale);
        factors.entry(group).or_default().insert(parts);
    }
    factors.iter().all(|(group, factors)| match group.0 {
        2 => *factors == BTreeSet::from([BigInt::from(10).pow(60)]),
        3 => *factors == BTreeSet::from([BigInt::ZERO]),
        _ => factors.len() == 1,
    })
}

/// Compares what the contract says with the kinds of the rules. Returns how many margin scenarios weigh
/// nothing.
fn agrees(chain: &mut Chain, case: &Case) -> usize {
    let mut weightless = 0;
    let said = priced(chain, case);
    assert_eq!(said.len(), case.compiled.scenarios.len());
    for ((id, scenario), said) in case.compiled.scenarios_by_id().zip(said) {
        let expected = match scenario.kind {
            ScenarioKind::Mark | ScenarioKind::Stress | ScenarioKind::Twin { .. } => true,
            ScenarioKind::Constraint { .. } | ScenarioKind::Cover => false,
            ScenarioKind::Margin(_) | ScenarioKind::Credit => {
                let is_uniform = is_uniform(&case.compiled, id.index());
                weightless += usize::from(is_uniform);
                is_uniform
            }
        };
        assert_eq!(said, expected, "{}", scenario.name);
    }
    weightless
}

#[test]
fn in_the_stored_books_they_are_those_of_these_kinds() {
    let mut chain = Chain::new();
    for case in [
        books::small(),
        books::sample(),
        books::large_with_forms(),
        books::portfolio(),
        books::portfolio_with_forms(),
        books::small_with_classes(),
    ] {
        assert_eq!(agrees(&mut chain, &case), 0);
    }
}

/// A margin scenario that weighs nothing is priced: it says no more than a stress that moves nothing.
#[test]
fn a_margin_scenario_that_weighs_nothing_is_one_of_them() {
    let scenarios = "[[scenarios]]\nname = \"mark\"\nkind = \"mark\"\n\
                     [[scenarios]]\nname = \"maintenance\"\nkind = \"margin\"\nmargin = \"maintenance\"\n";
    let head = "name = \"x\"\nsource = \"x\"\ndate = \"2026-01-01\"\nexactness = \"exact\"\n\
                quote = \"USD\"\ncover = false\n";
    for (maintenance, weightless) in [("1", 1), ("0.99", 0)] {
        let rules = format!(
            "{head}{scenarios}[assets.BTC]\ndecimals = 3\nmaintenance = \"{maintenance}\"\n\
             [policy]\nmin_coverage = \"1\"\n"
        );
        let case = Case::new(&rules, &books::price_file("\"BTC\": \"20000\""));
        assert_eq!(agrees(&mut Chain::new(), &case), weightless);
    }
}

/// No rules make such a program, but whoever registers one chooses its factors.
#[test]
fn a_scenario_in_which_the_quote_currency_is_worth_something_else_is_none_of_them() {
    let case = books::small();
    let compiled = &case.compiled;
    let stress = compiled.scenarios.iter().position(|it| it.kind == ScenarioKind::Stress).unwrap();
    let honest = case.program();
    let own = case.rules.scenarios.len();
    let factors = usize::from(u16::from_be_bytes(honest.to_bytes()[4..6].try_into().unwrap()));
    let row = compiled.find("quote credit").unwrap().row();
    let place = HEAD_BYTES + FACTOR_BYTES * factors + row * (ROW_BYTES + 2 * (own - 1)) + ROW_BYTES;
    let place = place + 2 * (stress - 1);
    let mut program = honest.to_bytes().to_vec();
    let last = u16::try_from(factors - 1).unwrap().to_be_bytes();
    assert_ne!(program[place..place + 2], last);
    program[place..place + 2].copy_from_slice(&last);
    let mut chain = Chain::new();
    let output = chain.call("priced", program_arguments(&program, &case.prices)).unwrap();
    let tampered = Vec::<bool>::abi_decode(&output.bytes).unwrap();
    assert!(priced(&mut chain, &case)[stress] && !tampered[stress]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn in_any_book_they_are_those_of_these_kinds(seed in any::<u64>()) {
        agrees(&mut Chain::new(), &books::made_up(seed));
    }
}
