//! From files to an attestation and back.

pub mod decimal;
pub mod keys;
pub mod prove;
pub mod transcript;
pub mod verify;
