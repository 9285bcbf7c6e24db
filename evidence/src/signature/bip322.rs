//! BIP-322, the form `simple`: the witness of a transaction that cannot be, which spends an output of
//! the address in a transaction that commits to the text.
//!
//! Kinds of scripts: P2WPKH, P2SH-P2WPKH, P2TR by its key path, and P2WSH of `m` of `n` keys.
//! Others are refused by name. No script is run.

use bitcoin::{
    Amount, CompressedPublicKey, EcdsaSighashType, OutPoint, Script, ScriptBuf, Sequence,
    TapSighashType, Transaction, TxIn, TxOut, Witness, XOnlyPublicKey,
    absolute::LockTime,
    consensus::deserialize,
    ecdsa,
    hashes::{Hash, HashEngine, sha256},
    key::Secp256k1,
    opcodes::all::{OP_CHECKMULTISIG, OP_PUSHNUM_1, OP_PUSHNUM_16, OP_RETURN},
    script::{Builder, Instruction, PushBytesBuf},
    secp256k1::{self, Message, VerifyOnly},
    sighash::{Prevouts, SighashCache},
    taproot,
    transaction::Version,
};

use super::SignatureError;

const TAG: &[u8] = b"BIP0322-signed-message";

/// The tagged hash of a text.
pub fn message_hash(message: &[u8]) -> [u8; 32] {
    let tag = sha256::Hash::hash(TAG).to_byte_array();
    let mut engine = sha256::Hash::engine();
    for part in [&tag[..], &tag, message] {
        engine.input(part);
    }
    sha256::Hash::from_engine(engine).to_byte_array()
}

/// The transaction whose output is spent, and the one that spends it, without its witness.
pub(super) fn transactions(message: &[u8], script: &ScriptBuf) -> [Transaction; 2] {
    let hash = PushBytesBuf::from(message_hash(message));
    let input = |previous_output, script_sig| TxIn {
        previous_output,
        script_sig,
        sequence: Sequence::ZERO,
        witness: Witness::new(),
    };
    let of = |input, script_pubkey| Transaction {
        version: Version(0),
        lock_time: LockTime::ZERO,
        input: vec![input],
        output: vec![TxOut { value: Amount::ZERO, script_pubkey }],
    };
    let commits = Builder::new().push_int(0).push_slice(hash).into_script();
    let spent = of(input(OutPoint::null(), commits), script.clone());
    let place = OutPoint::new(spent.compute_txid(), 0);
    let nothing = Builder::new().push_opcode(OP_RETURN).into_script();
    let spends = of(input(place, ScriptBuf::new()), nothing);
    [spent, spends]
}

/// Checks a signature by the keys of a script, which it gives; none for P2TR, whose address is its key.
///
/// # Errors
/// If other keys signed or another text, or the script is of another kind.
pub fn verify(
    message: &str,
    signature: &[u8],
    script: &ScriptBuf,
) -> Result<Vec<secp256k1::PublicKey>, SignatureError> {
    let witness: Witness = deserialize(signature).map_err(|_| {
        SignatureError::Malformed("it is no witness: only the form `simple` of BIP-322 is checked")
    })?;
    let [spent, spends] = transactions(message.as_bytes(), script);
    let check = Check { spent, spends, witness, secp: Secp256k1::verification_only() };
    if script.is_p2wpkh() {
        return check.one_key(script, script);
    }
    if script.is_p2sh() {
        // The script behind it is that of the key in the witness, or the address is of another kind.
        let [_, key] = check.items()?;
        let key = CompressedPublicKey::from_slice(key).map_err(|_| OTHER_P2SH)?;
        let inner = ScriptBuf::new_p2wpkh(&key.wpubkey_hash());
        if ScriptBuf::new_p2sh(&inner.script_hash()) != *script {
            return Err(SignatureError::Forged);
        }
        return check.one_key(&inner, script);
    }
    if script.is_p2tr() {
        return check.key_path(script);
    }
    if script.is_p2wsh() {
        return check.several_keys(script);
    }
    let why = "scripts of this kind are not checked: P2WPKH, P2SH-P2WPKH, P2TR and P2WSH of several \
               keys are; for P2PKH use bip137";
    Err(SignatureError::Unsupported(why))
}

const OTHER_P2SH: SignatureError =
    SignatureError::Unsupported("of P2SH, only P2SH-P2WPKH is checked");

struct Check {
    spent: Transaction,
    spends: Transaction,
    witness: Witness,
    secp: Secp256k1<VerifyOnly>,
}

impl Check {
    /// The witness, if it has just so many items.
    fn items<const N: usize>(&self) -> Result<[&[u8]; N], SignatureError> {
        let items: Vec<&[u8]> = self.witness.iter().collect();
        let wrong = SignatureError::Malformed("the witness has another number of items");
        items.try_into().map_err(|_| wrong)
    }

    /// P2WPKH, bare or wrapped.
    fn one_key(
        &self,
        program: &Script,
        script: &ScriptBuf,
    ) -> Result<Vec<secp256k1::PublicKey>, SignatureError> {
        let [signature, key] = self.items()?;
        let key = CompressedPublicKey::from_slice(key)
            .map_err(|_| SignatureError::Malformed("the witness has no key"))?;
        let own = ScriptBuf::new_p2wpkh(&key.wpubkey_hash());
        let wrapped = ScriptBuf::new_p2sh(&own.script_hash());
        if own.as_script() != program || (own != *script && wrapped != *script) {
            return Err(SignatureError::Forged);
        }
        let signature = ecdsa_signature(signature)?;
        let mut cache = SighashCache::new(&self.spends);
        let hash = cache.p2wpkh_signature_hash(0, program, Amount::ZERO, EcdsaSighashType::All);
        let hash = hash.map_err(|_| SignatureError::Forged)?;
        let message = Message::from_digest(hash.to_byte_array());
        let verified = self.secp.verify_ecdsa(&message, &signature, &key.0);
        verified.map(|()| vec![key.0]).map_err(|_| SignatureError::Forged)
    }

    fn key_path(&self, script: &Script) -> Result<Vec<secp256k1::PublicKey>, SignatureError> {
        let [signature] = self.items().map_err(|_| {
            SignatureError::Unsupported("of P2TR, only a signature by the key path is checked")
        })?;
        let signature = taproot::Signature::from_slice(signature)
            .map_err(|_| SignatureError::Malformed("it is no signature of P2TR"))?;
        if !matches!(signature.sighash_type, TapSighashType::Default | TapSighashType::All) {
            return Err(SIGHASH);
        }
        let key = script.as_bytes().get(2..34).and_then(|key| XOnlyPublicKey::from_slice(key).ok());
        let key = key.ok_or(SignatureError::Forged)?;
        let outputs = Prevouts::All(&self.spent.output);
        let mut cache = SighashCache::new(&self.spends);
        let hash = cache.taproot_key_spend_signature_hash(0, &outputs, signature.sighash_type);
        let hash = hash.map_err(|_| SignatureError::Forged)?;
        let message = Message::from_digest(hash.to_byte_array());
        let verified = self.secp.verify_schnorr(&signature.signature, &message, &key);
        verified.map(|()| Vec::new()).map_err(|_| SignatureError::Forged)
    }

    fn several_keys(&self, script: &Script) -> Result<Vec<secp256k1::PublicKey>, SignatureError> {
        let items: Vec<&[u8]> = self.witness.iter().collect();
        let Some((inner, [dummy, signatures @ ..])) = items.split_last() else {
            return Err(SignatureError::Malformed("the witness has another number of items"));
        };
        let inner = Script::from_bytes(inner);
        if inner.to_p2wsh() != *script {
            return Err(SignatureError::Forged);
        }
        let (needed, keys) = keys_of(inner).ok_or(SignatureError::Unsupported(
            "of P2WSH, only scripts of `m` of `n` keys are checked",
        ))?;
        if !dummy.is_empty() || signatures.len() != needed {
            return Err(SignatureError::Malformed("the witness has another number of signatures"));
        }
        let mut cache = SighashCache::new(&self.spends);
        let hash = cache.p2wsh_signature_hash(0, inner, Amount::ZERO, EcdsaSighashType::All);
        let hash = hash.map_err(|_| SignatureError::Forged)?;
        let message = Message::from_digest(hash.to_byte_array());
        // In the order of the keys, as a script has it.
        let mut left = keys.iter();
        for signature in signatures {
            let signature = ecdsa_signature(signature)?;
            let signs = |key: &secp256k1::PublicKey| {
                self.secp.verify_ecdsa(&message, &signature, key).is_ok()
            };
            if !left.any(signs) {
                return Err(SignatureError::Forged);
            }
        }
        Ok(keys)
    }
}

const SIGHASH: SignatureError =
    SignatureError::Unsupported("it does not sign the whole text: SIGHASH_ALL does");

fn ecdsa_signature(bytes: &[u8]) -> Result<secp256k1::ecdsa::Signature, SignatureError> {
    let read = ecdsa::Signature::from_slice(bytes)
        .map_err(|_| SignatureError::Malformed("it is no signature"))?;
    if read.sighash_type != EcdsaSighashType::All {
        return Err(SIGHASH);
    }
    Ok(read.signature)
}

/// How many of which keys a script asks for; `None` for any other script.
fn keys_of(script: &Script) -> Option<(usize, Vec<secp256k1::PublicKey>)> {
    let parts: Vec<Instruction<'_>> =
        script.instructions_minimal().collect::<Result<_, _>>().ok()?;
    let [first, keys @ .., last, end] = &parts[..] else { return None };
    let number = |part: &Instruction<'_>| match part {
        Instruction::Op(op) => {
            let [one, most] = [OP_PUSHNUM_1, OP_PUSHNUM_16].map(|op| op.to_u8());
            (one..=most).contains(&op.to_u8()).then(|| usize::from(op.to_u8() - one) + 1)
        }
        Instruction::PushBytes(_) => None,
    };
    let key = |part: &Instruction<'_>| match part {
        // Witness scripts have compressed keys alone.
        Instruction::PushBytes(bytes) if bytes.len() == 33 => {
            secp256k1::PublicKey::from_slice(bytes.as_bytes()).ok()
        }
        _ => None,
    };
    let keys: Vec<_> = keys.iter().map(key).collect::<Option<_>>()?;
    let (needed, count) = (number(first)?, number(last)?);
    let is_end = *end == Instruction::Op(OP_CHECKMULTISIG);
    (is_end && count == keys.len() && needed <= count).then_some((needed, keys))
}
