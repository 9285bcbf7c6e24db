//! The contract and its twin in Rust say the same of any changed program.

use pacioli_attestation::program::evaluate;
use pacioli_rules::{Decimal, Prices};
use proptest::prelude::*;

use crate::libraries::{
    books,
    chain::{Chain, said},
    edited::Bytes,
};

/// Both take a changed program and make the same table, or both refuse it for the same reason.
#[track_caller]
pub fn agree(chain: &mut Chain, program: &[u8], prices: &Prices) {
    let twin = evaluate(program, prices).map_err(|fault| said(&fault));
    let got = chain.compile(program, prices);
    match (twin, got) {
        (Err(twin), Err(got)) => assert_eq!(got, twin),
        (Ok(twin), Ok(table)) => {
            let rows = twin.table.instruments();
            let words = &table.instance[1 + 2 * rows.len()..];
            let caps = rows.iter().map(|row| row.cap.map_or(0, |cap| cap.units()));
            let values = twin.table.scenario_ids().flat_map(|scenario| {
                let value = move |row: &pacioli_circuits::Instrument| {
                    (row.values[scenario].units() + (1 << 64)) as u128
                };
                rows.iter().map(value)
            });
            assert!(words.iter().copied().eq(caps.chain(values).map(alloy_primitives::U256::from)));
        }
        (twin, got) => panic!("the twin: {twin:?}, the contract: {got:?}"),
    }
}

#[test]
fn both_say_the_same_of_every_changed_byte() {
    let mut chain = Chain::new();
    // The last has all that rules can have: a contingency, classes, a twin, tiers and forms.
    let cases = [books::small(), books::small_with_classes(), books::small_with_forms()];
    for case in cases.into_iter().chain([books::portfolio_with_forms()]) {
        let original = Bytes::of(&case);
        for place in 0..original.0.len() {
            for change in [1, 0x80] {
                let mut program = original.clone();
                program.0[place] ^= change;
                agree(&mut chain, &program.0, &case.prices);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn both_say_the_same_of_any_changes(
        seed in any::<u64>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        price in 0i128..1_000_000_000_000,
        scale in 0u32..12,
    ) {
        let case = books::made_up(seed);
        let mut program = Bytes::of(&case);
        for (place, byte) in changes {
            let place = place.index(program.0.len());
            program.0[place] = byte;
        }
        let mut prices = case.prices.clone();
        if let Some(first) = prices.prices.values_mut().next() {
            *first = Decimal::new(price, scale);
        }
        agree(&mut Chain::new(), &program.0, &prices);
    }
}
