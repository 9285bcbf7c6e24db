//! A registry on a chain: submitting an attestation, and reading a venue's status.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::{SolCall, SolEvent, SolValue};

use crate::{
    bindings::{
        Continuation, Figures, Record, Reserve, Rules, SolvencyRegistry as R, Submission, Totals,
        VenueView, Verdict, Verifier, Volume,
    },
    chain::{Chain, ChainError, Receipt},
};

/// The id of a venue in a registry: nobody but `owner` can register it.
pub fn venue_id(owner: Address, name: &str) -> B256 {
    keccak256((owner, keccak256(name)).abi_encode())
}

/// How an attestation is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// In one transaction if it fits, else in several.
    AsItFits,
    /// Each volume in its own transaction.
    ByVolume,
}

/// Submits an attestation. Returns the transactions in order; the last one appended it.
///
/// # Errors
/// If the registry refuses or the chain fails.
pub fn submit(
    chain: &mut impl Chain,
    registry: Address,
    submission: Submission,
    volumes: Vec<Volume>,
    sending: Sending,
) -> Result<Vec<Receipt>, ChainError> {
    if sending == Sending::AsItFits {
        let call = R::submitCall { submission: submission.clone(), volumes: volumes.clone() };
        let calldata = call.abi_encode();
        let most = chain.most_gas()?;
        match chain.estimate(registry, calldata.clone().into()) {
            Ok(gas) if gas <= most => {
                return Ok(vec![chain.send(Some(registry), calldata.into())?]);
            }
            // Too large for one transaction; a single volume is no smaller by itself.
            Ok(_) | Err(ChainError::Halted(_)) if volumes.len() > 1 => {}
            Ok(gas) => {
                return Err(ChainError::Halted(format!(
                    "it takes {gas} gas, and a transaction may take {most}"
                )));
            }
            Err(error) => return Err(error),
        }
    }
    by_volume(chain, registry, submission, volumes)
}

fn by_volume(
    chain: &mut impl Chain,
    registry: Address,
    submission: Submission,
    volumes: Vec<Volume>,
) -> Result<Vec<Receipt>, ChainError> {
    let Submission { venue, program, prices, .. } = submission.clone();
    let continuation = Continuation { venue, program, prices };
    let mut send = |calldata: Vec<u8>| chain.send(Some(registry), calldata.into());
    let count = u32::try_from(volumes.len()).unwrap_or(u32::MAX);
    let mut receipts =
        vec![send(R::beginSubmissionCall { submission, volumes: count }.abi_encode())?];
    let mut totals = Vec::new();
    for (index, proved) in volumes.into_iter().enumerate() {
        let (counts, quantities) = (proved.counts.clone(), proved.quantities.clone());
        totals.push(Totals { counts, quantities });
        let call = R::addVolumeCall {
            continuation: continuation.clone(),
            index: U256::from(index),
            proved,
        };
        receipts.push(send(call.abi_encode())?);
    }
    receipts.push(send(R::finishSubmissionCall { continuation, totals }.abi_encode())?);
    Ok(receipts)
}

/// A venue in a registry.
#[derive(Clone, Debug)]
pub struct Status {
    /// The chain's time.
    pub time: u64,
    /// The venue without its lists.
    pub venue: VenueView,
    /// Its latest attestation; `None` if there is none yet.
    pub latest: Option<Latest>,
    /// All rules ever announced, in the order of announcement.
    pub rules: Vec<(B256, Rules)>,
    /// All verifiers ever announced and their keys, in the order of announcement.
    pub verifiers: Vec<(B256, Verifier)>,
    /// The reserves listed now.
    pub reserves: Vec<Reserve>,
    /// The names of all assets that a reserve was ever announced for, by hash.
    pub names: BTreeMap<B256, String>,
}

/// The latest attestation.
#[derive(Clone, Debug)]
pub struct Latest {
    /// The verdict that a guard sees.
    pub verdict: Verdict,
    /// The record.
    pub record: Record,
    /// Its figures by scenario.
    pub figures: Vec<Figures>,
}

impl Latest {
    /// Whether every clause holds, and neither its rules nor its verifier was revoked.
    pub fn holds(&self) -> bool {
        self.verdict.failing.is_zero() && !self.verdict.revoked
    }
}

impl Status {
    /// Reads a venue from a registry.
    ///
    /// # Errors
    /// If the registry does not know the venue, or the chain does not answer.
    pub fn of(chain: &mut impl Chain, registry: Address, venue: B256) -> Result<Self, ChainError> {
        let view = chain.ask(registry, &R::venueOfCall { venue })?;
        let verdict = chain.ask(registry, &R::latestCall { venue })?;
        let latest = if verdict.asOf == 0 {
            None
        } else {
            let sequence = verdict.sequence;
            let record = chain.ask(registry, &R::recordOfCall { venue, sequence })?;
            let figures = chain.ask(registry, &R::figuresOfCall { venue, sequence })?;
            Some(Latest { verdict, record, figures })
        };
        let events = [
            R::RulesAnnounced::SIGNATURE_HASH,
            R::VerifierAnnounced::SIGNATURE_HASH,
            R::ReserveAnnounced::SIGNATURE_HASH,
        ];
        let (mut rules, mut verifiers) = (Vec::new(), Vec::new());
        let mut names = BTreeMap::new();
        for log in chain.logs(registry, &events, venue)? {
            if let Ok(event) = R::RulesAnnounced::decode_log_data(&log.data) {
                let call = R::rulesOfCall { venue, rules: event.rules };
                rules.push((event.rules, chain.ask(registry, &call)?));
            } else if let Ok(event) = R::VerifierAnnounced::decode_log_data(&log.data) {
                let call = R::verifierOfCall { venue, key: event.key };
                verifiers.push((event.key, chain.ask(registry, &call)?));
            } else if let Ok(event) = R::ReserveAnnounced::decode_log_data(&log.data) {
                names.insert(keccak256(&event.asset), event.asset);
            }
        }
        let reserves = chain.ask(registry, &R::reservesOfCall { venue })?;
        let time = chain.time()?;
        Ok(Self { time, venue: view, latest, rules, verifiers, reserves, names })
    }

    /// Seconds since the latest attestation's snapshot; `None` without one.
    pub fn age(&self) -> Option<u64> {
        self.latest.as_ref().map(|latest| self.time.saturating_sub(latest.verdict.asOf))
    }
}
