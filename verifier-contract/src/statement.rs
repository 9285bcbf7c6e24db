//! An account holder's statement in the form of `StatementVerifier`.

use alloy_primitives::{Address, B256, Bytes, Log, U256, keccak256};
use alloy_sol_types::SolEvent;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::{
    Digest, Verified, VerifyingKey, VolumeId, Words,
    encoding::value_bytes,
    encoding::{parse_value, point_bytes},
    opening::{Opened, OpeningError},
    proof_layout,
    statement::{self, StatementError, check},
    transcript::hash_to_field,
};
use pacioli_circuits::{InstrumentTable, Totals};
use pacioli_rules::Compiled;

use crate::{
    bindings::SolvencyRegistry::Attested,
    chain::{Chain, ChainError},
};

pub use crate::bindings::{AppendedVolume, Line, Record, Statement, StatementVerifier};

/// An attestation that a registry appended, as the registry's event says.
#[derive(Clone, Debug)]
pub struct Appended {
    /// The venue's id in the registry.
    pub venue: B256,
    /// The attestation's number in the registry.
    pub round: u64,
    /// Its record.
    pub record: Record,
    /// For each volume, the hash of its commitments of phase 1.
    pub phase1: Vec<B256>,
}

impl Appended {
    /// The attestations with this digest and context, from the registry's events, the newest first. The
    /// digest alone is the publisher's claim, and another attestation may name the same; one that was
    /// appended twice has the same context as well.
    ///
    /// # Errors
    /// If the chain does not answer.
    pub fn all(
        chain: &mut impl Chain,
        registry: Address,
        venue: B256,
        (attestation, context): (Digest, Digest),
    ) -> Result<Vec<Self>, ChainError> {
        let logs = chain.logs(registry, &[Attested::SIGNATURE_HASH], venue)?;
        Ok(Self::among(&logs, (attestation, context)))
    }

    fn among(logs: &[Log], (attestation, context): (Digest, Digest)) -> Vec<Self> {
        let events = logs.iter().rev().filter_map(|log| Attested::decode_log_data(&log.data).ok());
        let same = |Record { attestation: file, context: bound, .. }: &Record| {
            (file.0, bound.0) == (attestation.0, context.0)
        };
        events
            .filter(|event| same(&event.record))
            .map(|event| Self {
                venue: event.venue,
                round: event.round,
                record: event.record,
                phase1: event.phase1,
            })
            .collect()
    }
}

/// The address that an id is, alone or followed by `/` and the name of a sub-account: the only account
/// that may claim it. `None` if it is another id; there is one spelling, in lower case.
pub fn address_of(id: &str) -> Option<Address> {
    let (digits, rest) = id.split_at_checked(42)?;
    let address: Address = digits.parse().ok()?;
    let is_named = rest.is_empty() || (rest.starts_with('/') && rest.len() > 1);
    (format!("{address:#x}") == digits && is_named).then_some(address)
}

/// A statement as the contract takes it, and the volume that it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnChain {
    /// The volume, and its attestation.
    pub volume: AppendedVolume,
    /// The statement.
    pub statement: Statement,
}

/// Why a statement is not sent.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// It does not hold.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// The registry has another attestation under this number.
    #[error(
        "number {round} of the registry is the attestation {found}, and the statement is of \
         {expected}: give the number of that one"
    )]
    OtherAttestation {
        /// The number in the registry.
        round: u64,
        /// The digest that the record names.
        found: B256,
        /// The digest of the statement's.
        expected: B256,
    },
    /// The registry has other hashes of the volume.
    #[error(
        "the registry accepted another {what} for volume {volume}: no statement of it is taken"
    )]
    OtherVolume {
        /// The volume.
        volume: VolumeId,
        /// What differs: `proof` or `instrument table`.
        what: &'static str,
    },
}

/// The statement in the form of the contract. It is checked first, and compared with what the registry
/// appended: one that does not hold would only cost gas on chain.
///
/// # Errors
/// If the statement does not hold, or the registry appended something else.
pub fn encode(
    statement: &statement::Statement,
    verified: &Verified,
    appended: &Appended,
) -> Result<OnChain, EncodeError> {
    let lines = check(statement, verified, None)?.lines;
    let volume = volume(statement.volume, verified, appended)?;
    let key = verified.key();
    let word = verified.attestation.context().word(statement.volume);
    let proof = &verified.attestation.volumes[statement.volume.index()].proof;
    let gamma = Opened::of(&key.shape(), word, proof).map_err(StatementError::from)?.gamma;
    let mut encoded = Statement {
        id: statement.account.clone(),
        page: U256::from(statement.page),
        slot: U256::from(statement.slot),
        nonce: statement.nonce.nonce().reveal().into(),
        lines: lines
            .iter()
            .map(|line| Line {
                instrument: line.instrument.row() as u16,
                quantity: line.quantity.units(),
            })
            .collect(),
        pageValues: statement.page_values.iter().map(|word| U256::from_be_bytes(*word)).collect(),
        opening: point_words(&statement.opening),
        interpolation: Default::default(),
        evaluation: Default::default(),
    };
    show_page(&mut encoded, key, gamma).map_err(StatementError::Opening)?;
    Ok(OnChain { volume, statement: encoded })
}

/// The volume of a statement that was checked, as the contract takes it.
fn volume(
    id: VolumeId,
    verified: &Verified,
    appended: &Appended,
) -> Result<AppendedVolume, EncodeError> {
    let Appended { venue, round, record, phase1 } = appended;
    let expected = B256::from(verified.digest.0);
    if record.attestation != expected {
        let found = record.attestation;
        return Err(EncodeError::OtherAttestation { round: *round, found, expected });
    }
    // A statement that was checked is of a volume.
    let proof = &verified.attestation.volumes[id.index()].proof;
    let commitments = Bytes::from(proof[..proof_layout(&verified.key().shape()).phase1].to_vec());
    let table = table_words(&verified.compiled.table);
    let forms = form_bytes(&verified.compiled);
    let other = |what| EncodeError::OtherVolume { volume: id, what };
    if phase1.get(id.index()) != Some(&keccak256(&commitments)) {
        return Err(other("proof"));
    }
    if table_hash(&table, &forms) != record.table {
        return Err(other("instrument table"));
    }
    Ok(AppendedVolume {
        venue: *venue,
        round: *round,
        record: record.clone(),
        phase1: phase1.clone(),
        volume: U256::from(id.index()),
        commitments,
        table,
        forms: forms.into(),
    })
}

/// The number of scenarios, which fixes what the others are, and the table in the words of the public
/// inputs: the caps, then the values of each scenario.
pub fn table_words(table: &InstrumentTable) -> Vec<U256> {
    let (context, totals) = (Fr::zero(), Totals::default());
    let public = pacioli_circuits::PublicInputs { context, table, totals: &totals }.words();
    // The context, the counts and the quantities come before.
    let words = public[3..].iter().flatten();
    let words = words.map(|word| U256::from_be_bytes(value_bytes(word)));
    [U256::from(table.scenarios())].into_iter().chain(words).collect()
}

/// The rows that plain and covered rows stand for, two bytes for each.
pub fn form_bytes(compiled: &Compiled) -> Vec<u8> {
    let held = compiled.rows.iter().filter_map(|row| row.role.stands_for());
    // A table has fewer than 2^16 rows.
    held.flat_map(|row| (row as u16).to_be_bytes()).collect()
}

/// The hash that a registry keeps of a table, from its words and the rows that plain and covered rows
/// stand for.
pub fn table_hash(table: &[U256], forms: &[u8]) -> B256 {
    let words: Vec<u8> = table.iter().flat_map(|word| word.to_be_bytes::<32>()).collect();
    let hash = keccak256(words);
    // The first byte keeps a list of words from being taken for a hash and a list of rows: the first
    // word is the number of scenarios.
    if forms.is_empty() { hash } else { keccak256([&[1], &hash[..], forms].concat()) }
}

/// Fills in the two points that prove which polynomial has the page's values. They follow from the
/// rest and the key. `gamma` is the challenge that combines the volume's columns.
///
/// # Errors
/// If the page is out of range, or there is not one canonical value for each slot.
pub fn show_page(
    statement: &mut Statement,
    key: &VerifyingKey,
    gamma: Fr,
) -> Result<(), OpeningError> {
    let values = statement.pageValues.iter().map(|word| parse_value(&word.to_be_bytes()));
    let values = values.collect::<Result<Vec<_>, _>>()?;
    let interpolation = key.opening().interpolate(statement.page.saturating_to(), &values)?;
    statement.interpolation = point_words(&point_bytes(&interpolation.commitment()));
    let (_, evaluation) = interpolation.open(challenge(statement, gamma));
    statement.evaluation = point_words(&point_bytes(&evaluation));
    Ok(())
}

/// The point at which the page's polynomial is opened.
pub fn challenge(statement: &Statement, gamma: Fr) -> Fr {
    let digest = |word: &U256| Digest(word.to_be_bytes());
    let Statement { page, pageValues, opening, interpolation, .. } = statement;
    let words = Words::new("pacioli.interpolation.v1")
        .digest(Digest(value_bytes(&gamma)))
        .digest(digest(page))
        .list(pageValues.iter(), |words, value| words.digest(digest(value)));
    let points = opening.iter().chain(interpolation);
    let words = points.fold(words, |words, coordinate| words.digest(digest(coordinate)));
    hash_to_field(&words.finish().0)
}

fn point_words(point: &[u8; 64]) -> [U256; 2] {
    let (x, y) = point.split_at(32);
    [x, y].map(U256::from_be_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(round: u64, attestation: u8, context: u8) -> Log {
        let digest = B256::repeat_byte;
        let record = Record {
            attestation: digest(attestation),
            context: digest(context),
            ..Default::default()
        };
        let event = Attested {
            venue: digest(1),
            round,
            rules: digest(2),
            record,
            figures: vec![],
            phase1: vec![],
        };
        Log { address: Address::ZERO, data: event.encode_log_data() }
    }

    #[test]
    fn a_later_attestation_that_names_the_same_file_hides_none() {
        let logs = [event(1, 7, 3), event(2, 7, 3), event(3, 7, 4), event(4, 8, 3)];
        let found = Appended::among(&logs, (Digest([7; 32]), Digest([3; 32])));
        let rounds: Vec<_> = found.iter().map(|one| one.round).collect();
        assert_eq!(rounds, [2, 1]);
    }

    #[test]
    fn an_id_is_an_address_in_one_spelling() {
        let alice = Address::repeat_byte(0xa1);
        let id = format!("{alice:#x}");
        for suffix in ["", "/desk", "//", "/Łódź"] {
            assert_eq!(address_of(&(id.clone() + suffix)), Some(alice));
        }
        let (upper, checked) = (id.to_uppercase(), alice.to_checksum(None));
        let cut = "0".repeat(41) + "Ł";
        for wrong in ["", "0x", "alice", &id[2..], &id[..41], &upper, &checked, &cut] {
            assert_eq!(address_of(wrong), None, "{wrong}");
        }
        for wrong in [id.clone() + "/", id.clone() + "x", id[..41].to_owned() + "/a"] {
            assert_eq!(address_of(&wrong), None, "{wrong}");
        }
    }
}
