//! Coin-margined contracts as `docs/snapshot.md` books them: never worth less to their holder than by the
//! venue's own formula, and more by less than one unit of quantity at the price; margined on their dollars,
//! exactly, at any price.

use num_bigint::BigInt;
use pacioli_attestation::{bound::Repricing, program::Program};
use pacioli_circuits::{ScenarioId, reference};
use pacioli_prover::{Strictness, balance_accounts, snapshot::read_csv};
use pacioli_rules::{Compiled, Prices, Rules, compile};
use proptest::prelude::*;

const RULES: &str = r#"
name = "inverse"
source = "made up"
date = "2026-01-01"
exactness = "exact"
quote = "USD"
value_decimals = 18
scenarios = [
    { name = "mark", kind = "mark" },
    { name = "crash", kind = "stress", default_move = "-0.5" },
    { name = "maintenance", kind = "margin", margin = "maintenance" },
]
[assets.BTC]
decimals = 8
maintenance = "1"
[markets.XBTUSD]
underlying = "BTC"
decimals = 12
tiers = [{ maintenance = "0" }]
[markets."XBTUSD.USD"]
underlying = "USD"
decimals = 0
tiers_in = "BTC"
tiers = [{ up_to_value = "10", maintenance = "0.01" }, { maintenance = "0.025" }]
[policy]
min_coverage = "1"
"#;

/// What a dollar of the contracts is worth is the price of the coin over the contract's own mark; in 1e-12.
const ONE: u64 = 1_000_000_000_000;

fn at(price: u64, dollar: u64) -> Compiled {
    let own = match dollar {
        ONE => String::new(),
        _ => format!(r#", "XBTUSD.USD": "{}.{:012}""#, dollar / ONE, dollar % ONE),
    };
    let prices = format!(
        r#"{{ "as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "made up",
            "prices": {{ "BTC": "{}.{:02}"{own} }} }}"#,
        price / 100,
        price % 100
    );
    compile(&Rules::parse(RULES).unwrap(), &Prices::parse(&prices).unwrap()).unwrap()
}

/// What a unit is worth in a scenario, in units of value; a tier that is not there is worth nothing.
fn value(table: &Compiled, name: &str, scenario: ScenarioId) -> BigInt {
    let Some(id) = table.find(name) else { return BigInt::ZERO };
    table.table.instruments()[id.row()].values[scenario].units().into()
}

/// How many dollars the first tier takes.
fn first_tier(table: &Compiled, side: &str) -> BigInt {
    let row = table.find(&format!("{side} XBTUSD.USD tier 1"));
    let cap = row.and_then(|id| table.table.instruments()[id.row()].cap);
    cap.map_or(BigInt::ZERO, |cap| cap.units().into())
}

proptest! {
    #[test]
    fn a_coin_margined_contract_is_worth_what_the_venue_says(
        dollars in 1..10_000_000u64,
        entry in 100..20_000_000u64,
        price in 2..20_000_000u64,
        dollar in prop_oneof![Just(ONE), ONE / 2..2 * ONE],
    ) {
        // In cents, so that half of it is exact.
        let table = at(2 * (price / 2), dollar);
        let entry = BigInt::from(entry);
        let coins: BigInt = BigInt::from(dollars) * 100 * BigInt::from(10).pow(12);
        let worth_of_dollars: BigInt = BigInt::from(dollars) * dollar * BigInt::from(10).pow(6);
        for scenario in [ScenarioId::MARK, ScenarioId::new(1)] {
            for (side, other, sign) in [("long", "short", -1), ("short", "long", 1)] {
                let unit = value(&table, &format!("{side} XBTUSD"), scenario);
                let quantity = match side {
                    "long" => (coins.clone() + entry.clone() - 1) / entry.clone(),
                    _ => coins.clone() / entry.clone(),
                };
                let of_dollars = [1, 2].map(|tier| {
                    value(&table, &format!("{other} XBTUSD.USD tier {tier}"), scenario)
                });
                // All tiers are worth the same there.
                let of_dollar = of_dollars[1].clone();
                prop_assert!(of_dollars[0] == of_dollar || of_dollars[0] == BigInt::ZERO);
                prop_assert_eq!(&of_dollar * dollars, &worth_of_dollars * sign);
                // What quantities are rounded by, times the entry, so that nothing here is.
                let worth = (quantity * unit.clone() + of_dollar.clone() * dollars) * entry.clone();
                let venues = coins.clone() * unit.clone() + of_dollar * dollars * entry.clone();
                let above: BigInt = worth - venues;
                let most = BigInt::from(unit.magnitude().clone()) * entry.clone();
                prop_assert!(above >= BigInt::ZERO && above < most, "{side}: {above}");
            }
        }
    }

    #[test]
    fn margin_is_a_part_of_the_dollars_at_any_price(
        dollars in 0..10_000_000u64,
        price in 0..20_000_000u64,
        dollar in prop_oneof![Just(ONE), ONE / 2..2 * ONE],
    ) {
        let table = at(price, dollar);
        let (mark, maintenance) = (ScenarioId::MARK, ScenarioId::new(2));
        for side in ["long", "short"] {
            // Coins have no margin of their own.
            let coins = format!("{side} XBTUSD");
            prop_assert_eq!(value(&table, &coins, mark), value(&table, &coins, maintenance));
            // 10 coins of dollars at the contract's own mark, rounded down to a dollar.
            let first = first_tier(&table, side);
            prop_assert_eq!(&first, &(BigInt::from(price) * 10 * ONE / (BigInt::from(dollar) * 100)));
            let here = first.min(dollars.into());
            let tiers = [here.clone(), BigInt::from(dollars) - here];
            let asked: BigInt = [1, 2].iter().zip(&tiers).map(|(tier, held)| {
                let name = format!("{side} XBTUSD.USD tier {tier}");
                (value(&table, &name, mark) - value(&table, &name, maintenance)) * held
            }).sum();
            // In 1/1,000 of a dollar's worth.
            let rates = &tiers[0] * 10 + &tiers[1] * 25;
            prop_assert_eq!(asked * 1000, rates * dollar * BigInt::from(10).pow(6));
        }
    }
}

/// A contract values the dollars without a price of the quote currency, and has no tiers that end at coins.
#[test]
fn contracts_have_programs_of_such_markets() {
    let program = |rules: &str| {
        let rules = Rules::parse(rules).unwrap();
        let prices = r#"{ "as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "made up",
            "prices": { "BTC": "50000" } }"#;
        let prices = Prices::parse(prices).unwrap();
        // It is checked against the table while it is made.
        Program::of(&rules, &compile(&rules, &prices).unwrap(), &prices).map(|_| ())
    };
    let error = program(RULES).unwrap_err().to_string();
    assert!(error.contains("markets.XBTUSD.USD.tiers: the tiers end at values"), "{error}");
    let fixed = RULES.replace("tiers_in = \"BTC\"\n", "").replace("up_to_value", "up_to");
    program(&fixed).unwrap();
}

/// Tiers end at coins that no account need hold: at other prices theirs is looked for all the same.
#[test]
fn a_book_of_dollars_alone_has_figures_at_other_prices() {
    let rules = Rules::parse(RULES).unwrap();
    let prices = |list: &str| {
        let head = r#""as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "made up""#;
        Prices::parse(&format!("{{ {head}, \"prices\": {{ {list} }} }}")).unwrap()
    };
    let table = compile(&rules, &prices(r#""BTC": "50000""#)).unwrap();
    let book = "account,instrument,quantity\na,short XBTUSD.USD,10\na,quote credit,15\n";
    let snapshot = read_csv(book.as_bytes(), "book.csv").unwrap();
    let ledger = balance_accounts(snapshot, &table, &Strictness::default(), 64).unwrap();
    let accounts: Vec<_> = ledger.accounts.into_iter().map(|(_, account)| account).collect();
    let totals = reference::count_totals(&table.table, &accounts);
    let reprice =
        |list: &str| Repricing::of(&table, &totals, &rules, &prices(list), None).map(|_| ());
    reprice(r#""BTC": "40000""#).unwrap();
    let error = reprice(r#""ETH": "3000""#).unwrap_err().to_string();
    assert!(error.contains("markets.XBTUSD.USD.tiers_in: there is no price for `BTC`"), "{error}");
}
