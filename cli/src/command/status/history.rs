//! The attestations of a venue so far.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolEvent;
use pacioli_verifier_contract::{
    bindings::{Record, SolvencyRegistry as R},
    chain::{Chain, ChainError},
};

/// One attestation, and what became of it.
pub struct Past {
    /// Its number in the registry.
    pub round: u64,
    /// As it was appended.
    pub record: Record,
    /// Why it was revoked, as somebody said.
    pub revoked: Option<String>,
    /// In how many rechecks reserves were found too low.
    pub rechecks: usize,
    /// How many observers confirmed it after it left a band; 0 if none had to, or did.
    pub confirmed_by: U256,
}

/// All attestations from the first block that is searched, oldest first.
pub fn all(
    chain: &mut impl Chain,
    registry: Address,
    venue: B256,
) -> Result<Vec<Past>, ChainError> {
    let events = [
        R::Attested::SIGNATURE_HASH,
        R::Revoked::SIGNATURE_HASH,
        R::Rechecked::SIGNATURE_HASH,
        R::Confirmed::SIGNATURE_HASH,
    ];
    let mut all: Vec<Past> = Vec::new();
    for log in chain.logs(registry, &events, venue)? {
        if let Ok(event) = R::Revoked::decode_log_data(&log.data) {
            if let Some(past) = of(&mut all, event.round) {
                past.revoked = Some(event.reason);
            }
        } else if let Ok(event) = R::Rechecked::decode_log_data(&log.data) {
            if let Some(past) = of(&mut all, event.round) {
                past.rechecks += 1;
            }
        } else if let Ok(event) = R::Confirmed::decode_log_data(&log.data) {
            if let Some(past) = of(&mut all, event.round) {
                past.confirmed_by = event.observers;
            }
        } else if let Ok(event) = R::Attested::decode_log_data(&log.data) {
            let R::Attested { round, record, .. } = event;
            all.push(Past { round, record, revoked: None, rechecks: 0, confirmed_by: U256::ZERO });
        }
    }
    Ok(all)
}

fn of(all: &mut [Past], round: u64) -> Option<&mut Past> {
    all.iter_mut().rev().find(|past| past.round == round)
}
