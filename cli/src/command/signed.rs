//! Files of signatures: one message and one signature each, for somebody else to send.

use std::path::{Path, PathBuf};

use alloy_primitives::{Address, B256, Bytes, U256, aliases::U80};
use anyhow::{Context, Result, bail, ensure};
use pacioli_verifier_contract::{
    bindings::{Attested, Reading, Round, Signature},
    signing::{self, Attest},
};
use serde::{Deserialize, Serialize};

use super::files;

/// What a file has.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Signed {
    /// Of a publisher or an observer, for an attestation.
    Attestation(Box<SignedAttestation>),
    /// Of an observer, for an attestation that left its band.
    Confirmation(SignedConfirmation),
    /// Of an observer, to pause the venue.
    Alarm(SignedAlarm),
    /// Of an observer, for a reserve on another chain.
    Reading(Box<SignedReading>),
}

impl Signed {
    /// The signature; empty where a wallet has still to sign.
    pub fn signature(&self) -> &Bytes {
        match self {
            Self::Attestation(one) => &one.signature,
            Self::Confirmation(one) => &one.signature,
            Self::Alarm(one) => &one.signature,
            Self::Reading(one) => &one.signature,
        }
    }
}

/// A signature of `Attest`, with all that was signed: two of one number are evidence.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedAttestation {
    pub chain_id: u64,
    pub registry: Address,
    pub venue: B256,
    pub sequence: u64,
    pub context: B256,
    pub program: B256,
    pub totals: B256,
    pub attestation: B256,
    /// The verifier, and the rounds of the feeds, that the submission has to name.
    pub verifier: Address,
    pub rounds: Vec<(u16, U80)>,
    pub signer: Address,
    pub signed_at: u64,
    pub deadline: u64,
    pub carrier: Address,
    pub compared: u8,
    pub signature: Bytes,
}

/// A signature of `Confirm`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedConfirmation {
    pub chain_id: u64,
    pub registry: Address,
    pub venue: B256,
    pub round: u64,
    /// The hash of the attestation's record.
    pub record: B256,
    pub signer: Address,
    pub signed_at: u64,
    pub deadline: u64,
    pub carrier: Address,
    pub compared: u8,
    pub signature: Bytes,
}

/// A signature of `Alarm`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedAlarm {
    pub chain_id: u64,
    pub observers: Address,
    pub venue: B256,
    /// What is sent: the text itself, or its hash.
    pub reason: B256,
    pub text: String,
    pub until: u64,
    pub signer: Address,
    pub signature: Bytes,
}

/// A signature of `Reading`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedReading {
    pub chain_id: u64,
    pub elsewhere: Address,
    pub venue: B256,
    pub asset: B256,
    /// The chain that was read.
    pub on: u64,
    pub token: Address,
    pub custodian: Address,
    pub number: u64,
    pub block_hash: B256,
    pub time: u64,
    /// In 10^-36 of one whole unit.
    pub units: U256,
    pub not_before: u64,
    pub deadline: u64,
    pub signer: Address,
    pub signature: Bytes,
}

/// Writes a file.
///
/// # Errors
/// If it cannot be written.
pub fn write(path: &Path, signed: &Signed) -> Result<()> {
    files::write(path, (serde_json::to_string_pretty(signed)? + "\n").as_bytes())
}

/// Reads one file.
///
/// # Errors
/// If it is no file of a signature, as far as it can be told here.
pub fn read(path: &Path) -> Result<Signed> {
    let text = files::read_text(path)?;
    serde_json::from_str(&text)
        .with_context(|| format!("{}: no file of a signature", path.display()))
}

/// Reads files of one kind.
///
/// # Errors
/// If one is of another.
pub fn read_all<T>(
    paths: &[PathBuf],
    wanted: &str,
    pick: impl Fn(Signed) -> Option<T>,
) -> Result<Vec<T>> {
    let mut all = Vec::new();
    for path in paths {
        let signed = read(path)?;
        let is_signed = !signed.signature().is_empty();
        let Some(one) = pick(signed) else {
            bail!("{}: not the signature of {wanted}", path.display());
        };
        ensure!(is_signed, "{}: not signed yet: `signature` is empty", path.display());
        all.push(one);
    }
    Ok(all)
}

/// Refuses a second signature of one account: the contracts count it once, and refuse both.
///
/// # Errors
/// If there is one.
pub fn each_once(signers: impl Iterator<Item = Address>) -> Result<()> {
    let mut all: Vec<_> = signers.collect();
    all.sort_unstable();
    let twice = all.windows(2).find(|pair| pair[0] == pair[1]);
    ensure!(twice.is_none(), "two of the signatures are of {}", twice.unwrap_or(&[])[0]);
    Ok(())
}

impl SignedAttestation {
    /// The message.
    pub fn message(&self) -> Attest {
        Attest {
            signer: self.signer,
            venue: self.venue,
            sequence: self.sequence,
            context: self.context,
            program: self.program,
            totals: self.totals,
            attestation: self.attestation,
            verifier: self.verifier,
            rounds: signing::rounds(&self.named()),
            signedAt: self.signed_at,
            deadline: self.deadline,
            carrier: self.carrier,
            compared: self.compared,
        }
    }

    /// What was signed, as contracts take it.
    pub fn attested(&self) -> Attested {
        Attested {
            venue: self.venue,
            sequence: self.sequence,
            context: self.context,
            program: self.program,
            totals: self.totals,
            attestation: self.attestation,
            verifier: self.verifier,
            rounds: signing::rounds(&self.named()),
        }
    }

    /// The rounds of the feeds.
    pub fn named(&self) -> Vec<Round> {
        self.rounds.iter().map(|&(price, round)| Round { price, round }).collect()
    }

    /// The signature, as contracts take it.
    pub fn by(&self) -> Signature {
        Signature {
            signer: self.signer,
            signedAt: self.signed_at,
            deadline: self.deadline,
            carrier: self.carrier,
            compared: self.compared,
            signature: self.signature.clone(),
        }
    }
}

impl SignedConfirmation {
    /// The signature, as contracts take it.
    pub fn by(&self) -> Signature {
        Signature {
            signer: self.signer,
            signedAt: self.signed_at,
            deadline: self.deadline,
            carrier: self.carrier,
            compared: self.compared,
            signature: self.signature.clone(),
        }
    }
}

impl SignedReading {
    /// What was read, as contracts take it.
    pub fn reading(&self) -> Reading {
        Reading {
            venue: self.venue,
            asset: self.asset,
            chainId: self.on,
            token: self.token,
            custodian: self.custodian,
            number: self.number,
            blockHash: self.block_hash,
            time: self.time,
            units: self.units,
            notBefore: self.not_before,
            deadline: self.deadline,
        }
    }
}
