//! More open interest in a book than its prices state. `pacioli` does not prove such a book, so these
//! attestations are put together by hand; nothing else is wrong with them.

use std::path::Path;

use pacioli_attestation::{
    ATTESTATION_VERSION as VERSION, Attestation, Candidate, Header, Rounding, Verified,
    VerifyError, VerifyingKey, VolumeId, VolumeProof, open_interest::OpenInterestError,
    setup::insecure_setup, verify_volume,
};
use pacioli_circuits::{PublicInputs, Shape, Totals, Volume};
use pacioli_prover::{
    Ledger, ProofSeed, ProvingKey, Strictness, balance_accounts, prove_volume, snapshot::read_csv,
};
use pacioli_rules::{
    Amount, Compiled, Prices, Rules, compile,
    testing::{bless, stored as stored_at},
};
use serde_json::json;

const RULES: &str = include_str!("../../../rules/tests/books/open_interest/rules.toml");
const PRICES: &str = include_str!("../../../rules/tests/books/open_interest/prices.json");

/// Longs of 2.5 and 0.01, shorts of 2.51.
const BOOK: &str = "account,instrument,quantity,class
ann,deposit USDC,100,customer
ann,long ADA-USD,2.5,customer
bob,long ADA-USD,0.01,customer
pool,short ADA-USD,2.51,pool
pool,deposit USDC,100,pool
";

/// Every account of the book on one page, under prices that state so much open interest.
fn prove(stated: &str) -> Attestation {
    let prices = Prices::parse(&PRICES.replacen("3000000", stated, 1)).unwrap();
    let compiled = compile(&Rules::parse(RULES).unwrap(), &prices).unwrap();
    let options = Strictness::default();
    let snapshot = read_csv(BOOK.as_bytes(), "book.csv").unwrap();
    let ledger = balance_accounts(snapshot, &compiled, &options, 64).unwrap();
    let (setup, shape) = (insecure_setup(11).unwrap(), Shape::new(11, 64).unwrap());
    let key = ProvingKey::new(&setup, shape).unwrap();
    let verifying_key = VerifyingKey::new(&setup, shape).unwrap();
    let mut attestation = Attestation {
        version: VERSION.to_owned(),
        header: header(&ledger, &compiled, &verifying_key),
        rules: RULES.to_owned(),
        prices,
        reserves: None,
        volumes: vec![VolumeProof {
            counts: Vec::new(),
            quantities: Vec::new(),
            proof: Vec::new(),
        }],
    };
    let context = attestation.context().word(VolumeId::new(0));
    let accounts: Vec<_> = ledger.accounts.iter().map(|(_, account)| account).collect();
    let volume = Volume::new(&shape, [&accounts]).unwrap();
    let totals = Totals::of(&volume, compiled.table.instruments().len());
    let public = PublicInputs { context, table: &compiled.table, totals: &totals };
    let seed = ProofSeed::fresh();
    // Nobody is given a statement, so every slot has the seal of an empty one.
    let mut empty = seed.record().empty_seals();
    let seals = (0..shape.lines()).map(|_| empty()).collect();
    let proof = prove_volume(&key, &public, volume, seals, seed, |_| {});
    let (counts, quantities) = totals.0.iter().map(|one| (one.count, one.quantity)).unzip();
    attestation.volumes = vec![VolumeProof { counts, quantities, proof }];
    attestation
}

fn header(ledger: &Ledger, compiled: &Compiled, key: &VerifyingKey) -> Header {
    Header {
        venue: "open interest".to_owned(),
        sequence: 0,
        previous: None,
        as_of: "2026-01-01T00:00:00Z".parse().unwrap(),
        drawn: None,
        accounts: ledger.accounts.len() as u64,
        accounts_left_out: 0,
        left_out: Vec::new(),
        rounding: Rounding { lines: 0, instruments: Vec::new(), bound: Amount::default() },
        k: key.shape().k(),
        page_size: key.shape().page_size(),
        scenarios: compiled.table.scenarios(),
        program: None,
        key: key.digest(),
        setup: "INSECURE".to_owned(),
        software: "by hand".to_owned(),
    }
}

/// The stored attestation of this name, and beside it what is said of it.
fn stored(name: &str, stated: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/open_interest");
    let path = folder.join(format!("{name}.json"));
    let bytes = stored_at(path, || prove(stated).to_bytes());
    let attestation = Attestation::parse(&bytes).unwrap();
    let said = json!({
        "digest": attestation.digest().to_string(),
        "context": attestation.context().0.to_string(),
    });
    let said = serde_json::to_string_pretty(&said).unwrap() + "\n";
    bless(folder.join(format!("{name}.says.json")), said);
    bytes
}

/// Checks an attestation without a look at the stored one, which a blessing would make anew.
fn check(bytes: &[u8]) -> Result<Verified, VerifyError> {
    let candidate = Candidate::read(bytes)?;
    let key = VerifyingKey::insecure(candidate.shape());
    candidate.verify(key, &())
}

fn proof_holds(bytes: &[u8]) -> bool {
    let attestation = Attestation::parse(bytes).unwrap();
    let compiled: Compiled =
        compile(&Rules::parse(&attestation.rules).unwrap(), &attestation.prices).unwrap();
    let totals = attestation.volumes[0].totals().unwrap();
    let context = attestation.context().word(VolumeId::new(0));
    let public = PublicInputs { context, table: &compiled.table, totals: &totals };
    let key = VerifyingKey::insecure(attestation.header.shape().unwrap());
    verify_volume(&key, &public, &attestation.volumes[0].proof).is_ok()
}

#[test]
fn a_figure_that_is_the_books_own_verifies() {
    let verified = check(&stored("stated", "2.51")).unwrap();
    assert_eq!(verified.figures.markets[0].long.to_string(), "2.51");
    assert!(verified.holds());
}

#[test]
fn a_smaller_figure_is_refused_and_by_that_check_alone() {
    let bytes = stored("understated", "2.509");
    assert!(proof_holds(&bytes));
    let error = check(&bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "in the attestation: open_interest.ADA-USD: the prices state 2.509, and the longs of the \
         book are 2.51: initial margin would be too low"
    );
    let VerifyError::OpenInterest(error) = error else { panic!("another error") };
    let OpenInterestError { market, side, .. } = *error;
    assert_eq!((market.as_str(), side), ("ADA-USD", "longs"));
}
