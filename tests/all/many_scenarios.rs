//! A venue that margins options as the largest do: every point of a scan once for each choice of
//! expiries whose gains are discounted, which makes many scenarios.

use std::fmt::Write;

use pacioli_attestation::{
    Attestation, Candidate, ProofError, Verified, VerifyError, VerifyingKey, setup::insecure_setup,
};
use pacioli_prover::{Book, BookError, Inputs, Strictness, snapshot::read_csv};
use pacioli_rules::{Compiled, Decimal, Prices, Rules};

const RULES: &str = include_str!("../../rules/tests/books/options/rules.toml");
const PRICES: &str = include_str!("../../rules/tests/books/options/prices.json");

/// Long one call and short two puts with some collateral; short a call alone.
const BOOK: &str = "account,instrument,quantity
spread,deposit USDC,100
spread,long BTC-YEAR-100-C,1
spread,short BTC-JUN-110-P,2
spread,long BTC-PERP,0.5
spread,quote debit,50
naked,deposit USDC,250
naked,short BTC-YEAR-100-C,3
cash,deposit USDC,1000
";

/// The options' rules with constraints: 23 moves, each with and without the discounts of two
/// expiries, and a delta either way.
fn rules(moves: u32) -> String {
    let mut more = "[contingencies.scan]\nmaintenance = \"1\"\n".to_owned();
    let mut constraint = |name: String, fields: String| {
        write!(more, "[[scenarios]]\nname = \"{name}\"\nkind = \"constraint\"\n").unwrap();
        write!(more, "contingency = \"scan\"\n{fields}\n").unwrap();
    };
    for point in 0..moves {
        // From -33 % to +33 % in steps of 3 %.
        let (sign, size) = if point < 11 { ("-", 33 - 3 * point) } else { ("", 3 * point - 33) };
        for (discounts, june, year) in [
            ("none", "1", "1"),
            ("june", "0.97", "1"),
            ("year", "1", "0.94"),
            ("both", "0.97", "0.94"),
        ] {
            let expiries = format!(
                "{{ \"2026-07-02T00:00:00Z\" = {{ vol_move = \"0.6\", discount = \"{june}\" }}, \
                 \"2027-01-01T00:00:00Z\" = {{ vol_move = \"0.3\", discount = \"{year}\" }} }}"
            );
            let fields = format!("default_move = \"{sign}0.{size:02}\"\nexpiries = {expiries}")
                .replace("\"-0.00\"", "\"0\"");
            constraint(format!("point-{point}-{discounts}"), fields);
        }
    }
    for (name, net) in [("up", "0.015"), ("down", "-0.015")] {
        let delta = format!("underlying = \"BTC\", net = \"{net}\", gross = \"0.005\"");
        constraint(format!("delta-{name}"), format!("delta = {{ {delta} }}"));
    }
    RULES.replace("[policy]", &format!("{more}[policy]"))
}

fn book(moves: u32) -> Result<Book, BookError> {
    Book::new(Inputs {
        venue: "Options".to_owned(),
        as_of: "2026-01-01T00:00:00Z".parse().unwrap(),
        drawn: None,
        previous: None,
        rules: Rules::parse(&rules(moves)).unwrap(),
        prices: Prices::parse(PRICES).unwrap(),
        reserves: None,
        snapshot: read_csv(BOOK.as_bytes(), "book.csv").unwrap(),
        strictness: Strictness::default(),
    })
}

/// The worst that the account loses in any constraint, in units of value.
fn worst_loss(compiled: &Compiled, account: &str) -> i128 {
    let held = BOOK.lines().filter_map(|line| line.strip_prefix(account)?.strip_prefix(','));
    let held: Vec<_> = held
        .map(|line| {
            let (name, quantity) = line.split_once(',').unwrap();
            let row = compiled.find(name).unwrap();
            let decimals = compiled.rows[row.row()].decimals;
            let units = quantity.parse::<Decimal>().unwrap().exact_units(decimals).unwrap();
            (&compiled.table.get(row).unwrap().values, i128::try_from(units).unwrap())
        })
        .collect();
    let constraints = compiled.contingencies[0].scenarios.iter();
    let losses = constraints.map(|&scenario| {
        -held.iter().map(|(values, units)| values[scenario].units() * units).sum::<i128>()
    });
    losses.max().unwrap().max(0)
}

fn verified(attestation: &Attestation) -> Result<Verified, VerifyError> {
    let candidate = Candidate::read(&attestation.to_bytes())?;
    let key = VerifyingKey::insecure(candidate.shape());
    candidate.verify(key, &())
}

#[test]
fn a_book_in_97_scenarios_is_proved_and_checked() {
    let book = book(23).unwrap();
    let compiled = book.compiled();
    assert_eq!(compiled.scenarios.len(), 3 + 4 * 23 + 2);
    let attestation = book.prove_without_statements(&insecure_setup(11).unwrap(), &()).unwrap();
    // Slack in nearly every constraint: an account no longer fits a page of 64.
    assert_eq!((attestation.header.scenarios, attestation.header.page_size), (97, 128));
    let checked = verified(&attestation).unwrap();
    let figures = &checked.figures;
    let required = worst_loss(compiled, "spread") + worst_loss(compiled, "naked");
    let [contingency] = &figures.contingencies[..] else { panic!("one contingency") };
    assert_eq!(
        (contingency.required.to_string(), contingency.accounts),
        (units(required), Some(2))
    );

    // One unit less of it: then some slack is missing.
    let mut forged = attestation;
    let row = compiled.find("contingency:scan").unwrap().row();
    forged.volumes[0].quantities[row] -= 1;
    let error = verified(&forged).unwrap_err();
    let is_false = matches!(&error, VerifyError::Proof { source: ProofError::DoesNotHold, .. });
    assert!(is_false, "{error}");
}

#[test]
fn more_scenarios_than_a_table_has_are_refused() {
    let error = Rules::parse(&rules(255)).unwrap_err().to_string();
    assert_eq!(error, "scenarios: 1025 scenarios are more than the 1024 that a table can have");
}

/// A value of an option takes a fraction of a millisecond, and whoever reads rules computes them all.
#[test]
fn more_options_in_more_scenarios_than_anyone_should_value_are_refused() {
    let option = |number: usize| {
        format!(
            "[options.BTC-{number}-C]\nunderlying = \"BTC\"\nstrike = \"{number}\"\n\
             expiry = \"2027-01-01T00:00:00Z\"\nside = \"call\"\ndecimals = 2\n"
        )
    };
    let with = |options: usize| {
        let more: String = (1..=options).map(|number| option(1_000 + number)).collect();
        let rules = rules(240).replace("cover = true", "cover = false");
        Rules::parse(&rules.replace("[policy]", &format!("{more}[policy]")))
    };
    let own = Rules::parse(&rules(240)).unwrap().options.len();
    let most = (1 << 17) / 965 - own;
    assert!(with(most).is_ok());
    let error = with(most + 1).unwrap_err().to_string();
    let expected = "options: 136 options in 965 scenarios are 131240 values, more than the 131072 \
                    that rules can ask for";
    assert_eq!(error, expected);
}

/// Units of value as an amount.
fn units(number: i128) -> String {
    let text = format!("{}.{:08}", number / 100_000_000, number % 100_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
