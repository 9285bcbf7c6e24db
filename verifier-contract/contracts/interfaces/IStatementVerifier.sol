// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Record} from "./ISolvencyRegistry.sol";

/// @notice A quantity of one instrument.
struct Line {
    /// The instrument's row in the table; never 0, the empty slot.
    uint16 instrument;
    /// The quantity in the instrument's smallest unit, below 2^90.
    uint128 quantity;
}

/// @notice What statements of one volume have in common: which attestation, and what the volume was
/// proved for. The registry has only hashes of it; the event `ISolvencyRegistry.Attested` and the
/// attestation's file have it in full.
struct AppendedVolume {
    /// The venue's id in the registry.
    bytes32 venue;
    /// The attestation's number in the registry, from 1.
    uint64 round;
    /// The attestation's record.
    Record record;
    /// keccak256 of the commitments of phase 1 of each volume.
    bytes32[] phase1;
    /// The volume's number, from 0.
    uint256 volume;
    /// The commitments of phase 1, as in the volume's proof; empty if the volume was prepared.
    bytes commitments;
    /// The number of scenarios and the instrument table, one word for each entry, as hashed in
    /// `Record.table`.
    uint256[] table;
    /// The rows that plain and covered rows stand for, two bytes for each, as hashed there; empty
    /// if the table has no such rows.
    bytes forms;
}

/// @notice An account holder's statement as the contract takes it. Names and amounts of the
/// statement file are rows and units here. `interpolation` and `evaluation` are not in the file:
/// the sender computes them from the file and the key.
struct Statement {
    /// The account's id at the venue.
    string id;
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
}

/// @notice What an account is worth at mark, in units of value. One of the two is 0.
struct Worth {
    /// What it is worth; 0 if that is negative.
    uint256 equity;
    /// What it lacks; 0 if it lacks nothing.
    uint256 shortfall;
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
    /// @param round The attestation's number in the registry.
    /// @param claimant The account holder's address.
    /// @param owner The hash of the id; see `ownerOf`.
    /// @param id The account's id at the venue.
    /// @param equity What the account is worth at mark, in units of value; 0 if that is negative.
    /// @param shortfall What the account lacks at mark, in units of value; 0 if it lacks nothing.
    event Claimed(
        bytes32 indexed venue,
        uint64 indexed round,
        address indexed claimant,
        bytes32 owner,
        string id,
        uint256 equity,
        uint256 shortfall
    );

    /// @notice A volume was prepared: its statements may leave the commitments out.
    /// @param word The volume's context word.
    /// @param phase1 keccak256 of its commitments of phase 1.
    event VolumePrepared(bytes32 indexed word, bytes32 indexed phase1);

    /// @notice The volume was proved under another key. Use the statement verifier of that key.
    error OtherKey(bytes32 expected, bytes32 got);
    /// @notice The commitments are not those of the registered proof. Take them from the
    /// attestation's file.
    error OtherCommitments(bytes32 expected, bytes32 got);
    /// @notice The statement leaves the commitments out and nobody prepared this volume. Send them, or
    /// call `prepareVolume` first.
    error NotPrepared(bytes32 phase1);
    /// @notice There are fewer commitments than a proof of this key has.
    error CommitmentsMissing(uint256 expected, uint256 got);
    /// @notice The attestation, its rules or its verifier was revoked. Nobody may pay on it.
    error AttestationRevoked(uint64 round);
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
    /// @notice Not every page has the values that its statement gives. Check the statements one by one.
    error OpeningsDoNotHold();
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

    /// @notice Combines the commitments of a volume once, for all its statements. Anyone; what is kept
    /// follows from the word and the commitments, and no statement of another volume reads it.
    /// @param word The volume's context word, as `IVolumes.volume` gives it.
    /// @param commitments The commitments of phase 1, as in the volume's proof.
    function prepareVolume(bytes32 word, bytes calldata commitments) external;

    /// @notice Whether a volume was prepared.
    /// @param word The volume's context word.
    /// @param phase1 keccak256 of its commitments of phase 1.
    /// @return Whether statements may leave the commitments out.
    function isPrepared(bytes32 word, bytes32 phase1) external view returns (bool);

    /// @notice Checks a statement. Reverts at the first check that fails. It answers about a revoked
    /// attestation too: whoever pays must look at `revoked`.
    /// @param volume The volume, and its attestation.
    /// @param statement The statement.
    /// @return worth What the account is worth at mark.
    /// @return revoked Whether the attestation, its rules or its verifier was revoked.
    function check(
        AppendedVolume calldata volume,
        Statement calldata statement
    ) external view returns (Worth memory worth, bool revoked);

    /// @notice Checks statements of one volume, with one check of pairings for all of them. Reverts at
    /// the first check that fails.
    /// @param volume The volume, and its attestation.
    /// @param statements The statements.
    /// @return worths What each account is worth at mark.
    /// @return revoked Whether the attestation, its rules or its verifier was revoked.
    function checkMany(
        AppendedVolume calldata volume,
        Statement[] calldata statements
    ) external view returns (Worth[] memory worths, bool revoked);

    /// @notice Checks a statement of the caller's own account and records what it is owed. Nobody
    /// else can do this: the id that the venue sealed is the caller's address. Refused if the
    /// attestation, its rules or its verifier was revoked.
    /// @param volume The volume, and its attestation.
    /// @param statement The statement.
    /// @return worth What the account is worth at mark.
    function claim(
        AppendedVolume calldata volume,
        Statement calldata statement
    ) external returns (Worth memory worth);

    /// @notice The claim of an account. It stays when the attestation is revoked later: whoever pays asks
    /// the registry as well.
    /// @param venue The venue's id in the registry.
    /// @param round The attestation's number in the registry.
    /// @param owner The hash of the id; see `ownerOf`.
    /// @return The claim; all zero if nobody has claimed.
    function claimOf(
        bytes32 venue,
        uint64 round,
        bytes32 owner
    ) external view returns (Claim memory);

    /// @notice The form in which an id enters the seals of its account.
    /// @param id The account's id at the venue.
    /// @return The hash of the id.
    function ownerOf(string calldata id) external pure returns (bytes32);
}
