//! Checking an attestation: everything that anyone can compute from it again is computed again.

use pacioli_circuits::{Shape, ShapeError, Statement, Total, Totals};
use thiserror::Error;

use super::{Attestation, AttestationFormError};
use crate::{
    digest::Digest,
    figures::{Figures, figures},
    keys::VerifyingKey,
    open_interest::{self, OpenInterestError},
    policy::{Clause, evaluate},
    prices::PricesError,
    progress::Progress,
    reserves::{Reserves, ReservesError},
    rules::{Compiled, Rules, RulesError, compile},
    setup::Origin,
    verify::{ProofError, check_form, verify_volume},
};

/// What a checked attestation says.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The attestation.
    pub attestation: Attestation,
    /// Its digest.
    pub digest: Digest,
    /// The rules as they stand in it.
    pub rules: Rules,
    /// The instrument table, from rules and prices.
    pub compiled: Compiled,
    /// The totals of all volumes together.
    pub totals: Totals,
    /// What the totals say.
    pub figures: Figures,
    /// The policy's clauses, and whether each holds.
    pub clauses: Vec<Clause>,
    /// Who is trusted not to know the setup's tau.
    pub origin: Origin,
}

impl Verified {
    /// Every clause of the policy holds.
    pub fn holds(&self) -> bool {
        self.clauses.iter().all(|clause| clause.holds)
    }
}

/// Why an attestation is refused.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// The bytes are no attestation.
    #[error(transparent)]
    Form(#[from] AttestationFormError),
    /// The prices in it are none.
    #[error(transparent)]
    Prices(#[from] PricesError),
    /// The reserves in it are none.
    #[error(transparent)]
    Reserves(#[from] ReservesError),
    /// The rules in it are none, or make no sound table.
    #[error("in the attestation's rules: {0}")]
    Rules(#[from] RulesError),
    /// More is open in a market than its prices state.
    #[error("in the attestation: {0}")]
    OpenInterest(#[from] Box<OpenInterestError>),
    /// Its sizes make no circuit.
    #[error("in the attestation's header: {0}")]
    Shape(#[from] ShapeError),
    /// It was proved under another key than the verifier's.
    #[error("the attestation was proved under the key {claimed}, but the verifier's key is {own}")]
    Key {
        /// The key in the header.
        claimed: Digest,
        /// The verifier's.
        own: Digest,
    },
    /// The first attestation has the number 0 and no other before it.
    #[error("attestation number {sequence} {}", if *.sequence == 0 { "names one before it" } else { "names none before it" })]
    Chain {
        /// Its number.
        sequence: u64,
    },
    /// There is nothing to check.
    #[error("the attestation has no volume")]
    NoVolume,
    /// A volume's lists are of different lengths.
    #[error("volume {volume} has {counts} counts and {quantities} quantities")]
    Lengths {
        /// The volume.
        volume: usize,
        /// Its counts.
        counts: usize,
        /// Its quantities.
        quantities: usize,
    },
    /// A volume's proof does not hold.
    #[error("volume {volume}: {source}")]
    Proof {
        /// The volume.
        volume: usize,
        /// What is wrong.
        source: ProofError,
    },
}

/// Checks an attestation against a key that `key` gives for its shape. Proofs, totals, rules and
/// prices fit together where this succeeds; [`Verified::holds`] says whether the policy does.
///
/// # Errors
/// The first thing that does not fit, or the error of `key`.
pub fn verify<E: From<VerifyError>>(
    bytes: &[u8],
    key: impl FnOnce(&Attestation, Shape) -> Result<VerifyingKey, E>,
    progress: &dyn Progress,
) -> Result<Verified, E> {
    let attestation = Attestation::parse(bytes).map_err(VerifyError::from)?;
    let (rules, compiled) = recompile(&attestation)?;
    let shape = attestation.header.shape().map_err(VerifyError::from)?;
    // What costs nothing to refuse is refused before a key is made.
    let volumes = check_totals(&attestation, &compiled, &shape)?;
    let totals = sum(&volumes, compiled.rows.len())?;
    let figures = figures(&compiled, &totals).expect("every volume's totals are of the table");
    open_interest::check(&compiled, &figures).map_err(VerifyError::from)?;
    let key = key(&attestation, shape)?;
    check_proofs(&attestation, &compiled, &volumes, &key, progress)?;
    let nothing = Reserves { as_of: attestation.prices.as_of, reserves: Vec::new() };
    let reserves = attestation.reserves.as_ref().unwrap_or(&nothing);
    let clauses = evaluate(&rules.policy, &compiled, &figures, reserves);
    Ok(Verified {
        digest: Digest::of(bytes),
        attestation,
        rules,
        compiled,
        totals,
        figures,
        clauses,
        origin: key.origin,
    })
}

/// The rules and the instrument table, from the attestation's own texts.
fn recompile(attestation: &Attestation) -> Result<(Rules, Compiled), VerifyError> {
    attestation.prices.check()?;
    if let Some(reserves) = &attestation.reserves {
        reserves.check()?;
    }
    let rules = Rules::parse(&attestation.rules)?;
    let compiled = compile(&rules, &attestation.prices)?;
    Ok((rules, compiled))
}

/// Every volume's totals, within their bounds and beside a proof of the right length.
fn check_totals(
    attestation: &Attestation,
    compiled: &Compiled,
    shape: &Shape,
) -> Result<Vec<Totals>, VerifyError> {
    let header = &attestation.header;
    if (header.sequence == 0) != header.previous.is_none() {
        return Err(VerifyError::Chain { sequence: header.sequence });
    }
    if attestation.volumes.is_empty() {
        return Err(VerifyError::NoVolume);
    }
    let context = attestation.context();
    let volumes = attestation.volumes.iter().enumerate().map(|(volume, proved)| {
        let totals = proved.totals().ok_or(VerifyError::Lengths {
            volume,
            counts: proved.counts.len(),
            quantities: proved.quantities.len(),
        })?;
        let context = context.word(volume);
        let statement = Statement { context, table: &compiled.table, totals: &totals };
        check_form(shape, &statement, &proved.proof)
            .map_err(|source| VerifyError::Proof { volume, source })?;
        Ok(totals)
    });
    volumes.collect()
}

/// Checks every volume's proof.
fn check_proofs(
    attestation: &Attestation,
    compiled: &Compiled,
    volumes: &[Totals],
    key: &VerifyingKey,
    progress: &dyn Progress,
) -> Result<(), VerifyError> {
    let claimed = attestation.header.key;
    if claimed != key.digest() {
        return Err(VerifyError::Key { claimed, own: key.digest() });
    }
    let context = attestation.context();
    progress.begin("checking proofs", volumes.len() as u64);
    for (volume, (proved, totals)) in attestation.volumes.iter().zip(volumes).enumerate() {
        let context = context.word(volume);
        let statement = Statement { context, table: &compiled.table, totals };
        verify_volume(key, &statement, &proved.proof)
            .map_err(|source| VerifyError::Proof { volume, source })?;
        progress.reach(volume as u64 + 1);
    }
    Ok(())
}

/// The totals of all volumes together.
fn sum(volumes: &[Totals], instruments: usize) -> Result<Totals, VerifyError> {
    let mut sum = Totals(vec![Total::default(); instruments]);
    for (volume, totals) in volumes.iter().enumerate() {
        let overflow = VerifyError::Proof { volume, source: ProofError::Overflow };
        sum.add(totals).ok_or(overflow)?;
    }
    Ok(sum)
}
