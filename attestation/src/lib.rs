//! What anyone can check: attestations, statements, keys and setups.
//!
//! An attestation is read ([`Candidate::read`]) and then verified under a key that its reader made
//! from a setup they trust ([`Candidate::verify`]). What comes of it, [`Verified`], has the
//! figures, the policy's clauses and by whose word each of them is. A holder's [`statement`] is
//! checked against it. Nothing here reads a venue's book, and nothing here can be misled by what it
//! checks: keys and setups come from the reader.

mod attestation;
mod backing;
pub mod bound;
mod by;
mod canonical;
mod coverage;
mod digest;
mod drawn;
pub mod encoding;
mod figures;
mod fund;
mod key;
pub mod open_interest;
pub mod opening;
mod place;
mod policy;
pub mod program;
mod progress;
mod proof;
mod proof_layout;
mod require;
mod reserves;
pub mod setup;
pub mod statement;
mod theta;
pub mod transcript;
mod verify;
mod volume;

pub use attestation::{
    AssetLeftOut, Attestation, CLOCK_ALLOWANCE, ChainError, Context, Entry, Finding, Header,
    InFuture, Link, Missed, RoundedInstrument, Rounding, VERSION as ATTESTATION_VERSION,
    VolumeProof, changes, check_day_after, check_follows, check_history, check_links,
    check_not_in_future, check_successor, in_order, may_miss, missed_days, missed_since,
    reserves_digest,
};
pub use backing::{Backing, backing};
pub use by::By;
pub use coverage::{AssetCoverage, Coverage, per_asset};
pub use digest::{Digest, DigestError, Words};
pub use drawn::{
    BlockHash, BlockHashError, Day, DayError, Draw, Drawn, DrawnError, Seen, first_round,
};
pub use encoding::to_hex;
pub use figures::{
    AssetCredit, AssetFigures, ClassFigures, ClassWorth, ContingencyFigures, CreditFigures,
    Figures, FiguresError, FundFigures, MarketFigures, OptionFigures, ScenarioFigures, class_fund,
    figures,
};
pub use fund::{FundTwice, InsuranceFund};
pub use key::{KeyError, KeyFileError, VerifyingKey, check_size};
pub use place::{BITCOIN, ETHEREUM, chain_id, chain_key, place_key};
pub use policy::{Clause, Evidence, evaluate_policy, unasked};
pub use progress::Progress;
pub use proof::{ProofError, verify_volume};
pub use proof_layout::{ProofLayout, proof_layout};
pub use require::{Problem as RequireProblem, RequireError, Requirements, SetupRequired};
pub use reserves::{AttestedBy, CountsNothing, Purpose, Reserve, Reserves, ReservesError};
pub use theta::{THETA_TAG, theta};
pub use verify::{
    Candidate, DisclosedError, Findings, TrialBalanceError, Verified, VerifyError, check_disclosed,
    check_trial_balance,
};
pub use volume::VolumeId;
