//! What a submission with a real proof costs, and where its gas goes, to the unit: the part of
//! `gas-registry.json` that says `with a real proof`.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, I256, U256, aliases::U80, keccak256};
use alloy_sol_types::SolCall;
use k256::ecdsa::SigningKey;
use pacioli_attestation::{Attestation, Digest, program::Program, setup::insecure_setup};
use pacioli_prover::{Book, Inputs, Strictness, snapshot::read_csv};
use pacioli_rules::{Prices as PricesFile, Rules as RulesFile, compile};
use pacioli_verifier_contract::{
    bindings::{
        Elsewhere as E, Feeds as F, Limits, NewFeed, Observers as O, Purpose, Reading,
        Reserves as S, Round, Signature, SolvencyRegistry as R,
    },
    evm::{CHAIN_ID, Evm},
    signing::{self, Attest},
    submission,
    system::System,
};
use serde_json::{Value, json};

use crate::{
    evaluator::{
        account::account,
        fixture::{book, rules_and_prices},
    },
    registry::{named::error_name, setup::*, world::*},
};

/// Under which `accounts` has what more of anything costs.
pub const FEATURES: &str = "features, more than the first of 20 rows";

/// The seconds from one attestation to the next.
const APART: u64 = 600;

/// The times of the snapshots.
const TIMES: [&str; 3] = ["2026-01-01T00:00:00Z", "2026-01-01T00:10:00Z", "2026-01-01T00:20:00Z"];

/// What a venue has beyond the least: two reserves that were not marked, a publisher's signature, and
/// one volume.
#[derive(Clone, Copy, Default)]
struct More {
    reserves: usize,
    is_marked: bool,
    observers: usize,
    feeds: u8,
    readings: usize,
    bands: bool,
}

/// A venue whose publisher and observers have keys.
struct Stand {
    evm: Evm,
    system: System,
    verifier: Address,
    venue: B256,
    program: B256,
    more: More,
}

/// The key with this number; the publisher's is 0.
fn key(number: usize) -> SigningKey {
    SigningKey::from_slice(keccak256([number as u8]).as_slice()).unwrap()
}

fn address_of(number: usize) -> Address {
    Address::from_public_key(key(number).verifying_key())
}

fn sign(number: usize, digest: B256) -> Vec<u8> {
    let (signature, parity) = key(number).sign_prehash_recoverable(digest.as_slice()).unwrap();
    [&signature.to_bytes()[..], &[27 + parity.to_byte()]].concat()
}

/// The observers' keys in the order of their addresses.
fn observers(count: usize) -> Vec<usize> {
    let mut numbers: Vec<_> = (1..=count).collect();
    numbers.sort_by_key(|number| address_of(*number));
    numbers
}

/// The code of a feed with 8 decimals that answers every question with round 8, this answer, and this
/// time.
fn feed(answer: u64, time: u64) -> Vec<u8> {
    let word = |at: u8, word: u64| [&[0x67][..], &word.to_be_bytes(), &[0x60, at, 0x52]].concat();
    let words = [8, answer, time, time, 8];
    let words = words.iter().enumerate().map(|(at, it)| word(32 * at as u8, *it));
    [words.flatten().collect(), vec![0x60, 160, 0x5f, 0xf3]].concat()
}

impl Stand {
    fn new(attestation: &Attestation, more: More) -> Self {
        let rules = RulesFile::parse(&attestation.rules).unwrap();
        let compiled = compile(&rules, &attestation.prices).unwrap();
        let program = Program::of(&rules, &compiled, &attestation.prices).unwrap();
        let mut evm = Evm::new();
        evm.set_time(START - 600);
        let system = deploy_system(&mut evm);
        let verifier = deploy(&mut evm, "VolumeVerifier", &[]);
        let names: Vec<_> = attestation.prices.prices.keys().map(keccak256).collect();
        let band = if more.bands { 5_000 } else { 0 };
        let limits = Limits {
            elsewhereBps: if more.readings > 0 { 5_000 } else { 0 },
            owedBandBps: band,
            depositsBandBps: band,
            interestBandBps: band,
            pricesBandBps: band,
            ..limits()
        };
        let text = submission::rules(attestation);
        let who = (address_of(0), limits, MAX_LAG);
        register_as(who, &mut evm, &system, &names, &program, text, verifier);
        let venue = venue_of(OWNER, VENUE);
        let program = program.hash().0.into();
        let mut stand = Self { evm, system, verifier, venue, program, more };
        for number in 0..2 + more.reserves {
            let (asset, decimals) = [("BTC", 8), ("USDC", 6)][number % 2];
            let token = token(&mut stand.evm, decimals);
            let custodian = Address::repeat_byte(0xc0 + number as u8);
            let reserve = new_reserve(asset, token, custodian, Purpose::Customers);
            list(&mut stand.evm, &system, venue, reserve);
            let balance = U256::from([500_000_000_000u64, 50_000_000_000][number % 2]);
            let set = MockToken::setCall { account: custodian, balance };
            stand.evm.call(STRANGER, token, set.abi_encode()).unwrap();
        }
        for number in observers(more.observers) {
            let observer = address_of(number);
            stand.own(system.observers, O::announceObserverCall { venue, observer });
        }
        if more.observers > 0 {
            let threshold = more.observers as u8;
            stand.own(system.observers, O::setThresholdCall { venue, threshold });
        }
        for number in 0..more.feeds {
            stand.list_feed(number, &attestation.prices.prices["BTC"].to_string());
        }
        for number in 0..more.readings {
            stand.list_remote(number as u64);
        }
        stand.evm.set_time(START - 480);
        for number in 0..more.readings {
            stand.read(number as u64, START - 480);
        }
        stand.evm.set_time(START + 10);
        if more.is_marked || more.readings > 0 {
            stand.evm.call(STRANGER, system.reserves, S::markCall { venue }.abi_encode()).unwrap();
        }
        stand.evm.set_time(START + 360);
        for number in 0..more.readings {
            stand.read(number as u64, START + 360);
        }
        stand.evm.set_time(START + 400);
        stand
    }

    fn own(&mut self, at: Address, call: impl SolCall) {
        self.evm.call(OWNER, at, call.abi_encode()).unwrap();
    }

    fn list_feed(&mut self, number: u8, price: &str) {
        let at = Address::repeat_byte(0xfe - number);
        let whole: u64 = price.split('.').next().unwrap().parse().unwrap();
        self.evm.set_code(at, &feed(whole * 100_000_000, START - 60));
        let listed = NewFeed {
            name: "BTC".to_owned(),
            feed: at,
            heartbeat: 3_600,
            bandBps: 100,
            sequencer: Address::ZERO,
            grace: 0,
            least: I256::ZERO,
            most: I256::try_from(1u64 << 60).unwrap(),
        };
        let venue = self.venue;
        self.own(self.system.feeds, F::announceFeedCall { venue, listed });
    }

    fn list_remote(&mut self, number: u64) {
        let call = E::announceCall {
            venue: self.venue,
            asset: "BTC".to_owned(),
            chainId: 10 + number,
            token: Address::repeat_byte(0xd0),
            custodian: Address::repeat_byte(0xd1),
        };
        self.own(self.system.elsewhere, call);
    }

    fn read(&mut self, number: u64, time: u64) {
        let reading = Reading {
            venue: self.venue,
            asset: keccak256("BTC"),
            chainId: 10 + number,
            token: Address::repeat_byte(0xd0),
            custodian: Address::repeat_byte(0xd1),
            number: 7,
            blockHash: keccak256("block"),
            time,
            units: U256::from(10).pow(U256::from(38)),
            notBefore: time,
            deadline: time + 600,
        };
        let (mut signers, mut signatures) = (Vec::new(), Vec::new());
        for number in observers(self.more.observers) {
            let signer = address_of(number);
            let ask = E::digestOfCall { reading: reading.clone(), signer }.abi_encode();
            let digest = self.evm.view(STRANGER, self.system.elsewhere, ask).unwrap();
            signers.push(signer);
            signatures.push(sign(number, B256::from_slice(&digest.bytes)).into());
        }
        let post = E::postCall { reading, signers, signatures };
        self.evm.call(STRANGER, self.system.elsewhere, post.abi_encode()).unwrap();
    }

    /// An attestation as a stranger carries it: the publisher and each observer signed.
    fn call(&self, attestation: &Attestation, quantities: B256) -> R::submitCall {
        let rules = RulesFile::parse(&attestation.rules).unwrap();
        let compiled = compile(&rules, &attestation.prices).unwrap();
        let program = Program::of(&rules, &compiled, &attestation.prices).unwrap();
        let price = attestation.prices.prices.keys().position(|name| name == "BTC").unwrap();
        let round = Round { price: price as u16, round: U80::from(8) };
        let rounds = vec![round; usize::from(self.more.feeds)];
        let mut submission =
            submission::submission(self.venue, self.verifier, attestation, &program, rounds)
                .unwrap();
        // The digest of a file with a proof is another each time, and so are its zeros.
        let sequence = submission.header.sequence;
        submission.attestation = digest(sequence);
        let numbers = [vec![0], observers(self.more.observers)].concat();
        let domain = signing::domain(CHAIN_ID, self.system.registry);
        let signatures = numbers.into_iter().map(|number| {
            let signer = address_of(number);
            let attest = Attest {
                signer,
                venue: self.venue,
                sequence,
                context: attestation.context().0.0.into(),
                program: self.program,
                totals: quantities,
                attestation: submission.attestation,
                verifier: self.verifier,
                rounds: signing::rounds(&submission.rounds),
                signedAt: self.evm.time(),
                deadline: self.evm.time() + 60,
                carrier: Address::ZERO,
                compared: u8::from(number != 0),
            };
            let Attest { signedAt, deadline, carrier, compared, .. } = attest;
            let signature = sign(number, signing::digest(&attest, &domain)).into();
            Signature { signer, signedAt, deadline, carrier, compared, signature }
        });
        let signatures = signatures.collect();
        let volumes = submission::volumes(attestation).unwrap();
        R::submitCall { submission, volumes, signatures }
    }

    /// The account of a transaction that appends an attestation, which is then appended.
    fn account(&mut self, attestation: &Attestation) -> Value {
        let call = self.call(attestation, quantities(attestation));
        let volumes = &call.volumes;
        let parts = [
            ("proofs", volumes.iter().map(|volume| volume.proof.clone()).collect()),
            ("totals", volumes.iter().map(|volume| volume.totals.clone()).collect()),
            ("prices", vec![call.submission.prices.list.clone()]),
            ("signatures", call.signatures.iter().map(|it| it.signature.clone()).collect()),
        ];
        let others = if volumes.len() > 1 { 2 } else { 1 };
        let to = self.system.registry;
        let intake = self.evm.view(STRANGER, to, R::INTAKECall {}.abi_encode()).unwrap();
        let intake = R::INTAKECall::abi_decode_returns(&intake.bytes).unwrap();
        let contracts = self.system.parts().into_iter().map(|part| (part.name, part.at));
        let contracts: Vec<_> =
            contracts.chain([("Intake", intake), ("VolumeVerifier", self.verifier)]).collect();
        let calldata = call.abi_encode();
        let evm = &mut self.evm;
        let mut made = account(evm, STRANGER, to, &calldata, &contracts, &parts, others);
        let slots = evm.slots(STRANGER, to, calldata.clone()).unwrap();
        let (fresh, changed) = (slots.fresh, slots.changed);
        let output = evm.call(STRANGER, to, calldata);
        let output = output.unwrap_or_else(|revert| panic!("{}", error_name(&revert)));
        let bytes: usize = output.logs.iter().map(|log| log.data.data.len()).sum();
        let topics: usize = output.logs.iter().map(|log| log.topics().len()).sum();
        let logs = output.logs.len();
        let gas = 375 * (logs + topics) + 8 * bytes;
        made["logs"] = json!({ "logs": logs, "topics": topics, "bytes": bytes, "gas": gas });
        // Each is read cold before.
        let gas = 22_100 * fresh + 5_000 * changed;
        made["slots"] = json!({ "fresh": fresh, "changed": changed, "gas": gas });
        let venue = self.venue;
        let latest = evm.view(STRANGER, to, R::latestCall { venue }.abi_encode()).unwrap();
        let verdict = R::latestCall::abi_decode_returns(&latest.bytes).unwrap();
        assert_eq!((verdict.failing, verdict.faults & 1), (U256::ZERO, 0), "the policy holds");
        made
    }
}

fn digest(sequence: u64) -> B256 {
    B256::repeat_byte(1 + sequence as u8)
}

/// The digest of the quantities of all volumes together.
fn quantities(attestation: &Attestation) -> B256 {
    let rows = attestation.volumes[0].quantities.len();
    let sum = |row| attestation.volumes.iter().map(|volume| volume.quantities[row]).sum::<u128>();
    let words: Vec<_> =
        (0..rows).flat_map(|row| U256::from(sum(row)).to_be_bytes::<32>()).collect();
    keccak256(words)
}

/// A proved attestation with this number, of so many rows and volumes.
fn proved(sequence: u64, rows: usize, volumes: usize) -> Attestation {
    let (rules, prices) = rules_and_prices(rows);
    let mut prices = PricesFile::parse(&prices).unwrap();
    let as_of = TIMES[sequence as usize].parse().unwrap();
    prices.as_of = as_of;
    let book = Book::new(Inputs {
        venue: VENUE.to_owned(),
        as_of,
        drawn: None,
        previous: sequence.checked_sub(1).map(|number| (number, Digest(digest(number).0))),
        rules: RulesFile::parse(&rules).unwrap(),
        prices,
        reserves: None,
        snapshot: read_csv(book(300 * volumes).as_bytes(), "book.csv").unwrap(),
        strictness: Strictness::default(),
    });
    let setup = insecure_setup(12).unwrap();
    let attestation = book.unwrap().prove_without_statements(&setup, &()).unwrap();
    assert_eq!(attestation.volumes.len(), volumes);
    attestation
}

fn gas(account: &Value) -> i64 {
    account["transaction"].as_i64().unwrap()
}

/// All accounts of `gas-registry.json`, and what each more costs.
pub fn accounts() -> Value {
    let mut accounts = BTreeMap::new();
    let base = proved(0, 20, 1);
    let first = Stand::new(&base, More::default()).account(&base);
    let large = proved(0, 200, 1);
    accounts.insert("200 rows", Stand::new(&large, More::default()).account(&large));

    let mut features = BTreeMap::new();
    let more = |attestation: &Attestation, more: More| {
        gas(&Stand::new(attestation, more).account(attestation))
    };
    let least = gas(&first);
    let one = More { reserves: 1, ..More::default() };
    features.insert("a further reserve, of an asset that has one", more(&base, one) - least);
    let marked = More { is_marked: true, ..More::default() };
    features.insert("a mark", more(&base, marked) - least);
    let watched = More { observers: 1, ..More::default() };
    features.insert("a second signature, of an observer", more(&base, watched) - least);
    let fed = More { feeds: 1, ..More::default() };
    let fed = more(&base, fed);
    features.insert("a feed", fed - least);
    features.insert("a further feed", more(&base, More { feeds: 2, ..More::default() }) - fed);
    let read = More { observers: 1, readings: 1, ..More::default() };
    let seen = More { observers: 1, is_marked: true, ..More::default() };
    features.insert("a reserve elsewhere", more(&base, read) - more(&base, seen));
    let banded = More { bands: true, ..More::default() };
    features.insert("four bands, at 20 rows, the first attestation", more(&base, banded) - least);
    features.insert(
        "four bands, at 200 rows and more than the first of 200",
        more(&large, banded) - gas(&accounts["200 rows"]),
    );
    features.insert("a further volume", more(&proved(0, 20, 2), More::default()) - least);

    let mut stand = Stand::new(&base, More::default());
    stand.account(&base);
    for (sequence, name) in [(1, "the second attestation"), (2, "the third attestation")] {
        stand.evm.set_time(START + 400 + APART * sequence);
        let next = proved(sequence, 20, 1);
        features.insert(name, gas(&stand.account(&next)) - least);
    }
    accounts.insert("20 rows", first);
    json!({ "accounts": accounts, FEATURES: features })
}
