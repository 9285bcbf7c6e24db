use pacioli_circuits::{Quantity, Value};

use super::{parts::Parts, *};
use crate::testing::small_table;

/// What the check says of the small book's table after a change.
fn after(change: impl FnOnce(&mut Parts)) -> Result<(), CheckError> {
    let mut parts = Parts::of(&small_table());
    change(&mut parts);
    parts.check()
}

/// What the check says after `name` is worth `by` more in a scenario.
fn shifted(name: &str, scenario: ScenarioId, by: i128) -> Result<(), CheckError> {
    let row = small_table().find(name).unwrap().row();
    after(|parts| {
        let value = &mut parts.rows[row].values[scenario];
        *value = Value::new(value.units() + by).unwrap();
    })
}

const MARK: ScenarioId = ScenarioId::MARK;
const MARGIN: ScenarioId = ScenarioId::new(1);
const STRESS: ScenarioId = ScenarioId::new(2);

#[test]
fn the_compilers_table_is_sound() {
    assert_eq!(after(|_| {}), Ok(()));
}

#[test]
fn tiers_do_not_differ_at_mark_or_in_a_stress() {
    for (scenario, by) in [(MARK, -1), (MARK, 1), (STRESS, -1), (STRESS, 1)] {
        for (name, row) in
            [("deposit BTC tier 2", 3), ("long ETH-PERP tier 2", 9), ("short ETH-PERP tier 2", 12)]
        {
            let error = CheckError::TiersDiffer { row, scenario };
            assert_eq!(shifted(name, scenario, by), Err(error));
        }
    }
}

#[test]
fn a_later_tier_never_counts_for_more() {
    for (name, row, gap) in [
        ("deposit BTC tier 2", 3, 2_000_000),
        ("long ETH-PERP tier 2", 9, 500_000),
        ("short ETH-PERP tier 2", 12, 500_000),
    ] {
        assert_eq!(shifted(name, MARGIN, gap), Ok(()));
        let error = CheckError::TierRises { row, scenario: MARGIN };
        assert_eq!(shifted(name, MARGIN, gap + 1), Err(error));
    }
}

#[test]
fn headroom_is_worth_nothing() {
    for scenario in [MARK, MARGIN, STRESS] {
        let error = CheckError::Headroom { row: 2, scenario };
        assert_eq!(shifted("headroom deposit BTC tier 1", scenario, 1), Err(error));
    }
}

#[test]
fn closing_rows_are_worth_one_unit_in_their_scenario_alone() {
    for (name, row) in [("equity:mark", 15), ("shortfall:mark", 16), ("equity:crash", 19)] {
        for (scenario, by) in [(MARK, -1), (MARK, 1), (MARGIN, 1), (STRESS, -1)] {
            let error = CheckError::Closing { row, scenario };
            assert_eq!(shifted(name, scenario, by), Err(error));
        }
    }
}

#[test]
fn the_two_sides_are_opposite() {
    let error =
        |asset, liability, scenario| Err(CheckError::Opposite { asset, liability, scenario });
    assert_eq!(shifted("borrow USDC", MARK, 1), error(5, 6, MARK));
    assert_eq!(shifted("borrow USDC", MARK, -1), error(5, 6, MARK));
    assert_eq!(shifted("borrow USDC", STRESS, 1), error(5, 6, STRESS));
    assert_eq!(shifted("borrow USDC", STRESS, -1), Ok(()), "rounding");
    assert_eq!(shifted("borrow USDC", STRESS, -2), error(5, 6, STRESS));
    assert_eq!(shifted("short ETH-PERP tier 1", MARK, 1), error(7, 10, MARK));
    let sign = CheckError::Sign { row: 5, scenario: MARK };
    assert_eq!(shifted("deposit USDC", MARK, -10_001), Err(sign));
    let sign = CheckError::Sign { row: 6, scenario: MARK };
    assert_eq!(shifted("borrow USDC", MARK, 10_001), Err(sign));
    let quote = CheckError::Quote { row: 13, scenario: STRESS };
    assert_eq!(shifted("quote credit", STRESS, 1), Err(quote));
    assert_eq!(shifted("quote debit", MARK, -1), error(13, 14, MARK));
}

#[test]
fn a_margin_scenario_never_adds() {
    for (name, row, taken) in [
        ("deposit BTC tier 1", 1, 2_000_000),
        ("borrow USDC", 6, 500),
        ("long ETH-PERP tier 1", 7, 500_000),
        ("short ETH-PERP tier 1", 10, 500_000),
    ] {
        assert_eq!(shifted(name, MARGIN, taken), Ok(()));
        let error = CheckError::AboveMark { row, scenario: MARGIN };
        assert_eq!(shifted(name, MARGIN, taken + 1), Err(error));
    }
}

#[test]
fn caps_stand_where_headroom_follows() {
    let cap = |row: usize, cap: Option<u128>| {
        after(|parts| parts.rows[row].cap = cap.and_then(Quantity::new))
    };
    assert_eq!(cap(1, None), Err(CheckError::Cap(1)), "a capped tier without its cap");
    for row in [2, 3, 4, 5, 13, 15, 20] {
        assert_eq!(cap(row, Some(1)), Err(CheckError::Cap(row)), "a cap without headroom");
    }
    let bare = after(|parts| {
        parts.rows[1].cap = None;
        parts.remove(2);
    });
    assert_eq!(bare, Err(CheckError::Order(2)), "a tier without cap before another");
    let last = after(|parts| [3, 3].into_iter().for_each(|row| parts.remove(row)));
    assert_eq!(last, Err(CheckError::Order(3)), "a capped tier without a next one");
}

#[test]
fn rows_stand_in_the_canonical_order() {
    let swap = |a: usize, b: usize| after(|parts| parts.swap(a, b));
    assert_eq!(swap(5, 6), Err(CheckError::Order(5)));
    assert_eq!(swap(13, 14), Err(CheckError::Order(13)));
    assert_eq!(swap(15, 16), Err(CheckError::Order(15)));
    let without = |row: usize| after(|parts| parts.remove(row));
    assert_eq!(without(16), Err(CheckError::Order(16)));
    assert_eq!(without(20), Err(CheckError::End));
    assert_eq!(without(4), Ok(()), "an asset without a loan");
    let twice = after(|parts| parts.insert(5, parts.rows[5].clone(), parts.roles[5]));
    assert_eq!(twice, Err(CheckError::Order(6)));
    let renamed = |role| after(|parts| parts.roles[4] = role);
    assert_eq!(renamed(Role::Empty), Err(CheckError::Empty(4)));
    assert_eq!(renamed(Role::Headroom), Err(CheckError::Cap(3)));
    assert_eq!(renamed(Role::Borrow { asset: 1 }), Err(CheckError::Order(4)));
}

#[test]
fn every_row_has_a_role_and_a_class_and_mark_is_first() {
    let roles = after(|parts| parts.roles.truncate(20));
    assert!(matches!(roles, Err(CheckError::Lengths { roles: 20, rows: 21, .. })));
    let classes = after(|parts| parts.classes.truncate(20));
    assert!(matches!(classes, Err(CheckError::Lengths { classes: 20, rows: 21, .. })));
    let kinds = after(|parts| parts.kinds[0] = ScenarioKind::Stress);
    assert_eq!(kinds, Err(CheckError::Mark(MARK)));
    let kinds = after(|parts| parts.kinds[2] = ScenarioKind::Mark);
    assert_eq!(kinds, Err(CheckError::Mark(STRESS)));
}
