//! A venue under `portfolio` with a long tail of small accounts: most of them have no constraint lines
//! at all.

use pacioli_attestation::{Figures, figures};
use pacioli_circuits::{Account, Totals};
use pacioli_rules::{Role, ScenarioKind};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

use super::{
    book::{MONEY_DECIMALS, OPTION_DECIMALS, Portfolio, Valued},
    portfolio::{NAMES, RULES, market},
};

const ACCOUNTS: usize = 500;

/// Nine of ten have some money and a position or two that it covers many times; the tenth is as deep
/// in as its margin lets it be, or deeper.
fn tail(options: usize) -> Vec<Portfolio> {
    let mut random = ChaCha8Rng::seed_from_u64(12);
    let mut below = move |most: u32| i128::from(random.next_u32() % most);
    let mut account = |index: usize| {
        let is_large = index.is_multiple_of(10);
        let unit = 10i128.pow(OPTION_DECIMALS) / if is_large { 1 } else { 100 };
        let mut held = vec![0; options];
        for _ in 0..1 + below(if is_large { 12 } else { 2 }) {
            held[below(options as u32) as usize] = (below(41) - 20) * unit;
        }
        let cash = (200 + below(20_000)) * 10i128.pow(MONEY_DECIMALS);
        Portfolio { cash, base: 0, perpetual: 0, entry: 0, options: held }
    };
    (0..ACCOUNTS).map(&mut account).collect()
}

fn said(valued: &Valued) -> Figures {
    let lines = valued.accounts().iter().flat_map(|account| &account.lines);
    let totals = Totals::of_lines(lines, valued.compiled().rows.len());
    figures(valued.compiled(), &totals).unwrap()
}

#[test]
fn small_accounts_have_no_constraint_lines() {
    let market = market("3000", ["2961.5", "3000"], ["3008.25", "3041"]);
    let held = tail(market.options().len());
    let closed = Valued::new(RULES, &market, NAMES, &held);
    let formed = Valued::of(RULES, &market, NAMES, &held);
    let count = |valued: &Valued| -> usize {
        valued.accounts().iter().map(|account| account.lines.len()).sum()
    };
    let constraint = |account: &&Account| {
        account.lines.iter().any(|line| match formed.compiled().rows[line.instrument.row()].role {
            Role::Slack { scenario } => {
                formed.compiled().scenario(scenario).kind != ScenarioKind::Cover
            }
            _ => false,
        })
    };
    let with_constraints = formed.accounts().iter().filter(constraint).count();
    let (before, after) = (count(&closed), count(&formed));
    // Measured on 2026-11-27: 35 accounts, and 7,027 lines instead of 54,567.
    assert!(with_constraints * 10 < ACCOUNTS, "{with_constraints} with constraint lines");
    assert!(after * 7 < before, "{before} lines closed, {after} in forms");
    // And nobody is owed less, or lacks more.
    let (closed, formed) = (said(&closed), said(&formed));
    for (closed, formed) in closed.scenarios.iter().zip(&formed.scenarios) {
        assert_eq!(closed.bad_debt.units, formed.bad_debt.units, "{}", closed.name);
        assert!(formed.owed.units >= closed.owed.units, "{}", closed.name);
    }
    assert_eq!(closed.scenarios[0].owed, formed.scenarios[0].owed, "mark");
    for (closed, formed) in closed.contingencies.iter().zip(&formed.contingencies) {
        assert!(formed.required.units >= closed.required.units, "{}", closed.name);
    }
}
