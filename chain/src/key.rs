//! The key of one account: from a keystore file or from a text, kept in memory that is wiped.

use std::path::Path;

use alloy_primitives::{Address, B256, Signature};
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use thiserror::Error;
use zeroize::Zeroize;

/// A private key. Never printed.
pub struct Key(pub(crate) PrivateKeySigner);

/// Why a key cannot be used. Says nothing of the key or the password.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// The text is no key.
    #[error("is not a private key: 64 hexadecimal digits, other than all zeros")]
    Text,
    /// The password does not open the keystore, or the file is not a keystore.
    #[error("does not open with this password, or is no keystore file (version 3)")]
    Keystore,
}

impl Key {
    /// A key written in 64 hexadecimal digits, with or without `0x`.
    ///
    /// # Errors
    /// Where the text is something else.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let mut bytes = [0; 32];
        let digits = text.strip_prefix("0x").unwrap_or(text);
        alloy_primitives::hex::decode_to_slice(digits, &mut bytes).map_err(|_| KeyError::Text)?;
        let mut word = B256::from(bytes);
        let signer = PrivateKeySigner::from_bytes(&word);
        bytes.zeroize();
        word.0.zeroize();
        signer.map(Self).map_err(|_| KeyError::Text)
    }

    /// The key in a keystore file as geth, foundry and clef write it.
    ///
    /// # Errors
    /// Where the password is another or the file no keystore.
    pub fn from_keystore(path: &Path, password: &str) -> Result<Self, KeyError> {
        let signer = PrivateKeySigner::decrypt_keystore(path, password);
        signer.map(Self).map_err(|_| KeyError::Keystore)
    }

    /// Signs a text as wallets do (EIP-191): 65 bytes, `r`, `s` and `v`.
    ///
    /// # Errors
    /// Where the key cannot sign.
    pub fn sign_text(&self, text: &str) -> Result<[u8; 65], KeyError> {
        let signed = self.0.sign_message_sync(text.as_bytes());
        signed.map(|signature| signature.as_bytes()).map_err(|_| KeyError::Text)
    }

    /// Signs a digest of typed data (EIP-712): 65 bytes, `r`, `s` and `v`.
    ///
    /// # Errors
    /// Where the key cannot sign.
    pub fn sign_digest(&self, digest: &B256) -> Result<[u8; 65], KeyError> {
        let signed = self.0.sign_hash_sync(digest);
        signed.map(|signature| signature.as_bytes()).map_err(|_| KeyError::Text)
    }

    /// The account.
    pub fn address(&self) -> Address {
        self.0.address()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.address())
    }
}

/// Whose signature a digest has, and the signature as contracts take it: the lower `s`, `v` 27 or 28.
/// `None` where it is none.
pub fn recovered(digest: &B256, signature: &[u8]) -> Option<([u8; 65], Address)> {
    let signature = Signature::from_raw(signature).ok()?.normalized_s();
    let by = signature.recover_address_from_prehash(digest).ok()?;
    Some((signature.as_bytes(), by))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The first account of every development node; its key is public.
    const KEY: &str = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    const ADDRESS: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

    #[test]
    fn a_key_is_read_with_and_without_its_prefix_and_never_shown() {
        for text in [KEY, &KEY[2..]] {
            let key = Key::from_hex(text).unwrap();
            assert_eq!(key.address().to_string(), ADDRESS);
            assert_eq!(format!("{key:?}"), format!("Key({ADDRESS})"));
        }
        let zeros = "0".repeat(64);
        for text in ["", "0x", &KEY[..64], &zeros, "a key"] {
            assert_eq!(Key::from_hex(text).unwrap_err(), KeyError::Text);
        }
    }

    #[test]
    fn a_signature_says_whose_it_is() {
        let (key, digest) = (Key::from_hex(KEY).unwrap(), B256::repeat_byte(7));
        let signed = key.sign_digest(&digest).unwrap();
        assert_eq!(recovered(&digest, &signed), Some((signed, key.address())));
        // As some devices write `v`.
        let mut other = signed;
        other[64] -= 27;
        assert_eq!(recovered(&digest, &other), Some((signed, key.address())));
        assert_ne!(recovered(&B256::ZERO, &signed).map(|(_, by)| by), Some(key.address()));
        for bytes in [&signed[..64], &[0; 65], &[]] {
            assert_eq!(recovered(&digest, bytes), None);
        }
    }

    #[test]
    fn a_keystore_opens_with_its_password_alone() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keystore.json");
        let key = Key::from_keystore(&file, "sample password").unwrap();
        assert_eq!(key.address().to_string(), ADDRESS);
        assert_eq!(Key::from_keystore(&file, "another").unwrap_err(), KeyError::Keystore);
        let none = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert_eq!(Key::from_keystore(&none, "another").unwrap_err(), KeyError::Keystore);
    }
}
