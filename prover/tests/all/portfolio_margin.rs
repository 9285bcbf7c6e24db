//! Portfolio margin as contingencies: a small book computed by hand, and random ones whose
//! contingencies are the least that balance.

use pacioli_attestation::{Figures, Reserves, figures};
use pacioli_circuits::{Account, InstrumentId, Line, ScenarioId, Totals, reference};
use pacioli_prover::{Strictness, balance_accounts, snapshot::read_csv};
use pacioli_rules::{Compiled, Prices, Rules, compile, testing::bless};
use proptest::prelude::*;
use serde_json::json;

use crate::{evidence, listed_changes};

const RULES: &str = include_str!("../../../rules/tests/books/portfolio_margin/rules.toml");

const BOOK: &str = "account,instrument,quantity
outright,deposit USDC,1000
outright,short BTC-PERP,0.1
outright,quote credit,2000
hedged,deposit BTC,0.1
hedged,short BTC-PERP,0.1
hedged,quote credit,2000
spread,deposit USDC,300
spread,long BTC-PERP,0.1
spread,quote debit,2000
spread,short ETH-PERP,1.01
spread,quote credit,1010
naked,deposit USDC,100
naked,short ETH-PERP,2
naked,quote credit,2000
matched,deposit USDC,1
matched,long ETH-PERP,3
matched,short ETH-PERP,2
matched,quote debit,1000
cash,deposit USDC,5
";

fn compiled() -> Compiled {
    let prices =
        Prices::parse(include_str!("../../../rules/tests/books/portfolio_margin/prices.json"))
            .unwrap();
    compile(&Rules::parse(RULES).unwrap(), &prices).unwrap()
}

fn ledger(csv: &str) -> Vec<(String, Account)> {
    let options = Strictness::default();
    let snapshot = read_csv(csv.as_bytes(), "book.csv").unwrap();
    balance_accounts(snapshot, &compiled(), &options, 64).unwrap().accounts.into_iter().collect()
}

fn id(compiled: &Compiled, name: &str) -> InstrumentId {
    compiled.find(name).unwrap()
}

fn held(account: &Account, row: InstrumentId) -> u128 {
    let line = account.lines.iter().find(|line| line.instrument == row);
    line.map_or(0, |line| line.quantity.units())
}

#[test]
fn the_table_is_as_computed_by_hand() {
    let compiled = compiled();
    // mark, maintenance, crash, down, up, net: 0.001 BTC is 20 USD and 0.01 ETH 10 USD.
    for (name, values) in [
        ("deposit BTC tier 2", [20_000_000, 16_000_000, 10_000_000, -2_000_000, 3_000_000, 0]),
        ("borrow BTC", [-20_000_000, -20_000_000, -10_000_000, 2_000_000, -3_000_000, 0]),
        ("deposit USDC", [10_000, 10_000, 10_000, 0, 0, 0]),
        ("long BTC-PERP", [20_000_000, 20_000_000, 10_000_000, -2_000_000, 3_000_000, 0]),
        ("long ETH-PERP", [10_000_000, 10_000_000, 5_000_000, -1_000_000, 2_000_000, 200_000]),
        ("short ETH-PERP", [-10_000_000, -10_000_000, -5_000_000, 1_000_000, -2_000_000, -200_000]),
        ("quote debit", [-1, -1, -1, 0, 0, 0]),
        ("contingency:naked", [0, -1, 0, 0, 0, 1]),
        ("contingency:scan", [0, -125, 0, 100, 100, 0]),
        ("equity:crash", [0, 0, -1, 0, 0, 0]),
        ("slack:down", [0, 0, 0, -1, 0, 0]),
        ("slack:net", [0, 0, 0, 0, 0, -1]),
    ] {
        let row = compiled.table.get(id(&compiled, name)).unwrap();
        let got: Vec<_> = row.values.iter().map(|value| value.units()).collect();
        assert_eq!(got, values, "{name}");
    }
    let names: Vec<_> = compiled.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(
        names[12..],
        [
            "quote debit",
            "contingency:naked",
            "contingency:scan",
            "equity:mark",
            "shortfall:mark",
            "equity:maintenance",
            "shortfall:maintenance",
            "equity:crash",
            "shortfall:crash",
            "slack:down",
            "slack:up",
            "slack:net",
        ]
    );
    assert_eq!(compiled.rows[id(&compiled, "contingency:scan").row()].decimals, 4);
}

/// Constraints whose gains are parts of the underlying's price.
const BY_UNDERLYING: &str =
    include_str!("../../../rules/tests/books/portfolio_margin/by_underlying.toml");

#[test]
fn gains_by_the_underlying_are_as_computed_by_hand() {
    let rules = Rules::parse(&RULES.replace("[policy]", BY_UNDERLYING)).unwrap();
    let prices = Prices::parse(include_str!(
        "../../../rules/tests/books/portfolio_margin/by_underlying.json"
    ))
    .unwrap();
    let compiled = compile(&rules, &prices).unwrap();
    // rise, fall, rates: 0.01 ETH is 9.9999999937 USD, whatever the perpetual is worth.
    for (name, values, of_underlying) in [
        ("long ETH-PERP", [99_999, 0, 3_329], &[6, 8][..]),
        ("short ETH-PERP", [-200_000, 0, -3_330], &[6, 8]),
        ("long BTC-PERP", [0, 0, 0], &[]),
        ("deposit BTC tier 1", [0, -246_000, -200_000], &[]),
        ("deposit BTC tier 2", [0, -246_000, -200_000], &[]),
        ("borrow BTC", [0, 246_000, 0], &[]),
        ("deposit USDC", [0, 0, 0], &[]),
        ("quote credit", [0, 0, 0], &[]),
    ] {
        let row = id(&compiled, name);
        let got = compiled.table.get(row).unwrap().values.iter().skip(6);
        assert_eq!(got.map(|v| v.units()).collect::<Vec<_>>(), values, "{name}");
        let of_underlying: Vec<_> = of_underlying.iter().copied().map(ScenarioId::new).collect();
        assert_eq!(compiled.rows[row.row()].worth.of_underlying, of_underlying, "{name}");
    }
    let without = Prices::parse(
        &include_str!("../../../rules/tests/books/portfolio_margin/by_underlying.json")
            .replace("\"ETH\"", "\"ETC\""),
    );
    let error = compile(&rules, &without.unwrap()).unwrap_err().to_string();
    assert_eq!(error, "markets.ETH-PERP: ETH-PERP: there is no price for `ETH`");
}

/// The tables as files, for compilers that are not this code.
#[test]
fn the_tables_are_as_listed() {
    let classes =
        "[classes.insurance]\nassets = [\"USDC\"]\nmarkets = []\n[classes.pool]\n[policy]";
    let prices = include_str!("../../../rules/tests/books/portfolio_margin/prices.json");
    for (file, policy, prices) in [
        ("table", "[policy]", prices),
        ("table_with_classes", classes, prices),
        (
            "table_by_underlying",
            BY_UNDERLYING,
            include_str!("../../../rules/tests/books/portfolio_margin/by_underlying.json"),
        ),
    ] {
        let rules = RULES.replace("[policy]", policy);
        let prices = Prices::parse(prices).unwrap();
        let compiled = compile(&Rules::parse(&rules).unwrap(), &prices).unwrap();
        let rows = compiled.rows.iter().zip(compiled.table.instruments());
        let rows = rows.map(|(row, instrument)| {
            let values: Vec<_> = instrument.values.iter().map(|v| v.units().to_string()).collect();
            let cap = instrument.cap.map(|cap| cap.units().to_string());
            json!({ "name": row.name, "decimals": row.decimals, "cap": cap, "values": values })
        });
        let table = serde_json::to_string_pretty(&rows.collect::<Vec<_>>()).unwrap() + "\n";
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/tests/books/portfolio_margin/");
        let path = format!("{folder}{file}.json");
        bless(path, table);
    }
}

/// The changes with which the account holder's page is compared.
#[test]
fn changes_are_taken_or_refused_as_listed() {
    let listed = include_str!("../../../web/test/native/portfolio.json");
    let prices = include_str!("../../../rules/tests/books/portfolio_margin/prices.json");
    listed_changes::are_taken_or_refused(listed, RULES, prices);
}

/// What each account has to have, in units of 1e-6 USD: `naked`, `scan`, and what is left over in
/// `maintenance`.
#[test]
fn an_account_is_charged_the_worst_of_its_losses() {
    let compiled = compiled();
    let rows =
        ["contingency:naked", "contingency:scan", "equity:maintenance", "shortfall:maintenance"]
            .map(|name| id(&compiled, name));
    let charged = ledger(BOOK).into_iter().map(|(id, account)| {
        assert_eq!(reference::check_account(&compiled.table, &account), Ok(()));
        let [naked, scan, equity, shortfall] = rows.map(|row| held(&account, row) as i128);
        (id, [naked, scan * 100, equity - shortfall])
    });
    let expected = [
        // +15 % of 2,000 USD: 300, of which 1.25 times is 375.
        ("outright", [0, 300_000_000, 625_000_000]),
        // The coin falls where the short gains.
        ("hedged", [0, 0, 2_000_000_000]),
        // -10 %: -200 of BTC and +101 of ETH. +15 % and +20 %: +300 - 202.
        ("spread", [20_200_000, 99_000_000, 300_000_000 - 123_750_000 - 20_200_000]),
        ("naked", [40_000_000, 400_000_000, 100_000_000 - 500_000_000 - 40_000_000]),
        ("matched", [0, 100_000_000, 1_000_000 - 125_000_000]),
        ("cash", [0, 0, 5_000_000]),
    ];
    let expected = expected.map(|(id, charges)| (id.to_owned(), charges));
    assert_eq!(charged.collect::<Vec<_>>(), expected);
}

fn book_figures() -> Figures {
    let compiled = compiled();
    let accounts: Vec<_> = ledger(BOOK).into_iter().map(|(_, account)| account).collect();
    let totals: Totals = reference::count_totals(&compiled.table, &accounts);
    figures(&compiled, &totals).unwrap()
}

#[test]
fn figures_say_what_contingencies_come_to_and_nothing_of_constraints() {
    let figures = book_figures();
    let scenarios: Vec<_> = figures.scenarios.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(scenarios, ["mark", "maintenance", "crash"]);
    let contingencies: Vec<_> = figures
        .contingencies
        .iter()
        .map(|one| format!("{} {} {}", one.name, one.required, one.accounts.unwrap()))
        .collect();
    assert_eq!(contingencies, ["naked 60.2 2", "scan 899 4"]);
    let maintenance = &figures.scenarios[1];
    assert_eq!(maintenance.bad_debt.to_string(), "564", "of `naked` and `matched`");
    assert_eq!(maintenance.accounts_with_shortfall, 2);
}

#[test]
fn a_policy_on_margin_sees_the_portfolio_margin() {
    let reserves = r#"{ "as_of": "2026-01-01T00:00:00Z", "reserves": [] }"#;
    let reserves = Reserves::parse(reserves).unwrap();
    let verdict = |rules: &str| {
        let rules = Rules::parse(rules).unwrap();
        let clauses =
            evidence::clauses(rules.policy(), &compiled(), &book_figures(), Some(&reserves));
        let clause = clauses.iter().find(|clause| clause.name == "bad_debt.maintenance").unwrap();
        (clause.holds, clause.detail.clone())
    };
    let (holds, detail) = verdict(RULES);
    assert!(!holds);
    assert_eq!(detail, "bad debt is 564 USD in 2 accounts, and the limit is 500 USD");
    assert!(verdict(&RULES.replace("maintenance = \"500\"", "maintenance = \"564\"")).0);
}

#[test]
fn a_snapshot_has_no_contingency() {
    let csv = "account,instrument,quantity\na,contingency:scan,1\n";
    let options = Strictness::default();
    let snapshot = read_csv(csv.as_bytes(), "book.csv").unwrap();
    let error = balance_accounts(snapshot, &compiled(), &options, 64).unwrap_err().to_string();
    assert!(error.contains("the rules have no instrument `contingency:scan`"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// The contingencies of the ledger balance, and one unit less does not, whatever the slack.
    #[test]
    fn a_contingency_is_the_least_that_balances(
        quantities in proptest::collection::vec(0..1_000_000u64, 5),
    ) {
        let names = ["deposit BTC", "long BTC-PERP", "short BTC-PERP", "long ETH-PERP", "short ETH-PERP"];
        let mut csv = "account,instrument,quantity\na,deposit USDC,1\n".to_owned();
        for (name, quantity) in names.iter().zip(&quantities) {
            csv += &format!("a,{name},{quantity}\n");
        }
        let compiled = compiled();
        let (_, account) = &ledger(&csv)[0];
        prop_assert_eq!(reference::check_account(&compiled.table, account), Ok(()));
        for contingency in &compiled.contingencies {
            let gains = contingency.scenarios.iter().map(|&scenario| {
                let held = account.lines.iter().filter(|line| line.instrument < contingency.row);
                let rows = compiled.table.instruments();
                let gain = held.map(|line: &Line| {
                    let value = rows[line.instrument.row()].values[scenario].units();
                    value * line.quantity.units() as i128
                });
                let unit = rows[contingency.row.row()].values[scenario].units();
                (gain.sum::<i128>(), unit)
            });
            let quantity = held(account, contingency.row) as i128;
            let slacks: Vec<_> = gains.map(|(gain, unit)| (gain + unit * quantity, unit)).collect();
            prop_assert!(slacks.iter().all(|&(slack, _)| slack >= 0));
            prop_assert!(quantity == 0 || slacks.iter().any(|&(slack, unit)| slack < unit));
        }
    }
}
