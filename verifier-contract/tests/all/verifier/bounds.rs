//! Public inputs that are not those of the proof, or of no book at all.

use alloy_primitives::{U256, uint};
use pacioli_attestation::ProofError;
use pacioli_circuits::PublicInputsError;

use crate::verifier::{
    fixture::{
        Contract, Proved, SCENARIOS, VolumeVerifier as V, VolumeVerifierErrors, named, native,
        shape,
    },
    proof::R,
};

/// Instruments of the shared book.
const ROWS: usize = 20;
/// Columns in their order.
const COUNT: usize = 0;
const QUANTITY: usize = 1;
const CAP: usize = 2;
const VALUE: usize = 3;

const ONE: U256 = U256::ONE;
const LAST: usize = ROWS - 1;

/// The shared book's public inputs with one cell changed.
fn with(column: usize, row: usize, change: impl Fn(U256) -> U256) -> Vec<U256> {
    let mut instance = Proved::shared().instance();
    let cell = &mut instance[1 + column * ROWS + row];
    *cell = change(*cell);
    instance
}

fn lines() -> U256 {
    U256::from(shape().lines())
}

fn number(row: usize) -> U256 {
    U256::from(row)
}

#[track_caller]
fn refused(instance: &[U256]) -> VolumeVerifierErrors {
    Contract::new().refuses(instance, &Proved::shared().proof)
}

/// Why the native verifier refuses it.
#[track_caller]
fn native_error(instance: &[U256]) -> PublicInputsError {
    match native(instance, &Proved::shared().proof) {
        Some(Err(ProofError::PublicInputs(error))) => error,
        other => panic!("not refused for its public inputs: {other:?}"),
    }
}

#[test]
fn no_public_value_can_be_another() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let instance = proved.instance();
    assert!(contract.verify(&instance, &proved.proof).is_ok());
    for index in 0..instance.len() {
        for change in [U256::wrapping_add, U256::wrapping_sub] {
            let mut changed = instance.clone();
            changed[index] = change(changed[index], ONE);
            contract.refuses(&changed, &proved.proof);
        }
    }
}

#[test]
fn no_public_value_may_be_written_with_the_modulus_added() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let instance = proved.instance();
    for index in 0..instance.len() {
        let mut changed = instance.clone();
        changed[index] += R;
        contract.refuses(&changed, &proved.proof);
    }
}

#[test]
fn values_within_all_bounds_are_still_those_of_the_proof() {
    let does_not_hold = named(V::DoesNotHold {});
    let mut context = Proved::shared().instance();
    context[0] = (context[0] + ONE) % R;
    let mut counts_moved = Proved::shared().instance();
    counts_moved[1] -= ONE;
    counts_moved[2] += ONE;
    // Nobody holds it, so the totals balance whatever it is worth.
    let nobody = Proved::shared().totals.0.iter().rposition(|total| total.count == 0).unwrap();
    let changed = [
        context,
        counts_moved,
        with(CAP, 1, |cap| cap + ONE),
        with(CAP, 1, |_| U256::ZERO),
        with(CAP, 3, |_| (ONE << 90) - ONE),
        with(QUANTITY, 2, |quantity| quantity + ONE),
        with(VALUE, nobody, |_| ONE),
        with(VALUE + 3, nobody, |_| (ONE << 65) - ONE),
    ];
    for (which, instance) in changed.iter().enumerate() {
        assert_eq!(refused(instance), does_not_hold, "change {which}");
    }
}

#[test]
fn the_context_is_canonical() {
    let mut instance = Proved::shared().instance();
    for context in [R, instance[0] + R, U256::MAX] {
        instance[0] = context;
        assert_eq!(refused(&instance), named(V::NotCanonical {}));
    }
}

#[test]
fn no_instrument_is_counted_more_often_than_there_are_lines() {
    for (row, count) in [(0, lines() + ONE), (3, lines() + ONE), (LAST, ONE << 40)] {
        let instance = with(COUNT, row, |_| count);
        assert_eq!(refused(&instance), named(V::CountOutOfBounds { instrument: number(row) }));
        let (lines, count) = (shape().lines(), count.to());
        let expected = PublicInputsError::Count { instrument: row, count, lines };
        assert_eq!(native_error(&instance), expected);
    }
    let instance = with(COUNT, LAST, |_| U256::MAX);
    assert_eq!(refused(&instance), named(V::CountOutOfBounds { instrument: number(LAST) }));
}

#[test]
fn no_sum_of_counts_overflows_into_the_number_of_lines() {
    // The sum of two counts is what it was, modulo 2^256, where as much is added to one as is taken from
    // the other.
    let count = |row: usize| Proved::shared().instance()[1 + row];
    for more in [ONE << 255, ONE << 90, ONE << 91, lines()] {
        let mut instance = with(COUNT, 3, |count| count.wrapping_add(more));
        instance[1 + COUNT * ROWS + LAST] = count(LAST).wrapping_sub(more);
        let first = if count(3).wrapping_add(more) > lines() { 3 } else { LAST };
        let expected = named(V::CountOutOfBounds { instrument: number(first) });
        assert_eq!(refused(&instance), expected);
    }
}

#[test]
fn so_many_lines_hold_no_more_than_they_can() {
    for row in [1, 3, LAST] {
        let most = |instance: &[U256]| instance[1 + row] * ((ONE << 90) - ONE);
        let honest = Proved::shared().instance();
        let instance = with(QUANTITY, row, |_| most(&honest) + ONE);
        assert_eq!(refused(&instance), named(V::QuantityOutOfBounds { instrument: number(row) }));
        assert!(
            matches!(native_error(&instance), PublicInputsError::Quantity { instrument, .. } if instrument == row)
        );
    }
    // The bound itself is within it.
    let most = |count: U256| count * ((ONE << 90) - ONE);
    let honest = Proved::shared().instance();
    let instance = with(QUANTITY, 2, |_| most(honest[1 + 2]));
    assert_eq!(refused(&instance), named(V::DoesNotHold {}));
    let instance = with(QUANTITY, LAST, |_| U256::MAX);
    assert_eq!(refused(&instance), named(V::QuantityOutOfBounds { instrument: number(LAST) }));
}

#[test]
fn every_line_is_counted_once() {
    for (change, counted) in [(lines() + ONE, 1), (lines() - ONE, -1)] {
        let instance = with(COUNT, 0, |count| if counted > 0 { count + ONE } else { count - ONE });
        assert_eq!(refused(&instance), named(V::Lines { counted: change }));
        let (expected, got) = (shape().lines(), change.to());
        assert_eq!(native_error(&instance), PublicInputsError::Lines { expected, got });
    }
}

#[test]
fn the_empty_slot_holds_nothing_and_is_worth_nothing() {
    let empty = named(V::EmptySlot {});
    let quantity = with(QUANTITY, 0, |_| ONE);
    assert_eq!(refused(&quantity), empty);
    assert_eq!(native_error(&quantity), PublicInputsError::EmptySlots(1));
    assert_eq!(refused(&with(CAP, 0, |_| ONE)), empty);
    for scenario in 0..4 {
        for change in [U256::wrapping_add, U256::wrapping_sub] {
            let instance = with(VALUE + scenario, 0, |value| change(value, ONE));
            assert_eq!(refused(&instance), empty);
            assert!(native(&instance, &Proved::shared().proof).is_none());
        }
    }
}

#[test]
fn a_cap_has_90_bits() {
    let proof = &Proved::shared().proof;
    for (row, cap) in [(0, ONE << 90), (1, ONE << 90), (LAST, U256::MAX)] {
        let instance = with(CAP, row, |_| cap);
        assert_eq!(refused(&instance), named(V::CapOutOfBounds { instrument: number(row) }));
        assert!(native(&instance, proof).is_none());
    }
    let instance = with(CAP, 1, |_| (ONE << 90) - ONE);
    assert_eq!(refused(&instance), named(V::DoesNotHold {}));
}

#[test]
fn a_value_has_64_bits_and_a_sign() {
    let proof = &Proved::shared().proof;
    for scenario in 0..4 {
        for row in [0, 1, LAST] {
            for value in [U256::ZERO, ONE << 65, uint!(0x20000000000000001_U256), U256::MAX] {
                let instance = with(VALUE + scenario, row, |_| value);
                let (instrument, scenario) = (number(row), U256::from(scenario));
                let expected = V::ValueOutOfBounds { instrument, scenario };
                assert_eq!(refused(&instance), named(expected));
                assert!(native(&instance, proof).is_none());
            }
        }
    }
}

#[test]
fn the_columns_have_one_length() {
    let (proved, mut contract) = (Proved::shared(), Contract::new());
    let honest = proved.instance();
    let columns = 3 + SCENARIOS;
    let longer = [&honest[..], &vec![U256::ZERO; columns]].concat();
    let lengths = [0, 2, columns, honest.len() - 1, honest.len() + 1, honest.len() + columns - 1];
    for words in lengths {
        let refused = contract.refuses(&longer[..words], &proved.proof);
        assert_eq!(refused, named(V::InstanceLength { words: U256::from(words) }));
    }
    let refused = contract.refuses(&honest[..1], &proved.proof);
    assert_eq!(refused, named(V::Instruments { instruments: U256::ZERO }));
    let most = shape().instruments();
    let too_many = vec![U256::ZERO; 1 + columns * (most + 1)];
    let refused = contract.refuses(&too_many, &proved.proof);
    assert_eq!(refused, named(V::Instruments { instruments: number(most + 1) }));
    // As many as there is room for are counted, and found to be no lines.
    let refused = contract.refuses(&too_many[columns..], &proved.proof);
    assert_eq!(refused, named(V::Lines { counted: U256::ZERO }));
}

#[test]
fn one_more_instrument_that_nobody_holds_is_another_table() {
    let proved = Proved::shared();
    let honest = proved.instance();
    let mut longer = vec![honest[0]];
    for (column, values) in honest[1..].chunks_exact(ROWS).enumerate() {
        longer.extend(values);
        longer.push(if column < VALUE { U256::ZERO } else { ONE << 64 });
    }
    assert_eq!(refused(&longer), named(V::DoesNotHold {}));
}
