//! The contracts on a chain in this process, beside their twins in Rust.

mod libraries;
mod opinion;
mod registry;
mod repricer;
mod statement;
mod verifier;
