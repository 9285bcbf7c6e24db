//! Plain and covered rows: which the contract refuses, and what they are worth in the cover.

use pacioli_attestation::program::{
    FACTOR_BYTES, HEAD_BYTES, ROLE_BITS, ROW_BYTES, SCENARIO_BYTES, evaluate,
};
use pacioli_rules::{Decimal, Role};

use crate::libraries::{
    books::{self, Case, price_file},
    chain::Chain,
    changed::agree,
    edited::{Bytes, CAP, DECIMALS, GROUP, PRICE, ROLE},
    refused::refusal,
};

/// The number of an instrument's row.
fn row(case: &Case, name: &str) -> usize {
    case.compiled.find(name).unwrap_or_else(|| panic!("{name}")).row()
}

/// A program without the rows from one to another.
fn without(program: &Bytes, from: usize, to: usize) -> Bytes {
    let [cut, rest] = [from, to].map(|row| program.row(row));
    let rows = (program.number(6) - (to - from)) as u16;
    let mut fewer = [&program.0[..cut], &program.0[rest..]].concat();
    fewer[6..8].copy_from_slice(&rows.to_be_bytes());
    Bytes(fewer)
}

#[test]
fn rows_that_stand_for_no_holding_are_refused() {
    let (mut chain, case) = (Chain::new(), books::portfolio_with_forms());
    let original = Bytes::of(&case);
    let of = |name: &str| row(&case, name);
    let [plain, covered] = ["plain deposit BTC", "covered deposit BTC"].map(of);
    let [borrow, usdc] = ["covered borrow BTC", "covered deposit USDC"].map(of);
    let (debit, end) = (of("covered quote debit"), of("equity:mark"));
    let stand = |row: usize, held: usize| {
        let [high, low] = (held as u16).to_be_bytes();
        let mut program = original.clone();
        let at = program.row(row) + GROUP - 1;
        (program.0[at], program.0[at + 1]) = (high, low);
        (format!("RowHeld({row}, {held})"), program)
    };
    // The last of these stands for any row: what stands before it is in its order.
    let cases = [
        // The empty slot, headroom, and a later tier.
        stand(plain, 0),
        stand(covered, 0),
        stand(plain, of("deposit BTC tier 1") + 1),
        stand(plain, of("deposit BTC tier 2")),
        stand(covered, of("deposit BTC tier 2")),
        // Nothing is plain that may be worth less than nothing.
        stand(plain, of("borrow BTC")),
        stand(plain, of("short BTC-PERP")),
        stand(plain, of("quote debit")),
        // A row of a class, a contingency, a row that stands for another, itself, a later row, none.
        stand(debit, of("insurance deposit USDC")),
        stand(debit, of("pool quote credit")),
        stand(debit, of("contingency:scan")),
        stand(debit, plain),
        stand(debit, debit),
        stand(debit, end),
        stand(debit, 0xffff),
        // Twice the same, and one before the one before it.
        stand(usdc, of("deposit BTC tier 1")),
        stand(borrow, of("deposit BTC tier 1")),
    ];
    for (expected, program) in cases {
        assert_eq!(refusal(&mut chain, &program.0, &case.prices), expected);
    }
    // Covered before plain, and another order.
    let held = of("deposit BTC tier 1");
    for program in [original.clone().swap(plain, covered), original.clone().copy(covered, plain, 0)]
    {
        let expected = format!("RowHeld({covered}, {held})");
        assert_eq!(refusal(&mut chain, &program.0, &case.prices), expected);
    }
    let swapped = original.clone().swap(borrow, usdc);
    let refused = refusal(&mut chain, &swapped.0, &case.prices);
    assert!(refused.starts_with(&format!("RowHeld({}, ", borrow + 1)), "{refused}");

    // Which forms there are is the program's word.
    let fewer = without(&original, covered, debit);
    assert!(evaluate(&fewer.0, &case.prices).is_ok());
    agree(&mut chain, &fewer.0, &case.prices);
    // A long may be plain if the program says so: where it may be worth less than nothing, it is
    // worth as much in the cover.
    let long = of("covered long BTC-PERP");
    let program = original.clone().set_row(long, ROLE, 13);
    let evaluated = evaluate(&program.0, &case.prices).unwrap();
    let values = |row: usize| evaluated.table.instruments()[row].values.iter();
    assert!(values(long).all(|value| value.units() == 0));
    let least = values(of("long BTC-PERP")).take(3).map(|value| value.units()).min();
    assert!(least.unwrap() > 0);
    agree(&mut chain, &program.0, &case.prices);
}

#[test]
fn what_the_role_fixes_is_not_in_a_form() {
    let (mut chain, case) = (Chain::new(), books::portfolio_with_forms());
    let original = Bytes::of(&case);
    let program = || original.clone();
    let [plain, covered] =
        ["plain deposit BTC", "covered borrow USDC"].map(|name| row(&case, name));
    for index in [plain, covered] {
        for (expected, program) in [
            (format!("RowCap({index}, 1)"), program().set_row(index, CAP + 11, 1)),
            (format!("RowFactor({index}, 1, 1)"), program().set_factor(index, 1, 1)),
            (format!("RowFactor({index}, 5, 1)"), program().set_factor(index, 5, 1)),
            (format!("RowPrice({index}, 65280)"), program().set_row(index, PRICE, 0)),
            (format!("RowDecimals({index}, 4)"), program().set_row(index, DECIMALS, 4)),
            (format!("RowDecimals({index}, 7)"), program().set_row(index, DECIMALS, 7)),
        ] {
            assert_eq!(refusal(&mut chain, &program.0, &case.prices), expected);
        }
    }
    // Customers' alone.
    for class in 1..4u8 {
        let role = class << ROLE_BITS | 14;
        let program = program().set_row(covered, ROLE, role);
        let expected = format!("RowClass({covered}, {class})");
        assert_eq!(refusal(&mut chain, &program.0, &case.prices), expected);
    }
}

#[test]
fn forms_stand_between_contingencies_and_closing_rows() {
    let (mut chain, case) = (Chain::new(), books::portfolio_with_forms());
    let original = Bytes::of(&case);
    let program = || original.clone();
    let of = |name: &str| row(&case, name);
    let [scan, plain, last] =
        ["contingency:scan", "plain deposit BTC", "covered quote debit"].map(of);
    for (expected, program) in [
        // A contingency after a form, and a form after a closing row.
        (format!("RowRole({plain}, 10)"), program().swap(scan, plain)),
        (format!("RowRole({}, 14)", last + 1), program().swap(last, last + 1)),
        (format!("RowRole({last}, 15)"), program().set_row(last, ROLE, 15)),
        (format!("RowRole({last}, 12)"), program().set_row(last, ROLE, 12)),
    ] {
        assert_eq!(refusal(&mut chain, &program.0, &case.prices), expected);
    }

    // Customers' rows after a form, of the last market and others.
    let small = books::small_with_forms();
    let original = Bytes::of(&small);
    let next = row(&small, "plain deposit BTC") + 1;
    let held =
        ["deposit BTC tier 1", "borrow BTC", "long ETH-PERP tier 1", "short ETH-PERP tier 2"];
    let held = held.map(|name| row(&small, name)).into_iter();
    // The empty slot and headroom too.
    for held in held.chain([0, 2, row(&small, "quote credit")]) {
        let program = original.clone().copy(held, next, 0);
        let expected = format!("RowClass({next}, 0)");
        assert_eq!(refusal(&mut chain, &program.0, &small.prices), expected);
    }
}

#[test]
fn the_cover_and_its_rows_belong_together() {
    let (mut chain, case) = (Chain::new(), books::portfolio_with_forms());
    let original = Bytes::of(&case);
    let of = |name: &str| row(&case, name);
    let [first, end, slack] = ["plain deposit BTC", "equity:mark", "slack:cover"].map(of);
    assert_eq!(slack + 1, case.compiled.rows.len());
    let scenarios = case.compiled.scenarios.len() as u8;
    let cover = usize::from(scenarios) - 1;

    // A cover without rows, and rows without a cover.
    let none = without(&original, first, end);
    assert_eq!(refusal(&mut chain, &none.0, &case.prices), "CoverWithoutRows");
    let uncovered = original.clone().set(12, 0).set(2, scenarios - 1);
    assert_eq!(refusal(&mut chain, &uncovered.0, &case.prices), format!("RowRole({first}, 13)"));
    // Neither is fine.
    let neither = without(&without(&original, slack, slack + 1), first, end);
    let neither = neither.set(12, 0).set(2, scenarios - 1);
    assert!(evaluate(&neither.0, &case.prices).is_ok());
    agree(&mut chain, &neither.0, &case.prices);

    // A second cover, and one that stands for the first.
    let [bytes, rows] = [original.row(1) - original.row(0), original.number(6)];
    let second = original.clone().set(12, 2);
    let sizes = format!("ProgramSizes({scenarios}, 1, 2, 6, {rows}, {})", original.number(8));
    assert_eq!(refusal(&mut chain, &second.0, &case.prices), sizes);
    let end_of_rows = original.clause(0);
    let closing = &original.0[end_of_rows - bytes..end_of_rows];
    let twice = [&original.0[..end_of_rows], closing, &original.0[end_of_rows..]].concat();
    let twice = Bytes(twice).set(7, rows as u8 + 1);
    let again = format!("RowGroup({rows}, {cover})");
    assert_eq!(refusal(&mut chain, &twice.0, &case.prices), again);

    // It is the last, closed by slack, and nobody's twin.
    let expected = format!("RowGroup({}, {cover})", slack - 2);
    let swapped = original.clone().swap(slack, slack - 2);
    assert_eq!(refusal(&mut chain, &swapped.0, &case.prices), expected);
    for role in [8, 9] {
        let program = original.clone().set_row(slack, ROLE, role);
        let expected = format!("RowGroup({slack}, {cover})");
        assert_eq!(refusal(&mut chain, &program.0, &case.prices), expected);
    }
    let twin = original.clone().set(HEAD_BYTES + 1, cover as u8);
    assert_eq!(refusal(&mut chain, &twin.0, &case.prices), format!("TwinOf(0, {cover})"));
    let open = without(&original, slack, slack + 1);
    assert_eq!(refusal(&mut chain, &open.0, &case.prices), format!("NotClosed({cover})"));

    // No clause is about it, of any kind that is about a scenario.
    for kind in [0, 2, 3] {
        let clause = original.clause(0);
        let mut program = original.clone();
        (program.0[clause], program.0[clause + 2]) = (kind, cover as u8);
        if kind == 3 {
            program.0[clause + 3..clause + 20].fill(0);
        }
        assert_eq!(refusal(&mut chain, &program.0, &case.prices), "ClauseForm(0)");
    }
}

#[test]
fn what_a_contingency_costs_has_its_bound() {
    let (mut chain, case) = (Chain::new(), books::portfolio_with_forms());
    let original = Bytes::of(&case);
    let [scan, plain] = ["contingency:scan", "plain deposit BTC"].map(|name| row(&case, name));
    let choice = original.row(scan) + ROW_BYTES;
    let twins = original.number(10);
    let factor = HEAD_BYTES + SCENARIO_BYTES * twins + FACTOR_BYTES * original.number(choice);
    let cover = case.compiled.scenarios.len() - 1;
    let mut seen = [false; 2];
    for bits in 0..64 {
        for units in [1i128 << bits, (1 << bits) - 1, -(1 << bits)] {
            let mut program = original.clone();
            program.0[factor..factor + 16].copy_from_slice(&units.to_be_bytes());
            program.0[factor + 16] = 0;
            agree(&mut chain, &program.0, &case.prices);
            match evaluate(&program.0, &case.prices) {
                Ok(_) => seen[0] = true,
                Err(_) => {
                    let refused = refusal(&mut chain, &program.0, &case.prices);
                    seen[1] |= refused == format!("ValueBound({plain}, {cover})");
                }
            }
        }
    }
    assert_eq!(seen, [true; 2]);
}

/// Where an asset has a price of nothing, so have its forms.
#[test]
fn a_price_of_nothing_covers_nothing() {
    let mut chain = Chain::new();
    let rules = books::with_cover(books::SMALL_RULES);
    let case = Case::new(&rules, &price_file(r#""BTC": "0", "ETH": "1000", "USDC": "1""#));
    let program = case.program();
    agree(&mut chain, program.to_bytes(), &case.prices);
    let evaluated = evaluate(program.to_bytes(), &case.prices).unwrap();
    assert_eq!(evaluated.table, case.compiled.table);
    let worth = |name: &str| {
        let values = &evaluated.table.instruments()[row(&case, name)].values;
        values.iter().last().unwrap().units()
    };
    assert_eq!(worth("plain deposit BTC"), 0);
    assert_eq!(worth("covered deposit BTC"), 0);
    assert_eq!(worth("covered borrow BTC"), 0);
    assert!(worth("covered deposit USDC") > 0);
    assert!(worth("covered quote debit") < 0);
}

/// The values in the cover, computed by hand: portfolio margin of the small book.
#[test]
fn the_cover_has_the_least_value_of_the_last_tier_less_contingencies() {
    let case = books::portfolio_with_forms();
    let price = |name: &str| case.prices.prices[name];
    assert_eq!([price("BTC"), price("USDC")], [Decimal::new(20_000, 0), Decimal::new(1, 0)]);
    let worth = |name: &str| {
        let values = &case.compiled.table.instruments()[row(&case, name)].values;
        assert!(values.iter().rev().skip(1).all(|value| value.units() == 0), "{name}");
        values.iter().last().unwrap().units()
    };
    // 0.001 BTC are 20 dollars: 16 in the second tier, less 1.25 times the worst loss, 10 % or 2
    // dollars; in the crash they are 10.
    assert_eq!(worth("covered deposit BTC"), 10_000_000);
    assert_eq!(worth("plain deposit BTC"), 0);
    // A debt of as much, less 1.25 times half of the loss when it rises by 30 %.
    assert_eq!(worth("covered borrow BTC"), -20_000_000 - 3_750_000);
    assert_eq!(worth("covered deposit USDC"), 10_000);
    for (row, about) in case.compiled.rows.iter().enumerate() {
        let last = case.compiled.table.instruments()[row].values.iter().last().unwrap().units();
        match about.role {
            Role::Plain { .. } | Role::Covered { .. } => {}
            Role::Slack { scenario } if scenario.index() + 1 == case.compiled.scenarios.len() => {
                assert_eq!(last, -1);
            }
            _ => assert_eq!(last, 0, "{}", about.name),
        }
    }
}
