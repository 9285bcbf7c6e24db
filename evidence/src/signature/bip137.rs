//! Bitcoin's older signed messages: 65 bytes from which the key is recovered. The first byte says the
//! kind of address (BIP-137); wallets that are older than that sign for every kind with the byte of
//! P2PKH, so that what counts is whether the key has the address.

use bitcoin::{
    CompressedPublicKey, PublicKey, ScriptBuf,
    key::Secp256k1,
    secp256k1::{
        self, Message,
        ecdsa::{RecoverableSignature, RecoveryId},
    },
    sign_message::signed_msg_hash,
};

use super::SignatureError;

/// Checks a signature by the key of a script, which it gives.
///
/// # Errors
/// If another key signed or another text, or the script is of a kind without one key.
pub fn verify(
    message: &str,
    signature: &[u8],
    script: &ScriptBuf,
) -> Result<secp256k1::PublicKey, SignatureError> {
    let malformed = SignatureError::Malformed;
    let [head, rest @ ..] = signature else { return Err(malformed("it is empty")) };
    if rest.len() != 64 {
        return Err(malformed("a signature has 65 bytes"));
    }
    let kind = head.checked_sub(27).filter(|kind| *kind < 16);
    let kind = kind.ok_or(malformed("its first byte is none of 27 to 42"))?;
    let id = RecoveryId::from_i32(i32::from(kind % 4)).map_err(|_| malformed("its first byte"))?;
    let signature = RecoverableSignature::from_compact(rest, id)
        .map_err(|_| malformed("it is no signature"))?;
    let hash = Message::from_digest(*AsRef::<[u8; 32]>::as_ref(&signed_msg_hash(message)));
    let secp = Secp256k1::verification_only();
    let key = secp.recover_ecdsa(&hash, &signature).map_err(|_| SignatureError::Forged)?;
    let compressed = CompressedPublicKey(key);
    let witness = || ScriptBuf::new_p2wpkh(&compressed.wpubkey_hash());
    let short = || ScriptBuf::new_p2pkh(&PublicKey::new(key).pubkey_hash());
    let wrapped = || ScriptBuf::new_p2sh(&witness().script_hash());
    let can_be = match kind / 4 {
        0 => vec![ScriptBuf::new_p2pkh(&PublicKey::new_uncompressed(key).pubkey_hash())],
        1 => vec![short(), wrapped(), witness()],
        2 => vec![wrapped()],
        _ => vec![witness()],
    };
    if can_be.contains(script) {
        return Ok(key);
    }
    if script.is_p2tr() || script.is_p2wsh() {
        let why = "this form is for one key's address of the kinds P2PKH, P2WPKH and P2SH-P2WPKH; sign \
                   as BIP-322 has it";
        return Err(SignatureError::Unsupported(why));
    }
    Err(SignatureError::Forged)
}
