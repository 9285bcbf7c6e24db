//! Books, programs, policies and openings: the tests that need more than one module of the crate.

mod bound;
mod bound_limits;
mod changed_attestation;
mod classes;
mod credit;
mod disclosed;
mod evidence;
mod forms;
mod insurance_fund;
mod inverse;
mod ledger;
mod listed_changes;
mod open_interest;
mod opening;
mod options;
mod page_programs;
mod policy;
mod portfolio_margin;
mod priced_bounds;
mod program;
mod small_book;
mod snapshot;
mod snapshot_columns;
mod snapshot_sources;
mod standing;
mod volatility;
