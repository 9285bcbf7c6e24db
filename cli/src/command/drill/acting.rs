//! What people do in the drill's world, and how its time passes.

use alloy_primitives::{Address, B256, Bytes, keccak256};
use alloy_sol_types::{SolCall, SolStruct, SolValue};
use anyhow::{Context, Result, bail};
use pacioli_chain::Key;
use pacioli_verifier_contract::{
    artifacts,
    bindings::{
        Compensation as F, Observers as O, Reserves as S, Signature, SolvencyRegistry as R,
    },
    chain::{Chain, ChainError, Receipt},
    errors,
    evm::CHAIN_ID,
    registry::{self, Latest},
    signing::{self, Alarm, Attest, Confirm, MAX_VALIDITY, compared},
    statement::{self, Appended},
    submission,
};

use super::{
    super::{fund, rounds, signature, transaction::Connected, venue},
    book::Proved,
    contracts::{self, ORACLE, OracleRound, PEG},
    parties::Role,
    world::{MINUTE, PROVING, World},
};
use crate::args::{Args, Command, VenueCommand};

/// A block of the drill's chain.
const BLOCK: u64 = 12;
/// More blocks than this are not made one by one.
const MOST_BLOCKS: u64 = 64;
/// Who signs an attestation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pen {
    Publisher,
    NextPublisher,
    /// Who may not.
    Carrier,
}

impl World {
    pub fn now(&self) -> u64 {
        self.chain.evm.time()
    }

    /// Lets time pass, block by block.
    pub fn pass(&mut self, seconds: u64) {
        let end = self.now() + seconds;
        let blocks = (seconds / BLOCK).min(MOST_BLOCKS);
        for _ in 1..blocks {
            self.chain.evm.set_time(self.now() + BLOCK);
        }
        if seconds > 0 {
            self.chain.evm.set_time(end);
        }
    }

    /// Lets time pass until a second.
    pub fn until(&mut self, second: u64) -> Result<()> {
        let left = second.checked_sub(self.now()).context("the drill's time went on too far")?;
        self.pass(left);
        Ok(())
    }

    pub fn send(&mut self, by: Address, to: Address, data: Bytes) -> Result<Receipt> {
        self.chain.account = by;
        Ok(self.chain.send(Some(to), data)?)
    }

    pub fn call(&mut self, by: Address, to: Address, call: &impl SolCall) -> Result<Receipt> {
        self.send(by, to, call.abi_encode().into())
    }

    /// Creates a contract, without the deterministic proxy.
    pub fn create(&mut self, code: impl Into<Bytes>) -> Result<Address> {
        Ok(self.chain.evm.deploy(code).map_err(ChainError::from)?.0)
    }

    pub fn create_of(&mut self, name: &str, arguments: &[u8]) -> Result<Address> {
        self.create([&artifacts::get(name).bytecode, arguments].concat())
    }

    /// The oracle answers with another price from a second on.
    pub fn answer(&mut self, answer: u64, time: u64) {
        self.oracle.push(OracleRound { answer, time });
        self.chain.evm.set_code(ORACLE, &contracts::oracle(&self.oracle));
    }

    /// The gas of what a command of `venue` or `fund` sends: the transactions are its own.
    pub fn run(&mut self, by: Role, args: &Args) -> Result<u64> {
        let account = self.parties.account(by);
        let (registry, venue) = (self.system.registry, self.venue);
        let planned = match &args.command {
            Command::Venue(command) if matches!(**command, VenueCommand::Recheck { .. }) => {
                let Latest { record, needs, .. } = self.latest()?;
                return self.gas(account, registry, &R::recheckCall { venue, record, needs });
            }
            Command::Venue(command) => {
                let there = Default::default();
                let account = Some(account);
                let mut unconnected = Connected { node: None, account, chain_id: CHAIN_ID, there };
                venue::planned(command, &mut unconnected, &self.system, venue)?
            }
            Command::Fund(command) => {
                vec![fund::planned(command, &mut self.chain, (registry, venue))?]
            }
            _ => bail!("the drill sends no such command by itself"),
        };
        let mut gas = 0;
        for one in planned {
            gas += self.send(account, one.to, one.data)?.gas_used;
        }
        Ok(gas)
    }

    fn gas(&mut self, by: Address, to: Address, call: &impl SolCall) -> Result<u64> {
        Ok(self.call(by, to, call)?.gas_used)
    }

    /// The latest attestation.
    pub fn latest(&mut self) -> Result<Latest> {
        let (registry, venue) = (self.system.registry, self.venue);
        let round = self.chain.ask(registry, &R::latestCall { venue })?.round;
        let latest = Latest::of(&mut self.chain, registry, venue, round)?;
        latest.context("the chain has all events")
    }

    pub fn mark(&mut self) -> Result<u64> {
        let (by, venue) = (self.parties.carrier.address(), self.venue);
        self.gas(by, self.system.reserves, &S::markCall { venue })
    }

    /// An attestation as on every day, from the second of its snapshot on. The gas of sending it.
    pub fn attest_as_ever(&mut self, proved: &Proved) -> Result<u64> {
        self.answer(PEG, self.now() - 10 * MINUTE);
        self.attest(proved, Pen::Publisher)
    }

    /// Marks reserves at the snapshot, and sends the attestation when it is proved.
    pub fn attest(&mut self, proved: &Proved, pen: Pen) -> Result<u64> {
        self.pass(BLOCK);
        self.mark()?;
        self.until(proved.as_of() + PROVING)?;
        self.submit(proved, pen)
    }

    /// What is signed by one and carried by another: the calldata.
    pub fn submission(&mut self, proved: &Proved, pen: Pen) -> Result<Vec<u8>> {
        let (venue, verifier, now) = (self.venue, self.verifier, self.now());
        let attestation = proved.attestation();
        let rounds = rounds::find(&mut self.chain, &self.system, venue, &attestation.prices)?;
        let signed = signature::attested(&proved.verified, venue, verifier, &rounds)?;
        let key = match pen {
            Pen::Publisher => &self.parties.publisher,
            Pen::NextPublisher => &self.parties.next_publisher,
            Pen::Carrier => &self.parties.carrier,
        };
        let message = Attest {
            signer: key.address(),
            venue,
            sequence: signed.sequence,
            context: signed.context,
            program: signed.program,
            totals: signed.totals,
            attestation: signed.attestation,
            verifier,
            rounds: signed.rounds,
            signedAt: now,
            deadline: now + MAX_VALIDITY,
            carrier: Address::ZERO,
            compared: 0,
        };
        let signature = Signature {
            signer: message.signer,
            signedAt: message.signedAt,
            deadline: message.deadline,
            carrier: message.carrier,
            compared: 0,
            signature: sign(key, &message, self.system.registry)?,
        };
        let sent = submission::submission(venue, verifier, attestation, &proved.program, rounds)?;
        let volumes = submission::volumes(attestation)?;
        Ok(registry::calldata(&sent, &volumes, &[signature]))
    }

    /// Has an attestation carried. Its gas.
    pub fn submit(&mut self, proved: &Proved, pen: Pen) -> Result<u64> {
        let data = self.submission(proved, pen)?;
        let carrier = self.parties.carrier.address();
        Ok(self.send(carrier, self.system.registry, data.into())?.gas_used)
    }

    /// All observers sign one alarm, and anyone sends it. Its gas.
    pub fn alarm(&mut self, text: &str, until: u64) -> Result<u64> {
        let (venue, observers) = (self.venue, self.system.observers);
        let reason = B256::right_padding_from(text.as_bytes());
        let (mut signers, mut signatures) = (Vec::new(), Vec::new());
        for key in &self.parties.observers {
            let signer = key.address();
            signers.push(signer);
            signatures.push(sign(key, &Alarm { signer, venue, reason, until }, observers)?);
        }
        let by = self.parties.carrier.address();
        self.gas(by, observers, &O::alarmCall { venue, reason, until, signers, signatures })
    }

    /// An observer confirms the latest attestation, and anyone sends it. Its gas.
    pub fn confirm(&mut self) -> Result<u64> {
        let (venue, registry, now) = (self.venue, self.system.registry, self.now());
        let record = self.latest()?.record;
        let key = &self.parties.observers[0];
        let message = Confirm {
            signer: key.address(),
            venue,
            record: keccak256(record.abi_encode()),
            signedAt: now,
            deadline: now + MAX_VALIDITY,
            carrier: Address::ZERO,
            compared: compared::PRICES | compared::BALANCES,
        };
        let signature = Signature {
            signer: message.signer,
            signedAt: now,
            deadline: message.deadline,
            carrier: message.carrier,
            compared: message.compared,
            signature: sign(key, &message, registry)?,
        };
        let signatures = vec![signature];
        let by = self.parties.carrier.address();
        self.gas(by, registry, &R::confirmCall { venue, record, signatures })
    }

    /// The holder claims by the statement of an attestation. Its gas.
    pub fn claim(&mut self, proved: &Proved) -> Result<u64> {
        let (registry, venue) = (self.system.registry, self.venue);
        let digests = (proved.verified.digest, proved.attestation().context().0);
        let all = Appended::all(&mut self.chain, registry, venue, digests)?;
        let appended = all.first().context("the attestation was appended")?;
        let statement = proved.statement.as_ref().context("the holder has a statement")?;
        let statement::OnChain { volume, statement } =
            statement::encode(statement, &proved.verified, appended)?;
        let payee = self.parties.holder;
        let number = alloy_primitives::U256::ZERO;
        self.gas(payee, self.fund, &F::claimCall { number, volume, statement, payee })
    }
}

fn sign(key: &Key, message: &impl SolStruct, contract: Address) -> Result<Bytes> {
    let digest = signing::digest(message, &signing::domain(CHAIN_ID, contract));
    Ok(key.sign_digest(&digest)?.into())
}

/// Why a contract refused what it has to refuse.
pub fn refusal<T>(result: Result<T>) -> Result<String> {
    let Err(error) = result else { bail!("a contract took what it has to refuse: report this") };
    match error.downcast::<ChainError>()? {
        ChainError::Refused(data) => Ok(errors::explain(&data)),
        error => Err(error.into()),
    }
}
