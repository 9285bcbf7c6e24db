//! The stored attestation: a book of two volumes with every field in use.

use std::{fmt::Write, path::PathBuf, sync::OnceLock};

use pacioli_attestation::{
    Attestation, Candidate, Digest, Reserves, Verified, VerifyError, VerifyingKey,
    setup::{Origin, insecure_setup},
};
use pacioli_prover::{Book, Inputs, Strictness, snapshot::read_csv};
use pacioli_rules::{Prices, Rules, testing::frozen};
use serde_json::json;

const RULES: &str = include_str!("../../fixtures/rules.toml");
const PRICES: &str = include_str!("../../fixtures/prices.json");
const RESERVES: &str = include_str!("../../fixtures/reserves.json");

/// Accounts of the fixture's book.
const ACCOUNTS: u32 = 220;

/// A book with borrows, trades, holdings over two tiers, one too fine for its instrument and one
/// without a price.
fn snapshot() -> String {
    let mut csv = String::from("account,instrument,quantity\n");
    for id in 0..ACCOUNTS {
        let (coins, dollars) = (id % 9, 1_000 + id * 37 % 5_000);
        writeln!(csv, "{id},deposit BTC,{coins}.5").unwrap();
        match id % 3 {
            0 => writeln!(csv, "{id},borrow USDC,{}", coins * 9_500 + 4_000).unwrap(),
            _ => writeln!(csv, "{id},deposit USDC,{dollars}.25").unwrap(),
        }
        let (side, entry) = [("long", "debit"), ("short", "credit")][id as usize % 2];
        writeln!(csv, "{id},{side} BTC-PERP,1.5\n{id},quote {entry},30000").unwrap();
    }
    csv + "fine,deposit USDC,0.0000001\nother,deposit DOGE,12.5\nfine,borrow DOGE,0.50\n"
}

/// An attestation of the fixture's book, proved now.
pub fn prove() -> Attestation {
    let book = Book::new(Inputs {
        venue: "Fixture \"Exchange\" \u{e9}".to_owned(),
        as_of: "2026-01-01T00:00:00.5Z".parse().unwrap(),
        drawn: None,
        previous: Some((2, Digest::of(b"the attestation before"))),
        rules: Rules::parse(RULES).unwrap(),
        prices: Prices::parse(PRICES).unwrap(),
        reserves: Some(Reserves::parse(RESERVES).unwrap()),
        snapshot: read_csv(snapshot().as_bytes(), "fixture.csv").unwrap(),
        strictness: Strictness { round: true, leave_out: vec!["DOGE".to_owned()] },
    });
    book.unwrap().prove_without_statements(&insecure_setup(11).unwrap(), &()).unwrap()
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// The bytes of the stored attestation, which is frozen; `PACIOLI_FREEZE=attestation_v1_draft` makes
/// the draft anew.
pub fn stored() -> &'static [u8] {
    static STORED: OnceLock<Vec<u8>> = OnceLock::new();
    STORED.get_or_init(|| frozen(path("attestation_v1_draft.json"), || prove().to_bytes()))
}

/// The stored attestation.
pub fn attestation() -> Attestation {
    Attestation::parse(stored()).unwrap()
}

/// The key of the stored attestation.
pub fn key() -> &'static VerifyingKey {
    static KEY: OnceLock<VerifyingKey> = OnceLock::new();
    KEY.get_or_init(|| VerifyingKey::insecure(attestation().header.shape().unwrap()))
}

/// Checks an attestation against the insecure setup's key for its shape.
pub fn check(bytes: &[u8]) -> Result<Verified, VerifyError> {
    let candidate = Candidate::read(bytes)?;
    let shape = candidate.shape();
    let known = key().shape() == shape;
    let key = if known { key().clone() } else { VerifyingKey::insecure(shape) };
    candidate.verify(key, &())
}

/// Why a changed attestation is refused.
#[track_caller]
pub fn refusal(attestation: &Attestation) -> String {
    let bytes = attestation.to_bytes();
    assert_ne!(bytes, stored(), "nothing was changed");
    check(&bytes).unwrap_err().to_string()
}

#[test]
fn the_stored_attestation_keeps_verifying() {
    let verified = check(stored()).unwrap();
    assert!(stored().len() < 100_000);
    assert_eq!(verified.origin(), Origin::Insecure);
    assert_eq!(verified.digest, Digest::of(stored()));
    assert_eq!(verified.digest, attestation().digest());
    assert_eq!(verified.attestation.volumes.len(), 2);
    let said = json!({ "figures": verified.figures, "policy": verified.clauses });
    let said = serde_json::to_string_pretty(&said).unwrap() + "\n";
    let kept = frozen(path("attestation_v1_draft.says.json"), || said.clone().into_bytes());
    assert_eq!(said, String::from_utf8(kept).unwrap());
}

#[test]
fn the_stored_attestation_uses_every_field() {
    let header = attestation().header;
    assert_eq!((header.sequence, header.previous.is_some()), (3, true));
    assert_eq!((header.accounts, header.accounts_left_out), (221, 1));
    assert_eq!((header.left_out.len(), header.rounding.instruments.len()), (1, 1));
    assert!(attestation().reserves.is_some() && attestation().prices.source.is_some());
}
