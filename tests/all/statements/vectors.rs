//! The cases as files, for checkers that are not this code. `PACIOLI_BLESS=proofs` makes them anew.

use std::{fs, path::PathBuf};

use pacioli_attestation::{
    Attestation, Candidate, VerifyingKey,
    statement::{Statement, check},
};
use pacioli_rules::testing::{bless, blesses_proofs};
use serde_json::{Value, json};

use crate::statements::{
    cases::{Case, cases},
    fixture::{ALICE, Venue},
    forms,
};

/// Cases that are kept as files: one or more for every step of a check.
const KEPT: [&str; 18] = [
    "honest",
    "honest-by-id",
    "statement-of-another",
    "same-lines-for-another-id",
    "another-attestation",
    "another-volume",
    "page-switched-off",
    "slot-past-the-page",
    "another-nonce",
    "one-unit-more-and-balanced",
    "line-left-out",
    "line-of-nothing-at-the-end",
    "lines-reordered",
    "tier-swapped",
    "worth-changed",
    "value-not-below-r",
    "opening-off-the-curve",
    "opening-at-infinity",
];

/// A folder of files.
struct Folder(&'static str);

const CLOSED: Folder = Folder("statements");
const FORMS: Folder = Folder("forms");

impl Folder {
    fn path(&self, name: &str) -> PathBuf {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        root.join("tests/vectors").join(self.0).join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// What the files say of a statement.
    fn verdict(&self, statement: &str, attestation: &str, id: Option<&str>) -> Result<(), String> {
        let statement =
            Statement::parse(&self.read(statement)).map_err(|error| error.to_string())?;
        // Whose key it is, the reader knows from elsewhere; here, from the honest attestation.
        let expected = Attestation::parse(&self.read("attestation.json")).unwrap().header.key;
        let key = VerifyingKey::from_bytes(&self.read("key.json"), expected).unwrap();
        let candidate =
            Candidate::read(&self.read(attestation)).map_err(|error| error.to_string())?;
        let verified = candidate.verify(key, &()).map_err(|error| error.to_string())?;
        check(&statement, &verified, id).map(|_| ()).map_err(|error| error.to_string())
    }

    fn write_venue(&self, venue: &Venue) {
        fs::write(self.path("attestation.json"), venue.attestation.to_bytes()).unwrap();
        fs::write(self.path("key.json"), venue.key.to_bytes()).unwrap();
    }

    /// Writes a statement, and says what is to be in `cases.json` of it.
    fn write(
        &self,
        name: &str,
        (file, bytes): (&str, &[u8]),
        attestation: &str,
        id: Option<&str>,
    ) -> Value {
        fs::write(self.path(file), bytes).unwrap();
        let verdict = self.verdict(file, attestation, id);
        json!({
            "name": name, "statement": file, "attestation": attestation, "id": id,
            "holds": verdict.is_ok(), "error": verdict.err(),
        })
    }

    /// Every file has the verdict that it is listed with; says how many are listed, and how many hold.
    fn have_their_verdicts(&self) -> [usize; 2] {
        let listed: Vec<Value> = serde_json::from_slice(&self.read("cases.json")).unwrap();
        let mut now = listed.clone();
        for (case, now) in listed.iter().zip(&mut now) {
            let text = |field: &str| case[field].as_str();
            let file = |field| text(field).unwrap();
            let got = self.verdict(file("statement"), file("attestation"), text("id"));
            assert_eq!(got.is_ok(), case["holds"].as_bool().unwrap(), "{case}");
            now["error"] = json!(got.err());
        }
        bless(self.path("cases.json"), serde_json::to_string_pretty(&now).unwrap() + "\n");
        let held = listed.iter().filter(|case| case["holds"] == true).count();
        [listed.len(), held]
    }
}

/// Writes every file but `cases.json`, and says what is to be in that.
fn write(venue: &Venue) -> Vec<Value> {
    CLOSED.write_venue(venue);
    let mut listed = Vec::new();
    let mut list = |name: &str, bytes: &[u8], attestation: &str, id: Option<&str>| {
        let honest = bytes == venue.statement(ALICE).to_bytes();
        let file = if honest { "statement.json".to_owned() } else { format!("{name}.json") };
        listed.push(CLOSED.write(name, (&file, bytes), attestation, id));
    };
    let all = cases(venue);
    for name in KEPT {
        let Case { statement, id, .. } = all.iter().find(|case| case.name == name).unwrap();
        list(name, &statement.to_bytes(), "attestation.json", *id);
    }
    let honest = venue.statement(ALICE).to_bytes();
    let text = String::from_utf8(honest).unwrap();
    let spaced = text.replacen("\"page\": ", "\"page\":  ", 1);
    list("not-canonical", spaced.as_bytes(), "attestation.json", None);
    // Totals that no proof was made for, and a statement that names their attestation.
    let mut forged = venue.attestation.clone();
    forged.volumes[0].quantities[1] -= 1;
    fs::write(CLOSED.path("attestation-forged.json"), forged.to_bytes()).unwrap();
    let mut statement = venue.statement(ALICE);
    statement.attestation = forged.digest();
    list("attestation-does-not-verify", &statement.to_bytes(), "attestation-forged.json", None);
    listed
}

#[test]
fn the_vectors_have_the_verdicts_they_are_listed_with() {
    if blesses_proofs() {
        let listed = serde_json::to_string_pretty(&write(Venue::get())).unwrap();
        fs::write(CLOSED.path("cases.json"), listed + "\n").unwrap();
    }
    assert_eq!(CLOSED.have_their_verdicts(), [KEPT.len() + 2, 2]);
    let sizes = fs::read_dir(CLOSED.path("")).unwrap();
    let total: u64 = sizes.map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    assert!(total < 300_000, "{total} bytes");
}

#[test]
fn so_have_those_of_plain_and_covered_accounts() {
    let all = forms::cases(Venue::with_forms());
    if blesses_proofs() {
        FORMS.write_venue(Venue::with_forms());
        let listed = all.iter().map(|Case { name, statement, id, .. }| {
            let file = format!("{name}.json");
            FORMS.write(name, (&file, &statement.to_bytes()), "attestation.json", *id)
        });
        let listed = serde_json::to_string_pretty(&listed.collect::<Vec<_>>()).unwrap();
        fs::write(FORMS.path("cases.json"), listed + "\n").unwrap();
    }
    assert_eq!(FORMS.have_their_verdicts(), [all.len(), 2]);
}
