//! A book with every feature, computed by hand: two tiers, a borrow, a long in profit, a short with
//! a loss, accounts under water at mark and in the stress.

use pacioli_attestation::{Purpose, Reserves, figures};
use pacioli_circuits::{Account, InstrumentId, ScenarioId, Total, Totals};
use pacioli_prover::{
    Ledger, Strictness, balance_accounts,
    snapshot::{Holding, Place, Snapshot},
};
use pacioli_rules::{
    Compiled, Rules,
    testing::{PRICES, RESERVES, RULES, small_table},
};

use crate::{evidence, listed_changes};

const HOLDINGS: [(&str, &[(&str, &str)]); 4] = [
    ("alice", &[("deposit BTC", "3")]),
    ("bob", &[("deposit BTC", "1"), ("borrow USDC", "15000")]),
    ("carol", &[("deposit USDC", "100"), ("long ETH-PERP", "12"), ("quote debit", "9600")]),
    ("dave", &[("deposit USDC", "500"), ("short ETH-PERP", "12"), ("quote credit", "10800")]),
];

fn rules() -> Rules {
    Rules::parse(RULES).unwrap()
}

fn snapshot() -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (id, holdings) in HOLDINGS {
        let mut held = Vec::new();
        for (name, quantity) in holdings {
            let known = snapshot.instruments.iter().position(|known| known == name);
            let instrument = known.unwrap_or_else(|| {
                snapshot.instruments.push((*name).to_owned());
                snapshot.instruments.len() - 1
            });
            held.push(Holding {
                instrument: instrument as u32,
                quantity: quantity.parse().unwrap(),
                place: Place::default(),
            });
        }
        snapshot.accounts.push(id, held);
    }
    snapshot
}

fn ledger() -> Ledger {
    let options = Strictness::default();
    balance_accounts(snapshot(), &small_table(), &options, 64).unwrap()
}

/// An account's lines as `name quantity`, in smallest units.
fn lines(compiled: &Compiled, account: &Account) -> Vec<String> {
    let line = |line: &pacioli_circuits::Line| {
        format!("{} {}", compiled.rows[line.instrument.row()].name, line.quantity.units())
    };
    account.lines.iter().map(line).collect()
}

#[test]
fn the_table_is_the_one_computed_by_hand() {
    let compiled = small_table();
    let rows = compiled.rows.iter().zip(compiled.table.instruments());
    let found: Vec<_> = rows
        .map(|(row, instrument)| {
            let values: Vec<i128> = instrument.values.iter().map(|value| value.units()).collect();
            (row.name.as_str(), instrument.cap.map(|cap| cap.units()), values)
        })
        .collect();
    let expected: [(&str, Option<u128>, [i128; 3]); 21] = [
        ("", None, [0, 0, 0]),
        ("deposit BTC tier 1", Some(2_000), [20_000_000, 18_000_000, 12_000_000]),
        ("headroom deposit BTC tier 1", None, [0, 0, 0]),
        ("deposit BTC tier 2", None, [20_000_000, 16_000_000, 12_000_000]),
        ("borrow BTC", None, [-20_000_000, -20_000_000, -12_000_000]),
        ("deposit USDC", None, [10_000, 10_000, 10_000]),
        ("borrow USDC", None, [-10_000, -10_500, -10_000]),
        ("long ETH-PERP tier 1", Some(1_000), [10_000_000, 9_500_000, 5_000_000]),
        ("headroom long ETH-PERP tier 1", None, [0, 0, 0]),
        ("long ETH-PERP tier 2", None, [10_000_000, 9_000_000, 5_000_000]),
        ("short ETH-PERP tier 1", Some(1_000), [-10_000_000, -10_500_000, -5_000_000]),
        ("headroom short ETH-PERP tier 1", None, [0, 0, 0]),
        ("short ETH-PERP tier 2", None, [-10_000_000, -11_000_000, -5_000_000]),
        ("quote credit", None, [1, 1, 1]),
        ("quote debit", None, [-1, -1, -1]),
        ("equity:mark", None, [-1, 0, 0]),
        ("shortfall:mark", None, [1, 0, 0]),
        ("equity:maintenance", None, [0, -1, 0]),
        ("shortfall:maintenance", None, [0, 1, 0]),
        ("equity:crash", None, [0, 0, -1]),
        ("shortfall:crash", None, [0, 0, 1]),
    ];
    let expected: Vec<_> = expected.map(|(n, c, v)| (n, c, v.to_vec())).into();
    assert_eq!(found, expected);
}

#[test]
fn the_accounts_are_those_computed_by_hand() {
    let compiled = small_table();
    let accounts = ledger().accounts;
    let found: Vec<_> =
        accounts.iter().map(|(id, account)| (id, lines(&compiled, &account))).collect();
    let expected: [(&str, &[&str]); 4] = [
        (
            "alice",
            &[
                "deposit BTC tier 1 2000",
                "headroom deposit BTC tier 1 0",
                "deposit BTC tier 2 1000",
                "equity:mark 60000000000",
                "equity:maintenance 52000000000",
                "equity:crash 36000000000",
            ],
        ),
        (
            "bob",
            &[
                "deposit BTC tier 1 1000",
                "headroom deposit BTC tier 1 1000",
                "borrow USDC 1500000",
                "equity:mark 5000000000",
                "equity:maintenance 2250000000",
                "shortfall:crash 3000000000",
            ],
        ),
        (
            "carol",
            &[
                "deposit USDC 10000",
                "long ETH-PERP tier 1 1000",
                "headroom long ETH-PERP tier 1 0",
                "long ETH-PERP tier 2 200",
                "quote debit 9600000000",
                "equity:mark 2500000000",
                "equity:maintenance 1800000000",
                "shortfall:crash 3500000000",
            ],
        ),
        (
            "dave",
            &[
                "deposit USDC 50000",
                "short ETH-PERP tier 1 1000",
                "headroom short ETH-PERP tier 1 0",
                "short ETH-PERP tier 2 200",
                "quote credit 10800000000",
                "shortfall:mark 700000000",
                "shortfall:maintenance 1400000000",
                "equity:crash 5300000000",
            ],
        ),
    ];
    let expected =
        expected.map(|(id, lines)| (id, lines.iter().map(ToString::to_string).collect()));
    assert_eq!(found, expected);
}

fn totals(compiled: &Compiled, ledger: &Ledger) -> Totals {
    let mut totals = Totals(vec![Total::default(); compiled.rows.len()]);
    for line in ledger.accounts.lines() {
        let total = &mut totals.0[line.instrument.row()];
        total.count += 1;
        total.quantity += line.quantity.units();
    }
    totals
}

#[test]
fn the_figures_are_those_computed_by_hand() {
    let compiled = small_table();
    let figures = figures(&compiled, &totals(&compiled, &ledger())).unwrap();
    let scenarios: Vec<_> = figures
        .scenarios
        .iter()
        .map(|s| {
            let (owed, bad_debt) = (s.owed.to_string(), s.bad_debt.to_string());
            (
                s.name.as_str(),
                owed,
                s.accounts_with_equity.unwrap(),
                bad_debt,
                s.accounts_with_shortfall,
            )
        })
        .collect();
    let expected = [
        ("mark", "67500", 3, "700", 1),
        ("maintenance", "56050", 3, "1400", 1),
        ("crash", "41300", 2, "6500", 2),
    ];
    let expected = expected.map(|(n, o, e, b, s)| (n, o.to_owned(), e, b.to_owned(), s));
    assert_eq!(scenarios, expected);
    let assets: Vec<_> =
        figures.assets.iter().map(|a| format!("{} {} {}", a.name, a.deposits, a.borrows)).collect();
    assert_eq!(assets, ["BTC 4 0", "USDC 600 15000"]);
    let market = &figures.markets[0];
    assert_eq!(format!("{} {} {}", market.name, market.long, market.short), "ETH-PERP 12 12");
    assert_eq!(figures.quote_credit.to_string(), "10800");
    assert_eq!(figures.quote_debit.to_string(), "9600");
}

#[test]
fn the_verdict_is_the_one_computed_by_hand() {
    let compiled = small_table();
    let figures = figures(&compiled, &totals(&compiled, &ledger())).unwrap();
    let reserves = Reserves::parse(RESERVES).unwrap();
    let clauses = evidence::clauses(rules().policy(), &compiled, &figures, Some(&reserves));
    let found: Vec<_> =
        clauses.iter().map(|c| (c.name.as_str(), c.holds, c.detail.as_str())).collect();
    let expected = [
        (
            "min_coverage",
            true,
            "reserves for customers are worth 80600 USD and 67500 USD is owed: coverage 1.194 \
             rounded down, at least 1 required",
        ),
        ("per_asset.BTC", true, "reserves of 4 BTC for deposits of 4 BTC"),
        ("per_asset.USDC", true, "reserves of 600 USDC for deposits of 600 USDC"),
        ("bad_debt.crash", false, "bad debt is 6500 USD in 2 accounts, and the limit is 5000 USD"),
        (
            "bad_debt.mark",
            true,
            "all reserves are worth 81600 USD and 67500 USD is owed: 14100 USD is left for the \
             insurance fund",
        ),
        ("open_interest_matched.ETH-PERP", true, "long 12, short 12"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_clause_fails_by_one_unit() {
    let compiled = small_table();
    let reserves = Reserves::parse(RESERVES).unwrap();
    let holds = |row: &str, units: u128| {
        let mut totals = totals(&compiled, &ledger());
        totals.0[compiled.find(row).unwrap().row()].quantity = units;
        let figures = figures(&compiled, &totals).unwrap();
        let clauses = evidence::clauses(rules().policy(), &compiled, &figures, Some(&reserves));
        let failing = clauses.into_iter().filter(|clause| !clause.holds);
        failing.map(|clause| clause.name).collect::<Vec<_>>()
    };
    assert_eq!(holds("equity:mark", 80_600_000_000), ["bad_debt.crash"]);
    assert_eq!(holds("equity:mark", 80_600_000_001), ["min_coverage", "bad_debt.crash"]);
    assert_eq!(holds("deposit USDC", 60_001), ["per_asset.USDC", "bad_debt.crash"]);
    assert_eq!(holds("shortfall:crash", 5_000_000_000), [""; 0]);
    assert_eq!(holds("shortfall:mark", 1_000_000_001), ["bad_debt.crash"], "no clause of it");
    let all = ["min_coverage", "bad_debt.crash"];
    assert_eq!(holds("equity:mark", 81_600_000_000), all);
    let all = ["min_coverage", "bad_debt.crash", "bad_debt.mark"];
    assert_eq!(holds("equity:mark", 81_600_000_001), all);
    let unmatched = ["bad_debt.crash", "open_interest_matched.ETH-PERP"];
    assert_eq!(holds("long ETH-PERP tier 2", 201), unmatched);
}

#[test]
fn reserves_are_worth_what_a_deposit_is_and_the_quote_itself() {
    let compiled = small_table();
    let entry = |asset: &str, amount: &str| {
        format!(
            r#"{{ "asset": "{asset}", "amount": "{amount}", "chain": "bank", "address": "{asset}",
                  "evidence": "made up", "purpose": "customers" }}"#
        )
    };
    let worth = |scenario, entries: &[String]| {
        let entries = entries.join(", ");
        let text = format!(r#"{{ "as_of": "2026-01-01T00:00:00Z", "reserves": [{entries}] }}"#);
        let reserves = Reserves::parse(&text).unwrap();
        assert_eq!(reserves.worth(&compiled, Purpose::Insurance, scenario).to_string(), "0");
        reserves.worth(&compiled, Purpose::Customers, scenario).to_string()
    };
    let btc = entry("BTC", "1");
    let [mark, maintenance, crash] = [0, 1, 2].map(ScenarioId::new);
    assert_eq!(worth(mark, std::slice::from_ref(&btc)), "20000");
    assert_eq!(worth(maintenance, std::slice::from_ref(&btc)), "16000", "the last tier's weight");
    assert_eq!(worth(crash, std::slice::from_ref(&btc)), "12000");
    assert_eq!(worth(mark, &[btc, entry("USD", "5.00000019"), entry("DOGE", "7")]), "20005");
}

#[test]
fn an_invented_bankrupt_borrower_changes_no_clause_for_the_better() {
    let compiled = small_table();
    let reserves = Reserves::parse(RESERVES).unwrap();
    let mut totals = totals(&compiled, &ledger());
    totals.0[compiled.find("equity:mark").unwrap().row()].quantity += 20_000_000_000;
    totals.0[compiled.find("shortfall:mark").unwrap().row()].quantity += 20_000_000_000;
    let figures = figures(&compiled, &totals).unwrap();
    let clauses = evidence::clauses(rules().policy(), &compiled, &figures, Some(&reserves));
    assert!(!clauses[0].holds, "{}", clauses[0].detail);
}

#[test]
fn totals_of_another_table_have_no_figures() {
    let compiled = small_table();
    let mut totals = totals(&compiled, &ledger());
    totals.0.pop();
    assert!(figures(&compiled, &totals).is_err());
    assert_eq!(compiled.find("deposit DOGE"), None);
    assert_eq!(compiled.find(""), Some(InstrumentId::EMPTY));
}

/// The changes with which the account holder's page is compared.
#[test]
fn changes_are_taken_or_refused_as_listed() {
    let listed = include_str!("../../../web/test/native/rules.json");
    let prices = PRICES;
    listed_changes::are_taken_or_refused(listed, RULES, prices);
}
