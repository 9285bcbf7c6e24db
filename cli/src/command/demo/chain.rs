//! The demo's last part: the same attestation on a chain in this process.

use std::fmt::Write;

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{SolCall, SolConstructor, SolValue};
use anyhow::{Context, Result, bail};
use pacioli_attestation::{Purpose, Verified, program::Program, statement::Statement};
use pacioli_rules::Amount;
use pacioli_verifier_contract::{
    artifacts,
    bindings::{
        self, Limits, NewReserve, Registration, Reserves as S, SolvencyRegistry as R, State,
        Venues as V,
    },
    chain::{Chain, ChainError, Embedded},
    evm::Evm,
    registry::{self, Latest, Sending, venue_id},
    statement::{self, Appended, StatementVerifier},
    submission,
    system::{self, System},
};
use serde_json::{Value, json};

use crate::{
    command::example_contracts::{Demands, GuardedVault, MockToken},
    format::{grouped, thousands},
};

/// The venue: owner and publisher.
const VENUE: Address = Address::repeat_byte(0x01);
/// The custodians of the reserves for customers and of those for insurance.
const CUSTODIANS: [Address; 2] = [Address::repeat_byte(0x02), Address::repeat_byte(0x03)];
/// Has money in a vault that asks the registry.
const CUSTOMER: Address = Address::repeat_byte(0x04);

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;
/// How old an attestation the vault accepts; less than the delay, so that no balance stands behind two
/// venues in that time.
const MAX_AGE: u64 = DAY + HOUR;
/// The delay of announcements.
const DELAY: u64 = 2 * DAY;
/// What the customer pays in: 1,000 USDC.
const DEPOSIT: u64 = 1_000_000_000;

/// The demo's chain and the contracts on it.
struct World {
    chain: Embedded,
    registry: Address,
    verifier: Address,
    venue: B256,
    usdc: Address,
    /// Contracts and the gas of creating them.
    deployed: Vec<(&'static str, u64)>,
}

/// Puts the attestation on a chain, and tells in text and JSON what became of it.
pub fn run(verified: &Verified, holders_statement: &Statement) -> Result<(String, Value)> {
    let attestation = &verified.attestation;
    let program = Program::of(&verified.rules, &verified.compiled, &attestation.prices)?;
    let mut world = World::new(verified, &program)?;
    let (registry, venue) = (world.registry, world.venue);

    let verifier = world.verifier;
    let honest = submission::submission(venue, verifier, attestation, &program, Vec::new())?;
    let volumes = submission::volumes(attestation)?;
    let mut forged = volumes.clone();
    let owed = verified.compiled.find("equity:mark").context("mark is closed by equity")?.row();
    let mut less = attestation.volumes[0].clone();
    less.quantities[owed] -= 1;
    forged[0].totals = submission::totals_of(&less)?;
    let send = |world: &mut World, volumes| {
        let (chain, honest) = (&mut world.chain, honest.clone());
        registry::submit(chain, registry, honest, volumes, Vec::new(), Sending::AsItFits)
    };
    let forged = refusal(send(&mut world, forged))?;
    let receipts = send(&mut world, volumes)?;
    let gas: u64 = receipts.iter().map(|receipt| receipt.gas_used).sum();

    let verdict = world.chain.ask(registry, &R::latestCall { venue })?;
    let latest = Latest::of(&mut world.chain, registry, venue, verdict.round)?;
    let latest = latest.context("an attestation was appended")?;
    let clauses: Vec<(bool, &String)> = (0..)
        .zip(program.clause_names())
        .map(|(number, name)| (!verdict.failing.bit(number), name))
        .collect();

    let checker = world.deploy("StatementVerifier", &registry.abi_encode())?;
    let Latest { record, phase1, .. } = latest;
    let appended = Appended { venue, round: verdict.round, record, phase1 };
    let statement::OnChain { volume, statement } =
        statement::encode(holders_statement, verified, &appended)?;
    let check = StatementVerifier::checkCall { volume, statement };
    let checked = world.chain.evm.view(CUSTOMER, checker, check.abi_encode());
    let checked = checked.map_err(ChainError::from)?;
    let equity = StatementVerifier::checkCall::abi_decode_returns(&checked.bytes)?.worth.equity;
    let decimals = verified.compiled.value_decimals;
    let equity = Amount::new(u128::try_from(equity)?, decimals);

    let stale = world.vault()?;

    let mut text =
        "The same on a chain in this process, an EVM with mainnet's rules.\n\n".to_owned();
    let t = &mut text;
    let created = world.deployed.iter().map(|(name, gas)| format!("{name} {}", thousands(*gas)));
    writeln!(t, "  deployed   {}", created.collect::<Vec<_>>().join(", "))?;
    writeln!(
        t,
        "  submitted  {} gas, the proof's check and the reserves' reading in it",
        thousands(gas)
    )?;
    let coverage = Amount::new(verdict.coverageBps, 2);
    let holds = matches!(verdict.state, State::Healthy);
    let said = if holds { "HOLDS" } else { "DOES NOT HOLD" };
    writeln!(t, "  verdict    {said}: reserves are {coverage} % of what is owed")?;
    for (holds, name) in &clauses {
        let holds = if *holds { "holds" } else { "DOES NOT HOLD" };
        writeln!(t, "             {holds:<13}  {name}")?;
    }
    writeln!(t, "  forged     what is owed is lowered by one unit: refused, {forged}")?;
    let (id, quote) = (&holders_statement.account, &verified.compiled.quote);
    writeln!(
        t,
        "  statement  {id} is owed {} {quote}, checked for {} gas",
        grouped(&equity),
        thousands(checked.gas_used)
    )?;
    writeln!(t, "  vault      takes a deposit while this stands. Two days later it refuses one,")?;
    writeln!(t, "             {stale}; a withdrawal passes")?;
    let json = json!({
        "gas": {
            "deployed": world.deployed.iter().copied().collect::<std::collections::BTreeMap<_, _>>(),
            "submitted": gas,
            "statement": checked.gas_used,
        },
        "holds": holds,
        "coverage_bps": verdict.coverageBps,
        "clauses": clauses.iter().map(|(holds, name)| json!({ "name": name, "holds": holds })).collect::<Vec<_>>(),
        "forged": forged,
        "statement_equity": equity,
        "stale_deposit": stale,
    });
    Ok((text, json))
}

impl World {
    /// A registered venue whose custodians have the reserves of the sample's file.
    fn new(verified: &Verified, program: &Program) -> Result<Self> {
        let attestation = &verified.attestation;
        let mut evm = Evm::new();
        evm.set_code(system::DEPLOYER, system::DEPLOYER_CODE);
        let as_of = u64::try_from(attestation.header.as_of.as_second())?;
        // Two minutes before the snapshot: one in which announcements take effect at once.
        evm.set_time(as_of - 120);
        let system = System::of_release();
        let mut world = Self {
            chain: Embedded::new(evm, VENUE),
            registry: system.registry,
            verifier: Address::ZERO,
            venue: venue_id(VENUE, &attestation.header.venue),
            usdc: Address::ZERO,
            deployed: Vec::new(),
        };
        let verifier = world.deploy("VolumeVerifier", &[])?;
        world.verifier = verifier;
        let (_, made) = System::deploy(&mut world.chain)?;
        let made = made.into_iter().map(|(part, receipt)| (part.name, receipt.gas_used));
        world.deployed.extend(made);
        let registration = Registration {
            name: attestation.header.venue.clone(),
            publisher: VENUE,
            guardian: Address::ZERO,
            delay: DELAY,
            maxLag: HOUR,
            settledFrom: as_of - 60,
            limits: Limits {
                maxAge: u32::try_from(MAX_AGE)?,
                minDistance: u32::try_from(HOUR)?,
                markWithin: 600,
                toleranceBps: 100,
                owedBandBps: 5_000,
                ..Limits::default()
            },
        };
        let venue = world.venue;
        world.send(VENUE, system.venues, &V::registerCall { registration })?;
        world.send(VENUE, system.venues, &V::announceVerifierCall { venue, verifier })?;
        let mut chunks = Vec::new();
        for piece in submission::chunks(&attestation.prices, program)? {
            let part = system::part("a program", submission::creation_code(&piece));
            system::create(&mut world.chain, &part)?;
            chunks.push(part.at);
        }
        let (rules, program) = (submission::rules(attestation), program.hash().0.into());
        let call = V::announceRulesCall { venue, rules, program, chunks };
        world.send(VENUE, system.venues, &call)?;
        for reserve in world.reserves(verified)? {
            let NewReserve { token, custodian, .. } = reserve;
            world.send(VENUE, system.reserves, &S::announceCall { venue, reserve })?;
            let accept = S::acceptCall { venue, token, custodian };
            world.send(custodian, system.reserves, &accept)?;
        }
        // Reserves are marked as the snapshot is taken; ten minutes to prove and to send.
        world.chain.evm.set_time(as_of + 10);
        world.send(CUSTOMER, system.reserves, &S::markCall { venue })?;
        world.chain.evm.set_time(as_of + 600);
        Ok(world)
    }

    /// A token for each asset that the sample holds, with its balances.
    fn reserves(&mut self, verified: &Verified) -> Result<Vec<NewReserve>> {
        let held = verified.attestation.reserves.as_ref().context("the sample has reserves")?;
        let purposes = [
            (Purpose::Customers, bindings::Purpose::Customers),
            (Purpose::Insurance, bindings::Purpose::Insurance),
        ];
        let mut reserves = Vec::new();
        for (asset, of) in &verified.compiled.assets {
            let token = MockToken::constructorCall { decimals: of.decimals.try_into()? };
            let token = self.create("MockToken", &token.abi_encode())?.0;
            if asset == "USDC" {
                self.usdc = token;
            }
            for ((file, purpose), custodian) in purposes.into_iter().zip(CUSTODIANS) {
                let balance = held.held(asset, file, of.decimals).units;
                if balance.bits() == 0 {
                    continue;
                }
                let balance = U256::from_be_slice(&balance.to_bytes_be());
                self.send(custodian, token, &MockToken::setCall { account: custodian, balance })?;
                reserves.push(NewReserve { asset: asset.clone(), token, custodian, purpose });
            }
        }
        Ok(reserves)
    }

    /// A vault with the registry's guard: it takes a deposit, and two days later none, while a
    /// withdrawal passes. Gives the reason of the refusal.
    fn vault(&mut self) -> Result<String> {
        let (usdc, registry, venue) = (self.usdc, self.registry, self.venue);
        let vault = GuardedVault::constructorCall {
            token: usdc,
            registry,
            venue,
            demands: Demands {
                worst: State::Healthy as u8,
                maxAge: MAX_AGE,
                minCoverageBps: 10_000,
                rules: B256::ZERO,
                clauses: U256::ZERO,
            },
        };
        let vault = self.create("GuardedVault", &vault.abi_encode())?.0;
        let (account, balance) = (CUSTOMER, U256::from(2 * DEPOSIT));
        self.send(CUSTOMER, usdc, &MockToken::setCall { account, balance })?;
        let amount = U256::from(DEPOSIT);
        self.send(CUSTOMER, vault, &GuardedVault::depositCall { amount })?;
        self.chain.evm.set_time(self.chain.evm.time() + 2 * DAY);
        let stale = refusal(self.send(CUSTOMER, vault, &GuardedVault::depositCall { amount }))?;
        self.send(CUSTOMER, vault, &GuardedVault::withdrawCall { amount })?;
        Ok(stale)
    }

    fn deploy(&mut self, name: &'static str, arguments: &[u8]) -> Result<Address> {
        let (at, gas) = self.create(name, arguments)?;
        self.deployed.push((name, gas));
        Ok(at)
    }

    fn create(&mut self, name: &str, arguments: &[u8]) -> Result<(Address, u64), ChainError> {
        let code = [&artifacts::get(name).bytecode, arguments].concat();
        Ok(self.chain.evm.deploy(code)?)
    }

    fn send(&mut self, from: Address, to: Address, call: &impl SolCall) -> Result<(), ChainError> {
        self.chain.evm.call(from, to, call.abi_encode())?;
        Ok(())
    }
}

/// Why a contract refused what it has to refuse.
fn refusal<T>(result: Result<T, ChainError>) -> Result<String> {
    match result {
        Ok(_) => bail!("a contract accepted what it has to refuse, report this"),
        Err(ChainError::Refused(data)) => Ok(pacioli_verifier_contract::errors::explain(&data)),
        Err(error) => Err(error.into()),
    }
}
