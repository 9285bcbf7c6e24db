//! Evidence of reserves: what shows that they are there, and whose they are.
//!
//! An [`Evidence`] file stands beside an attestation and names its reserves. [`check()`] gives each
//! reserve two letters: by whom its balance is known, and by whom it is known whose it is.
//!
//! - A [`Challenge`] is the text that the holder of an address signs for one venue, one purpose and one
//!   time; a [`Signature`] shows that they did.
//! - A [`Storage`] proof shows a balance to whoever knows a block's hash.
//! - A [`Custodian`]'s statement counts for whoever names the custodian's key.
//! - A [`Place`] is an address however it is spelled, and [`shared`] finds those that two venues show.
//!
//! Nothing here reads a file or asks a node: a [`Reader`] does, where there is one.

mod challenge;
mod check;
mod custodian;
mod file;
mod place;
mod signature;
mod storage;

pub use challenge::{Challenge, ChallengeError, LONGEST, Subject, SubjectError, Terms};
pub use check::{
    Answer, Checked, Known, KnownBad, KnownBadError, Letter, Offline, Read, Reader, Report, Seen,
    Shared, Wallet, check, shared,
};
pub use custodian::{Custodian, CustodianError, CustodianKey, CustodianKeyError, CustodianText};
pub use file::{Entry, Evidence, EvidenceError, Kind, Reading, VERSION};
pub use pacioli_attestation::{BITCOIN, ETHEREUM, chain_id};
pub use place::{Owner, Place, PlaceError, bitcoin_network, evm_chain, scripts_of};
pub use signature::{
    Ed25519Key, MessageForm, Scheme, Signature, SignatureError, Signed, bip322_message_hash,
    eip191_digest, verify_ed25519, verify_eip191,
};
pub use storage::{
    AccountProof, Proven, SlotProof, Storage, StorageError, balance_slot, read_header,
};
