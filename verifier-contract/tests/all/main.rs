//! The contracts on a chain in this process, beside their twins in Rust.

mod evaluator;
mod libraries;
mod opinion;
mod registry;
mod repricer;
mod statement;
mod verifier;
