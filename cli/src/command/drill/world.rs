//! A venue with everything around it, on a chain in this process.

use alloy_primitives::{Address, B256, Bytes, I256, U256, keccak256};
use alloy_sol_types::{SolConstructor, SolValue};
use anyhow::{Context, Result};
use pacioli_attestation::Purpose;
use pacioli_chain::Key;
use pacioli_verifier_contract::{
    artifacts,
    bindings::{self, CompensationTerms, Limits, NewFeed, NewReserve, Payout, Registration, State},
    chain::{Chain, Embedded},
    evm::Evm,
    registry::venue_id,
    submission,
    system::{self, System},
};

use super::{
    super::venue as commands,
    book::{Proved, VENUE},
    contracts::{self as own, ORACLE, OracleRound, PEG},
    parties::Parties,
};

pub const MINUTE: u64 = 60;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;
/// The venue's delay.
pub const DELAY: u64 = 2 * DAY;
/// How old an attestation may be.
pub const MAX_AGE: u64 = 25 * HOUR;
/// From a snapshot to its attestation on chain.
pub const PROVING: u64 = 10 * MINUTE;
/// The fund's times.
pub const GRACE: u64 = DELAY + DAY;
pub const EXPIRED_AFTER: u64 = MAX_AGE + 3 * DAY;
pub const CLAIMS_FOR: u64 = 30 * DAY;
pub const CHALLENGE_FOR: u64 = 7 * DAY;
/// What the customer of a protocol pays in: 1,000 USDC.
pub const DEPOSIT: u64 = 1_000_000_000;

/// The venue and the chain.
pub struct World {
    pub chain: Embedded,
    pub system: System,
    pub venue: B256,
    pub parties: Parties,
    /// The verifier in force.
    pub verifier: Address,
    /// The tokens by asset.
    pub tokens: Vec<(String, Address)>,
    pub usdc: Address,
    pub statements: Address,
    pub fund: Address,
    pub vault: Address,
    pub solvent_vault: Address,
    pub coverage_feed: Address,
    /// The second of the first snapshot, from which days are counted.
    pub day_0: u64,
    pub(super) oracle: Vec<OracleRound>,
}

impl World {
    /// A venue that has attested every day of the history, and is healthy. `verifier` makes its
    /// verifier's creation code.
    pub fn new(history: &[Proved], verifier: impl Into<Bytes>) -> Result<Self> {
        let first = history.first().context("a history has a first day")?;
        let parties = Parties::new()?;
        let mut evm = Evm::new();
        evm.set_code(system::DEPLOYER, system::DEPLOYER_CODE);
        // An hour before the first snapshot, in which announcements take effect at once.
        evm.set_time(first.as_of() - HOUR);
        let owner = parties.owner;
        let mut world = Self {
            chain: Embedded::new(evm, owner),
            system: System::of_release(),
            venue: venue_id(owner, VENUE),
            parties,
            verifier: Address::ZERO,
            tokens: Vec::new(),
            usdc: Address::ZERO,
            statements: Address::ZERO,
            fund: Address::ZERO,
            vault: Address::ZERO,
            solvent_vault: Address::ZERO,
            coverage_feed: Address::ZERO,
            day_0: first.as_of(),
            oracle: Vec::new(),
        };
        System::deploy(&mut world.chain)?;
        world.verifier = world.create(verifier)?;
        let registry = world.system.registry;
        world.statements = world.create_of("StatementVerifier", &registry.abi_encode())?;
        world.register(first)?;
        world.reserves(first)?;
        world.around()?;
        for proved in history {
            world.until(proved.as_of())?;
            world.attest_as_ever(proved)?;
        }
        world.deposit()?;
        Ok(world)
    }

    fn register(&mut self, first: &Proved) -> Result<()> {
        let registration = Registration {
            name: VENUE.to_owned(),
            publisher: self.parties.publisher.address(),
            guardian: self.parties.guardian,
            delay: DELAY,
            maxLag: HOUR,
            settledFrom: first.as_of() - MINUTE,
            limits: Limits {
                maxAge: u32::try_from(MAX_AGE)?,
                minDistance: u32::try_from(HOUR)?,
                markWithin: 600,
                toleranceBps: 100,
                owedBandBps: 5_000,
                pricesBandBps: 300,
                ..Limits::default()
            },
        };
        let (owner, venue, System { venues, observers, feeds, .. }) =
            (self.parties.owner, self.venue, self.system);
        use bindings::{Feeds as F, Observers as O, Venues as V};
        self.call(owner, venues, &V::registerCall { registration })?;
        let verifier = commands::announce_verifier(self.verifier, venues, venue);
        self.send(owner, verifier.to, verifier.data)?;
        let mut chunks = Vec::new();
        for piece in submission::chunks(&first.attestation().prices, &first.program)? {
            let part = system::part("a program", submission::creation_code(&piece));
            system::create(&mut self.chain, &part)?;
            chunks.push(part.at);
        }
        let (rules, program) =
            (submission::rules(first.attestation()), first.program.hash().0.into());
        let call = V::announceRulesCall { venue, rules, program, chunks };
        self.call(owner, venues, &call)?;
        for observer in self.parties.observers.each_ref().map(Key::address) {
            self.call(owner, observers, &O::announceObserverCall { venue, observer })?;
        }
        self.call(owner, observers, &O::setAlarmThresholdCall { venue, threshold: 2 })?;
        self.answer(PEG, first.as_of() - HOUR);
        let listed = NewFeed {
            name: "USDC".to_owned(),
            feed: ORACLE,
            heartbeat: u32::try_from(MAX_AGE)?,
            bandBps: 100,
            sequencer: Address::ZERO,
            grace: 0,
            least: I256::ZERO,
            most: I256::MAX >> 128,
        };
        self.call(owner, feeds, &F::announceFeedCall { venue, listed })?;
        Ok(())
    }

    /// Reserves as the file says: customers' with the custodian, insurance in a fund that pays.
    fn reserves(&mut self, first: &Proved) -> Result<()> {
        use bindings::{Compensation as F, Reserves as R};
        let (owner, venue, reserves) = (self.parties.owner, self.venue, self.system.reserves);
        let held = first.attestation().reserves.clone().context("the sample has reserves")?;
        let assets = first.verified.compiled.assets.iter();
        let assets: Vec<_> = assets.map(|(name, of)| (name.clone(), of.decimals)).collect();
        for (asset, decimals) in &assets {
            let decimals = (*decimals).try_into()?;
            let token = own::MockToken::constructorCall { decimals }.abi_encode();
            let token = self.create_of("MockToken", &token)?;
            self.tokens.push((asset.clone(), token));
        }
        self.usdc = self.token("USDC")?;
        self.fund = self.make_fund()?;
        let (fund, custodian) = (self.fund, self.parties.custodian);
        for (asset, decimals) in assets {
            let token = self.token(&asset)?;
            let purposes = [
                (Purpose::Customers, bindings::Purpose::Customers, custodian),
                (Purpose::Insurance, bindings::Purpose::Insurance, fund),
            ];
            for (file, purpose, holder) in purposes {
                let units = held.held(&asset, file, decimals).units;
                if units.bits() == 0 {
                    continue;
                }
                self.set_balance(token, holder, U256::from_be_slice(&units.to_bytes_be()))?;
                let reserve =
                    NewReserve { asset: asset.clone(), token, custodian: holder, purpose };
                self.call(owner, reserves, &R::announceCall { venue, reserve })?;
                if holder == fund {
                    self.call(owner, fund, &F::acceptReserveCall { token })?;
                } else {
                    let accept = R::acceptCall { venue, token, custodian: holder };
                    self.call(holder, reserves, &accept)?;
                }
            }
        }
        Ok(())
    }

    fn make_fund(&mut self) -> Result<Address> {
        let terms = CompensationTerms {
            venue: self.venue,
            registry: self.system.registry,
            statements: vec![self.statements],
            payouts: vec![Payout { token: self.usdc, asset: keccak256("USDC") }],
            payer: Address::ZERO,
            settledFor: DELAY,
            grace: GRACE,
            graceAtMost: GRACE + 30 * DAY,
            expiredAfter: EXPIRED_AFTER,
            claimsFor: CLAIMS_FOR,
            challengeFor: CHALLENGE_FOR,
            lateFor: 90 * DAY,
            recoveredAfter: 365 * DAY,
        };
        let code = &artifacts::get("Compensation").bytecode;
        let part = system::part("Compensation", [&code[..], &terms.abi_encode()].concat().into());
        system::create(&mut self.chain, &part)?;
        Ok(part.at)
    }

    /// What others have put between themselves and the venue. All accept a warning.
    fn around(&mut self) -> Result<()> {
        let (token, registry, venue) = (self.usdc, self.system.registry, self.venue);
        let worst = State::Warning as u8;
        let demands = || own::Demands {
            worst,
            maxAge: 0,
            minCoverageBps: 10_000,
            rules: B256::ZERO,
            clauses: U256::ZERO,
        };
        let vault =
            own::GuardedVault::constructorCall { token, registry, venue, demands: demands() };
        self.vault = self.create_of("GuardedVault", &vault.abi_encode())?;
        let (name, symbol) = ("Shares".to_owned(), "SHR".to_owned());
        let demands = demands();
        let vault = own::SolventVault::constructorCall {
            asset: token,
            name,
            symbol,
            registry,
            venue,
            demands,
        };
        self.solvent_vault = self.create_of("SolventVault", &vault.abi_encode())?;
        let scale = own::Scale { decimals: 8, whole: 100_000_000, most: 10u128.pow(18) };
        let feed = own::CoverageFeed::constructorCall { registry, venue, worst, scale };
        self.coverage_feed = self.create_of("CoverageFeed", &feed.abi_encode())?;
        Ok(())
    }

    /// The holder is also a customer of the vault that asks the registry.
    fn deposit(&mut self) -> Result<()> {
        let (holder, amount) = (self.parties.holder, U256::from(DEPOSIT));
        self.set_balance(self.usdc, holder, amount * U256::from(10))?;
        self.call(holder, self.vault, &own::GuardedVault::depositCall { amount })?;
        Ok(())
    }

    /// A token by its asset.
    pub fn token(&self, asset: &str) -> Result<Address> {
        let found = self.tokens.iter().find(|(name, _)| name == asset);
        found.map(|(_, token)| *token).with_context(|| format!("the sample has {asset}"))
    }

    pub fn set_balance(&mut self, token: Address, account: Address, balance: U256) -> Result<()> {
        let owner = self.parties.owner;
        self.call(owner, token, &own::MockToken::setCall { account, balance })?;
        Ok(())
    }

    pub fn balance(&mut self, token: Address, account: Address) -> Result<U256> {
        Ok(self.chain.ask(token, &own::MockToken::balanceOfCall { account })?)
    }
}
