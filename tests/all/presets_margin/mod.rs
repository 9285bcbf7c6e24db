//! The presets with options against the venues' own formulas, computed here in fractions and with a
//! model of their own: 1,000 random portfolios each, at usual and at extreme prices.
//!
//! What the table says is read from the ledger's accounts, as an attestation would have them. Marks are
//! quoted to a unit of value per unit of quantity, rounded down, on both sides of the comparison.

mod black;
mod book;
mod options_standard;
mod portfolio;
mod scan;
mod tail;
