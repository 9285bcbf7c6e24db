//! Keys that sign in tests.

use alloy_primitives::{Address, hex, keccak256};
use bitcoin::secp256k1::{Message, Secp256k1, SecretKey};
use pacioli_attestation::{Attestation, Reserve};
use pacioli_evidence::{Challenge, Entry, Scheme, Signature, Subject, Terms, eip191_digest};

/// A key of the tests alone.
pub fn key(byte: u8) -> SecretKey {
    SecretKey::from_slice(&[byte; 32]).unwrap()
}

/// The account of a key.
pub fn account(key: &SecretKey) -> String {
    let public = key.public_key(&Secp256k1::new()).serialize_uncompressed();
    Address::from_slice(&keccak256(&public[1..])[12..]).to_string()
}

/// The text for a reserve of an attestation, valid for a day around its reserves' time.
pub fn text(attestation: &Attestation, reserve: &Reserve) -> String {
    let at = attestation.reserves.as_ref().unwrap().as_of;
    let hours = jiff::SignedDuration::from_hours;
    let previous = attestation.header.previous;
    let terms = Terms { previous, block: None, from: at - hours(12), until: at + hours(12) };
    text_with(&attestation.header.venue, reserve, terms)
}

/// The text for a reserve, with terms of one's own.
pub fn text_with(venue: &str, reserve: &Reserve, terms: Terms) -> String {
    let subject = Subject::of(venue, reserve).unwrap();
    Challenge::new(subject, terms).unwrap().to_string()
}

/// 65 bytes as wallets give them.
pub fn personal(message: &str, key: &SecretKey) -> String {
    let digest = Message::from_digest(eip191_digest(message).0);
    let signed = Secp256k1::new().sign_ecdsa_recoverable(&digest, key);
    let (id, bytes) = signed.serialize_compact();
    let last = 27 + u8::try_from(id.to_i32()).unwrap();
    hex::encode_prefixed([&bytes[..], &[last]].concat())
}

/// An entry with a text that a key signed.
pub fn signed(reserve: &Reserve, message: &str, key: &SecretKey) -> Entry {
    let signature = Signature {
        scheme: Scheme::Eip191,
        message: message.to_owned(),
        signature: personal(message, key),
        public_key: None,
        form: None,
    };
    Entry { signature: Some(signature), ..Entry::of(reserve) }
}
