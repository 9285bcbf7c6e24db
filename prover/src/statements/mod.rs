//! Writing the statements of a finished run.

mod build;
mod make;

pub use build::{BuildError, Run};
pub use make::{Holder, make};
