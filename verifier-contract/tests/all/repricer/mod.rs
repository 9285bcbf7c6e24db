//! Figures and clauses at other prices, on a chain in this process, beside what Rust says of them.

mod bounds;
mod expected;
mod fixture;

mod standing;
