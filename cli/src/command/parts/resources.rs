//! What a task asks of its machine.

use anyhow::{Result, bail};
use pacioli_circuits::Shape;
#[cfg(unix)]
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::outcome::Later;

/// Field elements a row that proving keeps at once: columns, the quotient, and what is between.
const WORDS_A_ROW: usize = 64;

/// Turns core dumps off: what is in memory is secret.
pub fn no_core_dumps() {
    #[cfg(unix)]
    // A limit of nothing is below every limit: it can always be set.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

/// Fails, to be tried again, where there is no memory for proving a volume now.
pub fn ask_for_memory(shape: &Shape) -> Result<()> {
    let bytes = shape.rows() * WORDS_A_ROW * 32;
    if Vec::<u8>::new().try_reserve_exact(bytes).is_err() {
        bail!(Later(format!("there are no {} MiB of memory for a volume now", bytes >> 20)));
    }
    Ok(())
}
