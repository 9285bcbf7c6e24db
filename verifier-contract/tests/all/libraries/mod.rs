//! The Solidity libraries against their twins in Rust.

mod books;
mod chain;
mod context;
mod gas;
mod program;
mod refused;
mod time;
