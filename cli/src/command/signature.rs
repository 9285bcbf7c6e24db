//! Signatures of a publisher and of observers for an attestation.

use std::path::{Path, PathBuf};

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::SolEvent;
use anyhow::{Result, ensure};
use pacioli_attestation::{Verified, program::Program};
use pacioli_verifier_contract::{
    bindings::{Attested, Observers as O, Round, Signature, Venues as V},
    chain::Chain,
    signing::{self, MAX_VALIDITY},
    submission,
    system::System,
};
use serde_json::json;

use super::{
    files, journal,
    key_source::verify_bytes,
    rounds,
    signed::{self, Signed, SignedAttestation},
    signer::{self, Signer},
};
use crate::{args::VenueSignArgs, outcome::Refused, output::Report, progress::Shown};

/// What files of signatures say: with what a submission has to be sent, and by whom it is signed.
pub struct Carried {
    /// The verifier and the rounds that were signed; `None` without a signature.
    pub named: Option<(Address, Vec<Round>)>,
    /// The publisher's signature first, then observers' by their addresses.
    pub signatures: Vec<Signature>,
}

/// `pacioli venue sign`.
pub fn run(args: &VenueSignArgs, progress: &Shown) -> Result<Report> {
    let bytes = files::read(&args.attestation)?;
    let verified = verify_bytes(&bytes, &args.key, progress)?;
    let mut by = Signer::connect(&args.signer)?;
    let venue = by.venue;
    check_venue(&mut by.node, &by.system, venue, &verified)?;
    let failing = failing(&verified, args.though_failing)?;
    let verifier = announced(&mut by.node, &by.system, venue, &verified)?;
    let prices = &verified.attestation.prices;
    let rounds = rounds::find(&mut by.node, &by.system, venue, prices)?;
    let compared = signer::bits(&args.compared);
    let file = unsigned(&by, &verified, (verifier, &rounds), (args.carrier, compared))?;
    let out = &args.signer.out;
    let (file, digest) = sign(&mut by, file, &args.journal, out)?;
    let message = file.message();
    let (path, sequence) = (out.display(), message.sequence);
    let mut text = format!(
        "{path}\n  signer      {}\n  attestation number {sequence}, context {}\n  digest      {digest}\n  \
         can be sent until {}\n",
        message.signer,
        message.context,
        signer::at(message.deadline)?
    );
    for clause in &failing {
        text += &format!("  DOES NOT HOLD  {clause}\n");
    }
    text += by.left();
    let json = json!({
        "failing": failing,
        "file": path.to_string(),
        "signer": message.signer,
        "digest": digest,
        "deadline": message.deadline,
        "compared": compared,
    });
    Ok(Report { text, json, holds: true })
}

/// A signature that is still to be made, which can be used from the latest block on.
///
/// # Errors
/// If the attestation's rules have no program.
pub fn unsigned(
    by: &Signer,
    verified: &Verified,
    (verifier, rounds): (Address, &[Round]),
    (carrier, compared): (Address, u8),
) -> Result<SignedAttestation> {
    let venue = by.venue;
    let attested = attested(verified, venue, verifier, rounds)?;
    Ok(SignedAttestation {
        chain_id: by.chain_id,
        registry: by.registry,
        venue,
        sequence: attested.sequence,
        context: attested.context,
        program: attested.program,
        totals: attested.totals,
        attestation: attested.attestation,
        verifier,
        rounds: rounds.iter().map(|one| (one.price, one.round)).collect(),
        signer: by.address,
        signed_at: by.time,
        deadline: by.time + MAX_VALIDITY,
        carrier,
        compared,
        signature: Bytes::new(),
    })
}

/// Enters a signature into the journal, where it could eject its signer, then makes it, and writes it
/// into a file. Returns it and the digest that was signed.
///
/// # Errors
/// If it would eject its signer together with one before, or cannot be made or written.
pub fn sign(
    by: &mut Signer,
    mut file: SignedAttestation,
    journal: &Path,
    out: &Path,
) -> Result<(SignedAttestation, B256)> {
    // A publisher makes an attestation again as it likes; an observer is ejected for it.
    let call = O::observersOfCall { venue: by.venue };
    let observers = by.node.ask(by.system.observers, &call)?.members;
    if file.compared != 0 || observers.contains(&file.signer) {
        journal::enter(journal, &file)?;
    }
    let message = file.message();
    let (digest, signature) = by.sign(&message, by.registry)?;
    file.signature = signature;
    signed::write(out, &Signed::Attestation(Box::new(file.clone())))?;
    Ok((file, digest))
}

/// The clauses of the venue's own policy that fail, which whoever signs has to have seen.
fn failing(verified: &Verified, is_accepted: bool) -> Result<Vec<String>> {
    let failing = verified.clauses.iter().filter(|clause| !clause.holds);
    let failing: Vec<_> = failing.map(|clause| clause.name.clone()).collect();
    ensure!(
        failing.is_empty() || is_accepted,
        Refused(format!(
            "the attestation does not hold: {}; to sign it all the same, so that everyone sees it, add \
         --though-failing",
            failing.join(", ")
        ))
    );
    ensure!(!failing.is_empty() || !is_accepted, "it holds: leave --though-failing out");
    Ok(failing)
}

/// What is signed for an attestation, but for who signs and when.
///
/// # Errors
/// If the attestation's rules have no program.
pub fn attested(
    verified: &Verified,
    venue: B256,
    verifier: Address,
    rounds: &[Round],
) -> Result<Attested> {
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
        verifier,
        rounds: signing::rounds(rounds),
    })
}

/// Makes sure that an attestation is of the venue that is registered under an id.
///
/// # Errors
/// If it is another's, or the node does not answer.
pub fn check_venue(
    chain: &mut impl Chain,
    system: &System,
    venue: B256,
    verified: &Verified,
) -> Result<()> {
    let there = chain.ask(system.venues, &V::venueOfCall { venue })?;
    let name = &verified.attestation.header.venue;
    if there.nameHash == submission::name(name) {
        return Ok(());
    }
    let text = format!(
        "the venue registered under this id is not that of the attestation, `{}`",
        name.escape_debug()
    );
    Err(Refused(text).into())
}

/// The verifier that a registry takes for the attestation's key now: the last that the venue announced
/// of those that are out of their delay, not frozen, and have the code that they had.
///
/// # Errors
/// If there is none, or the node does not answer.
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
    let mut of_key: Vec<_> = announced.filter(|event| event.key == key).collect();
    of_key.reverse();
    let now = chain.time()?;
    let mut unusable = Vec::new();
    for V::VerifierAnnounced { verifier, .. } in of_key {
        let there = chain.ask(system.venues, &V::verifierOfCall { venue, verifier })?;
        let why = if there.frozen {
            "is frozen".to_owned()
        } else if there.activeFrom > now {
            format!("can be used from {} on", signer::at(there.activeFrom)?)
        } else if keccak256(chain.code(verifier)?) != there.codehash {
            "has other code than when it was announced".to_owned()
        } else {
            return Ok(verifier);
        };
        unusable.push(format!("{verifier} {why}"));
    }
    let text = match unusable.is_empty() {
        true => format!("the venue announced no verifier for the key {key}"),
        false => format!("no verifier for the key {key} can be used: {}", unusable.join("; ")),
    };
    Err(Refused(text).into())
}

/// Signatures from files, in the order in which the registry takes them.
///
/// # Errors
/// If one is of something else than the attestation on this chain's registry, or two do not fit
/// together.
pub fn read(
    paths: &[PathBuf],
    verified: &Verified,
    (chain_id, registry, venue): (u64, Address, B256),
) -> Result<Carried> {
    let (mut signatures, mut named) = (Vec::new(), None);
    for path in paths {
        let name = path.display();
        let Signed::Attestation(file) = signed::read(path)? else {
            anyhow::bail!("{name}: not the signature of an attestation");
        };
        ensure!(!file.signature.is_empty(), "{name}: not signed yet: `signature` is empty");
        let there = (file.chain_id, file.registry, file.venue);
        ensure!(
            there == (chain_id, registry, venue),
            "{name}: signed for another chain, registry or venue"
        );
        let rounds = file.named();
        let own = attested(verified, venue, file.verifier, &rounds)?;
        ensure!(
            own == file.attested(),
            "{name}: signed for another attestation, number {} with the digest {}",
            file.sequence,
            file.attestation
        );
        let own = (file.verifier, rounds);
        ensure!(
            named.as_ref().is_none_or(|named| *named == own),
            "{name}: signed for another verifier, or other rounds of feeds, than the other signatures"
        );
        named = Some(own);
        signatures.push(file.by());
    }
    signed::each_once(signatures.iter().map(|one| one.signer))?;
    // A publisher has compared nothing.
    signatures.sort_by_key(|one| (one.compared != 0, one.signer));
    let publishers = signatures.iter().filter(|one| one.compared == 0).count();
    ensure!(
        publishers <= 1,
        "two of the signatures are a publisher's: an observer says --compared"
    );
    Ok(Carried { named, signatures })
}
