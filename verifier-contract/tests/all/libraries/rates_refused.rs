//! What the contract refuses of rates that follow volatilities and of these, each by its error.

use alloy_primitives::Bytes;
use alloy_sol_types::SolValue;
use pacioli_attestation::program::{Program, evaluate};
use pacioli_rules::{Prices, Rules, compile};
use pacioli_verifier_contract::{bindings, submission};

use crate::libraries::{
    chain::{Chain, named},
    edited,
};

const RULES: &str = include_str!("../../../../rules/tests/books/volatility_rates/rules.toml");
const PRICES: &str = include_str!("../../../../rules/tests/books/volatility_rates/prices.json");

/// A book whose rates follow volatilities, and where the first of its rates is in the program.
struct Followed {
    chain: Chain,
    prices: Prices,
    program: Program,
    rate: usize,
}

impl Followed {
    fn new() -> Self {
        let (rules, prices) = (Rules::parse(RULES).unwrap(), Prices::parse(PRICES).unwrap());
        let compiled = compile(&rules, &prices).unwrap();
        let program = Program::of(&rules, &compiled, &prices).unwrap();
        let bytes = edited::Bytes(program.to_bytes().to_vec());
        // Behind the clauses: three numbers, and the hash of each asset's name.
        let tail = bytes.clause(bytes.number(8));
        let rate = tail + 6 + 32 * bytes.number(tail);
        Self { chain: Chain::new(), prices, program, rate }
    }

    fn sent(&self) -> bindings::Prices {
        submission::prices_for(&self.prices, &self.program).unwrap()
    }

    #[track_caller]
    fn refusal(&mut self, program: &[u8], prices: bindings::Prices) -> String {
        let names = submission::names(&self.prices);
        let arguments = (Bytes::copy_from_slice(program), names, prices).abi_encode_params();
        named(&self.chain.call("compile", arguments).expect_err("the contract takes it"))
    }
}

#[test]
fn a_rate_out_of_its_range_is_refused() {
    let mut book = Followed::new();
    let honest = book.program.to_bytes().to_vec();
    // asset, kind, multiple, horizon, floor, ceiling and step, at its bounds and beyond.
    let fields: [(usize, &[u8]); 10] = [
        (0, &[0xff; 2]),
        (2, &[3]),
        (51, &[0; 16]),
        (51, &[0xff; 16]),
        (67, &[0; 8]),
        (75, &[0xff; 8]),
        (83, &[0; 8]),
        (83, &[0xff; 8]),
        (91, &[0; 8]),
        (91, &[0xff; 8]),
    ];
    for (place, bytes) in fields {
        let mut program = honest.clone();
        program[book.rate + place..][..bytes.len()].copy_from_slice(bytes);
        assert_ne!(program, honest, "{place}: nothing is changed");
        let sent = book.sent();
        assert_eq!(book.refusal(&program, sent), "RateForm(0)", "{place}: {bytes:?}");
        assert!(evaluate(&program, &book.prices).is_err(), "{place}: the twin takes it");
    }
}

#[test]
fn a_rate_without_its_volatility_is_refused() {
    let mut book = Followed::new();
    let program = book.program.to_bytes().to_vec();
    let mut without = book.prices.clone();
    without.volatilities.remove("BTC");
    let sent = bindings::Prices {
        volatilities: submission::prices(&without).unwrap().volatilities,
        ..book.sent()
    };
    assert_eq!(book.refusal(&program, sent), "NoVolatility(0)");
    assert!(evaluate(&program, &without).is_err(), "the twin takes it");
}

#[test]
fn a_list_of_volatilities_of_another_form_is_refused() {
    let mut book = Followed::new();
    let program = book.program.to_bytes().to_vec();
    let honest = book.sent().volatilities.to_vec();
    // An asset is its hash, a count, and its entries; an entry begins with its kind.
    let mut count = honest.clone();
    count[32] = 0;
    let mut many = honest.clone();
    many[32] = 101;
    let mut kind = honest.clone();
    kind[33] = 9;
    let cut = honest[..honest.len() - 1].to_vec();
    let short = honest[..20].to_vec();
    for (what, list) in
        [("count", count), ("many", many), ("kind", kind), ("cut", cut), ("short", short)]
    {
        let sent = bindings::Prices { volatilities: list.into(), ..book.sent() };
        let refused = book.refusal(&program, sent);
        assert!(refused.starts_with("VolatilitiesForm("), "{what}: {refused}");
    }
}
