//! Writing the statements of a finished run.

mod build;
mod error;
mod make;
mod volume;

pub use build::Run;
pub use error::BuildError;
pub use make::{Holder, make};
