//! A holder's statement as `StatementVerifier` takes it.

use alloy_primitives::U256;
use alloy_sol_types::sol;
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::{
    Digest, Verified, VerifyingKey, Words,
    encoding::{parse_value, point_bytes},
    opening::{Opened, OpeningError},
    proof_layout,
    statement::{self, StatementError, check},
    transcript::{big_endian, hash_to_field},
};
use pacioli_circuits::{InstrumentTable, Totals};

sol! {
    /// One instrument held in one quantity.
    #[derive(Debug, PartialEq, Eq)]
    struct Line {
        uint16 instrument;
        uint128 quantity;
    }

    /// `Statement` of `IStatementVerifier.sol`.
    #[derive(Debug, PartialEq, Eq)]
    struct Statement {
        string id;
        uint256 volume;
        uint256 page;
        uint256 slot;
        bytes32 nonce;
        Line[] lines;
        uint256[] pageValues;
        uint256[2] opening;
        uint256[2] interpolation;
        uint256[2] evaluation;
        bytes phase1;
        uint256[] table;
    }

    /// The contract.
    #[derive(Debug, PartialEq, Eq)]
    interface IStatementVerifier {
        /// What was claimed.
        struct Claim {
            address claimant;
            uint96 equity;
            uint96 shortfall;
        }

        event Claimed(
            bytes32 indexed protocol,
            uint64 indexed sequence,
            address indexed claimant,
            bytes32 owner,
            string id,
            uint256 equity,
            uint256 shortfall
        );

        error OtherKey(bytes32 expected, bytes32 got);
        error OtherCommitments(bytes32 expected, bytes32 got);
        error OtherTable(bytes32 expected, bytes32 got);
        error PageOutOfRange(uint256 page, uint256 count);
        error SlotOutOfRange(uint256 slot, uint256 lines, uint256 pageSize);
        error NoLine();
        error UnknownInstrument(uint256 line);
        error QuantityOutOfRange(uint256 line);
        error NotIncreasing(uint256 line);
        error AboveCap(uint256 line);
        error NoHeadroom(uint256 line);
        error DoesNotBalance(uint256 scenario);
        error PageValueCount(uint256 expected, uint256 got);
        error PageValueNotCanonical(uint256 slot);
        error NotAPoint();
        error OpeningDoesNotHold(uint256 page);
        error OtherLine(uint256 line);
        error NoClosingRows();
        error NotTheCallersId();
        error AlreadyClaimed(bytes32 owner);

        constructor(address volumes);
        function VOLUMES() external view returns (address);
        function KEY() external view returns (bytes32);
        function check(bytes32 protocol, uint64 sequence, Statement calldata statement)
            external
            view
            returns (uint256 equity, uint256 shortfall);
        function claim(bytes32 protocol, uint64 sequence, Statement calldata statement)
            external
            returns (uint256 equity, uint256 shortfall);
        function claimOf(bytes32 protocol, uint64 sequence, bytes32 owner)
            external
            view
            returns (Claim memory);
        function ownerOf(string calldata id) external pure returns (bytes32);
    }
}

/// The statement as the chain takes it, checked here first: what is refused here would only cost gas
/// there.
///
/// # Errors
/// Where the statement does not hold.
pub fn encode(
    statement: &statement::Statement,
    verified: &Verified,
) -> Result<Statement, StatementError> {
    let key = verified.key();
    let lines = check(statement, verified, None)?.lines;
    let word = verified.attestation.context().word(statement.volume);
    let proof = &verified.attestation.volumes[statement.volume].proof;
    let gamma = Opened::of(&key.shape, word, proof)?.gamma;
    let opening = point_words(&statement.opening);
    let mut encoded = Statement {
        id: statement.account.clone(),
        volume: U256::from(statement.volume),
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
        opening,
        interpolation: Default::default(),
        evaluation: Default::default(),
        phase1: proof[..proof_layout(&key.shape).phase1].to_vec().into(),
        table: table_words(&verified.compiled.table),
    };
    show_page(&mut encoded, key, gamma)?;
    Ok(encoded)
}

/// The table as its words stand among the public inputs: the caps, then each scenario's values.
pub fn table_words(table: &InstrumentTable) -> Vec<U256> {
    let (context, totals) = (Fr::zero(), Totals::default());
    let instance = pacioli_circuits::PublicInputs { context, table, totals: &totals }.instance();
    // The context, the counts and the quantities stand before.
    let words = instance[3..].iter().flatten();
    words.map(|word| U256::from_be_bytes(big_endian(word))).collect()
}

/// Fills in the two points that show which polynomial has the page's values: they follow from the
/// rest and the key. `gamma` is what combines the volume's columns.
///
/// # Errors
/// Where the page is out of range, or its values are not one canonical word for each slot.
pub fn show_page(
    statement: &mut Statement,
    key: &VerifyingKey,
    gamma: Fr,
) -> Result<(), OpeningError> {
    let values = statement.pageValues.iter().map(|word| parse_value(&word.to_be_bytes()));
    let values = values.collect::<Result<Vec<_>, _>>()?;
    let interpolation = key.opening.interpolate(statement.page.saturating_to(), &values)?;
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
        .digest(Digest(big_endian(&gamma)))
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
