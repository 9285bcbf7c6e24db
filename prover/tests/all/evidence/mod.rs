//! Clauses of books that nobody proves.

use pacioli_attestation::{
    Clause, Digest, Evidence, Figures, Header, Reserves, Rounding, evaluate_policy,
};
use pacioli_rules::{Amount, Compiled, Policy};

/// The header of a book of which nothing was left out, at the start of 2026.
pub fn header() -> Header {
    Header {
        venue: "Example".to_owned(),
        sequence: 0,
        previous: None,
        as_of: "2026-01-01T00:00:00Z".parse().unwrap(),
        drawn: None,
        accounts: 1,
        accounts_left_out: 0,
        left_out: Vec::new(),
        rounding: Rounding { lines: 0, instruments: Vec::new(), bound: Amount::new(0u32, 6) },
        k: 11,
        page_size: 64,
        scenarios: 1,
        program: None,
        key: Digest([0; 32]),
        setup: "none".to_owned(),
        software: "none".to_owned(),
    }
}

/// The clauses of a policy, with prices of the time of the snapshot.
pub fn clauses(
    policy: &Policy,
    compiled: &Compiled,
    figures: &Figures,
    reserves: Option<&Reserves>,
) -> Vec<Clause> {
    let header = header();
    let (prices_as_of, refused) = (header.as_of, Default::default());
    evaluate_policy(
        policy,
        &Evidence {
            compiled,
            figures,
            reserves,
            header: &header,
            prices_as_of,
            block_hashes: &[],
            refused: &refused,
        },
    )
}
