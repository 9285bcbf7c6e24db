//! Signatures of a publisher and of observers, as files that somebody else sends.

use std::path::Path;

use alloy_primitives::{Address, B256, Bytes, U256, aliases::U80, keccak256};
use alloy_sol_types::SolEvent;
use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use pacioli_attestation::{Verified, program::Program};
use pacioli_verifier_contract::{
    bindings::{Attested, Round, Signature, Venues as V},
    chain::Chain,
    signing::{self, Attest, MAX_VALIDITY, compared},
    system::System,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{deployments::Deployments, files, key_source::verify_bytes, node, rounds, transaction};
use crate::{
    args::{ComparedArg, VenueSignArgs},
    output::Report,
    progress::Shown,
};

/// A clock may be so many seconds ahead of the chain's.
const CLOCK: u64 = 30;

/// A file of one signature.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    signer: Address,
    signed_at: u64,
    deadline: u64,
    carrier: Address,
    compared: u8,
    /// The verifier, and the rounds of the feeds, that the submission has to name.
    verifier: Address,
    rounds: Vec<(u16, u128)>,
    signature: Bytes,
}

/// What files of signatures say: with what a submission has to be sent, and by whom it is signed.
pub struct Carried {
    /// The verifier and the rounds that were signed; `None` without a signature.
    pub named: Option<(Address, Vec<Round>)>,
    /// The publisher's signature first, then observers' by their addresses.
    pub signatures: Vec<Signature>,
}

/// `pacioli venue sign`.
pub fn run(args: &VenueSignArgs, progress: &Shown) -> Result<Report> {
    let chain_id = transaction::chain_id(args.chain_id)?;
    let there = Deployments::read(&args.sender.node.deployments)?.on(chain_id);
    let (registry, venue) = there.venue(&args.venue)?;
    let bytes = files::read(&args.attestation)?;
    let verified = verify_bytes(&bytes, &args.key, progress)?;
    let key = node::key(args.sender.keystore.as_deref())?;
    let mut chain = node::reader(&args.sender.node, there.first_block)?;
    ensure!(chain.chain_id()? == chain_id, "the node is of another chain than --chain-id says");
    let system = System::of(&mut chain, registry)?;
    let verifier = announced(&mut chain, &system, venue, &verified)?;
    let rounds = rounds::find(&mut chain, &system, venue, &verified.attestation.prices)?;
    let now = u64::try_from(Timestamp::now().as_second())?;
    let signed_at = now.saturating_sub(CLOCK);
    let compared = args.compared.iter().fold(0, |bits, what| bits | bit(*what));
    let attested = attested(&verified, venue)?;
    let message = Attest {
        signer: key.address(),
        venue,
        sequence: attested.sequence,
        context: attested.context,
        program: attested.program,
        totals: attested.totals,
        attestation: attested.attestation,
        verifier,
        rounds: signing::rounds(&rounds),
        signedAt: signed_at,
        deadline: signed_at + MAX_VALIDITY,
        carrier: args.carrier,
        compared,
    };
    let digest = signing::digest(&message, &signing::domain(chain_id, registry));
    let signature = key.sign_digest(&digest).context("the key does not sign")?;
    let file = File {
        signer: message.signer,
        signed_at,
        deadline: message.deadline,
        carrier: args.carrier,
        compared,
        verifier,
        rounds: rounds.iter().map(|one| (one.price, one.round.to())).collect(),
        signature: signature.to_vec().into(),
    };
    files::write(&args.out, (serde_json::to_string_pretty(&file)? + "\n").as_bytes())?;
    let (path, sequence) = (args.out.display(), message.sequence);
    let valid = (message.deadline - now) / 60;
    let text = format!(
        "{path}\n  signer      {}\n  attestation number {sequence}, context {}\n  digest      {digest}\n  \
         can be sent for {valid} minutes\n",
        message.signer, message.context
    );
    let json = json!({
        "file": path.to_string(),
        "signer": message.signer,
        "digest": digest,
        "deadline": message.deadline,
        "compared": compared,
    });
    Ok(Report { text, json, holds: true })
}

/// What is signed for an attestation, but for who signs and when.
fn attested(verified: &Verified, venue: B256) -> Result<Attested> {
    let attestation = &verified.attestation;
    let program = Program::of(&verified.rules, &verified.compiled, &attestation.prices)?;
    let words = verified.totals.0.iter();
    let words: Vec<u8> =
        words.flat_map(|total| U256::from(total.quantity).to_be_bytes::<32>()).collect();
    Ok(Attested {
        venue,
        sequence: attestation.header.sequence,
        context: attestation.context().0.0.into(),
        program: program.hash().0.into(),
        totals: keccak256(words),
        attestation: attestation.digest().0.into(),
        ..Default::default()
    })
}

/// The verifier that the venue announced last for the attestation's key.
pub fn announced(
    chain: &mut impl Chain,
    system: &System,
    venue: B256,
    verified: &Verified,
) -> Result<Address> {
    let key = B256::from(verified.attestation.header.key.0);
    let events = [V::VerifierAnnounced::SIGNATURE_HASH];
    let logs = chain.logs(system.venues, &events, venue)?;
    let announced =
        logs.iter().filter_map(|log| V::VerifierAnnounced::decode_log_data(&log.data).ok());
    let last = announced.filter(|event| event.key == key).last();
    let last =
        last.with_context(|| format!("the venue announced no verifier for the key {key}"))?;
    Ok(last.verifier)
}

/// Signatures from files, in the order in which the registry takes them.
pub fn read(paths: &[impl AsRef<Path>]) -> Result<Carried> {
    let (mut signatures, mut named) = (Vec::new(), None);
    for path in paths {
        let path = path.as_ref();
        let text = files::read_text(path)?;
        let file: File = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        let File { signer, signed_at, deadline, carrier, compared, verifier, rounds, signature } =
            file;
        let rounds = rounds.into_iter().map(|(price, round)| {
            let round = U80::checked_from_limbs_slice(&[round as u64, (round >> 64) as u64]);
            let round =
                round.with_context(|| format!("{}: a round is too large", path.display()))?;
            Ok(Round { price, round })
        });
        let own = (verifier, rounds.collect::<Result<Vec<_>>>()?);
        ensure!(
            named.as_ref().is_none_or(|named| *named == own),
            "{}: signed for another verifier, or other rounds of feeds, than the other signatures",
            path.display()
        );
        named = Some(own);
        signatures.push(Signature {
            signer,
            signedAt: signed_at,
            deadline,
            carrier,
            compared,
            signature,
        });
    }
    // A publisher has compared nothing.
    signatures.sort_by_key(|one| (one.compared != 0, one.signer));
    let publishers = signatures.iter().filter(|one| one.compared == 0).count();
    ensure!(
        publishers <= 1,
        "two of the signatures are a publisher's: an observer says --compared"
    );
    Ok(Carried { named, signatures })
}

fn bit(what: ComparedArg) -> u8 {
    match what {
        ComparedArg::Program => compared::PROGRAM,
        ComparedArg::Prices => compared::PRICES,
        ComparedArg::Accounts => compared::ACCOUNTS,
        ComparedArg::Elsewhere => compared::ELSEWHERE,
        ComparedArg::Balances => compared::BALANCES,
    }
}
