//! A writer that reports its progress.

use std::io::{self, Write};

/// A writer that reports the number of bytes written through it.
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
