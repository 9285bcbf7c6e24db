//! A venue with rules, prices, reserves and a verifier that accepts what it is told to.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolEvent, sol};
use pacioli_attestation::program::Program;
use std::collections::BTreeMap;

use pacioli_circuits::{Total, Totals as Proved};
use pacioli_rules::{Compiled, Prices as PricesFile, Rules as RulesFile, compile};
use pacioli_verifier_contract::{
    bindings::{
        Continuation, Figures, Header, Prices, Purpose, Record, Reserves as S,
        SolvencyRegistry as R, Submission, Verdict, Volume,
    },
    evm::{Evm, Output, Revert},
    registry::Latest,
    submission,
    system::System,
};

use crate::registry::balance::balance;
pub use crate::registry::{named::*, setup::*};

sol! {
    contract MockVerifier {
        constructor(bytes32 key, uint256 k, uint256 pageSize);
        function answer(bool holds, bytes32 phase1) external;
    }
    contract MockToken {
        constructor(uint8 decimals);
        function set(address account, uint256 balance) external;
        function behave(bool moves, bool answers) external;
        function approve(address spender, uint256 amount) external;
    }
}

pub const RULES: &str = include_str!("../../../../tests/fixtures/rules.toml");
pub const PRICES: &str = include_str!("../../../../tests/fixtures/prices.json");

pub const OWNER: Address = Address::repeat_byte(0x01);
pub const PUBLISHER: Address = Address::repeat_byte(0x02);
/// Holds the reserves for customers.
pub const CUSTODIAN: Address = Address::repeat_byte(0x03);
/// Holds the reserves for insurance.
pub const FUND: Address = Address::repeat_byte(0x04);
pub const STRANGER: Address = Address::repeat_byte(0x05);
pub const GUARDIAN: Address = Address::repeat_byte(0x06);

/// The key of the world's verifier.
pub const KEY: B256 = B256::repeat_byte(0xaa);
pub const VENUE: &str = "Venue";
/// When the world begins: 2026-01-01T00:00:00Z.
pub const START: u64 = 1_767_225_600;
pub const DAY: u64 = 86_400;
pub const MAX_LAG: u64 = 3_600;

pub struct World {
    pub evm: Evm,
    pub system: System,
    pub registry: Address,
    pub verifier: Address,
    /// A token of 8 digits.
    pub btc: Address,
    /// A token of 6 digits.
    pub usdc: Address,
    pub rules: RulesFile,
    pub compiled: Compiled,
    pub program: Program,
    pub prices: PricesFile,
    pub venue: B256,
    /// What was appended, by sequence numbers.
    pub appended: BTreeMap<u64, Latest>,
}

impl World {
    /// A registered venue whose reserves are accepted: 20 BTC and 1,000 USDC for customers, 500
    /// USDC for insurance.
    pub fn new() -> Self {
        Self::of(RULES, PRICES)
    }

    pub fn of(rules: &str, prices: &str) -> Self {
        let prices = PricesFile::parse(prices).unwrap();
        let text = rules;
        let rules = RulesFile::parse(text).unwrap();
        let compiled = compile(&rules, &prices).unwrap();
        let program = Program::of(&rules, &compiled, &prices).unwrap();
        let mut evm = Evm::new();
        // A minute to make everything, in which announcements take effect at once.
        evm.set_time(START - 60);
        let system = deploy_system(&mut evm);
        let verifier = mock_verifier(&mut evm, KEY, 12, 64);
        let [btc, usdc] = [8, 6].map(|decimals| token(&mut evm, decimals));
        let mut world = Self {
            venue: venue_of(OWNER, VENUE),
            evm,
            system,
            registry: system.registry,
            verifier,
            btc,
            usdc,
            rules,
            compiled,
            program,
            prices,
            appended: BTreeMap::new(),
        };
        let names: Vec<_> = world.prices.prices.keys().map(keccak256).collect();
        register(&mut world.evm, &system, &names, &world.program, rules_hash(), verifier);
        for (asset, token, custodian, purpose) in [
            ("BTC", btc, CUSTODIAN, Purpose::Customers),
            ("USDC", usdc, CUSTODIAN, Purpose::Customers),
            ("USDC", usdc, FUND, Purpose::Insurance),
        ] {
            let reserve = new_reserve(asset, token, custodian, purpose);
            list(&mut world.evm, &system, world.venue, reserve);
        }
        world.set_balance(btc, CUSTODIAN, 20_0000_0000);
        world.set_balance(usdc, CUSTODIAN, 1_000_000_000);
        world.set_balance(usdc, FUND, 500_000_000);
        world.evm.set_time(START);
        world
    }

    pub fn set_balance(&mut self, token: Address, custodian: Address, balance: u128) {
        let call = MockToken::setCall { account: custodian, balance: U256::from(balance) };
        self.evm.call(STRANGER, token, call.abi_encode()).unwrap();
    }

    /// Tells the verifier whether proofs hold.
    pub fn set_proofs_hold(&mut self, holds: bool) {
        let call = MockVerifier::answerCall { holds, phase1: B256::ZERO };
        self.evm.call(STRANGER, self.verifier, call.abi_encode()).unwrap();
    }

    /// A transaction to the registry.
    pub fn send<C: SolCall>(&mut self, from: Address, call: C) -> Result<Output, Revert> {
        self.evm.call(from, self.registry, call.abi_encode())
    }

    /// What the registry answers.
    pub fn ask<C: SolCall>(&mut self, call: C) -> Result<C::Return, Revert> {
        self.ask_at(self.registry, call)
    }

    /// What a contract answers.
    pub fn ask_at<C: SolCall>(&mut self, at: Address, call: C) -> Result<C::Return, Revert> {
        let output = self.evm.view(STRANGER, at, call.abi_encode())?;
        Ok(C::abi_decode_returns(&output.bytes).unwrap())
    }

    pub fn later(&mut self, seconds: u64) {
        self.evm.set_time(self.evm.time() + seconds);
    }

    /// A submission of now.
    pub fn submission(&self, sequence: u64, previous: B256) -> Submission {
        let now = self.evm.time();
        let word = |text: &str| keccak256(text);
        let header = Header {
            venue: word(VENUE),
            sequence,
            previous,
            asOf: now,
            accounts: 3,
            accountsLeftOut: 0,
            leftOut: vec![],
            roundingLines: 0,
            rounded: vec![],
            roundingBound: word("0"),
            k: 12,
            pageSize: 64,
            scenarios: self.compiled.scenarios.len() as u16,
            key: KEY,
            setup: word("setup"),
            software: word("software"),
            drawn: B256::ZERO,
        };
        Submission {
            venue: self.venue,
            attestation: attestation(sequence),
            rules: rules_hash(),
            verifier: self.verifier,
            reserves: B256::ZERO,
            header,
            prices: self.prices(),
            rounds: vec![],
        }
    }

    /// The prices, taken now.
    pub fn prices(&self) -> Prices {
        let mut prices = submission::prices_for(&self.prices, &self.program).unwrap();
        prices.asOf = self.evm.time();
        prices
    }

    pub fn continuation(&self, submission: &Submission) -> Continuation {
        let Submission { venue, header, prices, rounds, .. } = submission.clone();
        Continuation { venue, header, prices, rounds }
    }

    /// A book that keeps its policy: 15 BTC and 100 USDC deposited, 250,000 USD owed, 10 USD short.
    pub fn book(&self) -> Proved {
        self.totals(&[
            ("deposit BTC tier 1", 3, 15_0000_0000),
            ("deposit USDC", 1, 100_000_000),
            ("equity:mark", 3, 250_000 * 10u128.pow(16)),
            ("shortfall:mark", 1, 10 * 10u128.pow(16)),
            ("equity:crash", 2, 100_000 * 10u128.pow(16)),
            ("shortfall:crash", 2, 4_000 * 10u128.pow(16)),
        ])
    }

    /// The smallest book that somebody is in: one unit that they have and owe.
    pub fn smallest_book(&self) -> Proved {
        self.totals(&[("quote credit", 1, 1), ("quote debit", 1, 1)])
    }

    /// The totals of these lines, and of what makes them balance.
    pub fn totals(&self, held: &[(&str, u64, u128)]) -> Proved {
        let mut totals = self.lines(held);
        balance(&self.compiled, &mut totals);
        totals
    }

    /// The same totals with what makes them balance.
    pub fn completed(&self, mut totals: Proved) -> Proved {
        balance(&self.compiled, &mut totals);
        totals
    }

    /// Totals that are zero but for these.
    pub fn lines(&self, held: &[(&str, u64, u128)]) -> Proved {
        let mut totals = vec![Total::default(); self.compiled.rows.len()];
        for &(name, count, quantity) in held {
            totals[self.compiled.find(name).unwrap().row()] = Total { count, quantity };
        }
        Proved(totals)
    }

    pub fn submit(&mut self, submission: Submission, books: &[Proved]) -> Result<Output, Revert> {
        let volumes = volumes(books);
        let output =
            self.send(PUBLISHER, R::submitCall { submission, volumes, signatures: vec![] })?;
        self.keep(&output);
        Ok(output)
    }

    /// The same, each volume in a transaction of its own.
    pub fn submit_staged(&mut self, submission: &Submission, books: &[Proved]) -> [Output; 3] {
        let begin =
            R::beginSubmissionCall { submission: submission.clone(), volumes: books.len() as u32 };
        let begin = self.send(PUBLISHER, begin).unwrap();
        let continuation = self.continuation(submission);
        let mut last = None;
        for (index, proved) in volumes(books).into_iter().enumerate() {
            let (continuation, index) = (continuation.clone(), U256::from(index));
            let add = R::addVolumeCall { continuation, index, proved };
            last = Some(self.send(PUBLISHER, add).unwrap());
        }
        let totals = books.iter().map(totals).collect();
        let finish = R::finishSubmissionCall { continuation, totals, signatures: vec![] };
        let finish = self.send(PUBLISHER, finish).unwrap();
        self.keep(&finish);
        [begin, last.unwrap(), finish]
    }

    /// What statements are checked against.
    pub fn volume(&mut self, sequence: u64, v: u64) -> R::volumeReturn {
        let Latest { record, phase1, .. } = self.appended[&sequence].clone();
        let (venue, round) = (self.venue, self.latest().round);
        self.ask(R::volumeCall { venue, round, record, phase1, v: U256::from(v) }).unwrap()
    }

    /// Takes a reserve off the list.
    pub fn remove(&mut self, token: Address, custodian: Address) {
        let call = S::removeCall { venue: self.venue, token, custodian };
        self.evm.call(OWNER, self.system.reserves, call.abi_encode()).unwrap();
    }

    /// Keeps what a transaction appended.
    pub fn keep(&mut self, output: &Output) {
        let attested = output.logs.iter().find_map(|log| R::Attested::decode_log(log).ok());
        let counted = output.logs.iter().find_map(|log| R::ReservesCounted::decode_log(log).ok());
        let (attested, counted) = (attested.unwrap().data, counted.unwrap().data);
        let R::Attested { record, figures, phase1, .. } = attested;
        let latest = Latest { record, figures, phase1, needs: counted.needs };
        self.appended.insert(latest.record.sequence, latest);
    }

    /// Submits a book that keeps its policy, as the attestation with this number, a minute later.
    pub fn attest(&mut self, sequence: u64) -> Submission {
        self.later(60);
        let previous = if sequence == 0 { B256::ZERO } else { attestation(sequence - 1) };
        let submission = self.submission(sequence, previous);
        let book = self.book();
        self.submit(submission.clone(), &[book]).unwrap();
        submission
    }

    pub fn latest(&mut self) -> Verdict {
        let venue = self.venue;
        self.ask(R::latestCall { venue }).unwrap()
    }

    pub fn record(&self, sequence: u64) -> &Record {
        &self.appended[&sequence].record
    }

    pub fn figures(&self, sequence: u64) -> &[Figures] {
        &self.appended[&sequence].figures
    }
}

/// The digest that the attestation with this number claims.
pub fn attestation(sequence: u64) -> B256 {
    keccak256(sequence.to_be_bytes())
}

/// Volumes with these totals, each with a proof of its own.
pub fn volumes(books: &[Proved]) -> Vec<Volume> {
    let volume = |(number, book): (usize, &Proved)| Volume {
        totals: totals(book),
        proof: Bytes::from(vec![number as u8]),
    };
    books.iter().enumerate().map(volume).collect()
}

/// Totals as a contract takes them.
pub fn totals(book: &Proved) -> Bytes {
    submission::totals(&book.0).unwrap()
}
