//! The evaluator alone, with proofs that the generated verifier checks, and the account of its gas.

mod account;
mod agreement;
mod chunks;
mod fixture;
mod said;
mod volumes;
