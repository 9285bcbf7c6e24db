//! Why an attestation is refused.

use pacioli_circuits::ShapeError;
use pacioli_rules::{PricesError, RulesError};
use thiserror::Error;

use super::{DisclosedError, TrialBalanceError};
use crate::{
    attestation::AttestationFormError, digest::Digest, drawn::DrawnError,
    open_interest::OpenInterestError, proof::ProofError, reserves::ReservesError, volume::VolumeId,
};

/// Why an attestation is refused.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// The bytes are not an attestation.
    #[error(transparent)]
    Form(#[from] AttestationFormError),
    /// The embedded prices are invalid.
    #[error(transparent)]
    Prices(#[from] PricesError),
    /// The embedded reserves are invalid.
    #[error(transparent)]
    Reserves(#[from] ReservesError),
    /// The embedded rules are invalid, or do not compile to a sound table.
    #[error("in the attestation's rules: {0}")]
    Rules(#[from] RulesError),
    /// More is open in a market than its prices state.
    #[error("in the attestation: {0}")]
    OpenInterest(#[from] Box<OpenInterestError>),
    /// Invalid circuit sizes.
    #[error("in the attestation's header: {0}")]
    Shape(#[from] ShapeError),
    /// It was proved under another key than the verifier's.
    #[error(
        "the attestation was proved under the key {claimed}, but the key given is {own}: the two do \
         not belong together"
    )]
    Key {
        /// The key in the header.
        claimed: Digest,
        /// The verifier's.
        own: Digest,
    },
    /// The first attestation has the sequence number 0 and no previous one.
    #[error("{}", chained(*.sequence))]
    Chain {
        /// Its sequence number.
        sequence: u64,
    },
    /// The header names another number of scenarios than the rules have.
    #[error(
        "in the attestation's header: the rules have {own} scenarios, but the header names {claimed}"
    )]
    Scenarios {
        /// The scenarios in the header.
        claimed: usize,
        /// The rules', twins and `cover` included.
        own: usize,
    },
    /// There is nothing to check.
    #[error("the attestation has no volume")]
    NoVolume,
    /// A volume's lists are of different lengths.
    #[error("volume {volume} has {counts} counts and {quantities} quantities")]
    Lengths {
        /// The volume.
        volume: VolumeId,
        /// Its counts.
        counts: usize,
        /// Its quantities.
        quantities: usize,
    },
    /// What the header says of the book cannot be.
    #[error("in the attestation's header: {0}")]
    Disclosed(#[from] DisclosedError),
    /// The time was not drawn as the header says.
    #[error("in the attestation's header: drawn: {0}")]
    Drawn(#[from] DrawnError),
    /// The header names another program than the rules have.
    #[error("in the attestation's header: the rules have {}, but the header names {}", named(.own), named(.claimed))]
    Program {
        /// The program's hash in the header.
        claimed: Option<Digest>,
        /// The rules'.
        own: Option<Digest>,
    },
    /// A volume's totals are not those of accounts that balance.
    #[error("volume {volume}: {source}")]
    TrialBalance {
        /// The volume.
        volume: VolumeId,
        /// What is wrong.
        source: TrialBalanceError,
    },
    /// A volume's proof does not hold.
    #[error("volume {volume}: {source}")]
    Proof {
        /// The volume.
        volume: VolumeId,
        /// What is wrong.
        source: ProofError,
    },
}

/// A program, by its hash.
fn named(program: &Option<Digest>) -> String {
    program.map_or_else(|| "no program".to_owned(), |digest| format!("the program {digest}"))
}

/// How an attestation with this sequence number has to be chained.
fn chained(sequence: u64) -> String {
    match sequence {
        0 => "the first attestation (sequence number 0) must not name a previous one".to_owned(),
        _ => format!("the attestation with sequence number {sequence} must name the previous one"),
    }
}
