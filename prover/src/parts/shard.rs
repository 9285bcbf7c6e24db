//! A shard: what proving one volume needs, and nothing of any other.
//!
//! | bytes | what |
//! |---|---|
//! | 16 | `pacioli.shard.v1` |
//! | 16 | the run |
//! | 8 | the volume |
//! | 32 | its context word |
//! | 32 | its key ([`VolumeKey`]) |
//! | 8 | how many accounts |
//!
//! and for each account, in order of page and slot, its page (8), slot (2), the length of its id
//! (2), the id, its number of lines (2), and for each line the instrument (2) and the quantity
//! (16).

use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::{
    VolumeId,
    encoding::{parse_value, value_bytes},
};
use pacioli_circuits::{Account, InstrumentId, Line, Quantity};
use zeroize::Zeroizing;

use super::{
    bytes::{Reader, Writer},
    error::PartError,
    name::RunId,
};
use crate::{derive::VolumeKey, plan::Placement, store::StoredAccount};

const TAG: &str = "pacioli.shard.v1";

/// What proving one volume needs. All of it is secret.
#[derive(Clone)]
pub struct Shard {
    /// The run.
    pub run: RunId,
    /// The volume.
    pub volume: VolumeId,
    /// The volume's context word.
    pub context: Fr,
    /// What its seeds and nonces are derived from.
    pub key: VolumeKey,
    /// Its accounts, in order of page and slot. No two have one id.
    pub accounts: Vec<StoredAccount>,
}

impl Shard {
    /// The bytes, to be encrypted.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let size = |one: &StoredAccount| 14 + one.id.len() + 18 * one.account.lines.len();
        let sizes: usize = self.accounts.iter().map(size).sum();
        let mut to = Writer::new(TAG, 96 + sizes);
        to.bytes(&self.run.0);
        to.number(self.volume.index());
        to.bytes(&value_bytes(&self.context));
        to.bytes(self.key.secret_bytes());
        to.number(self.accounts.len());
        for StoredAccount { id, account, placement } in &self.accounts {
            to.number(placement.page);
            to.short(placement.slot);
            to.short(id.len());
            to.bytes(id.as_bytes());
            to.short(account.lines.len());
            for line in &account.lines {
                to.short(line.instrument.row());
                to.bytes(&line.quantity.units().to_be_bytes());
            }
        }
        to.finish()
    }

    /// Reads the shard of a volume.
    ///
    /// # Errors
    /// If the bytes are no shard, or another run's or volume's.
    pub fn parse(bytes: &[u8], run: RunId, volume: VolumeId) -> Result<Self, PartError> {
        let mut from = Reader::new(TAG, bytes)?;
        if from.bytes()? != run.0 {
            return Err(PartError::Other("run"));
        }
        if from.number()? != volume.index() {
            return Err(PartError::Other("volume"));
        }
        let malformed = |what: &str| PartError::Malformed(what.to_owned());
        let context = parse_value(&from.bytes()?).map_err(|_| malformed("no context word"))?;
        let key = VolumeKey::from_bytes(from.bytes()?);
        let count = from.number()?;
        // An account has 14 bytes and more: no length asks for more memory than the file has.
        let mut accounts = Vec::with_capacity(count.min(from.left() / 14));
        for _ in 0..count {
            let placement = Placement { volume, page: from.number()?, slot: from.short()? };
            let length = from.short()?;
            let id =
                str::from_utf8(from.slice(length)?).map_err(|_| malformed("an id is no text"))?;
            let lines = from.short()?;
            let lines: Result<Vec<Line>, PartError> = (0..lines).map(|_| line(&mut from)).collect();
            let account = Account { lines: lines? };
            accounts.push(StoredAccount { id: id.to_owned(), account, placement });
        }
        from.finish()?;
        Ok(Self { run, volume, context, key, accounts })
    }
}

fn line(from: &mut Reader<'_>) -> Result<Line, PartError> {
    let instrument = InstrumentId::new(from.short()?);
    let quantity = Quantity::new(u128::from_be_bytes(from.bytes()?));
    let line = instrument.zip(quantity).map(|(instrument, quantity)| Line { instrument, quantity });
    line.ok_or_else(|| PartError::Malformed("a line is out of bounds".to_owned()))
}

impl std::fmt::Debug for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shard").field("volume", &self.volume).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_read_as_it_is_written_and_cut_short_nowhere() {
        let line = |row| Line {
            instrument: InstrumentId::new(row).unwrap(),
            quantity: Quantity::new(row as u128 * 7).unwrap(),
        };
        let volume = VolumeId::new(3);
        let account = |id: &str, slot, lines: &[usize]| StoredAccount {
            id: id.to_owned(),
            account: Account { lines: lines.iter().map(|&row| line(row)).collect() },
            placement: Placement { volume, page: 1, slot },
        };
        let accounts = vec![account("alice", 0, &[1, 2]), account("Łukasz", 2, &[5])];
        let (run, key) = (RunId([2; 16]), VolumeKey::from_bytes([4; 32]));
        let shard = Shard { run, volume, context: Fr::from(8), key, accounts };
        let bytes = shard.to_bytes();
        let read = Shard::parse(&bytes, run, volume).unwrap();
        assert_eq!((&read.accounts, read.context), (&shard.accounts, shard.context));
        assert!(read.key == shard.key);
        for cut in 0..bytes.len() {
            assert!(Shard::parse(&bytes[..cut], run, volume).is_err(), "{cut}");
        }
        assert!(Shard::parse(&[&bytes[..], b"x"].concat(), run, volume).is_err());
        let other = Shard::parse(&bytes, RunId([3; 16]), volume);
        assert!(matches!(other, Err(PartError::Other("run"))));
        let other = Shard::parse(&bytes, run, VolumeId::new(4));
        assert!(matches!(other, Err(PartError::Other("volume"))));
        let shown = format!("{shard:?}");
        assert!(!shown.contains("alice"), "{shown}");
    }
}
