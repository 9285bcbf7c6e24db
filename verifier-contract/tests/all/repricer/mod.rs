//! Figures and clauses at other prices, on a chain in this process, beside what Rust says of them.

mod at_limits;
mod balances;
mod bounds;
mod expected;
mod fixture;
mod gas;
mod refused;
mod standing;
mod whole;
