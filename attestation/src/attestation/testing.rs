//! Attestations without proofs, for tests of everything else in them.

use pacioli_rules::{Prices, Rules};

use super::{Attestation, Header, VERSION};
use crate::{attestation::Rounding, digest::Digest, drawn::tests::drawn, reserves::Reserves};

const RESERVES: &str = r#"{ "as_of": "2026-01-01T00:00:00Z", "reserves": [
    { "asset": "BTC", "amount": "2.5", "chain": "bitcoin", "address": "vault",
      "evidence": "made up", "purpose": "customers" },
    { "asset": "USDC", "amount": "50000", "chain": "bank", "address": "vault",
      "evidence": "made up", "purpose": "customers" } ] }"#;

const PRICES: &str = r#"{ "as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": "made up",
    "prices": { "BTC": "20000", "ETH": "1000", "USDC": "1" } }"#;

/// A first attestation of `a venue`, of the new year.
pub(crate) fn attestation() -> Attestation {
    let rules = include_str!("../../../rules/tests/books/small_book/rules.toml").to_owned();
    let scenarios = Rules::parse(&rules).unwrap().scenarios.len();
    let prices = Prices::parse(PRICES).unwrap();
    let header = Header {
        venue: "a venue".to_owned(),
        sequence: 0,
        previous: None,
        as_of: prices.as_of,
        drawn: None,
        accounts: 1,
        accounts_left_out: 0,
        left_out: Vec::new(),
        rounding: Rounding::default(),
        k: 11,
        page_size: 64,
        scenarios,
        program: None,
        key: Digest::of(b"key"),
        setup: "a setup".to_owned(),
        software: "a test".to_owned(),
    };
    let reserves = Some(Reserves::parse(RESERVES).unwrap());
    Attestation {
        version: VERSION.to_owned(),
        header,
        rules,
        prices,
        reserves,
        volumes: Vec::new(),
    }
}

/// The same, of a time drawn on this day from a made-up block, under a policy that asks for it.
pub(crate) fn drawn_attestation(day: &str) -> Attestation {
    let mut one = attestation();
    one.rules.push_str("drawn = { from = \"eip155:1\", missed_days = 2 }\n");
    let (drawn, second) = drawn(day);
    (one.header.drawn, one.header.as_of) = (Some(drawn), second);
    one
}

/// The one after it, of a time drawn on this day.
pub(crate) fn next_drawn(before: &Attestation, day: &str) -> Attestation {
    let (drawn, second) = drawn(day);
    let mut own = next(before, &second.to_string());
    own.header.drawn = Some(drawn);
    own
}

/// The one after it, of this time.
pub(crate) fn next(before: &Attestation, as_of: &str) -> Attestation {
    let mut next = before.clone();
    next.header.previous = Some(before.digest());
    next.header.sequence += 1;
    next.header.as_of = as_of.parse().unwrap();
    next
}
