//! The value of options by Black's model of 1976, computed exactly.
//!
//! The value of an option is a real number without an end of decimals, and a venue that publishes a
//! float of it publishes a number that others cannot check. Here the published number is the true
//! one rounded down to a unit of value, and whoever computes it gets the same integer.
//!
//! Sources: F. Black, *The pricing of commodity contracts*, Journal of Financial Economics 3
//! (1976), 167-179; R. E. Moore, *Interval Arithmetic and Automatic Error Analysis in Digital
//! Computing*, PhD thesis, Stanford 1962.

mod black;
mod exposure;
mod functions;
mod interval;
mod surface;

pub use black::{Black, BlackError, MAX_RATE_TIME, MAX_VARIANCE, Side};
pub use exposure::{DELTA_DECIMALS, Exposure, GAMMA_DECIMALS, Greeks, VEGA_DECIMALS};
pub use surface::{Point, Smile, Surface, SurfaceError, fraction};
