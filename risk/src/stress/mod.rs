//! What a private book is worth in scenarios that nobody proves: crashes, squeezes, depegs, and
//! sweeps that look for the move at which bad debt exceeds the insurance fund.
//!
//! The figures are those that a proof under the same rules and scenarios would have, to the unit:
//! the values come from the rules compiler and every account is added up exactly. Scenarios can be
//! as many as one likes. Accounts are counted and never named; their ids are dropped before
//! anything is evaluated.
//!
//! Prices move at once and everything stays as it is: no liquidation on the way, no slippage, no
//! funding, no default of one venue on another.

mod book;
mod columns;
mod evaluate;
mod margin;
mod moved;
mod scenarios;
mod shipped;
mod sweep;
mod values;
mod wide_int;

pub use book::{StressBook, StressError};
pub use evaluate::{Outcome, Unliquidated};
pub use margin::BelowMargin;
pub use scenarios::{ScenarioSet, ScenarioSetError, StressScenario};
pub use shipped::{SETS, shipped};
pub use sweep::{Crossing, Sweep, SweepPoint};
