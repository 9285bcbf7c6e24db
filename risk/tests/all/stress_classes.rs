//! A stressed book with accounts of the house: the figures of a proof with the scenario in its
//! rules.

use pacioli_attestation::{InsuranceFund, Reserves, figures};
use pacioli_circuits::{Account, reference};
use pacioli_prover::{
    Strictness, balance_accounts,
    snapshot::{read_classes, read_csv},
};
use pacioli_risk::stress::{Crossing, ScenarioSet, StressBook, StressError, StressScenario};
use pacioli_rules::{
    Class, Prices, Rules, compile,
    testing::{PRICES, RULES},
};

const BOOK: &str = "account,instrument,quantity
carol,deposit USDC,2000
carol,long ETH-PERP,10
carol,quote debit,10000
pool,deposit USDC,100
pool,short ETH-PERP,10
pool,quote credit,10000
fund,deposit USDC,1000
fund,deposit BTC,0.2
fund,borrow USDC,100
";

const CLASSES: &str = "account,class\nfund,insurance\npool,pool\n";

fn rules() -> String {
    let classes = "[classes.insurance]\nassets = [\"BTC\", \"USDC\"]\nmarkets = []\n\
                   [classes.pool]\n[policy]";
    let rules = RULES.replace("[policy]", classes);
    // A twin of the crash, which is replaced by the scenarios that are given.
    rules.replace("mark = \"insurance\", crash = \"5000\"", "crash = \"insurance\"")
}

fn snapshot(classes: &str) -> pacioli_prover::snapshot::Snapshot {
    let mut snapshot = read_csv(BOOK.as_bytes(), "book.csv").unwrap();
    read_classes(&mut snapshot, classes.as_bytes(), "classes.csv").unwrap();
    snapshot
}

fn reserves(purpose: &str) -> Reserves {
    let entry = format!(
        r#"{{ "asset": "USDC", "amount": "7000", "chain": "c", "address": "a", "evidence": "e",
              "purpose": "{purpose}" }}"#
    );
    let text = format!(r#"{{ "as_of": "2026-01-01T00:00:00Z", "reserves": [{entry}] }}"#);
    Reserves::parse(&text).unwrap()
}

fn book(reserves: Option<Reserves>) -> Result<StressBook, StressError> {
    let (rules, prices) = (Rules::parse(&rules()).unwrap(), Prices::parse(PRICES).unwrap());
    StressBook::new(&rules, prices, reserves, snapshot(CLASSES), &Strictness::default())
}

fn scenario(name: &str, default_move: &str, moves: &str) -> StressScenario {
    let text = format!(
        "name = \"own\"\nsource = \"x\"\nexactness = \"x\"\n[[scenarios]]\nname = \"{name}\"\n\
         date = \"2026-01-01\"\nsource = \"x\"\ndefault_move = \"{default_move}\"\n\
         moves = {{ {moves} }}\n"
    );
    ScenarioSet::parse(&text).unwrap().scenarios.remove(0)
}

#[test]
fn the_figures_are_those_of_a_proof_with_the_scenario() {
    let moves = [("half", "-0.5", "BTC = \"-0.4\""), ("up", "0.31", ""), ("deep", "-0.9", "")];
    let scenarios = moves.map(|(name, default, listed)| scenario(name, default, listed));
    let book = book(None).unwrap();
    let outcomes = book.evaluate(&scenarios, &()).unwrap();
    let mark = book.at_mark();
    for (outcome, (name, default, listed)) in outcomes.iter().zip(moves) {
        let stress = format!(
            "[[scenarios]]\nname = \"{name}\"\nkind = \"stress\"\ndefault_move = \"{default}\"\n\
             moves = {{ {listed} }}\n[assets.BTC]"
        );
        let rules = Rules::parse(&rules().replace("[assets.BTC]", &stress)).unwrap();
        let compiled = compile(&rules, &Prices::parse(PRICES).unwrap()).unwrap();
        let options = Strictness::default();
        let ledger = balance_accounts(snapshot(CLASSES), &compiled, &options, 64).unwrap();
        let accounts: Vec<Account> =
            ledger.accounts.into_iter().map(|(_, account)| account).collect();
        let totals = reference::count_totals(&compiled.table, &accounts);
        let figures = figures(&compiled, &totals).unwrap();
        let fund = |scenario| figures.fund(Class::Insurance, scenario);
        for (found, scenario) in [(&mark, "mark"), (outcome, name)] {
            let expected = figures.scenarios.iter().find(|one| one.name == scenario).unwrap();
            assert_eq!((&found.owed, &found.bad_debt), (&expected.owed, &expected.bad_debt));
            assert_eq!(Some(found.accounts_with_equity), expected.accounts_with_equity);
            assert_eq!(found.accounts_with_shortfall, expected.accounts_with_shortfall);
            assert_eq!(found.insurance, fund(scenario));
        }
        let maintenance = figures.scenarios.iter().find(|one| one.name == "maintenance").unwrap();
        assert_eq!(mark.below_margin[0].accounts, maintenance.accounts_with_shortfall);
    }
    let funds = outcomes.iter().map(|outcome| outcome.insurance.as_ref().unwrap().to_string());
    // 900 USDC and 0.2 BTC of 20,000 at 0.6, at 1.31 and at 0.1.
    assert_eq!(funds.collect::<Vec<_>>(), ["3300", "6140", "1300"]);
}

#[test]
fn accounts_of_the_house_are_counted_apart() {
    let book = book(None).unwrap();
    let counts: Vec<_> = book.classes().iter().map(|(class, count)| (*class, *count)).collect();
    assert_eq!(counts, [(Class::Customer, 1), (Class::Insurance, 1), (Class::Pool, 1)]);
    let scenarios = [scenario("down", "-0.5", ""), scenario("up", "0.5", "")];
    let outcomes = book.evaluate(&scenarios, &()).unwrap();
    let counts = |index: usize| {
        let outcome = &outcomes[index];
        let below = &outcome.below_margin[0];
        [
            outcome.accounts_with_shortfall,
            outcome.own_accounts_with_shortfall,
            below.accounts,
            below.own_accounts,
        ]
    };
    // carol lacks 3,000 below, and the pool 4,900 above.
    assert_eq!([counts(0), counts(1)], [[1, 0, 1, 0], [1, 1, 1, 1]]);
}

#[test]
fn the_fund_of_a_sweep_is_what_its_accounts_are_worth() {
    let book = book(Some(reserves("customers"))).unwrap();
    assert_eq!(book.fund(), Some(InsuranceFund::Accounts));
    let sweep = book.sweep(None, &()).unwrap();
    // At x of the prices carol lacks 8,000 - 10,000 x of a fund of 900 + 4,000 x: more below
    // x = 0.50714. Up, the pool lacks 10,000 x - 10,100: more above x = 1.83333.
    let Crossing::At(down) = &sweep.down else { panic!("{:?}", sweep.down) };
    assert_eq!(
        (down.by.to_string(), down.insurance.as_ref().unwrap().to_string()),
        ("-0.493".to_owned(), "2928".to_owned())
    );
    let Crossing::At(up) = &sweep.up else { panic!("{:?}", sweep.up) };
    assert_eq!(up.by.to_string(), "0.834");
    // A fund that owes more than it has is worth nothing.
    let short = BOOK.replace("borrow USDC,100", "borrow USDC,3000");
    let mut short = read_csv(short.as_bytes(), "").unwrap();
    read_classes(&mut short, CLASSES.as_bytes(), "").unwrap();
    let (rules, prices) = (Rules::parse(&rules()).unwrap(), Prices::parse(PRICES).unwrap());
    let book = StressBook::new(&rules, prices, None, short, &Strictness::default()).unwrap();
    let deep = book.evaluate(&[scenario("deep", "-0.9", "")], &()).unwrap().remove(0);
    assert_eq!(deep.insurance.unwrap().to_string(), "0");
}

#[test]
fn a_fund_does_not_count_as_accounts_and_as_reserves() {
    let error = book(Some(reserves("insurance"))).unwrap_err();
    assert!(matches!(error, StressError::Fund(_)));
    let same = "the insurance fund is a class of accounts here, and reserves of the purpose \
                `insurance` would count it twice";
    assert_eq!(error.to_string(), same);
}

#[test]
fn a_class_that_the_rules_do_not_have_is_refused() {
    let rules = Rules::parse(RULES).unwrap();
    let prices = Prices::parse(PRICES).unwrap();
    let error = StressBook::new(&rules, prices, None, snapshot(CLASSES), &Strictness::default());
    let error = error.unwrap_err().to_string();
    let first =
        "refused in 2 places:\nline 5, column 3, account `pool`: the rules have no class `pool`\n";
    assert!(error.starts_with(first), "{error}");
    assert_eq!(error.matches("account `pool`").count(), 1, "once an account: {error}");
}
