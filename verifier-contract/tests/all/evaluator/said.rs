//! Clauses about what an attestation says of itself are judged as the policy in Rust judges them.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use pacioli_attestation::{
    AssetLeftOut, Digest, Evidence, Header, evaluate_policy, figures, program::Program,
};
use pacioli_circuits::{Total, Totals};
use pacioli_rules::{Amount, Prices, Rules, Volatility, compile};
use pacioli_verifier_contract::{
    artifacts,
    bindings::{Evaluator as E, Outcome},
    evm::{Evm, GAS_LIMIT},
    submission,
    system::creation,
};

use crate::evaluator::fixture::{NOW, chunk, reserves_only};

const RULES: &str = include_str!("../../../../rules/tests/books/small_book/rules.toml");
const PRICES: &str = include_str!("../../../../rules/tests/books/small_book/prices.json");
const AS_OF: &str = "2026-01-01T00:00:00Z";

/// The book whose changes the web page is compared with, and what they come to natively.
const FOLLOWING: [&str; 2] = [
    include_str!("../../../../rules/tests/books/volatility_rates/rules.toml"),
    include_str!("../../../../rules/tests/books/volatility_rates/prices.json"),
];
const CHANGES: &str = include_str!("../../../../web/test/native/volatility.json");

fn header(left_out: &[&str]) -> Header {
    let digest = Digest::of(b"nothing that a clause looks at");
    let amount = || Amount::new(0u32, 0);
    let left_out = left_out.iter().map(|asset| AssetLeftOut {
        asset: (*asset).to_owned(),
        lines: 1,
        accounts: 1,
        deposits: amount(),
        borrows: amount(),
    });
    Header {
        venue: String::new(),
        sequence: 0,
        previous: None,
        as_of: AS_OF.parse().unwrap(),
        drawn: None,
        accounts: 1,
        accounts_left_out: 0,
        left_out: left_out.collect(),
        rounding: Default::default(),
        k: 12,
        page_size: 64,
        scenarios: 3,
        program: None,
        key: digest,
        setup: String::new(),
        software: String::new(),
    }
}

/// What the evaluator and the policy say of a book that holds next to nothing: each clause's name, and
/// whether it is kept.
fn judged(rules: &str, prices: &Prices, header: &Header) -> (Outcome, Vec<(String, bool)>) {
    let rules = Rules::parse(rules).unwrap();
    let compiled = compile(&rules, prices).unwrap();
    let program = Program::of(&rules, &compiled, prices).unwrap();
    let mut evm = Evm::new();
    evm.set_time(NOW);
    let [tables, draws] = ["Tables", "MockDraws"]
        .map(|name| evm.deploy(artifacts::get(name).bytecode.clone()).unwrap().0);
    let (evaluator, _) = evm.deploy(creation("Evaluator", &[tables, draws])).unwrap();
    let chunks = submission::chunks(prices, &program).unwrap();
    let chunks = chunks.iter().map(|code| chunk(&mut evm, code)).collect();
    let mut totals = vec![Total::default(); compiled.rows.len()];
    for row in ["quote credit", "quote debit"] {
        totals[compiled.find(row).unwrap().row()] = Total { count: 1, quantity: 1 };
    }
    let call = E::evaluateCall {
        chunks,
        prices: submission::prices_for(prices, &program).unwrap(),
        header: submission::header(header).unwrap(),
        totals: vec![submission::totals(&totals).unwrap()],
        holdings: vec![],
        aside: reserves_only(false),
    };
    let calldata = alloy_primitives::Bytes::from(call.abi_encode());
    let output = evm.view_within(Address::ZERO, evaluator, calldata, GAS_LIMIT);
    let outcome = E::evaluateCall::abi_decode_returns(&output.unwrap().bytes).unwrap();

    let figures = figures(&compiled, &Totals(totals)).unwrap();
    let evidence = Evidence {
        compiled: &compiled,
        figures: &figures,
        reserves: None,
        header,
        prices_as_of: prices.as_of,
        block_hashes: &[],
        refused: &prices.refused,
    };
    let clauses = evaluate_policy(rules.policy(), &evidence);
    let names = program.clause_names();
    for (index, clause) in clauses.iter().take(names.len()).enumerate() {
        assert_eq!(names[index], clause.name);
        let kept = !outcome.failing.bit(index);
        assert_eq!(kept, clause.holds, "{}: {} {:?}", clause.name, clause.detail, outcome.clauses);
    }
    (outcome, clauses.into_iter().map(|clause| (clause.name, clause.holds)).collect())
}

/// Rules in which a rate follows realised volatilities, all or those of one source.
fn rules(source: &str, limits: &str) -> String {
    let from = "tiers = [{ up_to = \"10\", maintenance = \"0.05\" }";
    let follows = format!(
        "tiers = [{{ up_to = \"10\", maintenance = {{ kind = \"realised\", {source}multiple = \"2\", \
         horizon = \"1d\", floor = \"0\", ceiling = \"0.05\", step = \"0.001\" }} }}"
    );
    assert!(RULES.contains(from), "{RULES}");
    let rules = RULES.replacen(from, &follows, 1);
    rules.replacen("[policy]", &format!("[policy]\nvolatility = {{ {limits} }}"), 1)
}

fn prices(entries: &[(&str, &str, &str, &str)]) -> Prices {
    let mut prices = Prices::parse(PRICES).unwrap();
    let entry = |&(kind, annual, source, as_of): &(&str, &str, &str, &str)| -> Volatility {
        let span = if kind == "realised" { "window" } else { "tenor" };
        let text = format!(
            r#"{{ "kind": "{kind}", "annual": "{annual}", "{span}": "30d", "source": "{source}",
                 "as_of": "{as_of}" }}"#
        );
        serde_json::from_str(&text).unwrap()
    };
    prices.volatilities.insert("ETH".to_owned(), entries.iter().map(entry).collect());
    prices
}

#[test]
fn a_stale_or_understated_volatility_makes_a_clause_fail() {
    const HOUR: &str = "2025-12-31T23:00:00Z";
    const OLD: &str = "2025-12-31T22:59:59Z";
    const LATER: &str = "2026-01-01T01:00:01Z";
    const ALL: &str = "max_age = \"1h\", least_sources = 1, band = \"0.1\"";
    const AGELESS: &str = "least_sources = 1, band = \"0.1\"";
    const TWO: &str = "max_age = \"1h\", least_sources = 2, band = \"0.1\"";
    let (of_a, of_all) = ("source = \"A\", ", "");
    let own = ("realised", "0.62", "A", AS_OF);
    let mut seen = [[false; 2]; 3];
    for (source, limits, entries, expected) in [
        (of_a, ALL, vec![own, ("realised", "0.6", "B", HOUR)], [true; 3]),
        // Too old, too young, and too old to count for another.
        (
            of_a,
            ALL,
            vec![("realised", "0.62", "A", OLD), ("realised", "0.6", "B", HOUR)],
            [false, false, true],
        ),
        (
            of_a,
            ALL,
            vec![("realised", "0.62", "A", LATER), ("realised", "0.6", "B", HOUR)],
            [false, false, true],
        ),
        (of_a, ALL, vec![own, ("realised", "0.6", "B", OLD)], [true, true, false]),
        (of_a, AGELESS, vec![own, ("realised", "0.6", "B", OLD)], [true; 3]),
        // Understated: by just the band, and by more.
        (
            of_a,
            ALL,
            vec![("realised", "0.63", "A", AS_OF), ("realised", "0.7", "B", HOUR)],
            [true; 3],
        ),
        (
            of_a,
            ALL,
            vec![("realised", "0.629999", "A", AS_OF), ("realised", "0.7", "B", HOUR)],
            [true, true, false],
        ),
        // Another kind says nothing, neither for it nor against it.
        (of_a, ALL, vec![own, ("implied", "0.6", "B", HOUR)], [true, true, false]),
        (
            of_a,
            ALL,
            vec![own, ("realised", "0.6", "B", HOUR), ("implied", "9", "C", HOUR)],
            [true; 3],
        ),
        // Whoever names a source has that one alone.
        (of_a, TWO, vec![own, ("realised", "0.6", "B", HOUR)], [true, false, true]),
        (of_all, TWO, vec![own, ("realised", "0.6", "B", HOUR)], [true; 3]),
        (of_all, TWO, vec![own, ("implied", "0.6", "B", HOUR)], [true, false, false]),
        (of_all, TWO, vec![own, ("implied", "0.6", "A", HOUR)], [true, false, false]),
        (
            of_all,
            TWO,
            vec![own, ("realised", "0.62", "B", OLD), ("realised", "0.5", "C", HOUR)],
            [true; 3],
        ),
    ] {
        let (outcome, clauses) = judged(&rules(source, limits), &prices(&entries), &header(&[]));
        let names =
            ["max_age", "least_sources", "band"].map(|what| format!("volatility.{what}.ETH"));
        for ((name, expected), seen) in names.iter().zip(expected).zip(&mut seen) {
            let index = clauses.iter().position(|(clause, _)| clause == name);
            let Some(index) = index else { continue };
            assert_eq!(!outcome.failing.bit(index), expected, "{name}: {entries:?}");
            seen[usize::from(expected)] = true;
        }
    }
    assert_eq!(seen, [[true; 2]; 3]);
}

/// The three judges agree on one list: the policy in Rust made it, the page reads it, and so does this.
#[test]
fn the_clauses_of_every_change_are_those_that_the_page_has() {
    let changes: Vec<serde_json::Value> = serde_json::from_str(CHANGES).unwrap();
    let (mut seen, mut without) = ([[0; 2]; 3], 0);
    for change in changes.iter().filter(|change| !change["said"].is_null()) {
        let text = |key: &str| change[key].as_str().unwrap();
        let [rules, prices] = FOLLOWING;
        let rules = rules.replacen(text("from"), text("to"), 1);
        let prices = prices.replacen(text("price_from"), text("price_to"), 1);
        let prices = Prices::parse(&prices).unwrap();
        let parsed = Rules::parse(&rules).unwrap();
        let compiled = compile(&parsed, &prices).unwrap();
        if Program::of(&parsed, &compiled, &prices).is_err() {
            without += 1;
            continue;
        }
        // Holds each against the policy in Rust, clause by clause.
        let (outcome, clauses) = judged(&rules, &prices, &header(&[]));
        let names = clauses.iter().map(|(name, _)| name.as_str());
        let said = names.enumerate().filter(|(_, name)| name.starts_with("volatility."));
        let said: Vec<_> = said.map(|(index, name)| (name, !outcome.failing.bit(index))).collect();
        let listed = change["said"]["clauses"].as_array().unwrap();
        let listed: Vec<_> =
            listed.iter().map(|one| (one[0].as_str().unwrap(), one[1] == true)).collect();
        assert_eq!(said, listed, "{change}");
        for (name, kept) in said {
            let kinds = ["max_age", "least_sources", "band"];
            let kind = kinds.iter().position(|kind| name.contains(kind)).unwrap();
            seen[kind][usize::from(kept)] += 1;
        }
    }
    // Each clause is kept by some, and broken by some.
    assert!(seen.as_flattened().iter().all(|&count| count > 1), "{seen:?}");
    assert!(without < 5, "{without} have no program");
}

#[test]
fn what_was_refused_a_price_fails_where_something_was_left_out() {
    let spot = {
        let (head, rest) = RULES.split_once("[markets.").unwrap();
        let policy = rest.split_once("[policy]").unwrap().1;
        format!("{head}[policy]{}", policy.replacen("open_interest_matched = true", "", 1))
    };
    let mut refused = Prices::parse(PRICES).unwrap();
    refused.refused.insert("SOL".to_owned(), "stale".to_owned());
    let none = Prices::parse(PRICES).unwrap();
    for (prices, left_out, fails) in [
        (&none, &["SOL"][..], false),
        (&refused, &[], false),
        (&refused, &["SOL"], true),
        (&refused, &["sol"], true),
    ] {
        let (outcome, clauses) = judged(&spot, prices, &header(left_out));
        let native = clauses.iter().any(|(name, _)| name.starts_with("left_out.refused."));
        assert_eq!(native, fails);
        let beyond = clauses.len() - usize::from(native);
        assert_eq!(outcome.failing >> beyond, U256::from(u8::from(fails)));
        // Where all are kept, none is told.
        let told = if outcome.failing.is_zero() { 0 } else { beyond + usize::from(fails) };
        assert_eq!(outcome.clauses.len(), told);
    }
    // By hashes another name may be the same in another case, and a market's own price is refused.
    let (outcome, _) = judged(&spot, &refused, &header(&["DOGE"]));
    assert!(outcome.failing.bit(outcome.clauses.len() - 1));
    let (outcome, _) = judged(RULES, &refused, &header(&[]));
    assert!(outcome.failing.bit(outcome.clauses.len() - 1));
}
