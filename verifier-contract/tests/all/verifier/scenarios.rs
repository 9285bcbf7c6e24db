//! How many scenarios there are: the caller's word, and nobody else's. Words that are read in another
//! number of them, or of instruments, are other public inputs.

use alloy_primitives::U256;
use alloy_sol_types::SolCall;
use pacioli_circuits::MAX_SCENARIOS;

use crate::verifier::fixture::{
    Contract, Keys, Proved, SCENARIOS, VolumeVerifier as V, VolumeVerifierErrors, error, named,
};

/// Instruments of the shared book.
const ROWS: usize = 20;

fn does_not_hold() -> VolumeVerifierErrors {
    named(V::DoesNotHold {})
}

/// The shared book's public inputs in other scenarios, each by its values.
fn in_scenarios(scenarios: &[&[U256]]) -> Vec<U256> {
    [&Proved::shared().instance()[..1 + 3 * ROWS], &scenarios.concat()].concat()
}

#[test]
fn one_verifier_takes_every_number_of_scenarios() {
    let mut contract = Contract::new();
    for (instruments, scenarios) in [(3, 1), (60, 2), (5, 7), (20, 64), (9, MAX_SCENARIOS)] {
        let proved = Proved::of_pairs(Keys::shared(), instruments, scenarios);
        proved.native(&Keys::shared().verifying).unwrap();
        contract.ask(&proved.calldata()).unwrap();
        // The last value of all is one of those that theta combines.
        let mut changed = proved.instance();
        *changed.last_mut().unwrap() += U256::ONE;
        contract.refuses_in(&changed, scenarios, &proved.proof);
    }
}

#[test]
fn every_value_is_bounded_and_balanced_in_every_number_of_scenarios() {
    // The contract takes four values in a turn, and those that are left over one by one.
    let mut contract = Contract::new();
    let proof = &Proved::shared().proof;
    let nothing: &[U256] = &[U256::ONE << 64; ROWS];
    let held =
        (1..ROWS).find(|row| !Proved::shared().instance()[1 + ROWS + row].is_zero()).unwrap();
    for count in 1..=9 {
        let words = in_scenarios(&vec![nothing; count]);
        for scenario in 0..count {
            for row in [1, held, ROWS - 1] {
                let mut with = |value: U256| {
                    let mut words = words.clone();
                    words[1 + (3 + scenario) * ROWS + row] = value;
                    contract.refuses_in(&words, count, proof)
                };
                let (instrument, scenario) = (U256::from(row), U256::from(scenario));
                let outside = named(V::ValueOutOfBounds { instrument, scenario });
                for value in [U256::ZERO, U256::ONE << 65, U256::MAX] {
                    assert_eq!(with(value), outside);
                }
                let refused = with((U256::ONE << 64) + U256::ONE);
                if row == held {
                    let is_named = matches!(
                        refused,
                        VolumeVerifierErrors::Unbalanced(V::Unbalanced { scenario: at, .. })
                            if at == scenario
                    );
                    assert!(is_named, "{refused:?}");
                }
                // The bounds themselves are within them.
                for value in [U256::ONE, (U256::ONE << 65) - U256::ONE] {
                    assert_ne!(with(value), outside);
                }
            }
        }
    }
}

#[test]
fn there_are_1_to_1024_scenarios() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let many = U256::from(MAX_SCENARIOS + 1);
    for scenarios in [U256::ZERO, many, U256::MAX, U256::MAX - U256::from(2)] {
        let (instance, proof) = (proved.instance(), proved.proof.clone().into());
        let call = V::verifyCall { instance, scenarios, proof }.abi_encode();
        let refused = error(&contract.ask(&call).unwrap_err());
        assert_eq!(refused, named(V::Scenarios { scenarios }));
    }
    // With as many words as that takes.
    let words = vec![U256::ZERO; 1 + 3 + MAX_SCENARIOS + 1];
    let refused = contract.refuses_in(&words, MAX_SCENARIOS + 1, &proved.proof);
    assert_eq!(refused, named(V::Scenarios { scenarios: many }));
    let refused = contract.refuses_in(&proved.instance()[..1 + 3 * ROWS], 0, &proved.proof);
    assert_eq!(refused, named(V::Scenarios { scenarios: U256::ZERO }));
}

#[test]
fn no_scenario_can_be_left_out_added_or_moved() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let words = proved.instance();
    let honest: Vec<&[U256]> = words[1 + 3 * ROWS..].chunks_exact(ROWS).collect();
    assert_eq!(honest.len(), SCENARIOS);
    assert!(contract.verify(&in_scenarios(&honest), &proved.proof).is_ok());
    let nothing: &[U256] = &[U256::ONE << 64; ROWS];
    // The totals balance in all of these, so nothing but the proof says no.
    let others = [
        honest[..SCENARIOS - 1].to_vec(),
        honest[1..].to_vec(),
        vec![honest[0]],
        [&honest[..], &[nothing]].concat(),
        [&[nothing], &honest[..]].concat(),
        [&honest[..], &[honest[0]]].concat(),
        [honest[1], honest[0]].into_iter().chain(honest[2..].iter().copied()).collect(),
        vec![nothing; SCENARIOS],
        vec![nothing],
    ];
    for (which, scenarios) in others.iter().enumerate() {
        let instance = in_scenarios(scenarios);
        let refused = contract.refuses_in(&instance, scenarios.len(), &proved.proof);
        assert_eq!(refused, does_not_hold(), "change {which}");
    }
}

#[test]
fn the_same_words_are_of_one_number_of_scenarios() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let instance = proved.instance();
    let words = instance.len() - 1;
    let mut divided = 0;
    for scenarios in (1..=words).filter(|&scenarios| scenarios != SCENARIOS) {
        let refused = contract.refuses_in(&instance, scenarios, &proved.proof);
        if words.is_multiple_of(3 + scenarios) {
            divided += 1;
        } else {
            let length = V::InstanceLength { words: U256::from(instance.len()) };
            assert_eq!(refused, named(length), "{scenarios} scenarios");
        }
    }
    // 1, 2, 7, 13, 17 and so on: the same words as other columns, of other instruments.
    assert_eq!(divided, 9);
}

#[test]
fn words_moved_between_columns_are_another_table() {
    // Twice as many instruments in fewer scenarios, with the bounds of every column kept: nobody holds
    // the second half, and its values are those of scenarios that are gone.
    let mut contract = Contract::new();
    let proved = Proved::of_pairs(Keys::shared(), 20, 5);
    let honest = proved.instance();
    let column = |index: usize| &honest[1 + index * ROWS..][..ROWS];
    let none = [U256::ZERO; ROWS];
    let mut moved = vec![honest[0]];
    for index in 0..3 {
        moved.extend(column(index));
        moved.extend(none);
    }
    moved.extend([column(3), column(4)].concat());
    assert_eq!(moved.len(), 1 + 40 * 4);
    assert_eq!(moved.len(), honest.len());
    assert_eq!(contract.refuses_in(&moved, 1, &proved.proof), does_not_hold());
}
