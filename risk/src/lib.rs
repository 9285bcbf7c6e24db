//! Stress, calibration and price aggregation: what a venue asks of its book and proves nothing of.

pub mod aggregate;
pub mod calibrate;
mod cells;
pub mod stress;
