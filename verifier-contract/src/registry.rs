//! A registry on a chain: submitting an attestation, and reading a venue's status.

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::{SolCall, SolEvent, SolValue};

use crate::{
    bindings::{
        Continuation, Elsewhere as E, Feed, Feeds as F, Figures, Needs, Observers as O,
        ObserversView, Record, Remote, Reserve, Reserves as S, Rules, Signature,
        SolvencyRegistry as R, State, Submission, VenueView, Venues as V, Verdict, Verifier,
        Volume,
    },
    chain::{Chain, ChainError, Receipt},
    system::System,
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
    signatures: Vec<Signature>,
    sending: Sending,
) -> Result<Vec<Receipt>, ChainError> {
    if sending == Sending::AsItFits {
        let calldata = calldata(&submission, &volumes, &signatures);
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
    by_volume(chain, registry, submission, volumes, signatures)
}

/// What a submission in one transaction is sent with.
pub fn calldata(submission: &Submission, volumes: &[Volume], signatures: &[Signature]) -> Vec<u8> {
    R::submitCall {
        submission: submission.clone(),
        volumes: volumes.to_vec(),
        signatures: signatures.to_vec(),
    }
    .abi_encode()
}

fn by_volume(
    chain: &mut impl Chain,
    registry: Address,
    submission: Submission,
    volumes: Vec<Volume>,
    signatures: Vec<Signature>,
) -> Result<Vec<Receipt>, ChainError> {
    let Submission { venue, header, prices, rounds, .. } = submission.clone();
    let continuation = Continuation { venue, header, prices, rounds };
    let mut send = |calldata: Vec<u8>| chain.send(Some(registry), calldata.into());
    let count = u32::try_from(volumes.len()).unwrap_or(u32::MAX);
    let mut receipts =
        vec![send(R::beginSubmissionCall { submission, volumes: count }.abi_encode())?];
    let mut totals = Vec::new();
    for (index, proved) in volumes.into_iter().enumerate() {
        totals.push(proved.totals.clone());
        let call = R::addVolumeCall {
            continuation: continuation.clone(),
            index: U256::from(index),
            proved,
        };
        receipts.push(send(call.abi_encode())?);
    }
    let call = R::finishSubmissionCall { continuation, totals, signatures };
    receipts.push(send(call.abi_encode())?);
    Ok(receipts)
}

/// A venue in a registry.
#[derive(Clone, Debug)]
pub struct Status {
    /// The chain's time.
    pub time: u64,
    /// The contracts of the registry.
    pub system: System,
    /// The venue without its lists.
    pub venue: VenueView,
    /// When a pause of the venue lapses, in seconds; 0 if it was never paused.
    pub paused_until: u64,
    /// Its verdict; with round 0 if there is no attestation yet.
    pub verdict: Verdict,
    /// Its latest attestation; `None` if there is none yet.
    pub latest: Option<Latest>,
    /// All rules ever announced, in the order of announcement.
    pub rules: Vec<(B256, Rules)>,
    /// All verifiers ever announced, in the order of announcement.
    pub verifiers: Vec<(Address, Verifier)>,
    /// The reserves listed now.
    pub reserves: Vec<Reserve>,
    /// The reserves on other chains listed now.
    pub remotes: Vec<Remote>,
    /// Who else signs.
    pub observers: ObserversView,
    /// When the latest alarm lapses, in seconds; 0 if there never was one.
    pub alarmed_until: u64,
    /// The oracles that prices are compared with.
    pub feeds: Vec<Feed>,
    /// The names of all assets that a reserve or a feed was ever announced for, by hash.
    pub names: BTreeMap<B256, String>,
}

/// An attestation as it was appended.
#[derive(Clone, Debug)]
pub struct Latest {
    /// The record, which has the registry's hash.
    pub record: Record,
    /// Its figures by scenario.
    pub figures: Vec<Figures>,
    /// For each volume, the hash of its proof's commitments of phase 1.
    pub phase1: Vec<B256>,
    /// What it needs of reserves.
    pub needs: Needs,
}

impl Latest {
    /// The attestation of a number; `None` if there is none, or the chain no longer has its events.
    ///
    /// # Errors
    /// If the chain does not answer, or has events that are not those that the registry hashed.
    pub fn of(
        chain: &mut impl Chain,
        registry: Address,
        venue: B256,
        round: u64,
    ) -> Result<Option<Self>, ChainError> {
        let number = U256::from(round).into();
        let attested = chain.last_log(registry, [R::Attested::SIGNATURE_HASH, venue, number])?;
        let counted =
            chain.last_log(registry, [R::ReservesCounted::SIGNATURE_HASH, venue, number])?;
        let (Some(attested), Some(counted)) = (attested, counted) else { return Ok(None) };
        let other = || {
            ChainError::Node(format!(
                "the node's events of attestation {round} are not what the registry hashed"
            ))
        };
        let attested = R::Attested::decode_log_data(&attested.data).map_err(|_| other())?;
        let counted = R::ReservesCounted::decode_log_data(&counted.data).map_err(|_| other())?;
        let hash = chain.ask(registry, &R::recordHashCall { venue, round })?;
        let R::Attested { record, figures, phase1, .. } = attested;
        let is_it = keccak256(record.abi_encode()) == hash
            && keccak256(figures.abi_encode()) == record.figures
            && keccak256(phase1.concat()) == record.phase1
            && keccak256(counted.needs.abi_encode()) == record.needs;
        if !is_it {
            return Err(other());
        }
        Ok(Some(Self { record, figures, phase1, needs: counted.needs }))
    }
}

impl Status {
    /// Reads a venue from a registry.
    ///
    /// # Errors
    /// If the registry does not know the venue, or the chain does not answer.
    pub fn of(chain: &mut impl Chain, registry: Address, venue: B256) -> Result<Self, ChainError> {
        let system = System::of(chain, registry)?;
        let view = chain.ask(system.venues, &V::venueOfCall { venue })?;
        let subject = B256::ZERO;
        let paused_until = chain.ask(system.venues, &V::pausedUntilCall { venue, subject })?;
        let verdict = chain.ask(registry, &R::latestCall { venue })?;
        let latest = match verdict.round {
            0 => None,
            round => Latest::of(chain, registry, venue, round)?,
        };
        let (mut rules, mut verifiers) = (Vec::new(), Vec::new());
        let events = [V::RulesAnnounced::SIGNATURE_HASH, V::VerifierAnnounced::SIGNATURE_HASH];
        for log in chain.logs(system.venues, &events, venue)? {
            if let Ok(event) = V::RulesAnnounced::decode_log_data(&log.data) {
                let call = V::rulesOfCall { venue, rules: event.rules };
                rules.push((event.rules, chain.ask(system.venues, &call)?));
            } else if let Ok(event) = V::VerifierAnnounced::decode_log_data(&log.data) {
                let call = V::verifierOfCall { venue, verifier: event.verifier };
                verifiers.push((event.verifier, chain.ask(system.venues, &call)?));
            }
        }
        let mut names = BTreeMap::new();
        let mut name = |name: String| names.insert(keccak256(&name), name);
        for log in chain.logs(system.reserves, &[S::ReserveAnnounced::SIGNATURE_HASH], venue)? {
            if let Ok(event) = S::ReserveAnnounced::decode_log_data(&log.data) {
                name(event.asset);
            }
        }
        for log in chain.logs(system.feeds, &[F::FeedAnnounced::SIGNATURE_HASH], venue)? {
            if let Ok(event) = F::FeedAnnounced::decode_log_data(&log.data) {
                name(event.listed.name);
            }
        }
        Ok(Self {
            reserves: chain.ask(system.reserves, &S::reservesOfCall { venue })?,
            remotes: chain.ask(system.elsewhere, &E::remotesOfCall { venue })?,
            observers: chain.ask(system.observers, &O::observersOfCall { venue })?,
            alarmed_until: chain.ask(system.observers, &O::alarmedUntilCall { venue })?,
            feeds: chain.ask(system.feeds, &F::feedsOfCall { venue })?,
            time: chain.time()?,
            system,
            venue: view,
            paused_until,
            verdict,
            latest,
            rules,
            verifiers,
            names,
        })
    }

    /// Seconds since the latest attestation's snapshot; `None` without one.
    pub fn age(&self) -> Option<u64> {
        (self.verdict.round != 0).then(|| self.time.saturating_sub(self.verdict.asOf))
    }
}

/// The name of a state.
pub fn state_name(state: State) -> &'static str {
    match state {
        State::None => "none",
        State::Healthy => "healthy",
        State::Warning => "warning",
        State::Breach => "breach",
        State::Expired => "expired",
        State::Paused => "paused",
        // The compiler's own, for a number that is no state.
        _ => "unknown",
    }
}

/// What is not as it should be, by the bits of `Fault`.
pub fn faults(bits: u16) -> Vec<String> {
    let known = [
        "a price is beyond its feed's band, or cannot be compared",
        "reserves were not marked near the snapshot",
        "a token did not answer, and its reserve counts as nothing",
        "something moved further than a band allows",
    ];
    let later = bits >> known.len() != 0;
    let known = known.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 != 0);
    let known = known.map(|(_, text)| (*text).to_owned());
    known.chain(later.then(|| "a fault that this release does not know".to_owned())).collect()
}
