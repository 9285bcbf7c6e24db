//! The generated verifier on a chain in this process, beside the native one: both accept what
//! holds, and refuse the same.

mod bounds;
mod calldata;
pub mod fixture;
pub mod gas;
mod generated;
mod honest;
mod proof;
mod scenarios;
mod trial_balance;
