//! Figures, clauses and needs are those of the attestation and of the policy.

use alloy_primitives::{U256, keccak256};
use alloy_sol_types::SolCall;
use pacioli_attestation::figures;
use pacioli_circuits::{ScenarioId, Total, Totals};
use pacioli_verifier_contract::{
    bindings::{Evaluator as E, Holding, Outcome},
    errors::name,
    evm::Revert,
    submission,
};

use crate::evaluator::fixture::{Stand, holding, reserves_only};

/// The outcome of other totals under other reserves.
fn outcome(
    stand: &mut Stand,
    totals: &Totals,
    holdings: Vec<Holding>,
    any: bool,
) -> Result<Outcome, Revert> {
    let call = E::evaluateCall {
        chunks: stand.chunks.clone(),
        prices: stand.submission.prices.clone(),
        header: stand.submission.header.clone(),
        totals: vec![submission::totals(&totals.0).unwrap()],
        holdings,
        aside: reserves_only(any),
    };
    let output = stand.ask(call)?;
    Ok(E::evaluateCall::abi_decode_returns(&output.bytes).unwrap())
}

/// The value of one unit of a row at mark.
fn worth(stand: &Stand, row: &str) -> u128 {
    let row = stand.compiled.find(row).unwrap().row();
    stand.compiled.table.instruments()[row].values[ScenarioId::MARK].units() as u128
}

#[test]
fn a_proved_book_has_its_own_figures() {
    let mut stand = Stand::new(20, 2);
    let call = stand.all();
    let output = stand.ask(call).unwrap();
    let answer = E::evaluateAllCall::abi_decode_returns(&output.bytes).unwrap();
    let expected = figures(&stand.compiled, &stand.totals).unwrap();
    assert_eq!(answer.bound.scenarios, U256::from(4));
    assert_eq!(answer.outcome.figures.len(), 4);
    for (got, expected) in answer.outcome.figures.iter().zip(&expected.scenarios) {
        assert_eq!(expected.owed.units, got.owed.into());
        assert_eq!(expected.bad_debt.units, got.badDebt.into());
        assert_eq!(expected.accounts_with_equity, Some(got.accountsWithEquity));
        assert_eq!(expected.accounts_with_shortfall, got.accountsWithShortfall);
    }
    assert_eq!(answer.outcome.owed, answer.outcome.figures[0].owed);
    let words: Vec<u8> = stand.totals.0.iter().flat_map(word).collect();
    assert_eq!(answer.outcome.quantities, keccak256(words));

    let quantity = |name: &str| stand.totals.0[stand.compiled.find(name).unwrap().row()].quantity;
    let tracked = &answer.outcome.tracked;
    assert_eq!(tracked.owed, U256::from(answer.outcome.owed));
    // Assets and markets in the order of the table.
    let [btc, usdc] = ["BTC", "USDC"]
        .map(|asset| stand.compiled.assets.iter().position(|(name, _)| name == asset).unwrap());
    let deposits = quantity("deposit BTC tier 1") + quantity("deposit BTC tier 2");
    assert_eq!(tracked.deposits[btc], U256::from(deposits));
    assert_eq!(tracked.deposits[usdc], U256::from(quantity("deposit USDC")));
    assert_eq!(tracked.interest, [U256::from(quantity("long BTC-PERP"))]);
    assert!(tracked.interest[0] > U256::ZERO);
    assert_eq!(tracked.prices[btc], U256::from(worth(&stand, "deposit BTC tier 1")));
    assert_eq!(tracked.prices[usdc], U256::from(worth(&stand, "deposit USDC")));
    let market = stand.compiled.assets.len();
    assert_eq!(tracked.prices[market], U256::from(worth(&stand, "long BTC-PERP")));
    assert_eq!(tracked.prices.len(), market + 1);
}

fn word(total: &Total) -> [u8; 32] {
    U256::from(total.quantity).to_be_bytes()
}

#[test]
fn reserves_are_worth_what_the_table_says() {
    let mut stand = Stand::new(20, 1);
    let totals = stand.totals.clone();
    let [btc, usdc] = ["deposit BTC tier 1", "deposit USDC"].map(|row| worth(&stand, row));
    let ten = |power| U256::from(10).pow(U256::from(power));
    let of = |asset: &str, customers: U256| Holding {
        asset: keccak256(asset),
        customers,
        insurance: U256::ZERO,
    };
    let mut reserves = |holdings| outcome(&mut stand, &totals, holdings, true).unwrap();

    // One unit of BTC has 8 decimals, so 10^28 are one; rounded down, once for each asset.
    let one = reserves(vec![of("BTC", ten(28))]);
    assert_eq!(one.reserves, btc);
    assert_eq!(reserves(vec![of("BTC", ten(28) * U256::from(2) - U256::from(1))]).reserves, btc);
    assert_eq!(reserves(vec![of("BTC", ten(28) - U256::from(1))]).reserves, 0);
    let both = reserves(vec![of("USDC", ten(30)), of("BTC", ten(28))]);
    assert_eq!(both.reserves, btc + usdc);
    // The quote currency is no asset of the table, and has the value decimals.
    let decimals = stand_decimals(&both);
    assert_eq!(decimals, [6, 8]);
    let quote = reserves(vec![of("USD", ten(36))]);
    let units = u128::from(10u8).pow(u32::from(quote.needs.assets[0].decimals));
    assert_eq!((quote.reserves, quote.needs.assets[0].value), (units, U256::from(1)));
    // What the table does not know counts nothing, and does not take another's place.
    let other = reserves(vec![of("DOGE", ten(40)), of("BTC", ten(28))]);
    assert_eq!(other.reserves, btc);
    assert_eq!(
        (other.needs.assets[0].value, other.needs.assets[0].least),
        (U256::ZERO, U256::ZERO)
    );
    // A token that answers with a monstrous balance stops nobody, and counts what fits.
    let huge = reserves(vec![of("BTC", U256::MAX), of("USD", U256::MAX), of("USDC", U256::MAX)]);
    assert_eq!(huge.reserves, u128::MAX);
    // Reserves for insurance are not customers'.
    let fund = reserves(vec![holding("USDC", 0, 7)]);
    assert_eq!(fund.reserves, 0);
    assert_eq!(fund.figures[0].insurance, 7 * 10u128.pow(6) * usdc);
}

fn stand_decimals(outcome: &Outcome) -> Vec<u8> {
    outcome.needs.assets.iter().map(|need| need.decimals).collect()
}

#[test]
fn a_unit_too_little_fails_the_clause_that_asks_for_it() {
    let mut stand = Stand::new(20, 1);
    let totals = stand.totals.clone();
    let compiled = stand.compiled.clone();
    let row = |name: &str| compiled.find(name).unwrap().row();
    let quantity = |name: &str| totals.0[row(name)].quantity;
    let deposits = quantity("deposit BTC tier 1") + quantity("deposit BTC tier 2");
    let (btc, usdc) = (worth(&stand, "deposit BTC tier 1"), worth(&stand, "deposit USDC"));
    let units = |asset: &str, units: u128, decimals: u64| Holding {
        asset: keccak256(asset),
        customers: U256::from(units) * U256::from(10).pow(U256::from(36 - decimals)),
        insurance: U256::ZERO,
    };
    let owed = quantity("equity:mark");
    // Exactly the deposits of BTC, and USDC for the rest of what is owed.
    let rest = (owed - deposits * btc).div_ceil(usdc);
    let holdings = |btc: u128, usdc: u128| vec![units("BTC", btc, 8), units("USDC", usdc, 6)];
    let full = outcome(&mut stand, &totals, holdings(deposits, rest), true).unwrap();
    // Coverage, BTC, bad debt in the crash and at mark, open interest.
    assert_eq!(full.failing & U256::from(0b11), U256::ZERO, "{full:?}");
    assert_eq!(full.needs.worth, U256::from(owed));
    assert_eq!(full.needs.assets[0].asset, keccak256("BTC"));
    assert_eq!(full.needs.assets[0].least, U256::from(deposits));
    assert_eq!(full.needs.assets[0].value, U256::from(btc));
    assert_eq!(full.needs.assets[1].least, U256::ZERO);
    assert!(full.coverageBps >= 10_000 && full.coverageBps < 10_002);

    let less = outcome(&mut stand, &totals, holdings(deposits, rest - 1), true).unwrap();
    assert_eq!(less.failing & U256::from(0b11), U256::from(0b01));
    let other = outcome(&mut stand, &totals, holdings(deposits - 1, rest + btc), true).unwrap();
    assert_eq!(other.failing & U256::from(0b11), U256::from(0b10));
    // The same asset twice counts together.
    let twice = [holdings(deposits - 1, rest), vec![units("BTC", 1, 8)]].concat();
    let twice = outcome(&mut stand, &totals, twice, true).unwrap();
    assert_eq!(twice.failing, full.failing);
    assert_eq!(twice.clauses, full.clauses);
    // Without any reserve.
    let none = outcome(&mut stand, &totals, vec![], false).unwrap();
    assert_eq!(none.failing & U256::from(0b11), U256::from(0b11));
    assert_eq!((none.reserves, none.needs.assets.len()), (0, 0));

    // A book in which nobody has anything, whatever closes it.
    let mut empty = Totals(vec![Total::default(); totals.0.len()]);
    empty.0[row("equity:mark")] = Total { count: 1, quantity: 1 };
    let revert = outcome(&mut stand, &empty, vec![], true).unwrap_err();
    assert_eq!(name(&revert.data), Some("EmptyBook"));
    empty.0[row("quote credit")] = Total { count: 1, quantity: 1 };
    assert!(outcome(&mut stand, &empty, vec![], true).is_ok());
}
