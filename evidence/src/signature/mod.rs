//! Signatures of a text by an address's key, by the scheme's own rules.

mod bip137;
mod bip322;
mod ed25519;
mod eip191;

use alloy_primitives::{Address, B256, Bytes};
use base64::{Engine, engine::general_purpose::STANDARD};
use bitcoin::secp256k1;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use self::{
    bip322::message_hash as bip322_message_hash,
    ed25519::{Ed25519Key, verify as verify_ed25519},
    eip191::{digest as eip191_digest, verify as verify_eip191},
};
use crate::place::Place;

/// How a text was signed.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// The key of an account of an EVM chain (`personal_sign`).
    Eip191,
    /// A contract wallet of an EVM chain, which is asked at a block.
    Erc1271,
    /// Bitcoin's signed messages, the form `simple`.
    Bip322,
    /// Bitcoin's older signed messages.
    Bip137,
    /// Ed25519 over the text's own bytes.
    Ed25519,
}

impl Scheme {
    /// Its name in a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eip191 => "eip191",
            Self::Erc1271 => "erc1271",
            Self::Bip322 => "bip322",
            Self::Bip137 => "bip137",
            Self::Ed25519 => "ed25519",
        }
    }
}

/// A text, signed.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// How.
    pub scheme: Scheme,
    /// The text.
    pub message: String,
    /// The signature: hexadecimal digits behind `0x`, or base 64 for Bitcoin.
    pub signature: String,
    /// The key, where the signature does not say it: 64 hexadecimal digits behind `0x`. For `ed25519`
    /// alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_key: Option<Bytes>,
    /// What the key signed. For `ed25519` alone, and there always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<MessageForm>,
}

/// What an ed25519 key signs of a text.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum MessageForm {
    /// The bytes of the text and nothing else.
    Raw,
}

/// Why a signature is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SignatureError {
    /// Another key signed, or another text, or nobody.
    #[error("the signature is forged: it is not one of this text by this address")]
    Forged,
    /// The signature is not written as its scheme has it.
    #[error("the signature is malformed: {0}")]
    Malformed(&'static str),
    /// A form that is not checked here.
    #[error("the signature cannot be checked: {0}")]
    Unsupported(&'static str),
    /// A scheme of another chain.
    #[error("the scheme {scheme} is none of {chain}")]
    Chain {
        /// The scheme.
        scheme: &'static str,
        /// What the address is of.
        chain: &'static str,
    },
    /// A field that belongs to another scheme, or is missing.
    #[error("{0}")]
    Field(&'static str),
}

/// What a signature shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// The address's key signed. Keys of Bitcoin are given, since they have other addresses too.
    Key(Vec<secp256k1::PublicKey>),
    /// Only the contract at the address can say so: it is to be asked.
    Ask {
        /// The wallet.
        wallet: Address,
        /// The hash that was signed.
        digest: B256,
        /// What it was signed with.
        signature: Bytes,
    },
}

impl Signature {
    /// Checks that the text was signed by the key of the address.
    ///
    /// # Errors
    /// If it was not, or that cannot be told.
    pub fn check(&self, place: &Place) -> Result<Signed, SignatureError> {
        if (self.public_key.is_some() || self.form.is_some()) && self.scheme != Scheme::Ed25519 {
            return Err(SignatureError::Field("`public_key` and `form` are for ed25519 alone"));
        }
        let other = |chain| SignatureError::Chain { scheme: self.scheme.name(), chain };
        let Self { message, signature, .. } = self;
        match (self.scheme, place) {
            (Scheme::Eip191, Place::Evm { address, .. }) => {
                eip191::verify(message, &hex(signature)?, *address)?;
                Ok(Signed::Key(Vec::new()))
            }
            (Scheme::Erc1271, Place::Evm { address, .. }) => {
                let signature = hex(signature)?;
                eip191::refuse_wrapped(&signature)?;
                let digest = eip191::digest(message);
                Ok(Signed::Ask { wallet: *address, digest, signature: signature.into() })
            }
            (Scheme::Bip322, Place::Bitcoin { script, .. }) => {
                bip322::verify(message, &base64(signature)?, script).map(Signed::Key)
            }
            (Scheme::Bip137, Place::Bitcoin { script, .. }) => {
                let key = bip137::verify(message, &base64(signature)?, script)?;
                Ok(Signed::Key(vec![key]))
            }
            (Scheme::Ed25519, Place::Other { chain, address }) => {
                self.check_ed25519(chain, address)?;
                Ok(Signed::Key(Vec::new()))
            }
            (_, Place::Evm { .. }) => Err(other("an EVM chain")),
            (_, Place::Bitcoin { .. }) => Err(other("Bitcoin")),
            (_, Place::Other { .. }) => Err(other("this chain")),
        }
    }

    fn check_ed25519(&self, chain: &str, address: &str) -> Result<(), SignatureError> {
        let Some(MessageForm::Raw) = self.form else {
            return Err(SignatureError::Field("`form` is missing: `raw` is the text's own bytes"));
        };
        let key = self.public_key.as_ref();
        let key = key.ok_or(SignatureError::Field("`public_key` is missing"))?;
        let key = Ed25519Key::of(key)?;
        // How an address follows from the key is the chain's own rule.
        match chain.split(':').next() {
            Some("solana") => {
                let own = bitcoin::base58::encode(key.bytes());
                if own != address {
                    return Err(SignatureError::Forged);
                }
            }
            _ => {
                let why = "how this chain makes addresses from ed25519 keys is not known here; solana's \
                           are";
                return Err(SignatureError::Unsupported(why));
            }
        }
        ed25519::verify(self.message.as_bytes(), &hex(&self.signature)?, &key)
    }
}

/// The longest signature that is looked at, as text.
const MAX_SIGNATURE: usize = 20_000;

fn hex(text: &str) -> Result<Vec<u8>, SignatureError> {
    let digits = text.strip_prefix("0x").filter(|_| text.len() <= MAX_SIGNATURE);
    let bytes = digits.and_then(|digits| alloy_primitives::hex::decode(digits).ok());
    bytes.ok_or(SignatureError::Malformed("it is not hexadecimal digits behind 0x"))
}

fn base64(text: &str) -> Result<Vec<u8>, SignatureError> {
    let bytes = (text.len() <= MAX_SIGNATURE).then(|| STANDARD.decode(text).ok()).flatten();
    bytes.ok_or(SignatureError::Malformed("it is not base 64"))
}

#[cfg(test)]
mod tests;
