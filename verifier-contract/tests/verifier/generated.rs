//! What is committed is what the generator writes.

use std::{fs, path::Path};

use pacioli_circuits::Shape;
use pacioli_prover::keys::VerifyingKey;
use pacioli_verifier_contract::{artifacts, evm::MAX_CODE_SIZE, generate};

use crate::fixture::shape;

#[test]
fn the_committed_verifier_is_the_generators() {
    let text = generate::verifier(&VerifyingKey::insecure(shape()));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated/VolumeVerifier.sol");
    if std::env::var_os("PACIOLI_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(path).unwrap());
}

#[test]
fn the_verifier_fits_a_chain() {
    assert!(artifacts::get("VolumeVerifier").runtime_bytes < MAX_CODE_SIZE);
}

#[test]
fn every_limb_width_has_a_verifier() {
    for (k, scenarios) in [(11, 1), (12, 4), (16, 4), (19, 8)] {
        let key = VerifyingKey::insecure(Shape::new(k, scenarios, 64).unwrap());
        let text = generate::verifier(&key);
        assert!(text.contains(&key.digest().to_string()));
        // Whoever reads the contract reads that it proves nothing.
        assert!(text.contains("INSECURE"));
    }
}
