//! Totals that are no accounts': the contract finds them in all scenarios at once, and names the scenario
//! and what is left over as the native check does, which looks at each in whole numbers.

use alloy_primitives::{I256, U256};
use pacioli_attestation::{TrialBalanceError, check_trial_balance};
use pacioli_circuits::{InstrumentTable, ScenarioId, Totals};

use crate::verifier::fixture::{
    Contract, Keys, Proved, VolumeVerifier as V, VolumeVerifierErrors, named,
};

/// The contract's error for what the native check says.
fn said(table: &InstrumentTable, totals: &Totals) -> VolumeVerifierErrors {
    match check_trial_balance(table, totals).expect_err("the totals balance") {
        TrialBalanceError::Unbalanced { scenario, by } => {
            let scenario = U256::from(scenario.index());
            named(V::Unbalanced { scenario, by: by.to_string().parse().unwrap() })
        }
        TrialBalanceError::Cap { instrument, count, cap, quantity } => named(V::OverCap {
            instrument: U256::from(instrument),
            count: U256::from(count),
            cap: U256::from(cap),
            quantity: U256::from(quantity),
        }),
    }
}

#[test]
fn totals_that_do_not_balance_are_refused_of_any_row_as_natively() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let mut seen = [0, 0];
    for row in 1..proved.totals.0.len() {
        let held = proved.totals.0[row];
        let is_worth = proved.table.instruments()[row].values.iter().any(|v| v.units() != 0);
        if held.count == 0 || !is_worth {
            continue;
        }
        for quantity in [held.quantity + 1, held.quantity - 1, 0] {
            let mut forged = proved.clone();
            forged.totals.0[row].quantity = quantity;
            let expected = said(&forged.table, &forged.totals);
            seen[usize::from(matches!(expected, VolumeVerifierErrors::OverCap(_)))] += 1;
            let refused = contract.refuses(&forged.instance(), &forged.proof);
            assert_eq!(refused, expected, "row {row}");
        }
    }
    assert!(seen[0] > 20, "{seen:?}");
}

#[test]
fn one_scenario_is_enough() {
    // A value of one scenario alone, where there are many.
    let mut contract = Contract::new();
    let proved = Proved::of_pairs(Keys::shared(), 20, 64);
    let row = proved.totals.0.iter().rposition(|total| total.count > 0).unwrap();
    for scenario in [0, 1, 40, 63] {
        for more in [true, false] {
            let mut instance = proved.instance();
            let cell = &mut instance[1 + (3 + scenario) * 20 + row];
            *cell = if more { *cell + U256::ONE } else { *cell - U256::ONE };
            let quantity = I256::try_from(proved.totals.0[row].quantity).unwrap();
            let by = if more { quantity } else { -quantity };
            let refused = contract.refuses_in(&instance, 64, &proved.proof);
            assert_eq!(refused, named(V::Unbalanced { scenario: U256::from(scenario), by }));
        }
    }
}

#[test]
fn what_is_owed_may_not_be_lowered_alone() {
    // Equity of each scenario, by all of it.
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let first = proved.totals.0.len() - 10;
    let mut lowered = 0;
    for scenario in ScenarioId::all(5) {
        let mut forged = proved.clone();
        let owed = &mut forged.totals.0[first + 2 * scenario.index()];
        if owed.quantity == 0 {
            continue;
        }
        let by = I256::try_from(owed.quantity).unwrap();
        owed.quantity = 0;
        lowered += 1;
        let expected = named(V::Unbalanced { scenario: U256::from(scenario.index()), by });
        assert_eq!(contract.refuses(&forged.instance(), &forged.proof), expected);
    }
    assert!(lowered > 0);
}

#[test]
fn so_many_lines_hold_no_more_than_their_cap() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let total = proved.totals.0[1];
    let cap = proved.table.instruments()[1].cap.unwrap().units();
    let mut forged = proved.clone();
    forged.totals.0[1].quantity = u128::from(total.count) * cap + 1;
    let expected = said(&forged.table, &forged.totals);
    assert!(matches!(expected, VolumeVerifierErrors::OverCap(_)));
    assert_eq!(contract.refuses(&forged.instance(), &forged.proof), expected);
    // As much as they can is within it, and does not balance.
    forged.totals.0[1].quantity -= 1;
    let expected = said(&forged.table, &forged.totals);
    assert!(matches!(expected, VolumeVerifierErrors::Unbalanced(_)));
    assert_eq!(contract.refuses(&forged.instance(), &forged.proof), expected);
}
