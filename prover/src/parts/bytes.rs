//! Numbers and bytes of fixed widths, big-endian, in a buffer that is overwritten when dropped.

use zeroize::Zeroizing;

use super::error::PartError;

/// What is being written.
pub(super) struct Writer(Zeroizing<Vec<u8>>);

impl Writer {
    /// Begins with the tag. `size` is how much is about to be written: a buffer that grows leaves
    /// copies behind.
    pub(super) fn new(tag: &str, size: usize) -> Self {
        let mut bytes = Zeroizing::new(Vec::with_capacity(tag.len() + size));
        bytes.extend_from_slice(tag.as_bytes());
        Self(bytes)
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn number(&mut self, number: usize) {
        self.bytes(&(number as u64).to_be_bytes());
    }

    pub(super) fn short(&mut self, number: usize) {
        self.bytes(&(number as u16).to_be_bytes());
    }

    pub(super) fn finish(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

/// What is left to read.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads what begins with the tag.
    pub(super) fn new(tag: &str, bytes: &'a [u8]) -> Result<Self, PartError> {
        let rest = bytes.strip_prefix(tag.as_bytes());
        rest.map(Self)
            .ok_or_else(|| PartError::Malformed(format!("it does not begin with `{tag}`")))
    }

    pub(super) fn slice(&mut self, length: usize) -> Result<&'a [u8], PartError> {
        let short = || PartError::Malformed("it ends in the middle".to_owned());
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(short)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> Result<[u8; N], PartError> {
        Ok(self.slice(N)?.try_into().expect("a slice of N bytes"))
    }

    pub(super) fn number(&mut self) -> Result<usize, PartError> {
        let number = u64::from_be_bytes(self.bytes()?);
        usize::try_from(number)
            .map_err(|_| PartError::Malformed("a number is too large".to_owned()))
    }

    pub(super) fn short(&mut self) -> Result<usize, PartError> {
        Ok(u16::from_be_bytes(self.bytes()?).into())
    }

    /// Bytes that are left.
    pub(super) fn left(&self) -> usize {
        self.0.len()
    }

    pub(super) fn finish(self) -> Result<(), PartError> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(PartError::Malformed(format!("it has {} bytes too many", self.0.len())))
    }
}
