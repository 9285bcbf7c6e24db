//! What a reader with a node finds.

use alloy_primitives::{Address, B256, Bytes, U256};
use jiff::{SignedDuration, Timestamp};
use pacioli_attestation::{Attestation, By, Reserve};
use pacioli_evidence::{
    Answer, Entry, Known, Place, Read, Reader, Reading, Report, Scheme, Signature, Terms, Wallet,
    check,
};
use pacioli_rules::KnownToken;

use crate::{
    check::{WORD, coins, evidence, holder, knowing, offline, one, says, whole},
    recorded::{ABSENT, CHAIN, attestation, before, proved, recorded, reserve, rules},
    wallets::{signed, text, text_with},
};

/// A reader with a node that says the same of everything.
struct Mock {
    counts: bool,
    hash: B256,
    units: U256,
    is_valid: bool,
    time: Timestamp,
}

impl Mock {
    fn read<T>(&self, number: u64, value: T) -> Answer<T> {
        let (hash, time, counts) = (self.hash, self.time, self.counts);
        Ok(Some(Read { number, hash, time, value, counts }))
    }
}

impl Reader for Mock {
    fn block(&mut self, _: &str, number: u64) -> Answer<()> {
        self.read(number, ())
    }

    fn block_of(&mut self, _: &str, hash: B256) -> Answer<()> {
        if hash == self.hash { self.read(1, ()) } else { Err("no such block".to_owned()) }
    }

    fn balance(&mut self, _: &str, _: &Place, _: &KnownToken, number: Option<u64>) -> Answer<U256> {
        self.read(number.unwrap_or(9), self.units)
    }

    fn wallet(
        &mut self,
        _: &str,
        _: Address,
        _: B256,
        _: &Bytes,
        number: Option<u64>,
    ) -> Answer<Wallet> {
        let (is_valid, code_hash) = (self.is_valid, B256::repeat_byte(7));
        self.read(number.unwrap_or(9), Wallet { is_valid, code_hash })
    }
}

fn mock(attestation: &Attestation, units: u64) -> Mock {
    let time = attestation.reserves.as_ref().unwrap().as_of;
    let units = U256::from(units) * U256::from(10u64.pow(18));
    Mock { counts: true, hash: recorded().hash, units, is_valid: true, time }
}

fn asked(attestation: &Attestation, entries: Vec<Entry>, mock: &mut Mock) -> Report {
    let known = Known { rules: true, previous: vec![before().into()], ..Known::default() };
    check(attestation, &rules(), &evidence(entries), &known, mock)
}

fn reading(reserve: &Reserve, number: u64, units: u64) -> Entry {
    let units = U256::from(units) * U256::from(10u64.pow(18));
    let (hash, time) = (recorded().hash, "2026-11-21T00:00:00Z".parse().unwrap());
    let reading = Reading { token: "COIN".to_owned(), number, hash, time, units };
    Entry { reading: Some(reading), ..Entry::of(reserve) }
}

#[test]
fn a_reading_is_the_venue_s_word_until_it_is_read_again() {
    let (own, held, _) = whole();
    let entries = || vec![reading(&held, 1, 10_000)];
    let report = offline(&own, entries(), &knowing());
    says(&report, WORD, &[]);
    assert!(one(&report).balance.why.contains("the venue's own reading"));
    let mut node = mock(&own, 10_000);
    let report = asked(&own, entries(), &mut node);
    says(&report, [By::Chain, By::Publisher], &[]);
    assert_eq!(one(&report).now.as_ref().unwrap().to_string(), "10000");
    node.counts = false;
    let report = asked(&own, entries(), &mut node);
    says(&report, WORD, &[]);
    assert!(one(&report).balance.why.contains("one node that is not on this machine"));
    let mut poor = mock(&own, 9_999);
    says(&asked(&own, entries(), &mut poor), WORD, &["and the reading says", "9999 BTC is shown"]);
    let mut other = mock(&own, 10_000);
    other.hash = B256::repeat_byte(1);
    says(&asked(&own, entries(), &mut other), WORD, &["and the reading is of"]);
    let mut old = mock(&own, 10_000);
    old.time -= SignedDuration::from_hours(24 * 40);
    says(&asked(&own, entries(), &mut old), WORD, &[]);
}

#[test]
fn a_header_that_is_of_no_block_of_the_chain_is_a_fault() {
    let (own, _, entries) = whole();
    let mut node = mock(&own, 10_000);
    says(&asked(&own, entries.clone(), &mut node), [By::Chain, By::Recomputed], &[]);
    node.hash = B256::repeat_byte(1);
    let report = asked(&own, entries, &mut node);
    says(&report, [By::Publisher, By::Recomputed], &["the header is of no block of"]);
}

#[test]
fn a_text_follows_a_recent_block() {
    let (mut own, reserve, _) = whole();
    own.header.previous = None;
    let at = own.reserves.as_ref().unwrap().as_of;
    let hour = SignedDuration::from_hours(1);
    let block = Some(recorded().hash);
    let terms = Terms { previous: None, block, from: at - hour, until: at + hour };
    let entry = signed(&reserve, &text_with("Sample", &reserve, terms), &holder());
    for (days, by) in [(91, By::Recomputed), (93, By::Publisher)] {
        let mut node = mock(&own, 10_000);
        node.time = at - SignedDuration::from_hours(24 * days);
        let report = asked(&own, vec![entry.clone()], &mut node);
        assert_eq!(report.reserves[0].whose.by, by, "{days} days");
    }
}

#[test]
fn coins_are_not_read_at_two_blocks() {
    let (first, second) = (coins("10000"), reserve("BTC", "1", CHAIN, ABSENT));
    let own = attestation("Sample", vec![first.clone(), second.clone()]);
    let mut node = mock(&own, 10_000);
    let report =
        asked(&own, vec![reading(&first, 1, 10_000), reading(&second, 1, 10_000)], &mut node);
    assert!(report.reserves.iter().all(|one| one.balance.by == By::Chain));
    let report =
        asked(&own, vec![reading(&first, 1, 10_000), reading(&second, 2, 10_000)], &mut node);
    for one in &report.reserves {
        assert_eq!(one.balance.by, By::Publisher);
        assert!(one.balance.why.contains("read at several blocks"), "{}", one.balance.why);
    }
    // Nor one reserve's tokens, by a proof and a reading.
    let entries = vec![proved(&first, "COIN", &recorded().coin), reading(&first, 2, 10_000)];
    let own = attestation("Sample", vec![first.clone()]);
    says(&asked(&own, entries, &mut node), WORD, &[]);
}

#[test]
fn a_contract_wallet_is_asked_or_not_checked() {
    let (own, held, _) = whole();
    let message = text(&own, &held);
    let signature = Signature {
        scheme: Scheme::Erc1271,
        message,
        signature: "0x01".to_owned(),
        public_key: None,
        form: None,
    };
    let entries = || vec![Entry { signature: Some(signature.clone()), ..Entry::of(&held) }];
    let report = offline(&own, entries(), &knowing());
    says(&report, WORD, &[]);
    assert!(one(&report).whose.why.contains("not checked"));
    let mut node = mock(&own, 10_000);
    let report = asked(&own, entries(), &mut node);
    says(&report, [By::Publisher, By::Chain], &[]);
    assert!(one(&report).whose.why.contains("0x0707"), "the code's hash is shown");
    node.is_valid = false;
    says(&asked(&own, entries(), &mut node), WORD, &["is forged: the wallet"]);
}
