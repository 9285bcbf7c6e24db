//! Borrows credited against deposits: a small book computed by hand, and borrowers who are made up.

use std::collections::BTreeMap;

use num_bigint::{BigInt, BigUint};
use pacioli_attestation::{AssetFigures, Figures, Reserves, figures, per_asset};
use pacioli_circuits::{Account, Line, Quantity, ScenarioId, Totals, reference};
use pacioli_prover::{Strictness, balance_accounts, snapshot::read_csv};
use pacioli_rules::{Closing, Compiled, Prices, Role, Rules, compile, testing::bless};
use serde_json::json;

use crate::{evidence, listed_changes};

const RULES: &str = include_str!("../../../rules/tests/books/credit/rules.toml");

/// Bob has collateral for what he borrowed, Carl has not.
const BOOK: &str = "account,instrument,quantity
alice,deposit BTC,5
bob,borrow BTC,2
bob,deposit USDC,60000
carl,borrow BTC,1
carl,deposit USDC,1000
dora,deposit USDC,100000
dora,long ETH-PERP,10
dora,quote debit,10000
erin,deposit USDC,20000
erin,quote credit,10000
erin,short ETH-PERP,10
";

fn compiled_from(rules: &str) -> Compiled {
    let prices =
        Prices::parse(include_str!("../../../rules/tests/books/credit/prices.json")).unwrap();
    compile(&Rules::parse(rules).unwrap(), &prices).unwrap()
}

fn compiled() -> Compiled {
    compiled_from(RULES)
}

fn accounts(compiled: &Compiled, csv: &str) -> Vec<Account> {
    let options = Strictness::default();
    let snapshot = read_csv(csv.as_bytes(), "book.csv").unwrap();
    let ledger = balance_accounts(snapshot, compiled, &options, 64).unwrap();
    ledger.accounts.into_iter().map(|(_, account)| account).collect()
}

fn totals(compiled: &Compiled, accounts: &[Account]) -> Totals {
    for account in accounts {
        assert_eq!(reference::check_account(&compiled.table, account), Ok(()));
    }
    reference::count_totals(&compiled.table, accounts)
}

fn figures_of(compiled: &Compiled, accounts: &[Account]) -> Figures {
    figures(compiled, &totals(compiled, accounts)).unwrap()
}

/// The same account with every borrow credited, or none.
fn labelled(compiled: &Compiled, account: &Account, credited: bool) -> Account {
    let credit = compiled.credit_scenario().unwrap();
    let Closing::Balance { equity, shortfall } = compiled.scenario(credit).closing else {
        panic!("credit is closed by equity and shortfall")
    };
    let mut lines = account.lines.clone();
    lines.retain(|line| line.instrument != equity && line.instrument != shortfall);
    for line in &mut lines {
        let row = line.instrument.row();
        let to = match (compiled.rows[row].role, credited) {
            (Role::Borrow { .. }, false) => row + 1,
            (Role::Uncredited { .. }, true) => row - 1,
            _ => row,
        };
        line.instrument = pacioli_circuits::InstrumentId::new(to).unwrap();
    }
    let worth = |line: &Line| {
        let values = &compiled.table.instruments()[line.instrument.row()].values;
        values[credit].units() * line.quantity.units() as i128
    };
    let worth: i128 = lines.iter().map(worth).sum();
    let instrument = if worth > 0 { equity } else { shortfall };
    if worth != 0 {
        lines.push(Line { instrument, quantity: Quantity::new(worth.unsigned_abs()).unwrap() });
    }
    lines.sort_by_key(|line| line.instrument);
    Account { lines }
}

/// What is required of each asset with credit, in its units; negative where nothing is.
fn required(figures: &Figures) -> BTreeMap<String, BigInt> {
    let required = |asset: &AssetFigures| {
        let counted = asset.credit.clone().unwrap().counted.units;
        (asset.name.clone(), BigInt::from(asset.deposits.units.clone()) - BigInt::from(counted))
    };
    figures.assets.iter().map(required).collect()
}

fn asset<'a>(figures: &'a Figures, name: &str) -> &'a AssetFigures {
    figures.assets.iter().find(|asset| asset.name == name).unwrap()
}

#[test]
fn loans_are_credited_where_the_borrower_is_solvent() {
    let compiled = compiled();
    let accounts = accounts(&compiled, BOOK);
    let names = |account: usize| {
        let lines = accounts[account].lines.iter();
        lines.map(|line| compiled.rows[line.instrument.row()].name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(1)[..2], ["borrow BTC", "deposit USDC"]);
    assert_eq!(
        names(2),
        [
            "uncredited borrow BTC",
            "deposit USDC",
            "shortfall:mark",
            "shortfall:maintenance",
            "equity:credit",
            "shortfall:crash"
        ]
    );
    let figures = figures_of(&compiled, &accounts);
    let credit = figures.credit.as_ref().unwrap();
    assert_eq!((credit.scenario.as_str(), credit.taken.to_string()), ("credit", "0".to_owned()));
    let btc = asset(&figures, "BTC");
    let of = btc.credit.as_ref().unwrap();
    let written = [&btc.deposits, &btc.borrows, &of.credited, &of.uncredited, &of.counted];
    assert_eq!(written.map(ToString::to_string), ["5", "3", "2", "1", "2"]);
}

/// 60,000 USDC are collateral for 3 BTC at 20,000, and not for a thousandth more.
#[test]
fn a_borrower_is_solvent_up_to_the_last_unit() {
    let compiled = compiled();
    let of = |loan: &str| {
        let csv = BOOK.replace("bob,borrow BTC,2", &format!("bob,borrow BTC,{loan}"));
        let figures = figures_of(&compiled, &accounts(&compiled, &csv));
        asset(&figures, "BTC").credit.clone().unwrap().credited.to_string()
    };
    assert_eq!((of("3"), of("3.001")), ("3".to_owned(), "0".to_owned()));
}

#[test]
fn a_clause_counts_credit_where_the_policy_says_so() {
    let clause = |rules: &str, amount: &str| {
        let reserves = format!(
            r#"{{ "as_of": "2026-01-01T00:00:00Z", "reserves": [{{ "asset": "BTC",
                "amount": "{amount}", "chain": "c", "address": "a", "evidence": "e",
                "purpose": "customers" }}] }}"#
        );
        let compiled = compiled_from(rules);
        let figures = figures_of(&compiled, &accounts(&compiled, BOOK));
        let policy = Rules::parse(rules).unwrap().policy().clone();
        let reserves = Reserves::parse(&reserves).unwrap();
        let clauses = evidence::clauses(&policy, &compiled, &figures, Some(&reserves));
        let clause = clauses.into_iter().find(|clause| clause.name == "per_asset.BTC").unwrap();
        (clause.holds, clause.detail)
    };
    let detail = "reserves of 3 BTC for deposits of 5 BTC less credited borrows of 2 BTC";
    assert_eq!(clause(RULES, "3"), (true, detail.to_owned()));
    assert!(!clause(RULES, "2.999").0);
    let without = RULES.replace("per_asset_credit = true\n", "");
    assert_eq!(
        clause(&without, "3"),
        (false, "reserves of 3 BTC for deposits of 5 BTC".to_owned())
    );
    assert!(clause(&without, "5").0);
}

#[test]
fn coverage_is_told_without_and_with_credit() {
    let compiled = compiled();
    let figures = figures_of(&compiled, &accounts(&compiled, BOOK));
    let reserves = |amount: &str| {
        let reserves = format!(
            r#"{{ "as_of": "2026-01-01T00:00:00Z", "reserves": [{{ "asset": "BTC",
                "amount": "{amount}", "chain": "c", "address": "a", "evidence": "e",
                "purpose": "customers" }}] }}"#
        );
        Reserves::parse(&reserves).unwrap()
    };
    let told = |amount: &str| -> Vec<String> {
        let coverage = per_asset(&figures, &reserves(amount));
        let own = coverage.iter().find(|own| own.asset == "BTC").unwrap();
        let sides = [Some(&own.without_credit), own.with_credit.as_ref()];
        let told = sides.into_iter().flatten();
        told.map(|one| format!("{} {}", one.required, one.ratio.as_ref().unwrap())).collect()
    };
    assert_eq!(told("3"), ["5 0.6", "3 1"]);
    assert_eq!(told("2"), ["5 0.4", "3 0.6666"]);
    let junk = per_asset(&figures, &reserves("1"))[2].clone();
    assert_eq!((junk.asset.as_str(), junk.without_credit.ratio), ("JUNK", None));
}

/// What the account holder's page has to compute too.
#[test]
fn the_book_is_as_listed() {
    let compiled = compiled();
    // Carl's borrow is called credited, and a customer's gain is nobody's loss.
    let mut book = accounts(&compiled, &BOOK.replace("short ETH-PERP,10", "short ETH-PERP,9"));
    book[2] = labelled(&compiled, &book[2], true);
    let totals = totals(&compiled, &book);
    let figures = figures(&compiled, &totals).unwrap();
    let rows = compiled.rows.iter().zip(compiled.table.instruments()).zip(&totals.0);
    let rows = rows.map(|((row, instrument), total)| {
        let values: Vec<_> = instrument.values.iter().map(|v| v.units().to_string()).collect();
        let total = [total.count.to_string(), total.quantity.to_string()];
        json!({ "name": row.name, "values": values, "total": total })
    });
    let reserves = r#"{ "as_of": "2026-01-01T00:00:00Z", "reserves": [] }"#;
    let reserves = Reserves::parse(reserves).unwrap();
    let policy = Rules::parse(RULES).unwrap().policy().clone();
    let policy = evidence::clauses(&policy, &compiled, &figures, Some(&reserves));
    let listed = json!({ "rows": rows.collect::<Vec<_>>(), "figures": figures, "policy": policy });
    let listed = serde_json::to_string_pretty(&listed).unwrap() + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/tests/books/credit/book.json");
    bless(path, listed);
}

/// The changes with which the account holder's page is compared.
#[test]
fn changes_are_taken_or_refused_as_listed() {
    let listed = include_str!("../../../web/test/native/credit.json");
    let prices = include_str!("../../../rules/tests/books/credit/prices.json");
    listed_changes::are_taken_or_refused(listed, RULES, prices);
}

#[test]
fn without_a_credit_scenario_there_are_no_labels() {
    let text = RULES.replace("per_asset_credit = true\n", "");
    let text = text.replace(
        "[[scenarios]]\nname = \"credit\"\nkind = \"credit\"\nmargin = \"maintenance\"\n",
        "",
    );
    let compiled = compiled_from(&text);
    assert_eq!(compiled.find("uncredited borrow BTC"), None);
    let figures = figures_of(&compiled, &accounts(&compiled, BOOK));
    assert_eq!(figures.credit, None);
    assert_eq!(asset(&figures, "BTC").credit, None);
    assert!(!serde_json::to_string(&figures).unwrap().contains("credit\":{"));
}

/// Adds accounts that the venue made up, under the labels of the ledger, all credited, and none.
fn attacked(rules: &str, invented: &str) -> Vec<BTreeMap<String, BigInt>> {
    let compiled = compiled_from(rules);
    let book = accounts(&compiled, BOOK);
    let invented = accounts(&compiled, &format!("account,instrument,quantity\n{invented}"));
    let [credited, none] = [true, false]
        .map(|credited| invented.iter().map(|a| labelled(&compiled, a, credited)).collect());
    let books = [invented.clone(), credited, none];
    let of = |more: Vec<Account>| {
        let all: Vec<_> = book.iter().cloned().chain(more).collect();
        required(&figures_of(&compiled, &all))
    };
    books.into_iter().map(of).collect()
}

fn honest(rules: &str) -> BTreeMap<String, BigInt> {
    let compiled = compiled_from(rules);
    required(&figures_of(&compiled, &accounts(&compiled, BOOK)))
}

/// However the venue labels them, invented borrowers of BTC take nothing off any asset's reserves.
#[test]
fn an_invented_borrower_lowers_no_requirement() {
    let worthless = RULES
        .replace("maintenance = \"0.5\"\n\n[assets.USDC]", "maintenance = \"0\"\n\n[assets.USDC]");
    assert_ne!(worthless, RULES);
    for (rules, invented) in [
        (RULES, "x,borrow BTC,10\n"),
        (RULES, "x,borrow BTC,10\nx,deposit USDC,1\n"),
        // Long of what is not liquid, short of what is.
        (&worthless, "x,borrow BTC,10\nx,deposit JUNK,1000000000\n"),
        // Solvent by a promise of the venue's.
        (RULES, "x,borrow BTC,10\nx,quote credit,200000\n"),
        (RULES, "x,borrow BTC,10\nx,long ETH-PERP,300\n"),
        // Solvent by a gain that another made-up account does not pay for.
        (RULES, "x,borrow BTC,10\nx,long ETH-PERP,300\ny,short ETH-PERP,300\n"),
        (RULES, "x,borrow DUST,1000000000000\n"),
    ] {
        let before = honest(rules);
        for after in attacked(rules, invented) {
            for (asset, least) in &before {
                assert!(after[asset] >= *least, "{invented}: {asset} {} < {least}", after[asset]);
            }
        }
    }
}

/// What has collateral may be lent out of reserves: what falls of one asset rises of another, by
/// more where there is a weight.
#[test]
fn collateral_asks_for_more_than_the_loan_gives() {
    let (before, compiled) = (honest(RULES), compiled());
    // 200,000 JUNK at 2, half of which count: 10 BTC at 20,000.
    for invented in
        ["x,borrow BTC,10\nx,deposit JUNK,200000\n", "x,borrow BTC,10\nx,deposit JUNK,100000\n"]
    {
        let of_ledger = attacked(RULES, invented);
        for after in of_ledger {
            let value = |of: &BTreeMap<String, BigInt>| -> BigInt {
                let value = |(name, units): (&String, &BigInt)| {
                    let row = compiled.assets[name].deposits[0];
                    units * compiled.table.instruments()[row.row()].values[ScenarioId::MARK].units()
                };
                of.iter().map(value).sum()
            };
            let (fell, rose) = (&before["BTC"] - &after["BTC"], &after["JUNK"] - &before["JUNK"]);
            // In units of 0.001 BTC, which are 20 USD or 10 JUNK: half of what is deposited.
            assert!(&fell * 10 * 2 <= rose, "{invented}: {fell} BTC for {rose} JUNK");
            assert!(value(&after) > value(&before));
        }
    }
    // And it is given: the borrower with full collateral is credited.
    let after = &attacked(RULES, "x,borrow BTC,10\nx,deposit JUNK,200000\n")[0];
    assert_eq!(&before["BTC"] - &after["BTC"], BigInt::from(10_000));
}

/// Whatever the book and its labels: where any credit is counted, what is required of all assets
/// together is at least what is owed.
#[test]
fn with_credit_no_less_is_required_than_is_owed() {
    let compiled = compiled();
    let mut state = 7u64;
    let mut random = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let names = [
        "borrow BTC",
        "borrow JUNK",
        "borrow USDC",
        "deposit BTC",
        "deposit JUNK",
        "deposit USDC",
        "long ETH-PERP",
        "quote credit",
        "quote debit",
        "short ETH-PERP",
    ];
    let mut counted_books = 0;
    for _ in 0..300 {
        let mut book = Vec::new();
        for account in 0..1 + random(4) {
            let mut csv = "account,instrument,quantity\n".to_owned();
            for name in names {
                let size = match name {
                    "borrow BTC" | "deposit BTC" => 6,
                    "long ETH-PERP" | "short ETH-PERP" => 40,
                    _ => 60_000,
                };
                if random(3) == 0 {
                    csv += &format!("{account},{name},{}\n", random(size));
                }
            }
            if csv.lines().count() == 1 {
                continue;
            }
            let made = accounts(&compiled, &csv);
            book.extend(made.iter().map(|one| labelled(&compiled, one, random(3) > 0)));
        }
        let figures = figures_of(&compiled, &book);
        let mut required_worth = BigInt::ZERO;
        for (name, units) in required(&figures) {
            let row = compiled.assets[&name].deposits[0];
            required_worth +=
                units * compiled.table.instruments()[row.row()].values[ScenarioId::MARK].units();
        }
        let counts =
            |asset: &AssetFigures| asset.credit.as_ref().unwrap().counted.units > BigUint::ZERO;
        if figures.assets.iter().any(counts) {
            counted_books += 1;
            let owed = BigInt::from(figures.scenarios[0].owed.units.clone());
            assert!(required_worth >= owed, "{required_worth} {owed}");
        }
    }
    assert!(counted_books > 20, "{counted_books}");
}

#[test]
fn rules_of_credit_are_checked() {
    let refused = |from: &str, to: &str, expected: &str| {
        assert!(RULES.contains(from), "{from}");
        let error = Rules::parse(&RULES.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    };
    refused(
        "kind = \"credit\"\nmargin = \"maintenance\"\n",
        "kind = \"credit\"\n",
        "scenarios[2].margin: is missing",
    );
    refused(
        "kind = \"credit\"\n",
        "kind = \"credit\"\ndefault_move = \"0\"\n",
        "scenarios[2].default_move: does not belong here: only a stress",
    );
    refused(
        "name = \"crash\"\nkind = \"stress\"\ndefault_move = \"-0.5\"",
        "name = \"crash\"\nkind = \"credit\"\nmargin = \"maintenance\"",
        "scenarios[3].kind: does not belong here: rules have one credit scenario at most",
    );
    refused(
        "per_asset = \"all\"\n",
        "per_asset = [\"BTC\"]\n",
        "policy.per_asset_credit: does not belong here: it goes with `per_asset = \"all\"`",
    );
    refused(
        "kind = \"credit\"\n",
        "kind = \"margin\"\n",
        "policy.per_asset_credit: is missing: a scenario of the kind `credit`",
    );
}
