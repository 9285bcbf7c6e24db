//! The generated verifier on a chain in this process, beside the native one.

mod fixture;
mod generated;
mod honest;
