//! Tools for a venue's risk managers, around the proof: their output is not proved.
//!
//! [`stress`] evaluates a private book in scenarios and sweeps, [`calibrate`] proposes weights and
//! margins from price history, and [`aggregate`] combines feeds of several sources to a prices file.

pub mod aggregate;
pub mod calibrate;
mod cells;
pub mod stress;
