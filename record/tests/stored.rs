//! The stored attestation as a record, and beside itself.

use std::{fs, path::Path};

use jiff::Timestamp;
use pacioli_attestation::{By, Candidate, Purpose, Requirements, Verified, VerifyingKey};
use pacioli_record::{
    Attested, Comparison, Folder, Found, Judged, Letters, Reading, Record, State, Table,
};
use pacioli_rules::RulesError;

const STORED: &str = "../tests/fixtures/attestation_v1_draft.json";

fn verified(bytes: &[u8]) -> Verified {
    let candidate = Candidate::read(bytes).unwrap();
    let key = VerifyingKey::insecure(candidate.shape());
    candidate.verify(key, &()).unwrap()
}

fn stored() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(STORED)).unwrap()
}

fn judge(found: &Found) -> Result<Judged, RulesError> {
    match Candidate::read(&found.bytes) {
        Ok(_) => {
            let verified = verified(&found.bytes);
            let letters = Letters::none(&verified);
            Ok(Judged::Verified(Box::new(verified), letters))
        }
        Err(error) => Ok(Judged::Refused(error.to_string())),
    }
}

#[test]
fn a_stored_attestation_is_a_record_of_one_point() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(dir.path().join(name), bytes).unwrap();
    write("3.json", &stored());
    write("again.json", &stored());
    let text = String::from_utf8(stored()).unwrap();
    write("moved.json", text.replace("\"sequence\": 3", "\"sequence\": 0").as_bytes());
    let required: Requirements = "max_age=1h".parse().unwrap();
    let now: Timestamp = "2026-01-02T00:00:00Z".parse().unwrap();
    let reading = Reading { now, required: Some(&required), rules: None };
    let folder = Folder::read(dir.path()).unwrap();
    let record = Record::of(folder, &reading, &mut judge).unwrap();

    let found: Vec<_> = record.findings.iter().map(ToString::to_string).collect();
    assert_eq!(found[0], "3.json and again.json are the same attestation");
    assert_eq!(found[1], "the history begins with number 3: what was before is not here");
    assert_eq!(record.refused[0].file, "moved.json");
    assert!(record.steps.is_empty() && record.broken().next().is_none() && !record.holds());

    // Of two that are the same, the later by name is the newest: its age alone is asked.
    let [first, newest] = &record.attested[..] else { panic!("{}", record.attested.len()) };
    assert_eq!((first.point.state, newest.point.state), (State::Breach, State::Breach));
    assert!(!first.point.failing[0].is_empty(), "the stored one breaks a clause of its own");
    assert!(first.point.failing[1].is_empty());
    assert_eq!(newest.point.failing[1], ["max_age"]);
    let point = &first.point;
    assert_eq!((point.number, point.setup, point.quote.as_str()), (3, "insecure", "USD"));
    let kinds: Vec<_> = point.scenarios.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, ["mark", "margin", "stress"]);
    assert!(point.scenario("maintenance").unwrap().reserves.is_none());

    // What is pledged counts nothing, and what is for the fund is kept apart.
    let bitcoin = point.asset("BTC").unwrap();
    assert_eq!(bitcoin.reserves.to_string(), "1500");
    let held: Vec<_> =
        bitcoin.held.iter().map(|one| (one.purpose, one.by, one.amount.to_string())).collect();
    assert_eq!(held, [(Purpose::Customers, By::Publisher, "1500".to_owned())]);
    let dollars = point.asset("USDC").unwrap();
    assert_eq!(dollars.held.last().unwrap().purpose, Purpose::Insurance);

    // A row for each scenario, asset and market of each of the two.
    assert_eq!(Table::of(&record).rows.len(), 2 * (3 + point.assets.len() + 1));
}

#[test]
fn a_letter_of_a_reserve_goes_with_its_amount() {
    let verified = verified(&stored());
    let mut letters = Letters::none(&verified);
    letters.by[0] = By::Chain;
    let own = Attested::new("a", verified, Vec::new(), letters);
    let bitcoin = own.point.asset("BTC").unwrap();
    assert_eq!(bitcoin.held[0].by, By::Chain);
    assert_eq!(own.point.asset("USDC").unwrap().held[0].by, By::Publisher);
}

#[test]
fn an_attestation_beside_itself_shows_nothing() {
    let verified = verified(&stored());
    let letters = Letters::none(&verified);
    let own = Attested::new("a", verified, Vec::new(), letters);
    let comparison = Comparison::of(&own, &own).unwrap();
    assert!(comparison.findings.is_empty() && comparison.changes.is_empty());
    assert!(comparison.prices.is_empty() && comparison.holdings.is_empty());
    assert!(comparison.clauses.is_empty() && !comparison.scenarios.is_empty());
    assert!(comparison.assets.iter().all(|one| one.flow.is_still()));
    assert!(comparison.markets.values().all(|pair| pair.is_same()));
}
