//! The key that a verifier accepts, and whether the reader accepts its setup: the only way to a
//! verified attestation.
//!
//! The key is made from the reader's setup, or read from a key file, or that of the insecure setup;
//! never taken from what is checked with it. A key under an unknown setup, or one that nobody
//! vouches for, and one under the insecure setup, are refused unless the reader accepts them by
//! name: nothing would be checked otherwise.

use anyhow::{Context, Result, anyhow, bail, ensure};
use pacioli_attestation::{
    Attestation, BlockHash, Candidate, Progress, Verified, VerifyingKey,
    setup::{Origin, Setup},
};
use pacioli_circuits::Shape;

use super::files;
use crate::{args::KeyArgs, outcome::Refused, progress::Shown};

/// The reader's setup or key, read and checked.
pub struct KeySource<'a> {
    args: &'a KeyArgs,
    given: Given,
    blocks: Vec<BlockHash>,
}

enum Given {
    Setup(Box<Setup>),
    Key(Box<VerifyingKey>),
    Nothing,
}

/// Verifies an attestation under the verifier's own key.
///
/// # Errors
/// If the attestation is refused, or there is no key that the reader accepts.
pub fn verify_bytes(bytes: &[u8], args: &KeyArgs, progress: &Shown) -> Result<Verified> {
    KeySource::read(args, progress)?.verify(bytes, progress)
}

impl<'a> KeySource<'a> {
    /// Reads the setup or the key that the arguments name.
    ///
    /// # Errors
    /// If the file is invalid, or its digest is not the given one.
    pub fn read(args: &'a KeyArgs, progress: &Shown) -> Result<Self> {
        let given = match (&args.setup, &args.key) {
            (Some(path), _) => {
                let mut setup = files::read_setup(path, progress)?;
                if let Some(expected) = args.setup_digest {
                    let path = || format!("cannot use the setup {}", path.display());
                    setup = setup.vouch(expected).with_context(path)?;
                }
                Given::Setup(Box::new(setup))
            }
            (None, Some(path)) => Given::Key(Box::new(files::read_key(path, args.key_digest)?)),
            (None, None) => {
                ensure!(args.key_digest.is_none(), DIGEST_ALONE);
                Given::Nothing
            }
        };
        Ok(Self { args, given, blocks: Vec::new() })
    }

    /// The same for a pack, whose own key is taken where the reader has none: with the digest that the
    /// reader gave, or as one that nobody vouches for.
    ///
    /// # Errors
    /// If the file is invalid, or its digest is not the given one.
    pub fn read_or_packed(args: &'a KeyArgs, packed: &[u8], progress: &Shown) -> Result<Self> {
        if Self::is_readers(args) {
            return Self::read(args, progress);
        }
        let key = match args.key_digest {
            Some(digest) => VerifyingKey::from_bytes(packed, digest),
            None => VerifyingKey::unvouched_from_bytes(packed),
        };
        let key = key.context("cannot use the key in the pack")?;
        Ok(Self { args, given: Given::Key(Box::new(key)), blocks: Vec::new() })
    }

    /// Whether the reader gave a setup or a key, or accepts the insecure setup's, which is made here.
    pub fn is_readers(args: &KeyArgs) -> bool {
        args.setup.is_some() || args.key.is_some() || args.accept_insecure_setup
    }

    /// For a reader who knows these blocks of a chain: a time drawn from another one is refused.
    pub fn knowing(self, blocks: &[BlockHash]) -> Self {
        Self { blocks: blocks.to_vec(), ..self }
    }

    /// Whether there is a setup or a key, or the insecure setup's is accepted.
    pub fn has_key(&self) -> bool {
        !matches!(self.given, Given::Nothing) || self.args.accept_insecure_setup
    }

    /// The rows of the setup given, as a power of two.
    pub fn k(&self) -> Option<u32> {
        match &self.given {
            Given::Setup(setup) => Some(setup.k()),
            Given::Key(_) | Given::Nothing => None,
        }
    }

    /// Whether this is the key, or a setup of the size, that an attestation claims to be proved
    /// under; of nothing given, whether the insecure setup may be. It decides only which of several
    /// is tried.
    pub fn fits(&self, attestation: &Attestation) -> bool {
        match &self.given {
            Given::Setup(setup) => setup.k() == attestation.header.k,
            Given::Key(key) => key.digest() == attestation.header.key,
            Given::Nothing => true,
        }
    }

    /// The key; a key file's own, or else that for circuits of `shape`.
    ///
    /// # Errors
    /// If the setup is of another size, the key's digest is not the given one, or the
    /// reader did not accept a setup of this state.
    pub fn key(
        &self,
        shape: impl FnOnce() -> Result<Shape>,
        progress: &Shown,
    ) -> Result<VerifyingKey> {
        let key = match &self.given {
            Given::Key(key) => key.as_ref().clone(),
            Given::Setup(setup) => {
                let shape = shape()?;
                progress.begin("making the key", 1);
                let key = VerifyingKey::new(setup, shape)
                    .map_err(|error| anyhow!(error).context("the setup given does not fit"))?;
                match self.args.key_digest {
                    Some(expected) => key.vouch(expected).context("under the setup given")?,
                    None => key,
                }
            }
            Given::Nothing if self.args.accept_insecure_setup => {
                let shape = shape()?;
                progress.begin("making the key", 1);
                VerifyingKey::insecure(shape)
            }
            Given::Nothing => bail!(NO_KEY),
        };
        self.admit(&key)?;
        Ok(key)
    }

    fn admit(&self, key: &VerifyingKey) -> Result<()> {
        match key.origin() {
            Origin::Insecure if !self.args.accept_insecure_setup => bail!(INSECURE),
            Origin::Unknown if !self.args.accept_unknown_setup => {
                bail!(self.unknown(key))
            }
            Origin::Ceremony(_) | Origin::Vouched(_) | Origin::Insecure | Origin::Unknown => Ok(()),
        }
    }

    /// Why a key that nobody vouches for is refused, and what to do about it.
    fn unknown(&self, key: &VerifyingKey) -> String {
        let (digest, setup) = (key.digest(), key.setup_digest());
        match self.given {
            Given::Key(_) => format!(
                "nobody vouches for the key, and whoever made it can forge everything under it: its \
                 fixed commitments may be of any circuit, whatever its setup. Its digest is {digest} \
                 (that of its setup is {setup}): compare it with the digest that somebody \
                 independent of the publisher has, and give that with --key-digest; or add \
                 --accept-unknown-setup"
            ),
            Given::Setup(_) | Given::Nothing => format!(
                "the setup's ceremony is not known here, and whoever made it can forge everything \
                 under it. Its digest is {setup}, and that of its key for these sizes {digest}: \
                 compare one of them with what somebody independent of the publisher has, and give \
                 that with --setup-digest or --key-digest; or add --accept-unknown-setup"
            ),
        }
    }

    /// Verifies an attestation under the key.
    ///
    /// # Errors
    /// If the attestation is refused, there is no key that the reader accepts, or its time was drawn
    /// from another block than those that the reader knows.
    pub fn verify(&self, bytes: &[u8], progress: &Shown) -> Result<Verified> {
        let verified = self.verify_of_any_block(bytes, progress)?;
        match verified.draw.filter(|draw| draw.by(&self.blocks).is_none()) {
            None => Ok(verified),
            Some(draw) => Err(Refused(format!(
                "the time was drawn from {} of {}, which is none of the blocks given with --block-hash",
                draw.seen, draw.source
            ))
            .into()),
        }
    }

    /// The same of an attestation whose block the reader need not know: one of an earlier day.
    ///
    /// # Errors
    /// If the attestation is refused, or there is no key that the reader accepts.
    pub fn verify_of_any_block(&self, bytes: &[u8], progress: &Shown) -> Result<Verified> {
        let candidate = Candidate::read(bytes)?.knowing(self.blocks.clone());
        let given = !matches!(self.given, Given::Nothing);
        if !given {
            self.look_at_the_claim(candidate.attestation())?;
        }
        let key = self.key(|| Ok(candidate.shape()), progress)?;
        let (claimed, own) = (candidate.attestation().header.key, key.digest());
        ensure!(
            given || claimed == own,
            "the attestation was made under the key {claimed}, and that of the insecure setup for \
             its sizes is {own}; {GIVE}"
        );
        Ok(candidate.verify(key, progress)?)
    }

    /// The refusal if no key is given, before anything is computed. The attestation's claim about its
    /// setup decides nothing else.
    fn look_at_the_claim(&self, attestation: &Attestation) -> Result<()> {
        let claimed = &attestation.header.setup;
        ensure!(
            claimed.starts_with("INSECURE"),
            "the attestation says that its setup is `{}`; {GIVE}",
            claimed.escape_debug()
        );
        ensure!(self.args.accept_insecure_setup, INSECURE);
        Ok(())
    }
}

/// The advice without a key.
const GIVE: &str = "give its setup's file with --setup, or its key with --key";

/// A digest without what it is of.
const DIGEST_ALONE: &str = "--key-digest is the digest of a key: give the key with --key, or its setup with \
                            --setup; a pack has a key of its own";

/// Why there is no key.
const NO_KEY: &str = "no key is given: give --setup, or --key with --key-digest; for a \
                      test, add --accept-insecure-setup";

/// Why the insecure setup is refused.
const INSECURE: &str = "this is the insecure setup, whose secret everyone knows: what is proved under \
                        it proves nothing. For a test, add --accept-insecure-setup";
