//! From files to an attestation and back.

pub mod decimal;
pub mod opening;
pub mod secret;
