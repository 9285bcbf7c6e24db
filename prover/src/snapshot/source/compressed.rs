//! Files that are compressed as a whole.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

const GZIP: &[u8] = b"\x1F\x8B";
const ZSTD: &[u8] = b"\x28\xB5\x2F\xFD";

/// Whether a file that starts like this is compressed in a way that is read.
pub(super) fn is_compressed(start: &[u8]) -> bool {
    start.starts_with(GZIP) || start.starts_with(ZSTD)
}

/// What is inside a compressed file; checksums are checked, and bytes after the end are an error.
pub(super) fn decompress(start: &[u8], file: impl Read + 'static) -> io::Result<Box<dyn Read>> {
    Ok(if start.starts_with(GZIP) {
        Box::new(MultiGzDecoder::new(file))
    } else {
        Box::new(zstd::Decoder::new(file)?)
    })
}
