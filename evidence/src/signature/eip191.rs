//! EIP-191, version 0x45: what wallets call `personal_sign`.

use alloy_primitives::{Address, B256, eip191_hash_message};

use super::SignatureError;

/// What a signature of ERC-6492 ends with: the bytes 0x6492, sixteen times.
const WRAPPED: [u8; 32] = {
    let mut bytes = [0x64; 32];
    let mut index = 1;
    while index < 32 {
        bytes[index] = 0x92;
        index += 2;
    }
    bytes
};

/// The hash that is signed.
pub fn digest(message: &str) -> B256 {
    eip191_hash_message(message)
}

/// Checks 65 bytes `r, s, v` by the key of `address`.
///
/// # Errors
/// If another key signed, or another text.
pub fn verify(message: &str, signature: &[u8], address: Address) -> Result<(), SignatureError> {
    refuse_wrapped(signature)?;
    if signature.len() != 65 {
        return Err(SignatureError::Malformed("a signature by a key has 65 bytes"));
    }
    if !matches!(signature[64], 0 | 1 | 27 | 28) {
        return Err(SignatureError::Malformed("its last byte is none of 0, 1, 27 and 28"));
    }
    let read = alloy_primitives::Signature::from_raw(signature);
    let read = read.map_err(|_| SignatureError::Malformed("it is no signature"))?;
    let signer = read.recover_address_from_prehash(&digest(message));
    match signer {
        Ok(signer) if signer == address && !address.is_zero() => Ok(()),
        _ => Err(SignatureError::Forged),
    }
}

/// Refuses signatures that are to be checked by running code that comes with them.
///
/// # Errors
/// If it is one of ERC-6492.
pub fn refuse_wrapped(signature: &[u8]) -> Result<(), SignatureError> {
    if signature.ends_with(&WRAPPED) {
        let why = "it is wrapped as ERC-6492 has it, with code to be run; deploy the wallet first";
        return Err(SignatureError::Unsupported(why));
    }
    Ok(())
}
