//! Ed25519 (RFC 8032), strictly: no key and no signature that several texts or keys could share.

use ed25519_dalek::{Signature, VerifyingKey};

use super::SignatureError;

/// A public key, as its 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed25519Key([u8; 32]);

impl Ed25519Key {
    /// Reads a key.
    ///
    /// # Errors
    /// If the bytes are no key, or one of small order.
    pub fn of(bytes: &[u8]) -> Result<Self, SignatureError> {
        let wrong = SignatureError::Malformed("the public key is none of ed25519");
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| wrong.clone())?;
        match VerifyingKey::from_bytes(&bytes) {
            Ok(key) if !key.is_weak() => Ok(Self(bytes)),
            _ => Err(wrong),
        }
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Checks 64 bytes by a key.
///
/// # Errors
/// If another key signed, or another text.
pub fn verify(message: &[u8], signature: &[u8], key: &Ed25519Key) -> Result<(), SignatureError> {
    let signature = Signature::from_slice(signature)
        .map_err(|_| SignatureError::Malformed("a signature of ed25519 has 64 bytes"))?;
    let key = VerifyingKey::from_bytes(&key.0).map_err(|_| SignatureError::Forged)?;
    key.verify_strict(message, &signature).map_err(|_| SignatureError::Forged)
}
