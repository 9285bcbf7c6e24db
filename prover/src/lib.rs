//! From files to an attestation and back.

pub mod decimal;
pub mod digest;
pub mod keys;
pub mod plan;
pub mod progress;
pub mod prove;
pub mod setup;
pub mod transcript;
pub mod verify;
