//! What a long run tells about itself. Libraries never print: whoever calls decides what to show.

use std::io::{self, Write};

/// Listens to a long run.
pub trait Progress: Sync {
    /// A phase of `steps` steps begins, and whatever came before it is done.
    fn begin(&self, phase: &str, steps: u64);
    /// So many steps of the phase are done.
    fn reach(&self, step: u64);
}

/// Nobody listens.
impl Progress for () {
    fn begin(&self, _: &str, _: u64) {}
    fn reach(&self, _: u64) {}
}

/// A writer that tells how many bytes have gone through it.
#[derive(Debug)]
pub(crate) struct Observed<W, F> {
    pub(crate) stream: W,
    pub(crate) bytes: usize,
    pub(crate) tell: F,
}

impl<W: Write, F: FnMut(usize)> Write for Observed<W, F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.stream.write(bytes)?;
        self.bytes += count;
        (self.tell)(self.bytes);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
