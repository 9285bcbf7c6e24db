//! The generated verifier on a chain in this process, beside the native one: both accept what
//! holds, and refuse the same.

mod bounds;
mod calldata;
mod edited;
pub mod fixture;
pub mod gas;
mod generated;
mod honest;
pub mod proof;
mod scenarios;
mod trial_balance;
