//! Two letters for each reserve, and what is wrong by name.

use alloy_primitives::B256;
use bitcoin::{ScriptBuf, secp256k1::SecretKey};
use jiff::{SignedDuration, Timestamp};
use pacioli_attestation::{Attestation, By, Digest, Reserve};
use pacioli_evidence::{
    BITCOIN, Checked, Custodian, CustodianText, Entry, Evidence, Known, Offline, Report, Scheme,
    Signature, Subject, Terms, check, scripts_of, shared,
};
use pacioli_rules::TokenKind;

use crate::{
    recorded::{
        ABSENT, CHAIN, HOLDER, TOKEN, attestation, before, proved, recorded, reserve, rules,
    },
    wallets::{account, key, personal, signed, text, text_with},
};

/// The key of the recorded account, which everyone knows.
pub fn holder() -> SecretKey {
    "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80".parse().unwrap()
}

/// A reader who has read the rules and knows the block.
pub fn knowing() -> Known {
    let mut known = Known { rules: true, previous: vec![before().into()], ..Known::default() };
    known.hashes.entry(CHAIN.to_owned()).or_default().insert(recorded().hash);
    known
}

pub fn evidence(entries: Vec<Entry>) -> Evidence {
    Evidence { entries, ..Evidence::empty() }
}

pub fn offline(attestation: &Attestation, entries: Vec<Entry>, known: &Known) -> Report {
    check(attestation, &rules(), &evidence(entries), known, &mut Offline)
}

pub fn coins(amount: &str) -> Reserve {
    reserve("BTC", amount, CHAIN, HOLDER)
}

/// The attestation with one reserve of coins, proved and signed.
pub fn whole() -> (Attestation, Reserve, Vec<Entry>) {
    let reserve = coins("10000");
    let attestation = attestation("Sample", vec![reserve.clone()]);
    let signature = signed(&reserve, &text(&attestation, &reserve), &holder());
    let entries = vec![proved(&reserve, "COIN", &recorded().coin), signature];
    (attestation, reserve, entries)
}

#[track_caller]
pub fn one(report: &Report) -> &Checked {
    assert_eq!(report.reserves.len(), 1);
    &report.reserves[0]
}

#[track_caller]
pub fn says(report: &Report, letters: [By; 2], faults: &[&str]) {
    let one = one(report);
    assert_eq!([one.balance.by, one.whose.by], letters, "{one:#?}");
    assert_eq!(one.faults.len(), faults.len(), "{:#?}", one.faults);
    for (fault, said) in one.faults.iter().zip(faults) {
        assert!(fault.contains(said), "{fault}");
    }
}

pub const WORD: [By; 2] = [By::Publisher, By::Publisher];

#[test]
fn a_balance_that_is_proved_and_signed_for_is_of_both_letters() {
    let (attestation, _, entries) = whole();
    let report = offline(&attestation, entries, &knowing());
    says(&report, [By::Chain, By::Recomputed], &[]);
    let one = one(&report);
    assert_eq!(one.by(), By::Chain);
    assert_eq!(one.shown.as_ref().unwrap().to_string(), "10000");
    let at = attestation.reserves.unwrap().as_of;
    assert!(one.whose.why.starts_with(&format!("controlled at {at}, as signed for ")));
    assert!(report.unused.is_empty());
}

#[test]
fn a_letter_is_never_better_than_what_it_rests_on() {
    let (mut attestation, reserve, entries) = whole();
    let balance = |known: &Known, attestation: &Attestation| {
        let report = offline(attestation, entries[..1].to_vec(), known);
        says(&report, WORD, &[]);
        one(&report).balance.why.clone()
    };
    let no_rules = Known { rules: false, ..knowing() };
    assert!(balance(&no_rules, &attestation).contains("the venue's word: read the rules"));
    let no_block = Known { rules: true, previous: vec![before().into()], ..Known::default() };
    assert!(balance(&no_block, &attestation).contains("--block-hash eip155:31337=0x"));
    let mut other_chain = no_block;
    other_chain.hashes.entry("eip155:1".into()).or_default().insert(recorded().hash);
    assert!(balance(&other_chain, &attestation).contains("--block-hash eip155:31337=0x"));
    attestation.header.as_of += SignedDuration::from_hours(24 * 30);
    assert!(balance(&knowing(), &attestation).contains("from the snapshot"));
    // Read and nobody's: W together.
    let (attestation, _, entries) = whole();
    let report = offline(&attestation, entries[..1].to_vec(), &knowing());
    says(&report, [By::Chain, By::Publisher], &[]);
    assert_eq!(one(&report).by(), By::Publisher);
    let report = offline(&attestation, entries[1..].to_vec(), &knowing());
    says(&report, [By::Publisher, By::Recomputed], &[]);
    assert_eq!(one(&report).by(), By::Publisher);
    // Evidence for another reserve is nobody's.
    let other = proved(&coins("1"), "COIN", &recorded().coin);
    let other = Entry { asset: "ETH".to_owned(), ..other };
    let report = offline(&attestation, vec![other], &knowing());
    says(&report, WORD, &[]);
    assert_eq!(report.unused, [0]);
    assert_eq!(one(&report).balance.why, "no evidence");
    drop(reserve);
}

#[test]
fn less_than_attested_is_a_fault() {
    for (amount, holds) in [("9999.5", true), ("10000", true), ("10000.000000000000000001", false)]
    {
        let reserve = coins(amount);
        let attestation = attestation("Sample", vec![reserve.clone()]);
        let entries = vec![proved(&reserve, "COIN", &recorded().coin)];
        let report = offline(&attestation, entries, &knowing());
        let by = if holds { By::Chain } else { By::Publisher };
        let faults: &[&str] = if holds { &[] } else { &["10000 BTC is shown, and 10000.0"] };
        says(&report, [by, By::Publisher], faults);
    }
    // An account that is proved not to be there holds nothing.
    let reserve = reserve("BTC", "1", CHAIN, ABSENT);
    let attestation = attestation("Sample", vec![reserve.clone()]);
    let entries = vec![proved(&reserve, "COIN", &recorded().none)];
    says(&offline(&attestation, entries, &knowing()), WORD, &["0 BTC is shown"]);
}

#[test]
fn nothing_that_is_proved_to_be_there_is_named() {
    let reserve = reserve("BTC", "0", CHAIN, ABSENT);
    let attestation = attestation("Sample", vec![reserve.clone()]);
    let entries = vec![proved(&reserve, "COIN", &recorded().none)];
    let report = offline(&attestation, entries, &knowing());
    says(&report, [By::Chain, By::Publisher], &[]);
    assert!(one(&report).balance.why.contains("proved not to be there"));
}

#[test]
fn a_signature_is_of_this_venue_this_reserve_and_this_time() {
    let (attestation, reserve, _) = whole();
    let previous = attestation.header.previous;
    let at = attestation.reserves.as_ref().unwrap().as_of;
    let hours = SignedDuration::from_hours;
    let terms = Terms { previous, block: None, from: at - hours(1), until: at + hours(1) };
    let mut fund = reserve.clone();
    fund.purpose = pacioli_attestation::Purpose::Insurance;
    let usdc = crate::recorded::reserve("USDC", "1", CHAIN, HOLDER);
    let elsewhere = crate::recorded::reserve("BTC", "1", "eip155:1", HOLDER);
    for (message, said) in [
        (text_with("Other", &reserve, terms), "for another venue"),
        (text_with("Sample", &fund, terms), "for another purpose"),
        (text_with("Sample", &usdc, terms), "for another asset"),
        (text_with("Sample", &elsewhere, terms), "for another chain"),
        (
            text_with("Sample", &reserve, Terms { previous: Some(Digest::of(b"x")), ..terms }),
            "is replayed",
        ),
        (text_with("Sample", &reserve, Terms { previous: None, ..terms }), "is replayed"),
        (
            text_with(
                "Sample",
                &reserve,
                Terms { until: at - hours(0), from: at - hours(9), ..terms },
            ),
            "",
        ),
        (
            text_with(
                "Sample",
                &reserve,
                Terms { from: at - hours(9), until: at - hours(1), ..terms },
            ),
            "is expired",
        ),
        (
            text_with(
                "Sample",
                &reserve,
                Terms { from: at + hours(1), until: at + hours(9), ..terms },
            ),
            "is not valid yet",
        ),
    ] {
        let entry = signed(&reserve, &message, &holder());
        let report = offline(&attestation, vec![entry], &knowing());
        match said {
            "" => says(&report, [By::Publisher, By::Recomputed], &[]),
            said => says(&report, WORD, &[said]),
        }
    }
    let forged = signed(&reserve, &text(&attestation, &reserve), &key(3));
    says(&offline(&attestation, vec![forged], &knowing()), WORD, &["is forged"]);
}

#[test]
fn a_text_follows_an_attestation_that_the_reader_knows() {
    let (attestation, _, entries) = whole();
    let unknown = Known { previous: vec![Digest::of(b"invented").into()], ..knowing() };
    let report = offline(&attestation, entries, &unknown);
    says(&report, [By::Chain, By::Publisher], &[]);
    assert!(one(&report).whose.why.contains("give --previous"), "{}", one(&report).whose.why);
}

#[test]
fn a_first_text_follows_a_block_that_the_reader_knows() {
    let (mut attestation, reserve, _) = whole();
    attestation.header.previous = None;
    let at = attestation.reserves.as_ref().unwrap().as_of;
    let hour = SignedDuration::from_hours(1);
    let terms = |block| Terms { previous: None, block, from: at - hour, until: at + hour };
    for (block, by) in [
        (None, By::Publisher),
        (Some(B256::repeat_byte(1)), By::Publisher),
        (Some(recorded().hash), By::Recomputed),
    ] {
        let entry = signed(&reserve, &text_with("Sample", &reserve, terms(block)), &holder());
        let report = offline(&attestation, vec![entry], &knowing());
        says(&report, [By::Publisher, by], &[]);
        let is_old = one(&report).whose.why.contains("may be older");
        assert_eq!(is_old, by == By::Publisher);
    }
}

#[test]
fn a_token_stands_for_one_asset_and_its_contract_for_nobody() {
    let wrapped = reserve("USDC", "2.5", CHAIN, HOLDER);
    let own = attestation("Sample", vec![wrapped.clone()]);
    let entries = vec![proved(&wrapped, "COIN", &recorded().coin)];
    says(
        &offline(&own, entries, &knowing()),
        WORD,
        &["the token COIN stands for BTC, not for USDC"],
    );
    let entries = vec![proved(&wrapped, "USDC", &recorded().token)];
    says(&offline(&own, entries, &knowing()), [By::Chain, By::Publisher], &[]);
    let unknown = vec![proved(&wrapped, "USDT", &recorded().token)];
    let report = offline(&own, unknown, &knowing());
    says(&report, WORD, &[]);
    assert!(one(&report).balance.why.contains("the rules know no token `USDT`"));
    let pool = reserve("BTC", "0", CHAIN, TOKEN);
    let own = attestation("Sample", vec![pool]);
    says(&offline(&own, Vec::new(), &knowing()), WORD, &["it is the contract of USDC"]);
}

#[test]
fn one_place_in_two_spellings_is_one_place() {
    let (lower, upper) = (HOLDER.to_lowercase(), HOLDER.to_uppercase());
    let twice = vec![
        reserve("BTC", "1", "ethereum", &lower),
        reserve("BTC", "1", "eip155:1", &upper),
        reserve("USDC", "1", "eip155:1", &upper),
        reserve("BTC", "1", "EIP155:01", &lower),
        reserve("BTC", "1", "ether\u{34f}eum", &format!("{lower}\u{a0}hot")),
    ];
    let report = offline(&attestation("Sample", twice), Vec::new(), &knowing());
    let faults: Vec<usize> = report.reserves.iter().map(|one| one.faults.len()).collect();
    assert_eq!(faults, [0, 1, 0, 1, 1]);
}

#[test]
fn a_custodian_counts_by_a_key_that_the_reader_names() {
    let mut held = reserve("USDC", "40", "eip155:1", HOLDER);
    held.custodian = Some("Keeper".to_owned());
    let own = attestation("Sample", vec![held.clone()]);
    let at = own.reserves.as_ref().unwrap().as_of;
    let secret = key(8);
    let stated = |amount: &str, at: Timestamp, venue: &str, name: &str| {
        let subject = Subject::of(venue, &held).unwrap();
        let (name, amount) = (name.to_owned(), amount.parse().unwrap());
        let message = CustodianText { name: name.clone(), subject, amount, at }.to_string();
        let signature = personal(&message, &secret);
        vec![Entry { custodian: Some(Custodian { name, message, signature }), ..Entry::of(&held) }]
    };
    let mut known = knowing();
    let whole = || stated("40", at, "Sample", "Keeper");
    let report = offline(&own, whole(), &known);
    says(&report, WORD, &[]);
    assert!(one(&report).balance.why.contains("whose key you do not name"));
    known.custodians.insert("Keeper".to_owned(), account(&secret).parse().unwrap());
    says(&offline(&own, whole(), &known), [By::Observers, By::Observers], &[]);
    let late = at + SignedDuration::from_hours(24 * 40);
    says(&offline(&own, stated("40", late, "Sample", "Keeper"), &known), WORD, &[]);
    let less = stated("39.99", at, "Sample", "Keeper");
    says(&offline(&own, less, &known), WORD, &["the custodian states 39.99 USDC, and 40"]);
    let other = stated("40", at, "Other", "Keeper");
    says(&offline(&own, other, &known), WORD, &["for another venue"]);
    let other = stated("40", at, "Sample", "Bank");
    says(&offline(&own, other, &known), WORD, &["who is not the reserve's custodian"]);
    known.custodians.insert("Keeper".to_owned(), account(&key(9)).parse().unwrap());
    says(&offline(&own, whole(), &known), WORD, &["is forged"]);
}

#[test]
fn an_address_of_two_venues_backs_neither() {
    let report = |own: &Attestation, entries| offline(own, entries, &knowing());
    let pair = |a: Reserve, b: Reserve| {
        let (a, b) = (attestation("A", vec![a]), attestation("B", vec![b]));
        let (of_a, of_b) = (report(&a, Vec::new()), report(&b, Vec::new()));
        shared(&[(&a, &of_a), (&b, &of_b)])
    };
    let (lower, upper) = (HOLDER.to_lowercase(), HOLDER.to_uppercase());
    for (a, b) in [
        (reserve("BTC", "1", "eip155:1", &lower), reserve("USDC", "1", "eip155:1", &upper)),
        (reserve("BTC", "1", "eip155:1", &lower), reserve("BTC", "1", "Mainnet", &upper)),
        (
            reserve("BTC", "1", "bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
            reserve("BTC", "1", "btc", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"),
        ),
    ] {
        let found = pair(a, b);
        assert_eq!(found.len(), 1);
        assert!(!found[0].of_one_key);
    }
    assert!(pair(coins("1"), reserve("BTC", "1", CHAIN, ABSENT)).is_empty());
    let same = attestation("A", vec![coins("1")]);
    let of = report(&same, Vec::new());
    assert!(shared(&[(&same, &of), (&same, &of)]).is_empty(), "one venue on two days");
}

#[test]
fn one_key_in_two_forms_is_one_owner() {
    let secret = key(7);
    let public = secret.public_key(&bitcoin::key::Secp256k1::new());
    let address = |script: &ScriptBuf| {
        bitcoin::Address::from_script(script, bitcoin::Network::Bitcoin).unwrap().to_string()
    };
    let scripts = scripts_of(&public);
    let [p2pkh, p2tr, p2wpkh] = [&scripts[2], &scripts[4], &scripts[5]].map(address);
    let first = reserve("BTC", "1", BITCOIN, &p2wpkh);
    let a = attestation("A", vec![first.clone()]);
    let message = text(&a, &first);
    let hash = bitcoin::sign_message::signed_msg_hash(&message);
    let hash = bitcoin::secp256k1::Message::from_digest(*AsRef::<[u8; 32]>::as_ref(&hash));
    let signed = bitcoin::key::Secp256k1::new().sign_ecdsa_recoverable(&hash, &secret);
    let (id, bytes) = signed.serialize_compact();
    let head = 39 + u8::try_from(id.to_i32()).unwrap();
    let signature = base64(&[&[head][..], &bytes].concat());
    let signature =
        Signature { scheme: Scheme::Bip137, message, signature, public_key: None, form: None };
    let entry = Entry { signature: Some(signature), ..Entry::of(&first) };
    let of_a = offline(&a, vec![entry], &knowing());
    says(&of_a, [By::Publisher, By::Recomputed], &[]);
    for other in [&p2pkh, &p2tr] {
        let b = attestation("B", vec![reserve("BTC", "1", BITCOIN, other)]);
        let of_b = offline(&b, Vec::new(), &knowing());
        let found = shared(&[(&a, &of_a), (&b, &of_b)]);
        assert_eq!(found.len(), 1, "{other}");
        assert!(found[0].of_one_key);
        let found = shared(&[(&b, &of_b), (&a, &of_a)]);
        assert_eq!(found.len(), 1, "{other}, the other way round");
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn bitcoin_has_no_storage_proofs() {
    let held = reserve("BTC", "1", BITCOIN, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4");
    let own = attestation("Sample", vec![held.clone()]);
    let entries = vec![proved(&held, "BTC", &recorded().coin)];
    says(&offline(&own, entries, &knowing()), WORD, &["has no storage proofs"]);
    assert_eq!(rules().tokens()[BITCOIN]["BTC"].kind, TokenKind::Native);
}
