//! Random books under random rules: every account balances in every scenario, and every holding is
//! split as the rules say.

use num_bigint::BigInt;
use pacioli_circuits::{Account, InstrumentId, ScenarioId};
use pacioli_prover::{
    Strictness, balance_accounts,
    snapshot::{self, Holding, Place, Snapshot},
};
use pacioli_rules::{Compiled, Decimal, Prices, Role, Rules, compile};
use proptest::prelude::*;

const NAMES: [&str; 9] = [
    "deposit BTC",
    "borrow BTC",
    "deposit USDC",
    "borrow USDC",
    "long ETH-PERP",
    "short ETH-PERP",
    "long BTC-PERP",
    "quote credit",
    "quote debit",
];

/// Rules with three BTC tiers, two ETH-PERP tiers and five scenarios.
fn compiled(btc: u64, eth: u64, weight: u64, drop: u64) -> Compiled {
    let rules = format!(
        r#"
        name = "random"
        source = "generated"
        date = "2026-01-01"
        exactness = "exact"
        cover = false
        quote = "USD"
        value_decimals = 12
        scenarios = [
            {{ name = "mark", kind = "mark" }},
            {{ name = "maintenance", kind = "margin", margin = "maintenance" }},
            {{ name = "initial", kind = "margin", margin = "initial" }},
            {{ name = "drop", kind = "stress", default_move = "-0.{drop:03}" }},
            {{ name = "rise", kind = "stress", default_move = "1.{drop:03}" }},
        ]
        [assets.BTC]
        decimals = 4
        borrow_initial = "1.1"
        tiers = [
            {{ up_to = "10", maintenance = "0.9{weight:03}", initial = "0.9" }},
            {{ up_to = "10.5", maintenance = "0.8{weight:03}", initial = "0.8" }},
            {{ maintenance = "0.7{weight:03}", initial = "0" }},
        ]
        [assets.USDC]
        decimals = 6
        shocked = false
        maintenance = "1"
        initial = "0.999"
        [markets.ETH-PERP]
        underlying = "ETH"
        decimals = 4
        tiers = [
            {{ up_to = "100", maintenance = "0.0{weight:03}", initial = "0.1" }},
            {{ maintenance = "0.1{weight:03}", initial = "0.2" }},
        ]
        [markets.BTC-PERP]
        underlying = "BTC"
        decimals = 8
        tiers = [{{ maintenance = "0.01", initial = "0.02" }}]
        [policy]
        open_interest_matched = true
        "#
    );
    let prices = format!(
        r#"{{ "as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "generated",
              "prices": {{ "BTC": "{btc}.01", "ETH": "{eth}", "USDC": "0.9987" }} }}"#
    );
    compile(&Rules::parse(&rules).unwrap(), &Prices::parse(&prices).unwrap()).unwrap()
}

fn holdings() -> impl Strategy<Value = Vec<(u32, Decimal)>> {
    let instruments =
        proptest::sample::subsequence((0..NAMES.len() as u32).collect::<Vec<_>>(), 1..=9);
    // Small, around the tier bounds, and large.
    let quantity = prop_oneof![
        (0..2_000_000i128).prop_map(|units| Decimal::new(units, 4)),
        (0..3i128, -2..=2i128).prop_map(|(tier, by)| {
            Decimal::new([100_000, 105_000, 1_000_000][tier as usize] + by, 4)
        }),
        (0..100_000_000_000i128).prop_map(|units| Decimal::new(units, 4)),
    ];
    instruments.prop_shuffle().prop_flat_map(move |instruments| {
        let quantities = proptest::collection::vec(quantity.clone(), instruments.len());
        quantities.prop_map(move |quantities| instruments.iter().copied().zip(quantities).collect())
    })
}

fn snapshot(accounts: &[Vec<(u32, Decimal)>]) -> Snapshot {
    let mut held = snapshot::Accounts::default();
    for (index, holdings) in accounts.iter().enumerate() {
        let holding = |&(instrument, quantity)| {
            let place = Place::default();
            Holding { instrument, quantity, place }
        };
        held.push(&index.to_string(), holdings.iter().map(holding));
    }
    Snapshot { accounts: held, instruments: NAMES.map(str::to_owned).into(), ..Snapshot::default() }
}

/// What an account is worth in a scenario, in exact integers: zero where it balances.
fn worth(compiled: &Compiled, account: &Account, scenario: ScenarioId) -> BigInt {
    let rows = compiled.table.instruments();
    let lines = account.lines.iter();
    lines
        .map(|line| {
            let value = rows[line.instrument.row()].values[scenario].units();
            BigInt::from(value) * BigInt::from(line.quantity.units())
        })
        .sum()
}

/// The quantity an account holds in one row.
fn held(account: &Account, row: InstrumentId) -> Option<u128> {
    let line = account.lines.iter().find(|line| line.instrument == row);
    line.map(|line| line.quantity.units())
}

/// The rows that a name of the snapshot is split over.
fn tiers(compiled: &Compiled, name: &str) -> Vec<InstrumentId> {
    let (side, what) = name.split_once(' ').unwrap();
    let [credit, debit] = compiled.quote_rows;
    match side {
        "deposit" => compiled.assets[what].deposits.clone(),
        "borrow" => vec![compiled.assets[what].borrow.unwrap()],
        "long" => compiled.markets[what].longs.clone(),
        "short" => compiled.markets[what].shorts.clone(),
        _ => vec![if what == "credit" { credit } else { debit }],
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_account_balances_and_is_split_as_the_rules_say(
        (btc, eth) in (0..1_000_000u64, 0..100_000u64),
        (weight, drop) in (0..1_000u64, 1..1_000u64),
        accounts in proptest::collection::vec(holdings(), 1..6),
    ) {
        let compiled = compiled(btc, eth, weight, drop);
        let options = Strictness::default();
        let ledger = balance_accounts(snapshot(&accounts), &compiled, &options, 64).unwrap();
        prop_assert_eq!(ledger.accounts.len(), accounts.len());
        prop_assert!(ledger.disclosure.left_out.is_empty() && ledger.disclosure.rounding.lines == 0);
        for ((_, account), holdings) in ledger.accounts.iter().zip(&accounts) {
            for scenario in compiled.table.scenario_ids() {
                prop_assert_eq!(worth(&compiled, &account, scenario), BigInt::ZERO);
            }
            for pair in account.lines.windows(2) {
                prop_assert!(pair[0].instrument < pair[1].instrument);
            }
            let mut lines = 0;
            for (instrument, quantity) in holdings {
                lines += check_split(&compiled, &account, NAMES[*instrument as usize], quantity)?;
            }
            let closing = account.lines.iter().filter(|line| {
                let role = compiled.rows[line.instrument.row()].role;
                matches!(role, Role::Equity { .. } | Role::Shortfall { .. })
            });
            prop_assert_eq!(lines + closing.count(), account.lines.len());
        }
    }
}

/// Tiers are full up to the one where the holding ends, and nothing is in those after it. Counts
/// the lines.
fn check_split(
    compiled: &Compiled,
    account: &Account,
    name: &str,
    quantity: &Decimal,
) -> Result<usize, TestCaseError> {
    let rows = tiers(compiled, name);
    let decimals = compiled.rows[rows[0].row()].decimals;
    let mut rest = quantity.exact_units(decimals).unwrap();
    let mut lines = 0;
    for (tier, &row) in rows.iter().enumerate() {
        if tier > 0 && rest == BigInt::ZERO {
            prop_assert_eq!(held(account, row), None);
            continue;
        }
        let here = held(account, row).unwrap();
        lines += 1;
        if let Some(cap) = compiled.table.get(row).unwrap().cap {
            let headroom = InstrumentId::new(row.row() + 1).unwrap();
            prop_assert_eq!(here + held(account, headroom).unwrap(), cap.units());
            prop_assert!(here == cap.units() || rest == BigInt::from(here));
            lines += 1;
        }
        rest -= here;
    }
    prop_assert_eq!(rest, BigInt::ZERO);
    Ok(lines)
}
