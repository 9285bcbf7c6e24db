//! What options are worth, computed exactly.
//!
//! The value of an option is a real number with no end of digits, and a venue that publishes a
//! float of it publishes a number that others cannot check. Here the number published is the true
//! one rounded down to a unit of value, and whoever computes it gets the same integer.

mod black;
mod exposure;
mod functions;
mod interval;
mod surface;

pub use black::{Black, BlackError, MAX_RATE_TIME, MAX_VARIANCE, Side};
pub use exposure::{DELTA_DECIMALS, Exposure, GAMMA_DECIMALS, Greeks, VEGA_DECIMALS};
pub use surface::{Point, Smile, Surface, SurfaceError, fraction};
