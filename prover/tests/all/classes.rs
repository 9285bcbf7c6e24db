//! Accounts of the house: an insurance fund and a pool beside customers, computed by hand.

use pacioli_attestation::{Figures, Reserves, figures};
use pacioli_circuits::{Account, Line, Quantity, reference};
use pacioli_prover::{Ledger, LedgerError, Strictness, balance_accounts, snapshot::read_csv};
use pacioli_rules::{
    Class, Compiled, Prices, Rules, compile,
    testing::{PRICES, RULES},
};

use crate::evidence;

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
    let rules = RULES.replace("[policy]", CLASSES);
    let limits = "mark = \"insurance\", crash = \"5000\"";
    Rules::parse(&rules.replace(limits, "crash = \"insurance\"")).unwrap()
}

fn compiled() -> Compiled {
    let prices = Prices::parse(PRICES).unwrap();
    compile(&rules(), &prices).unwrap()
}

fn ledger(csv: &str) -> Result<Ledger, LedgerError> {
    let options = Strictness::default();
    balance_accounts(read_csv(csv.as_bytes(), "book.csv").unwrap(), &compiled(), &options, 64)
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
    let (id, fund) = ledger.accounts.get(1).unwrap();
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

/// Bad debt of the class is met by reserves, not by its sum: prover/tests/insurance_fund.rs.
#[test]
fn no_clause_rests_on_what_a_class_is_worth() {
    let clause = |csv: &str, amount: &str| {
        let reserves = format!(
            r#"{{ "as_of": "2026-01-01T00:00:00Z", "reserves": [{{ "asset": "USDC",
                "amount": "{amount}", "chain": "c", "address": "a", "evidence": "e",
                "purpose": "customers" }}] }}"#
        );
        let reserves = Reserves::parse(&reserves).unwrap();
        let policy = rules().policy().clone();
        let clauses = evidence::clauses(&policy, &compiled(), &figures_of(csv), Some(&reserves));
        clauses.into_iter().find(|clause| clause.name == "bad_debt.crash").unwrap()
    };
    // The pool is owed 5,100.
    let met = clause(BOOK, "5100");
    let detail = "all reserves are worth 5100 USD and all but the insurance fund are owed 5100 \
                  USD: 0 USD is left for the insurance fund";
    assert_eq!((met.holds, met.detail.as_str()), (true, detail));
    let owing = BOOK.replace("borrow USDC,100,", "borrow USDC,99999,");
    assert_eq!(clause(&owing, "5100").detail, detail);
    assert!(!clause(BOOK, "5099.99").holds);
}

#[test]
fn an_account_holds_what_its_class_may() {
    let refused = |from: &str, to: &str| ledger(&BOOK.replace(from, to)).unwrap_err().to_string();
    let error = refused("fund,borrow USDC,100,", "fund,long ETH-PERP,1,");
    assert!(error.ends_with(
        "an account of class `insurance` cannot hold `long ETH-PERP` under these rules"
    ));
    let error = refused(",pool\n", ",house\n");
    assert!(error.ends_with("account `pool`: the rules have no class `house`"), "{error}");
}

/// The circuit does not see classes: an account of two balances. Its holder's check refuses it, and
/// where it has none, the twin says what it owes to all but the fund.
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
            line("equity:crash~insurance", 1_000_000),
        ],
    };
    assert_eq!(reference::check_account(&compiled.table, &mixed), Ok(()));
}
