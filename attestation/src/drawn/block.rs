//! Blocks of Ethereum: what their headers say, and which is the first after a day.
//!
//! A block's hash can be ground by whoever builds it. `prevRandao` cannot: it mixes what earlier
//! proposers revealed, and each of them has one bit to choose, whether to propose at all.

use alloy_rlp::Header as Item;
use jiff::Timestamp;

use super::{Day, DrawnError};
use crate::digest::Digest;

/// Where in the list of a header's fields they are.
const PARENT: usize = 0;
const DIFFICULTY: usize = 7;
const NUMBER: usize = 8;
const TIME: usize = 11;
const MIX_HASH: usize = 13;
/// The fields that every block has; later forks appended some.
const FIELDS: usize = 15;

/// A block's header.
pub(super) struct Header {
    hash: Digest,
    parent: Digest,
    is_mined: bool,
    number: u64,
    /// Seconds since 1970.
    pub(super) time: u64,
    prev_randao: [u8; 32],
}

impl Header {
    /// Reads a header, which its error calls `name`.
    pub(super) fn read(name: &'static str, bytes: &[u8]) -> Result<Self, DrawnError> {
        Self::parse(bytes).ok_or(DrawnError::Form(name))
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let mut list = Item::decode_bytes(&mut rest, true).ok().filter(|_| rest.is_empty())?;
        let mut fields = Vec::with_capacity(FIELDS);
        while !list.is_empty() {
            fields.push(Item::decode_bytes(&mut list, false).ok()?);
        }
        if fields.len() < FIELDS {
            return None;
        }
        let word = |field: usize| <[u8; 32]>::try_from(fields[field]).ok();
        Some(Self {
            hash: Digest::of(bytes),
            parent: Digest(word(PARENT)?),
            is_mined: !fields[DIFFICULTY].is_empty(),
            number: number(fields[NUMBER])?,
            time: number(fields[TIME]).filter(|&time| moment(time).is_some())?,
            prev_randao: word(MIX_HASH)?,
        })
    }
}

/// A number without zeros before it.
fn number(bytes: &[u8]) -> Option<u64> {
    if bytes.len() > 8 || bytes.first() == Some(&0) {
        return None;
    }
    Some(bytes.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte)))
}

fn moment(time: u64) -> Option<Timestamp> {
    Timestamp::from_second(time.try_into().ok()?).ok()
}

/// The first block at or after the end of a day.
pub(super) struct First {
    pub(super) number: u64,
    pub(super) hash: Digest,
    pub(super) randomness: [u8; 32],
}

/// The block, if it is the first at or after the end of the day, as the one before it shows.
pub(super) fn first_after(day: Day, parent: &[u8], block: &[u8]) -> Result<First, DrawnError> {
    let (parent, block) = (Header::read("parent", parent)?, Header::read("block", block)?);
    let number = block.number;
    if block.parent != parent.hash || parent.number.checked_add(1) != Some(number) {
        return Err(DrawnError::Parent { number, parent: parent.hash, named: block.parent });
    }
    if block.is_mined {
        return Err(DrawnError::Mined(number));
    }
    let at = |time| moment(time).expect("a header's time was checked");
    if block.time < day.end() {
        return Err(DrawnError::Early { number, time: at(block.time), day });
    }
    if parent.time >= day.end() {
        return Err(DrawnError::Late { number, time: at(parent.time), day });
    }
    Ok(First { number, hash: block.hash, randomness: block.prev_randao })
}

#[cfg(test)]
pub(super) mod testing {
    /// What a made-up header says; all else is of no matter here.
    #[derive(Clone)]
    pub(in crate::drawn) struct Made {
        pub(in crate::drawn) parent: [u8; 32],
        pub(in crate::drawn) difficulty: Vec<u8>,
        pub(in crate::drawn) number: u64,
        pub(in crate::drawn) time: u64,
        pub(in crate::drawn) prev_randao: [u8; 32],
    }

    impl Made {
        /// Its RLP encoding, with the fields of Prague.
        pub(in crate::drawn) fn encode(&self) -> Vec<u8> {
            let short = |number: u64| -> Vec<u8> {
                number.to_be_bytes().into_iter().skip_while(|&byte| byte == 0).collect()
            };
            let (word, address, bloom) = (vec![0x11; 32], vec![0x22; 20], vec![0; 256]);
            let fields = [
                self.parent.to_vec(),
                word.clone(),
                address,
                word.clone(),
                word.clone(),
                word.clone(),
                bloom,
                self.difficulty.clone(),
                short(self.number),
                short(36_000_000),
                short(21_000),
                short(self.time),
                b"made up".to_vec(),
                self.prev_randao.to_vec(),
                vec![0; 8],
                short(1_000_000_000),
                word.clone(),
                short(0),
                short(0),
                word.clone(),
                word,
            ];
            list(&fields)
        }
    }

    pub(in crate::drawn) fn list(fields: &[Vec<u8>]) -> Vec<u8> {
        let mut payload = Vec::new();
        for field in fields {
            alloy_rlp::Encodable::encode(&field[..], &mut payload);
        }
        let mut bytes = Vec::new();
        alloy_rlp::Header { list: true, payload_length: payload.len() }.encode(&mut bytes);
        bytes.extend(payload);
        bytes
    }
}
