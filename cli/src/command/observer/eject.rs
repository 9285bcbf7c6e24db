//! Ejection: two attestations of one number that one observer signed, for times that overlap.

use anyhow::{Result, ensure};
use pacioli_verifier_contract::{bindings::Observers as O, signing::MAX_VALIDITY};
use serde_json::json;

use super::super::{
    act::{Acting, Said},
    planned::Planned,
    signed::{self, Signed, SignedAttestation},
};
use crate::{args::EjectArgs, outcome::Refused, output::Report};

/// Runs the command.
pub fn run(args: &EjectArgs) -> Result<Report> {
    let files = signed::read_all(&args.files, "an attestation", |signed| match signed {
        Signed::Attestation(one) => Some(*one),
        _ => None,
    })?;
    let [one, other] = &files[..] else {
        anyhow::bail!("two signatures eject: give --signature twice");
    };
    if let Some(why) = lacks(one, other) {
        return Err(
            Refused(format!("these signatures show nothing against an observer: {why}")).into()
        );
    }
    let acting = Acting::on(&args.act)?;
    ensure!(
        one.chain_id == acting.connected.chain_id && one.venue == acting.venue,
        "the signatures are for the venue {} on chain {}",
        one.venue,
        one.chain_id
    );
    let call = O::ejectCall {
        registry: one.registry,
        one: one.attested(),
        other: other.attested(),
        ofOne: one.by(),
        ofOther: other.by(),
    };
    let planned = [Planned::call("eject an observer", acting.system.observers, &call)];
    let (signer, sequence) = (one.signer, one.sequence);
    let mut text = format!("{signer} signed two attestations of number {sequence}\n");
    for file in [one, other] {
        let SignedAttestation { attestation, context, signed_at, deadline, .. } = file;
        text +=
            &format!("  {attestation}, context {context}, from second {signed_at} to {deadline}\n");
    }
    let json = json!({
        "observer": signer,
        "sequence": sequence,
        "contexts": [one.context, other.context],
        "attestations": [one.attestation, other.attestation],
    });
    acting.run(&args.act, &planned, &Said { text: text + "\n", json })
}

/// What two signatures lack to be evidence; as `Signatures.exclude` asks. What was compared does not
/// matter there, and so not here: who signed as a publisher and observes signed as well.
fn lacks(one: &SignedAttestation, other: &SignedAttestation) -> Option<&'static str> {
    let same = |one: &SignedAttestation| (one.context, one.program, one.totals);
    let usable = |one: &SignedAttestation| {
        one.deadline.checked_sub(one.signed_at).is_some_and(|time| time <= MAX_VALIDITY)
    };
    if one.signer != other.signer {
        Some("they are of two signers")
    } else if (one.chain_id, one.registry) != (other.chain_id, other.registry) {
        Some("they are for two registries")
    } else if one.venue != other.venue {
        Some("they are for two venues")
    } else if one.sequence != other.sequence {
        Some("they are of two numbers")
    } else if same(one) == same(other) {
        Some("they are of one attestation: context, program and totals are the same")
    } else if !usable(one) || !usable(other) {
        Some("no registry takes one of them at any time")
    } else if one.signed_at > other.deadline || other.signed_at > one.deadline {
        Some("the one had lapsed when the other was made: the attestation may have been made again")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Address, B256, Bytes};

    use super::*;

    fn signed() -> SignedAttestation {
        SignedAttestation {
            chain_id: 1,
            registry: Address::repeat_byte(1),
            venue: B256::repeat_byte(2),
            sequence: 7,
            context: B256::repeat_byte(3),
            program: B256::repeat_byte(4),
            totals: B256::repeat_byte(5),
            attestation: B256::repeat_byte(6),
            verifier: Address::repeat_byte(7),
            rounds: Vec::new(),
            signer: Address::repeat_byte(8),
            signed_at: 1_000,
            deadline: 1_600,
            carrier: Address::ZERO,
            compared: 1,
            signature: Bytes::new(),
        }
    }

    #[test]
    fn evidence_is_what_the_contract_takes() {
        let says = |change: fn(&mut SignedAttestation)| {
            let mut other = signed();
            other.context = B256::repeat_byte(9);
            change(&mut other);
            lacks(&signed(), &other)
        };
        assert_eq!(says(|_| ()), None);
        assert_eq!(says(|other| (other.signed_at, other.deadline) = (1_600, 2_200)), None);
        assert_eq!(says(|other| other.compared = 0), None, "the contract does not ask");
        let refused: [fn(&mut SignedAttestation); 8] = [
            |other| other.signer = Address::ZERO,
            |other| other.registry = Address::ZERO,
            |other| other.chain_id = 2,
            |other| other.venue = B256::ZERO,
            |other| other.sequence = 8,
            |other| other.context = B256::repeat_byte(3),
            |other| other.deadline = 1_601,
            |other| (other.signed_at, other.deadline) = (1_601, 2_000),
        ];
        for (number, change) in refused.into_iter().enumerate() {
            assert!(says(change).is_some(), "{number}");
        }
        // What follows from the rest, or does not bind the proofs, is no second attestation.
        assert!(
            says(|other| {
                *other = SignedAttestation { attestation: B256::ZERO, ..signed() };
            })
            .is_some()
        );
    }
}
