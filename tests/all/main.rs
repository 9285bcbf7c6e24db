//! The journeys across crates, in one binary: linking takes longer than most of them.

mod attestation;
mod draw;
mod edited_attestations;
mod gas_of_volumes;
mod independent;
mod independent_figures;
mod known_tau;
mod many_scenarios;
mod page_files;
mod page_options;
mod page_repricing;
mod portfolio;
mod presets;
mod presets_margin;
mod real_book;
mod schema;
mod soundness;
mod statements;
mod stress;
mod trace;
