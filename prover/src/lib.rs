//! From a venue's files to an attestation and its statements.
//!
//! A [`snapshot`] is balanced into a [`Ledger`] under the rules' table; a [`Book`] deals its accounts
//! out to volumes and proves each ([`Book::prove`]); a finished run's [`RunStore`] gives the
//! [`statements`] of account holders. Beyond one machine a run is taken in [`parts`]. All secrets are in
//! this crate: seeds, salts and nonces.

mod book;
mod derive;
mod ids;
mod layout;
mod ledger;
mod mac;
pub mod opening;
pub mod parts;
mod plan;
mod private_book;
mod prove;
mod proving_key;
mod sealed;
mod secret;
mod secret_file;
mod several;
pub mod snapshot;
pub mod statements;
mod store;

pub use book::{Book, BookError, Inputs, proving};
pub use derive::{Attempt, RecordedAttempt, VolumeKey};
pub use layout::LayoutError;
pub use ledger::{
    BalancedAccounts, BookInputError, Disclosure, FormCounts, Ledger, LedgerError, LedgerProblem,
    Strictness, Unpriced, balance_accounts, balance_book,
};
pub use plan::{Placed, Placement, Plan, PlanError, page_size};
pub use private_book::{PrivateBookError, book_of_run};
pub use prove::{Domain, PROOF_PARTS, PROOF_STEPS, ProofSeed, RecordedSeed, prove_volume};
pub use proving_key::ProvingKey;
pub use sealed::{RunSecrets, SealedVolume};
pub use secret::{OperatorSecret, Salt};
pub use secret_file::{Secret, SecretError};
pub use several::{MAX_SHOWN, Several};
pub use store::{OpenedPage, RunStore, StoreError, StoredAccount};

/// The program and its version, as attestations name it.
const SOFTWARE: &str = concat!("pacioli ", env!("CARGO_PKG_VERSION"));
