// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice A quantity of one instrument.
struct Line {
    /// The instrument's row in the table; never 0, the empty slot.
    uint16 instrument;
    /// The quantity in the instrument's smallest unit, below 2^90.
    uint128 quantity;
}

/// @notice An account holder's statement as the contract takes it. Names and amounts of the
/// statement file are rows and units here. `interpolation` and `evaluation` are not in the file:
/// the sender computes them from the file and the key.
struct Statement {
    /// The account's id at the venue.
    string id;
    /// The number of the account's volume.
    uint256 volume;
    /// The page within the volume.
    uint256 page;
    /// The slot of the account's first line within the page.
    uint256 slot;
    /// The nonce of the account's seals.
    bytes32 nonce;
    /// The account's lines, closing lines included.
    Line[] lines;
    /// The value of the combined column in every slot of the page.
    uint256[] pageValues;
    /// The opening of the page; infinity is (0, 0).
    uint256[2] opening;
    /// The commitment to the polynomial that has the page's values.
    uint256[2] interpolation;
    /// The opening of that polynomial at one random point.
    uint256[2] evaluation;
    /// The commitments of phase 1, as in the volume's proof.
    bytes phase1;
    /// The number of scenarios and the instrument table, one word for each entry, as hashed by
    /// `IVolumes.volume`.
    uint256[] table;
    /// The rows that plain and covered rows stand for, two bytes for each, as hashed there; empty
    /// if the table has no such rows.
    bytes forms;
}

/// @title Checks an account holder's statement against an accepted attestation
/// @notice A statement shows that these lines, under this id, are among the lines that the
/// attestation's totals count, and that they balance in every scenario. It pays nothing. A contract
/// that pays reads `claimOf` and divides what there is in proportion to `equity`: what the account
/// is worth at mark, plain and covered lines included, and 0 if that is negative. The lines
/// `equity:mark` and `shortfall:mark` are netted, because an account may write both larger by the
/// same amount.
///
/// A call on a public chain publishes the statement: lines, quantities and nonce.
///
/// Besides the errors below, `Curve.NotAPoint` says that the opening, the interpolation or the
/// evaluation is not a point of the curve in its only encoding.
interface IStatementVerifier {
    /// @notice A claim of one account. Amounts are in units of value.
    struct Claim {
        /// The account holder's address; zero if nobody has claimed.
        address claimant;
        /// What the account is worth at mark; 0 if that is negative.
        uint128 equity;
        /// What the account lacks at mark; 0 if it lacks nothing.
        uint128 shortfall;
    }

    /// @notice An account holder claimed what an attestation owes to an account.
    /// @param venue The venue's id in the registry.
    /// @param sequence The attestation's sequence number.
    /// @param claimant The account holder's address.
    /// @param owner The hash of the id; see `ownerOf`.
    /// @param id The account's id at the venue.
    /// @param equity What the account is worth at mark, in units of value; 0 if that is negative.
    /// @param shortfall What the account lacks at mark, in units of value; 0 if it lacks nothing.
    event Claimed(
        bytes32 indexed venue,
        uint64 indexed sequence,
        address indexed claimant,
        bytes32 owner,
        string id,
        uint256 equity,
        uint256 shortfall
    );

    /// @notice The volume was proved under another key. Use the statement verifier of that key.
    error OtherKey(bytes32 expected, bytes32 got);
    /// @notice The commitments are not those of the registered proof. Take them from the
    /// attestation's file.
    error OtherCommitments(bytes32 expected, bytes32 got);
    /// @notice The table is not the one that the volume was proved for. Compile the rules and the
    /// prices of the attestation.
    error OtherTable(bytes32 expected, bytes32 got);
    /// @notice There is no such page. The last pages of a volume are switched off: nothing in them
    /// is counted or balanced.
    error PageOutOfRange(uint256 page, uint256 count);
    /// @notice The account does not fit into its page at this slot.
    error SlotOutOfRange(uint256 slot, uint256 lines, uint256 pageSize);
    /// @notice The statement has no lines.
    error NoLine();
    /// @notice The instrument of this line is row 0, the empty slot, or not a row of the table.
    error UnknownInstrument(uint256 line);
    /// @notice The quantity of this line is not below 2^90.
    error QuantityOutOfRange(uint256 line);
    /// @notice The instruments of an account must strictly increase, so that none occurs twice.
    error NotIncreasing(uint256 line);
    /// @notice The quantity of this line exceeds the cap of its instrument.
    error AboveCap(uint256 line);
    /// @notice This line has a cap, and the next line is not the rest of the cap in the headroom
    /// instrument that belongs to it.
    error NoHeadroom(uint256 line);
    /// @notice The values of the lines do not sum to zero.
    error DoesNotBalance(uint256 scenario);
    /// @notice There must be one value for each slot of the page.
    error PageValueCount(uint256 expected, uint256 got);
    /// @notice The value of this slot is not below the field's modulus.
    error PageValueNotCanonical(uint256 slot);
    /// @notice The page does not have these values under the registered commitments.
    error OpeningDoesNotHold(uint256 page);
    /// @notice The book has another line in this place, or the line of another account.
    error OtherLine(uint256 line);
    /// @notice The table does not end with the closing rows of its scenarios, so the account's
    /// equity at mark cannot be read from it.
    error NoClosingRows();
    /// @notice Only the account holder may claim: the id must be the caller's address, `0x` and 40
    /// lower-case hexadecimal digits, alone or followed by `/` and the name of a sub-account.
    error NotTheCallersId();
    /// @notice The account is worth, or lacks, 2^128 units of value or more. No registry takes an
    /// attestation that owes so much or has so much bad debt.
    error ClaimOutOfRange();
    /// @notice The account was already claimed under this attestation.
    error AlreadyClaimed(bytes32 owner);

    /// @notice The registry whose attestations count.
    /// @return Its address.
    function VOLUMES() external view returns (address);

    /// @notice The only key under which statements are checked here.
    /// @return The key's digest.
    function KEY() external view returns (bytes32);

    /// @notice Checks a statement. Reverts at the first check that fails.
    /// @param venue The venue's id in the registry.
    /// @param sequence The attestation's sequence number.
    /// @param statement The statement.
    /// @return equity What the account is worth at mark, in units of value; 0 if that is negative.
    /// @return shortfall What the account lacks at mark, in units of value; 0 if it lacks nothing.
    function check(
        bytes32 venue,
        uint64 sequence,
        Statement calldata statement
    ) external view returns (uint256 equity, uint256 shortfall);

    /// @notice Checks a statement of the caller's own account and records what it is owed. Nobody
    /// else can do this: the id that the venue sealed is the caller's address.
    /// @param venue The venue's id in the registry.
    /// @param sequence The attestation's sequence number.
    /// @param statement The statement.
    /// @return equity What the account is worth at mark, in units of value; 0 if that is negative.
    /// @return shortfall What the account lacks at mark, in units of value; 0 if it lacks nothing.
    function claim(
        bytes32 venue,
        uint64 sequence,
        Statement calldata statement
    ) external returns (uint256 equity, uint256 shortfall);

    /// @notice The claim of an account.
    /// @param venue The venue's id in the registry.
    /// @param sequence The attestation's sequence number.
    /// @param owner The hash of the id; see `ownerOf`.
    /// @return The claim; all zero if nobody has claimed.
    function claimOf(
        bytes32 venue,
        uint64 sequence,
        bytes32 owner
    ) external view returns (Claim memory);

    /// @notice The form in which an id enters the seals of its account.
    /// @param id The account's id at the venue.
    /// @return The hash of the id.
    function ownerOf(string calldata id) external pure returns (bytes32);
}
