//! Venues that are made up: attestations without proofs, whose totals say what is owed.

use pacioli_attestation::{
    ATTESTATION_VERSION, Attestation, Digest, Findings, Header, Reserves, Rounding, figures,
};
use pacioli_circuits::{Total, Totals};
use pacioli_rules::{Prices, Rules, compile};

use crate::contagion::{Contagion, ContagionError, Limits, Shown, Venue, WITHIN, contagion};

pub const RULES: &str = r#"
name = "test venue"
source = "made up"
date = "2026-01-01"
exactness = "exact"
cover = false
quote = "USD"
[[scenarios]]
name = "mark"
kind = "mark"
[[scenarios]]
name = "crash"
kind = "stress"
default_move = "-0.6"
moves = { BTC = "-0.5" }
[assets.USDC]
decimals = 6
shocked = false
[assets.BTC]
decimals = 8
[policy]
bad_debt = { mark = "0" }
"#;

const AS_OF: &str = "2026-01-01T00:00:00Z";

/// What a venue is made of; everything else is the same for all.
#[derive(Clone)]
pub struct Made {
    pub file: String,
    pub name: String,
    pub rules: String,
    pub prices: String,
    pub as_of: String,
    /// Entries of its reserves: `asset amount chain address`, and more fields as JSON.
    pub reserves: Vec<(String, String)>,
    /// What it owes in `mark` and in `crash`, in USD.
    pub owed: [u64; 2],
}

/// A venue that owes as much in both scenarios.
pub fn venue(name: &str, owed: u64, reserves: &[(&str, &str)]) -> Made {
    let owned = |&(a, b): &(&str, &str)| (a.to_owned(), b.to_owned());
    Made {
        file: format!("{}.json", name.to_lowercase()),
        name: name.to_owned(),
        rules: RULES.to_owned(),
        prices: r#"{ "BTC": "100", "USDC": "1" }"#.to_owned(),
        as_of: AS_OF.to_owned(),
        reserves: reserves.iter().map(owned).collect(),
        owed: [owed; 2],
    }
}

impl Made {
    pub fn findings(&self) -> Findings {
        let prices = format!(
            r#"{{ "as_of": "{AS_OF}", "quote": "USD", "method": "made up", "prices": {} }}"#,
            self.prices
        );
        let entry = |(index, (words, more)): (usize, &(String, String))| {
            let words: Vec<&str> = words.split(' ').collect();
            let purpose = if more.contains("purpose") { "" } else { r#", "purpose": "customers""# };
            let more = if more.is_empty() { String::new() } else { format!(", {more}") };
            let [asset, amount, chain, address] = words[..] else { panic!("entry {index}") };
            format!(
                r#"{{ "asset": "{asset}", "amount": "{amount}", "chain": "{chain}",
                    "address": "{address}", "evidence": "made up"{purpose}{more} }}"#
            )
        };
        let entries: Vec<String> = self.reserves.iter().enumerate().map(entry).collect();
        let reserves = format!(r#"{{ "as_of": "{AS_OF}", "reserves": [{}] }}"#, entries.join(", "));
        let rules = Rules::parse(&self.rules).unwrap();
        let prices = Prices::parse(&prices).unwrap();
        let compiled = compile(&rules, &prices).unwrap();
        let mut totals = vec![Total::default(); compiled.rows.len()];
        for (name, owed) in ["equity:mark", "equity:crash"].into_iter().zip(self.owed) {
            let Some(row) = compiled.find(name) else { continue };
            totals[row.row()].quantity = u128::from(owed) * 10u128.pow(compiled.value_decimals);
        }
        let totals = Totals(totals);
        let header = Header {
            venue: self.name.clone(),
            sequence: 0,
            previous: None,
            as_of: self.as_of.parse().unwrap(),
            drawn: None,
            accounts: 1,
            accounts_left_out: 0,
            left_out: Vec::new(),
            rounding: Rounding::default(),
            k: 11,
            page_size: 64,
            scenarios: compiled.scenarios.len(),
            program: None,
            key: Digest::of(b"key"),
            setup: "a setup".to_owned(),
            software: "a test".to_owned(),
        };
        let attestation = Attestation {
            version: ATTESTATION_VERSION.to_owned(),
            header,
            rules: self.rules.clone(),
            prices,
            reserves: Some(Reserves::parse(&reserves).unwrap()),
            volumes: Vec::new(),
        };
        Findings {
            digest: Digest::of(&attestation.to_bytes()),
            attestation,
            figures: figures(&compiled, &totals).unwrap(),
            rules,
            compiled,
            totals,
            clauses: Vec::new(),
            draw: None,
            block_hashes: Vec::new(),
        }
    }

    /// A statement of an account of this venue, owed so much in `mark` and in `crash`.
    pub fn shows(&self, account: &str, worth: [i64; 2]) -> Shown {
        let [mark, crash] = worth;
        Shown::unchecked(self.findings().digest, account, &[("mark", mark), ("crash", crash)])
    }

    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

/// By proved claims alone, in `mark`.
pub fn limits() -> Limits {
    Limits {
        scenario: "mark".to_owned(),
        band: "0.01".parse().unwrap(),
        within: WITHIN,
        count_word: false,
        outside: Vec::new(),
    }
}

pub fn run(made: &[Made], shown: &[Shown], limits: &Limits) -> Result<Contagion, ContagionError> {
    let findings: Vec<Findings> = made.iter().map(Made::findings).collect();
    let venues = made.iter().zip(&findings);
    let venues: Vec<Venue<'_>> =
        venues.map(|(made, findings)| Venue { file: &made.file, findings }).collect();
    contagion(&venues, shown, limits)
}
