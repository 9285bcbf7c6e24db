// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice One instrument held in one quantity.
struct Line {
    /// The instrument's row in the table; row 0, the empty slot, is none.
    uint16 instrument;
    /// How much, in the instrument's smallest unit, below 2^90.
    uint128 quantity;
}

/// @notice A holder's statement as the chain takes it. What the statement file says in names and
/// amounts stands here in rows and units; `interpolation` and `evaluation` are added by whoever
/// sends it, and follow from the file and the key alone.
struct Statement {
    /// The holder's id at the venue.
    string id;
    /// The volume the account stands in.
    uint256 volume;
    /// The page within the volume.
    uint256 page;
    /// The slot of the account's first line.
    uint256 slot;
    /// What the account's seals are made with.
    bytes32 nonce;
    /// The account's lines, closing lines included.
    Line[] lines;
    /// The combined column's value in every slot of the page.
    uint256[] pageValues;
    /// The opening of the page; infinity is (0, 0).
    uint256[2] opening;
    /// The commitment to the polynomial that has the page's values.
    uint256[2] interpolation;
    /// Shows what that polynomial is at one random point.
    uint256[2] evaluation;
    /// The proof's commitments of phase 1, as they stand in it.
    bytes phase1;
    /// The instrument table in words, as `IVolumes` hashes it.
    uint256[] table;
}

/// @title Checks one account holder's statement against an accepted attestation
/// @notice Beside the errors listed here, `Curve.NotAPoint` says that the opening, the interpolation
/// or the evaluation is no point of the curve, or not its only encoding.
///
/// What a statement shows: these very lines, under this very id, are among the lines that
/// the attestation's totals count, and they balance in every scenario. It pays nothing. A contract
/// that does reads `claimOf` and shares out what there is by `equity` less `shortfall`: an account
/// may write both larger by the same, and only the difference is owed.
///
/// Whoever calls this on a public chain publishes the statement: lines, quantities and nonce.
interface IStatementVerifier {
    /// @notice What a holder claimed of one account, in units of value.
    struct Claim {
        /// Whose account it is; zero where nobody has claimed.
        address claimant;
        /// What is left over for the account at mark.
        uint96 equity;
        /// What the account lacks at mark.
        uint96 shortfall;
    }

    /// @notice A holder showed what an attestation owes to an account.
    event Claimed(
        bytes32 indexed protocol,
        uint64 indexed sequence,
        address indexed claimant,
        bytes32 owner,
        string id,
        uint256 equity,
        uint256 shortfall
    );

    /// The volume was proved under another key: use the statement verifier of that key.
    error OtherKey(bytes32 expected, bytes32 got);
    /// The commitments are not those of the registered proof: take them from the attestation's file.
    error OtherCommitments(bytes32 expected, bytes32 got);
    /// The table is not the one the volume was proved for: compile the attestation's rules and
    /// prices.
    error OtherTable(bytes32 expected, bytes32 got);
    /// Nothing in a switched-off page is counted or balanced, and there are no pages behind them.
    error PageOutOfRange(uint256 page, uint256 count);
    /// An account never leaves its page.
    error SlotOutOfRange(uint256 slot, uint256 lines, uint256 pageSize);
    /// An account holds something.
    error NoLine();
    /// The row is the empty slot's, or the table has no such row.
    error UnknownInstrument(uint256 line);
    /// Quantities are below 2^90.
    error QuantityOutOfRange(uint256 line);
    /// Instruments strictly increase within an account, so that none is held twice.
    error NotIncreasing(uint256 line);
    /// More is held of a capped instrument than the cap.
    error AboveCap(uint256 line);
    /// What is left of the cap does not follow the capped line in its own headroom instrument.
    error NoHeadroom(uint256 line);
    /// The lines are worth something together.
    error DoesNotBalance(uint256 scenario);
    /// There is one value for each slot of the page.
    error PageValueCount(uint256 expected, uint256 got);
    /// A value is not below the field's modulus.
    error PageValueNotCanonical(uint256 slot);
    /// The page does not hold these values under the registered commitments.
    error OpeningDoesNotHold(uint256 page);
    /// The book holds something else in the line's place, or holds it for somebody else.
    error OtherLine(uint256 line);
    /// The table does not end with the closing rows of its scenarios: what the account is owed at
    /// mark cannot be read from it.
    error NoClosingRows();
    /// Only the holder claims: the id is the caller's address in lower-case hexadecimal digits
    /// behind `0x`, or that, `/` and the name of a sub-account.
    error NotTheCallersId();
    /// An account is claimed once for each attestation.
    error AlreadyClaimed(bytes32 owner);

    /// @notice The registry whose attestations count.
    function VOLUMES() external view returns (address);

    /// @notice The digest of the only key under which volumes are opened here.
    function KEY() external view returns (bytes32);

    /// @notice Checks a statement, and reverts with the first thing that does not hold.
    /// @return equity What is left over for the account at mark, in units of value.
    /// @return shortfall What it lacks.
    function check(bytes32 protocol, uint64 sequence, Statement calldata statement)
        external
        view
        returns (uint256 equity, uint256 shortfall);

    /// @notice Checks a statement of the caller's own account and keeps what it is owed. Nobody
    /// else can send it: the id that the venue sealed is the caller's address.
    function claim(bytes32 protocol, uint64 sequence, Statement calldata statement)
        external
        returns (uint256 equity, uint256 shortfall);

    /// @notice What was claimed of an account.
    /// @param owner The id as seals hash it: `ownerOf(id)`.
    function claimOf(bytes32 protocol, uint64 sequence, bytes32 owner)
        external
        view
        returns (Claim memory);

    /// @notice How an id enters its account's seals.
    function ownerOf(string calldata id) external pure returns (bytes32);
}
