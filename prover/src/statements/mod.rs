//! Writing the statements of a finished run.

mod build;
mod make;
mod volume;

pub use build::{BuildError, Run};
pub use make::{Holder, make};
