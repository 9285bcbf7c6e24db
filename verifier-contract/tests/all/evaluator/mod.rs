//! The evaluator alone, with proofs that the generated verifier checks, and the account of its gas.

pub mod account;
mod agreement;
mod chunks;
pub mod fixture;
mod said;
mod volumes;
