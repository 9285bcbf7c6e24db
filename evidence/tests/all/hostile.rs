//! Whatever a file holds, nothing ends the program.

use alloy_primitives::{Address, Bytes};
use pacioli_evidence::{
    Challenge, Evidence, Known, Offline, Owner, Place, Scheme, Signature, Subject, check,
};
use proptest::prelude::*;

use crate::recorded::{HOLDER, attestation, proved, recorded, reserve, rules, storage, usdc};

fn hex(bytes: &[u8]) -> String {
    alloy_primitives::hex::encode_prefixed(bytes)
}

fn schemes() -> impl Strategy<Value = Scheme> {
    prop::sample::select(vec![
        Scheme::Eip191,
        Scheme::Erc1271,
        Scheme::Bip322,
        Scheme::Bip137,
        Scheme::Ed25519,
    ])
}

/// A node of a trie: a leaf or an extension with a path of any length, or a branch.
fn node(path: &[u8], value: &[u8], is_leaf: bool) -> Vec<u8> {
    let head = if is_leaf { 0x20 } else { 0 };
    let key: Vec<u8> = [&[head][..], path].concat();
    let mut items = Vec::new();
    for part in [&key[..], value] {
        alloy_rlp::Encodable::encode(part, &mut items);
    }
    let mut bytes = Vec::new();
    alloy_rlp::Header { list: true, payload_length: items.len() }.encode(&mut bytes);
    [bytes, items].concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_signature_ends_the_program(
        scheme in schemes(),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        text in ".{0,40}",
        which in 0usize..4,
    ) {
        let places = [
            ("eip155:1", HOLDER),
            ("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
            ("bitcoin", "3P14159f73E4gFr7JterCCQh9QjiTjiZrG"),
            ("bitcoin", "bc1ppv609nr0vr25u07u95waq5lucwfm6tde4nydujnu8npg4q75mr5sxq8lt3"),
        ];
        let place = Place::of(places[which].0, places[which].1).unwrap();
        use base64::Engine;
        let base64 = base64::engine::general_purpose::STANDARD.encode(&bytes);
        for signature in [hex(&bytes), base64, text.clone()] {
            let one =
                Signature { scheme, message: text.clone(), signature, public_key: None, form: None };
            let is_key = matches!(one.check(&place), Ok(pacioli_evidence::Signed::Key(_)));
            prop_assert!(!is_key);
        }
    }

    #[test]
    fn no_proof_ends_the_program(
        nodes in prop::collection::vec(
            (prop::collection::vec(any::<u8>(), 0..70), prop::collection::vec(any::<u8>(), 0..40),
             any::<bool>()),
            0..6,
        ),
        raw in prop::collection::vec(any::<u8>(), 0..80),
        flip in any::<prop::sample::Index>(),
    ) {
        let holder: Address = HOLDER.parse().unwrap();
        let rules = rules();
        let mut made: Vec<Bytes> =
            nodes.iter().map(|(path, value, leaf)| node(path, value, *leaf).into()).collect();
        made.push(raw.into());
        let mut proof = recorded().token;
        proof.storage_proof[0].proof = made.clone();
        prop_assert!(storage("USDC", &proof).check(holder, usdc(&rules)).is_err());
        proof.account_proof = made;
        prop_assert!(storage("USDC", &proof).check(holder, usdc(&rules)).is_err());
        let mut one = storage("USDC", &recorded().token);
        let mut header = one.header.to_vec();
        let at = flip.index(header.len());
        header[at] ^= 0x81;
        one.header = header.into();
        let known = Known { rules: true, ..Known::default() };
        let held = reserve("USDC", "1", "eip155:31337", HOLDER);
        let own = attestation("Sample", vec![held.clone()]);
        let mut entry = proved(&held, "USDC", &recorded().token);
        entry.storage = Some(one);
        let evidence = Evidence { entries: vec![entry], ..Evidence::empty() };
        let report = check(&own, &rules, &evidence, &known, &mut Offline);
        prop_assert!(report.reserves[0].by() == pacioli_attestation::By::Publisher);
    }

    #[test]
    fn no_text_ends_the_program(text in ".{0,300}", chain in ".{0,20}", address in ".{0,90}") {
        let _ = Evidence::parse(&text);
        let _ = Owner::of(&chain, &address);
        let _ = Place::of("bitcoin", &address);
        let held = reserve("BTC", "1", "eip155:1", HOLDER);
        let subject = Subject::of("Sample", &held).unwrap();
        let at = "2026-11-21T00:00:00Z".parse().unwrap();
        prop_assert!(Challenge::check(&text, &subject, None, at).is_err());
    }
}

#[test]
fn a_path_that_is_too_long_is_refused() {
    let rules = rules();
    let holder: Address = HOLDER.parse().unwrap();
    // Two extensions whose digits together are more than a path has: the library would end the program.
    let inner = node(&[0x11; 20], &[0x80; 5], false);
    let hash = alloy_primitives::keccak256(&inner);
    let outer = node(&[0x11; 20], hash.as_slice(), false);
    let mut proof = recorded().token;
    proof.storage_hash = alloy_primitives::keccak256(&outer);
    proof.storage_proof[0].proof = vec![outer.into(), inner.into()];
    assert!(storage("USDC", &proof).check(holder, usdc(&rules)).is_err());
}
