//! Keys of a run's encrypted objects: age's X25519 identities, derived.
//!
//! The run's key gives one identity a volume and one for the pages that come back, by
//! `HMAC-SHA256(run key, tag ‖ number)`: `"pacioli.identity.v1"` and the volume in 8 big-endian
//! bytes, `"pacioli.pages.v1"`. The records of attempts have a key of their own,
//! `"pacioli.records.v1"`, so that it can be destroyed when the run is assembled, and with it what
//! every other attempt drew.
//!
//! That an attempt was refused is said by whoever has its volume's key: by `HMAC-SHA256` under the line
//! that its file has, of `"pacioli.refused.v1"`, the run (16 bytes), the volume (8) and the attempt (8).

use std::{fmt, str::FromStr};

use age::x25519;
use bech32::{Bech32, Hrp};
use hmac::Mac;
use pacioli_attestation::{Digest, VolumeId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    error::PartError,
    name::{AttemptId, RunId},
};
use crate::{
    mac::{finish, keyed},
    secret_file::{Purpose, Secret},
};

/// The key of a run, in the dealer's private folder.
pub type RunKey = Secret<WholeRun>;

/// The key that the records of attempts are encrypted to, in the dealer's private folder until the
/// run is assembled.
pub type RecordsKey = Secret<Records>;

/// The purpose of a [`RunKey`].
#[derive(Debug)]
pub enum WholeRun {}

/// The purpose of a [`RecordsKey`].
#[derive(Debug)]
pub enum Records {}

impl Purpose for WholeRun {
    const NAME: &'static str = "RunKey";
}

impl Purpose for Records {
    const NAME: &'static str = "RecordsKey";
}

/// Opens what is encrypted to its recipient.
#[derive(Clone)]
pub struct OpenKey {
    identity: x25519::Identity,
    text: Zeroizing<String>,
}

/// Whom an object is encrypted to: the public half of an [`OpenKey`].
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(x25519::Recipient);

impl RunKey {
    /// Opens one volume's shard and nothing else.
    pub fn volume(&self, volume: VolumeId) -> OpenKey {
        let mac = keyed(self.bytes(), "pacioli.identity.v1");
        OpenKey::of(&finish(mac.chain_update((volume.index() as u64).to_be_bytes())))
    }

    /// Opens the pages that come back.
    pub fn pages(&self) -> OpenKey {
        OpenKey::of(&finish(keyed(self.bytes(), "pacioli.pages.v1")))
    }
}

impl RecordsKey {
    /// Opens the records.
    pub fn records(&self) -> OpenKey {
        OpenKey::of(&finish(keyed(self.bytes(), "pacioli.records.v1")))
    }
}

impl OpenKey {
    fn of(bytes: &[u8; 32]) -> Self {
        let hrp = Hrp::parse("age-secret-key-").expect("this prefix is one");
        let text = bech32::encode_upper::<Bech32>(hrp, bytes).expect("32 bytes are short");
        let text = Zeroizing::new(text);
        Self { identity: text.parse().expect("age reads what it writes"), text }
    }

    /// Reads a key file: a line as age writes an identity.
    ///
    /// # Errors
    /// If the text is no such line.
    pub fn parse(text: &str) -> Result<Self, PartError> {
        let line = text.strip_suffix('\n').unwrap_or(text);
        let identity = line.parse().map_err(|_| PartError::NoKey)?;
        Ok(Self { identity, text: Zeroizing::new(line.to_owned()) })
    }

    /// The content of its file, which is secret.
    pub fn secret_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}\n", self.text.as_str()))
    }

    /// Whom to encrypt to for this key.
    pub fn recipient(&self) -> Recipient {
        Recipient(self.identity.to_public())
    }

    /// What says that an attempt at this key's volume was refused.
    pub fn refusal(&self, run: RunId, volume: VolumeId, attempt: AttemptId) -> Digest {
        let mac = keyed(self.text.as_bytes(), "pacioli.refused.v1");
        let mac = mac.chain_update(run.0).chain_update((volume.index() as u64).to_be_bytes());
        Digest(*finish(mac.chain_update(attempt.0)))
    }

    /// Decrypts an object.
    ///
    /// # Errors
    /// If it is encrypted to another recipient, or damaged.
    pub fn open(&self, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, PartError> {
        age::decrypt(&self.identity, bytes).map(Zeroizing::new).map_err(|_| PartError::Key)
    }
}

impl Recipient {
    /// Encrypts an object.
    ///
    /// # Errors
    /// If age fails.
    pub fn seal(&self, bytes: &[u8]) -> Result<Vec<u8>, PartError> {
        age::encrypt(&self.0, bytes).map_err(|error| PartError::Encrypt(error.to_string()))
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for OpenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenKey(..)")
    }
}

impl FromStr for Recipient {
    type Err = PartError;

    fn from_str(text: &str) -> Result<Self, PartError> {
        let read = text.parse().ok().filter(|read: &x25519::Recipient| read.to_string() == text);
        read.map(Self)
            .ok_or_else(|| PartError::Malformed("a recipient begins with age1".to_owned()))
    }
}

impl Serialize for Recipient {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Recipient {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_volumes_key_opens_no_other() {
        let key = RunKey::generate().unwrap();
        let [first, second] = [0, 1].map(|index| key.volume(VolumeId::new(index)));
        let sealed = first.recipient().seal(b"lines").unwrap();
        assert_eq!(first.open(&sealed).unwrap().as_slice(), b"lines");
        let records = RecordsKey::generate().unwrap().records();
        let other = RunKey::generate().unwrap().volume(VolumeId::new(0));
        for wrong in [&second, &key.pages(), &records, &other] {
            assert!(matches!(wrong.open(&sealed), Err(PartError::Key)));
        }
        // Cut short or changed anywhere, nothing of it is read.
        for cut in [0, 1, sealed.len() / 2, sealed.len() - 1] {
            assert!(first.open(&sealed[..cut]).is_err());
            let mut changed = sealed.clone();
            changed[cut] ^= 1;
            assert!(first.open(&changed).is_err());
        }
    }

    #[test]
    fn a_refusal_is_of_one_key_run_volume_and_attempt() {
        let key = RunKey::of([3; 32]);
        let (run, volume, attempt) = (RunId([1; 16]), VolumeId::new(2), AttemptId([4; 8]));
        let own = key.volume(volume);
        let refusal = own.refusal(run, volume, attempt);
        let others = [
            key.volume(VolumeId::new(0)).refusal(run, volume, attempt),
            own.refusal(RunId([0; 16]), volume, attempt),
            own.refusal(run, VolumeId::new(0), attempt),
            own.refusal(run, volume, AttemptId([0; 8])),
        ];
        assert!(others.iter().all(|other| *other != refusal));
        // As the key's file says, by which another program can say it too.
        let read = OpenKey::parse(&own.secret_text()).unwrap();
        assert_eq!(read.refusal(run, volume, attempt), refusal);
    }

    #[test]
    fn a_key_comes_back_from_its_file_and_is_derived_as_written_here() {
        let key = RunKey::of([3; 32]);
        let volume = key.volume(VolumeId::new(5));
        let text = volume.secret_text();
        let read = OpenKey::parse(&text).unwrap();
        assert_eq!(read.recipient(), volume.recipient());
        assert!(text.starts_with("AGE-SECRET-KEY-1") && text.ends_with('\n'));
        let shown = format!("{volume:?} {key:?}");
        assert_eq!(shown, "OpenKey(..) RunKey(..)");
        let recipient = volume.recipient().to_string();
        assert_eq!(recipient.parse::<Recipient>().unwrap(), volume.recipient());
        for wrong in ["", "\n", "AGE-SECRET-KEY-1", &recipient, &format!("{}x", text.as_str())] {
            assert!(matches!(OpenKey::parse(wrong), Err(PartError::NoKey)), "{wrong}");
        }
    }
}
