//! The record of an attempt: what it drew, for the dealer alone.
//!
//! `pacioli.attempt.v1`, the run (16 bytes), the volume (8), the attempt's id (8), the digest of
//! its proof (32) and the bytes that it drew (32).

use pacioli_attestation::{Digest, VolumeId};
use zeroize::Zeroizing;

use super::{
    bytes::{Reader, Writer},
    error::PartError,
    name::{AttemptId, RunId},
};
use crate::derive::RecordedAttempt;

const TAG: &str = "pacioli.attempt.v1";

/// What an attempt drew, and for which proof.
#[derive(Clone, Debug)]
pub struct Record {
    /// The run.
    pub run: RunId,
    /// The volume.
    pub volume: VolumeId,
    /// The attempt's id.
    pub id: AttemptId,
    /// The digest of the proof.
    pub proof: Digest,
    /// What was drawn.
    pub attempt: RecordedAttempt,
}

impl Record {
    /// The bytes, to be encrypted.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut to = Writer::new(TAG, 96);
        to.bytes(&self.run.0);
        to.number(self.volume.index());
        to.bytes(&self.id.0);
        to.bytes(&self.proof.0);
        to.bytes(self.attempt.secret_bytes());
        to.finish()
    }

    /// Reads the record of an attempt.
    ///
    /// # Errors
    /// If the bytes are no record, or that of another run, volume, attempt or proof.
    pub fn parse(
        bytes: &[u8],
        run: RunId,
        volume: VolumeId,
        id: AttemptId,
        proof: Digest,
    ) -> Result<Self, PartError> {
        let mut from = Reader::new(TAG, bytes)?;
        let is_of = |same, what| if same { Ok(()) } else { Err(PartError::Other(what)) };
        is_of(from.bytes()? == run.0, "run")?;
        is_of(from.number()? == volume.index(), "volume")?;
        is_of(from.bytes()? == id.0, "attempt")?;
        is_of(from.bytes()? == proof.0, "proof")?;
        let attempt = RecordedAttempt::from_bytes(from.bytes()?);
        from.finish()?;
        Ok(Self { run, volume, id, proof, attempt })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_of_one_run_volume_attempt_and_proof() {
        let (run, volume, id) = (RunId([1; 16]), VolumeId::new(2), AttemptId([3; 8]));
        let (proof, attempt) = (Digest([4; 32]), RecordedAttempt::from_bytes([5; 32]));
        let record = Record { run, volume, id, proof, attempt: attempt.clone() };
        let bytes = record.to_bytes();
        assert!(Record::parse(&bytes, run, volume, id, proof).unwrap().attempt == attempt);
        let others = [
            Record::parse(&bytes, RunId([0; 16]), volume, id, proof),
            Record::parse(&bytes, run, VolumeId::new(0), id, proof),
            Record::parse(&bytes, run, volume, AttemptId([0; 8]), proof),
            Record::parse(&bytes, run, volume, id, Digest([0; 32])),
        ];
        for (other, what) in others.into_iter().zip(["run", "volume", "attempt", "proof"]) {
            assert!(matches!(other, Err(PartError::Other(found)) if found == what));
        }
        for cut in 0..bytes.len() {
            assert!(Record::parse(&bytes[..cut], run, volume, id, proof).is_err(), "{cut}");
        }
    }
}
