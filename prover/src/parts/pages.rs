//! The opened pages of one volume, on their way back to the dealer.
//!
//! `pacioli.pages.v1`, the run (16 bytes), the volume (8), the attempt's id (8), how many pages
//! (8), how many slots (2), and for each page its values (32 each) and its opening (64).

use pacioli_attestation::{
    VolumeId,
    encoding::{parse_point, parse_value, point_bytes, value_bytes},
};
use zeroize::Zeroizing;

use super::{
    bytes::{Reader, Writer},
    error::PartError,
    name::{AttemptId, RunId},
};
use crate::store::OpenedPage;

const TAG: &str = "pacioli.pages.v1";

/// The opened pages of one volume.
#[derive(Clone, Debug)]
pub struct VolumePages {
    /// The run.
    pub run: RunId,
    /// The volume.
    pub volume: VolumeId,
    /// The attempt whose proof they are of.
    pub attempt: AttemptId,
    /// The pages in order.
    pub pages: Vec<OpenedPage>,
}

impl VolumePages {
    /// The bytes, to be encrypted.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let slots = self.pages.first().map_or(0, |page| page.values.len());
        let mut to = Writer::new(TAG, 42 + self.pages.len() * (64 + 32 * slots));
        to.bytes(&self.run.0);
        to.number(self.volume.index());
        to.bytes(&self.attempt.0);
        to.number(self.pages.len());
        to.short(slots);
        for OpenedPage { values, opening } in &self.pages {
            values.iter().for_each(|value| to.bytes(&value_bytes(value)));
            to.bytes(&point_bytes(opening));
        }
        to.finish()
    }

    /// Reads the pages of an attempt.
    ///
    /// # Errors
    /// If the bytes are none, or of another run, volume or attempt.
    pub fn parse(
        bytes: &[u8],
        run: RunId,
        volume: VolumeId,
        attempt: AttemptId,
    ) -> Result<Self, PartError> {
        let mut from = Reader::new(TAG, bytes)?;
        let is_of = |same, what| if same { Ok(()) } else { Err(PartError::Other(what)) };
        is_of(from.bytes()? == run.0, "run")?;
        is_of(from.number()? == volume.index(), "volume")?;
        is_of(from.bytes()? == attempt.0, "attempt")?;
        let (count, slots) = (from.number()?, from.short()?);
        let malformed = |what: &str| PartError::Malformed(what.to_owned());
        let mut pages = Vec::with_capacity(count.min(from.left() / 64));
        for _ in 0..count {
            let mut values = Vec::with_capacity(slots.min(from.left() / 32));
            for _ in 0..slots {
                let value = parse_value(&from.bytes()?);
                values.push(value.map_err(|_| malformed("a value is no field element"))?);
            }
            let opening = parse_point(&from.bytes()?).map_err(|_| malformed("no point"))?;
            pages.push(OpenedPage { values, opening });
        }
        from.finish()?;
        Ok(Self { run, volume, attempt, pages })
    }
}
