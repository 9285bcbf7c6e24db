//! Accounts of the house: an insurance fund and a pool beside customers, computed by hand.

use pacioli_circuits::{Account, Line, Quantity, reference};
use pacioli_prover::{
    figures::{Figures, figures},
    ledger::{Ledger, LedgerError, Options, balance_accounts},
    policy::{Clause, evaluate},
    prices::Prices,
    reserves::Reserves,
    rules::{Class, Compiled, Rules, compile},
    snapshot::read_csv,
};

const CLASSES: &str = "[classes.insurance]
assets = [\"BTC\", \"USDC\"]
markets = []
[classes.pool]
[policy]";

/// A customer short by 3,000 in the crash, a fund, and a pool on the other side.
const BOOK: &str = "account,instrument,quantity,class
carol,deposit USDC,2000,customer
carol,long ETH-PERP,10,customer
carol,quote debit,10000,customer
fund,deposit USDC,1000,insurance
fund,deposit BTC,0.2,insurance
fund,borrow USDC,100,insurance
pool,deposit USDC,100,pool
pool,short ETH-PERP,10,pool
pool,quote credit,10000,pool
";

fn rules() -> Rules {
    let rules = include_str!("small_book/rules.toml").replace("[policy]", CLASSES);
    Rules::parse(&rules.replace("crash = \"5000\"", "crash = \"insurance\"")).unwrap()
}

fn compiled() -> Compiled {
    let prices = Prices::parse(include_str!("small_book/prices.json")).unwrap();
    compile(&rules(), &prices).unwrap()
}

fn ledger(csv: &str) -> Result<Ledger, LedgerError> {
    let options = Options { round: false, leave_out: &[], page_size: 64 };
    balance_accounts(read_csv(csv.as_bytes(), "book.csv").unwrap(), &compiled(), options)
}

fn figures_of(csv: &str) -> Figures {
    let accounts: Vec<Account> =
        ledger(csv).unwrap().accounts.into_iter().map(|(_, account)| account).collect();
    let compiled = compiled();
    for account in &accounts {
        assert_eq!(reference::check_account(&compiled.table, account), Ok(()));
    }
    figures(&compiled, &reference::count_totals(&compiled.table, &accounts)).unwrap()
}

#[test]
fn an_account_of_a_class_holds_instruments_of_its_class() {
    let (compiled, ledger) = (compiled(), ledger(BOOK).unwrap());
    let (id, fund) = &ledger.accounts[1];
    assert_eq!(id, "fund");
    let names = fund.lines.iter().map(|line| compiled.rows[line.instrument.row()].name.as_str());
    assert_eq!(
        names.collect::<Vec<_>>(),
        [
            "insurance deposit BTC tier 1",
            "insurance headroom deposit BTC tier 1",
            "insurance deposit USDC",
            "insurance borrow USDC",
            "equity:mark",
            "equity:maintenance",
            "equity:crash",
        ]
    );
}

#[test]
fn a_class_is_worth_its_totals_in_every_scenario() {
    let figures = figures_of(BOOK);
    let classes: Vec<_> = figures
        .classes
        .iter()
        .map(|class| {
            let worth = class.worth.iter().map(|one| format!("{} {}", one.scenario, one.worth));
            (class.class, worth.collect::<Vec<_>>().join(", "))
        })
        .collect();
    let expected = [
        (Class::Customer, "mark 2000, crash -3000"),
        // 900 USDC and 0.2 BTC of 20,000, then of 12,000.
        (Class::Insurance, "mark 4900, crash 3300"),
        (Class::Pool, "mark 100, crash 5100"),
    ];
    assert_eq!(classes, expected.map(|(class, worth)| (class, worth.to_owned())));
    // All accounts together: what is owed is owed to the fund and the pool as well.
    assert_eq!(figures.scenarios[0].owed.to_string(), "7000");
    assert_eq!(figures.scenarios[2].bad_debt.to_string(), "3000");
    let usdc = figures.assets.iter().find(|asset| asset.name == "USDC").unwrap();
    assert_eq!(
        (usdc.deposits.to_string(), usdc.borrows.to_string()),
        ("3100".into(), "100".into())
    );
    assert_eq!(figures.markets[0].long, figures.markets[0].short, "the pool is the other side");
    assert_eq!(figures.classes[1].markets, []);
    assert_eq!(figures.classes[1].assets[1].deposits.to_string(), "1000");
}

fn clause(csv: &str, reserves: &str) -> Clause {
    let reserves = format!(r#"{{ "as_of": "2026-01-01T00:00:00Z", "reserves": [{reserves}] }}"#);
    let reserves = Reserves::parse(&reserves).unwrap();
    let clauses = evaluate(&rules().policy, &compiled(), &figures_of(csv), &reserves);
    clauses.into_iter().find(|clause| clause.name == "bad_debt.crash").unwrap()
}

#[test]
fn the_fund_is_what_its_accounts_are_worth_in_the_same_scenario() {
    let covered = clause(BOOK, "");
    assert!(covered.holds, "{}", covered.detail);
    let detail = "bad debt is 3000 USD in 1 account, and the accounts of the insurance fund are \
                  worth 3300 USD";
    assert_eq!(covered.detail, detail);
    // 0.1 BTC less is 1,200 less in the crash.
    let short = clause(&BOOK.replace("BTC,0.2", "BTC,0.1"), "");
    assert!(!short.holds, "{}", short.detail);
    assert!(short.detail.ends_with("are worth 2100 USD"), "{}", short.detail);
    let nothing = clause(&BOOK.replace("borrow USDC,100,", "borrow USDC,99999,"), "");
    assert!(!nothing.holds && nothing.detail.ends_with("worth 0 USD"), "{}", nothing.detail);
}

#[test]
fn a_fund_does_not_count_as_accounts_and_as_reserves() {
    let entry = |purpose: &str| {
        format!(
            r#"{{ "asset": "USDC", "amount": "1", "chain": "c", "address": "a", "evidence": "e",
                  "purpose": "{purpose}" }}"#
        )
    };
    assert!(clause(BOOK, &entry("customers")).holds);
    let twice = clause(BOOK, &entry("insurance"));
    assert!(!twice.holds);
    assert!(twice.detail.contains("would count it twice"), "{}", twice.detail);
}

#[test]
fn an_account_holds_what_its_class_may() {
    let refused = |from: &str, to: &str| ledger(&BOOK.replace(from, to)).unwrap_err().to_string();
    let error = refused("fund,borrow USDC,100,", "fund,long ETH-PERP,1,");
    assert!(error.ends_with("the class `insurance` of these rules does not hold `long ETH-PERP`"));
    let error = refused(",pool\n", ",house\n");
    assert!(error.ends_with("account `pool`: the rules have no class `house`"), "{error}");
}

/// The circuit does not see classes: an account of two balances, and its holder's check refuses it.
#[test]
fn an_account_of_two_classes_balances() {
    let compiled = compiled();
    let line = |name: &str, units| Line {
        instrument: compiled.find(name).unwrap(),
        quantity: Quantity::new(units).unwrap(),
    };
    let mixed = Account {
        lines: vec![
            line("deposit USDC", 100),
            line("insurance borrow USDC", 100),
            line("shortfall:maintenance", 50_000),
        ],
    };
    assert_eq!(reference::check_account(&compiled.table, &mixed), Ok(()));
}
