//! Tools for a venue's risk managers, around the proof: their output is not proved.
//!
//! [`stress`] evaluates a private book in scenarios and sweeps, [`calibrate`] proposes weights and
//! margins from price history, and [`aggregate`] combines feeds of several sources to a prices file.
//! [`replay`] takes the private book of a finished run under other rules, scenarios and prices.
//! [`contagion`] is for readers: it says of several verified attestations what each venue's failure
//! leaves the others.

pub mod aggregate;
pub mod calibrate;
mod cells;
pub mod contagion;
pub mod replay;
pub mod stress;
