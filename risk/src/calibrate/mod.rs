//! Weights and margins proposed from price history. A proposal is a rules file for people to read,
//! compare and adopt; nothing here changes the rules in force.
//!
//! For every asset with a history, over a horizon of H days,
//!
//! ```text
//! sigma = max(realised volatility of the last days, exponentially weighted volatility)
//! move  = max(expected shortfall 97.5 % of all H-day moves in the history,
//!             2.338 sigma sqrt(H))
//! ```
//!
//! separately for falls and for rises. A position of size Q is sold evenly over T = Q / (part of a
//! day's volume that one can sell) days, in which it is exposed as if it stood in full for T / 3
//! (the variance of a line that falls to nothing), so its move is
//!
//! ```text
//! move(Q) = move sqrt(1 + T / 3H)
//! ```
//!
//! A tier from size a to size b gets the slope of `Q move(Q)` between the two. That product is
//! convex, so the slopes grow, the weights fall, and in every tier a position is charged at
//! least what its own size needs. The last tier has no end: it is measured as if it ended at four times
//! its beginning; review larger positions individually.
//!
//! Deposits weigh 1 - slope of falls, borrows 1 + the rise at one day's size, positions are margined
//! with the worse of both sides. All of this is fixed-point arithmetic with 18 decimals, the same on
//! every machine; proposed figures are rounded to 0.1 %, weights of deposits down, margins and weights
//! of borrows up.

mod effect;
mod error;
mod fixed;
mod history;
mod liquidity;
mod proposal;
mod propose;
mod risk;
mod settings;
mod size;
mod write;

pub use effect::{BookEffect, MarginEffect, effect};
pub use error::CalibrateError;
pub use history::{History, HistoryError};
pub use liquidity::Liquidity;
pub use proposal::{Figure, Item, Kept, Measured, MeasuredMoves, Proposal};
pub use propose::propose;
pub use risk::FEWEST_MOVES;
pub use settings::Settings;
