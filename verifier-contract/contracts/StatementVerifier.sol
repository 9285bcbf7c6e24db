// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {StatementKey} from "../generated/StatementKey.sol";
import {Curve} from "./Curve.sol";
import {PageOpening} from "./PageOpening.sol";
import {IStatementVerifier, Line, Statement} from "./interfaces/IStatementVerifier.sol";
import {IVolumes} from "./interfaces/IVolumes.sol";
import {IVolumeVerifier} from "./interfaces/IVolumeVerifier.sol";

/// @title Checks an account holder's statement against an accepted attestation
/// @notice Makes the checks of `pacioli check`, in the same order. The registry decides what is
/// checked: the context word, and the commitments and the table by their hashes. The sender decides
/// only the statement and the two points that follow from it.
contract StatementVerifier is IStatementVerifier {
    /// keccak256("pacioli.owner.v1")
    bytes32 private constant OWNER_TAG = keccak256("pacioli.owner.v1");
    /// keccak256("pacioli.seal.v1")
    bytes32 private constant SEAL_TAG = keccak256("pacioli.seal.v1");

    uint256 private constant R = Curve.R;
    /// 2^256 mod R, the weight of the high half of a 512-bit number.
    uint256 private constant HIGH =
        0x0e0a77c19a07df2f666ea36f7879462e36fc76959f60cd29ac96341c4ffffffb;

    /// Added to every value in the table, so that none is negative.
    int256 private constant VALUE_OFFSET = 1 << 64;
    uint256 private constant QUANTITY_BITS = 90;
    /// A claim is at most what is owed at mark, which the registry keeps in as many bits.
    uint256 private constant CLAIM_BITS = 128;
    /// The pages after these are switched off, because they contain the rows that blind a column.
    uint256 private constant PAGES = (1 << StatementKey.K) / StatementKey.PAGE_SIZE - 7;
    /// The characters of an address, `0x` included.
    uint256 private constant ADDRESS_DIGITS = 42;

    /// @inheritdoc IStatementVerifier
    address public immutable VOLUMES;
    /// @inheritdoc IStatementVerifier
    bytes32 public constant KEY = StatementKey.KEY;

    mapping(bytes32 venue => mapping(uint64 sequence => mapping(bytes32 owner => Claim)))
        private _claims;

    /// @param volumes The registry whose attestations count.
    constructor(IVolumes volumes) {
        VOLUMES = address(volumes);
    }

    /// @inheritdoc IStatementVerifier
    function claim(
        bytes32 venue,
        uint64 sequence,
        Statement calldata statement
    ) external returns (uint256 equity, uint256 shortfall) {
        _requireCallersId(bytes(statement.id));
        bytes32 owner = ownerOf(statement.id);
        if (_claims[venue][sequence][owner].claimant != address(0)) revert AlreadyClaimed(owner);
        (equity, shortfall) = check(venue, sequence, statement);
        if ((equity | shortfall) >> CLAIM_BITS != 0) revert ClaimOutOfRange();
        _claims[venue][sequence][owner] = Claim(msg.sender, uint128(equity), uint128(shortfall));
        emit Claimed(venue, sequence, msg.sender, owner, statement.id, equity, shortfall);
    }

    /// @inheritdoc IStatementVerifier
    function claimOf(
        bytes32 venue,
        uint64 sequence,
        bytes32 owner
    ) external view returns (Claim memory) {
        return _claims[venue][sequence][owner];
    }

    /// @inheritdoc IStatementVerifier
    function check(
        bytes32 venue,
        uint64 sequence,
        Statement calldata statement
    ) public view returns (uint256 equity, uint256 shortfall) {
        (bytes32 word, uint256 gamma) = _requireRegistered(venue, sequence, statement);
        _requirePlace(statement);
        _requireAccount(statement.lines, statement.table);
        PageOpening.requirePage(gamma, statement);
        _requireLines(word, gamma, statement);
        return _atMark(statement.lines, statement.table, statement.forms);
    }

    /// @inheritdoc IStatementVerifier
    function ownerOf(string calldata id) public pure returns (bytes32) {
        return keccak256(abi.encodePacked(OWNER_TAG, bytes(id).length, id));
    }

    /// Checks that the commitments and the table are those of the registered proof, and that its
    /// key is this contract's.
    function _requireRegistered(
        bytes32 venue,
        uint64 sequence,
        Statement calldata statement
    ) private view returns (bytes32 word, uint256 gamma) {
        bytes32 phase1;
        bytes32 table;
        address verifier;
        (word, phase1, table, verifier) = IVolumes(VOLUMES).volume(
            venue,
            sequence,
            statement.volume
        );
        bytes32 key = IVolumeVerifier(verifier).KEY();
        if (key != KEY) revert OtherKey(KEY, key);
        bytes32 got = keccak256(statement.phase1);
        if (got != phase1) revert OtherCommitments(phase1, got);
        got = keccak256(abi.encodePacked(statement.table));
        // The first byte keeps a list of words from being taken for a hash and a list of rows: the
        // first word is the number of scenarios, so its first byte is 0.
        if (statement.forms.length != 0) {
            got = keccak256(abi.encodePacked(bytes1(0x01), got, statement.forms));
        }
        if (got != table) revert OtherTable(table, got);
        gamma = PageOpening.gammaOf(word, phase1);
    }

    /// Checks that the account lies within one page that is not switched off.
    function _requirePlace(Statement calldata statement) private pure {
        uint256 lines = statement.lines.length;
        uint256 slot = statement.slot;
        if (statement.page >= PAGES) revert PageOutOfRange(statement.page, PAGES);
        if (lines > StatementKey.PAGE_SIZE || slot > StatementKey.PAGE_SIZE - lines) {
            revert SlotOutOfRange(slot, lines, StatementKey.PAGE_SIZE);
        }
        if (lines == 0) revert NoLine();
    }

    /// Checks that the lines are an account: instruments of the table that strictly increase,
    /// capped ones followed by their headroom, whose values sum to zero in every scenario.
    function _requireAccount(Line[] calldata lines, uint256[] calldata table) private pure {
        (uint256 scenarios, uint256 instruments) = _sizes(table);
        uint256[] calldata values = table[1 + instruments:];
        // At most 2^9 products of a quantity below 2^90 and a value below 2^64 in size: no sum
        // overflows.
        int256[] memory sums = new int256[](scenarios);
        for (uint256 i = 0; i < lines.length; ++i) {
            uint256 instrument = lines[i].instrument;
            uint256 quantity = lines[i].quantity;
            if (instrument == 0 || instrument >= instruments) revert UnknownInstrument(i);
            if (quantity >> QUANTITY_BITS != 0) revert QuantityOutOfRange(i);
            if (i > 0 && instrument <= lines[i - 1].instrument) revert NotIncreasing(i);
            uint256 cap = table[1 + instrument];
            if (cap != 0) _requireHeadroom(lines, i, cap);
            for (uint256 s = 0; s < scenarios; ++s) {
                int256 value = int256(values[instruments * s + instrument]) - VALUE_OFFSET;
                sums[s] += int256(quantity) * value;
            }
        }
        for (uint256 s = 0; s < scenarios; ++s) {
            if (sums[s] != 0) revert DoesNotBalance(s);
        }
    }

    /// Checks that the line is within its cap, and that the next one is the rest of the cap.
    function _requireHeadroom(Line[] calldata lines, uint256 i, uint256 cap) private pure {
        Line calldata line = lines[i];
        if (line.quantity > cap) revert AboveCap(i);
        if (i + 1 == lines.length) revert NoHeadroom(i);
        Line calldata next = lines[i + 1];
        bool follows = next.instrument == line.instrument + 1;
        if (!follows || next.quantity != cap - line.quantity) revert NoHeadroom(i);
    }

    /// Checks that the page has each line, sealed for this id, in its slot.
    function _requireLines(bytes32 word, uint256 gamma, Statement calldata statement) private pure {
        bytes32 owner = ownerOf(statement.id);
        uint256 end = statement.lines.length - 1;
        for (uint256 i = 0; i <= end; ++i) {
            Line calldata line = statement.lines[i];
            uint256 seal = _seal(
                abi.encodePacked(
                    SEAL_TAG,
                    word,
                    owner,
                    statement.nonce,
                    uint16(i),
                    line.instrument,
                    line.quantity
                )
            );
            // seal + gamma instrument + gamma^2 quantity + gamma^3 last
            uint256 value = addmod(line.quantity, i == end ? gamma : 0, R);
            value = addmod(line.instrument, mulmod(gamma, value, R), R);
            value = addmod(seal, mulmod(gamma, value, R), R);
            if (statement.pageValues[statement.slot + i] != value) revert OtherLine(i);
        }
    }

    /// Two digests, because one digest mod R would be biased, and repeated attestations would
    /// reveal the bias.
    function _seal(bytes memory preimage) private pure returns (uint256) {
        uint256 high = uint256(keccak256(abi.encodePacked(bytes1(0x00), preimage)));
        uint256 low = uint256(keccak256(abi.encodePacked(bytes1(0x01), preimage)));
        return addmod(mulmod(high, HIGH, R), low, R);
    }

    /// What the account is worth at mark, as equity or as shortfall: its equity line less its
    /// shortfall line, and its plain and covered lines at the values of the rows that they stand
    /// for. The equity line alone is no claim: an account may write both lines larger by the same
    /// amount.
    function _atMark(
        Line[] calldata lines,
        uint256[] calldata table,
        bytes calldata forms
    ) private pure returns (uint256 equity, uint256 shortfall) {
        uint256 last = _shortfallRow(table);
        // The plain and covered rows, right before `equity:mark`. The registry hashed two bytes for
        // each.
        uint256 formsAt = last - 1 - forms.length / 2;
        // At most 2^9 lines, each worth less than 2^154 in size.
        int256 worth;
        for (uint256 i = 0; i < lines.length; ++i) {
            uint256 row = lines[i].instrument;
            int256 value;
            if (row == last) {
                value = -1;
            } else if (row + 1 == last) {
                value = 1;
            } else if (row >= formsAt && row < last) {
                value = _valueHeld(table, forms[2 * (row - formsAt):]);
            }
            worth += int256(uint256(lines[i].quantity)) * value;
        }
        if (worth < 0) shortfall = uint256(-worth);
        else equity = uint256(worth);
    }

    /// The value at mark of the row that a plain or covered row stands for; its number begins
    /// `forms`.
    function _valueHeld(
        uint256[] calldata table,
        bytes calldata forms
    ) private pure returns (int256) {
        uint256 held = uint16(bytes2(forms[:2]));
        (, uint256 instruments) = _sizes(table);
        return int256(table[1 + instruments + held]) - VALUE_OFFSET;
    }

    /// The numbers of scenarios and of rows of a table that has the registered hash: its first word,
    /// and how many caps, each with a value in every scenario, make up the rest.
    function _sizes(
        uint256[] calldata table
    ) private pure returns (uint256 scenarios, uint256 instruments) {
        scenarios = table[0];
        instruments = (table.length - 1) / (1 + scenarios);
    }

    /// The row `shortfall:mark`. It and `equity:mark` before it, of value 1 and -1, are the last
    /// two rows of a table that have a value at mark: only the closing rows of other scenarios
    /// follow them.
    function _shortfallRow(uint256[] calldata table) private pure returns (uint256 last) {
        (, uint256 instruments) = _sizes(table);
        uint256[] calldata mark = table[1 + instruments:];
        last = instruments - 1;
        while (last > 0 && mark[last] == uint256(VALUE_OFFSET)) --last;
        bool closes =
            last > 0 &&
                mark[last] == uint256(VALUE_OFFSET) + 1 &&
                mark[last - 1] == uint256(VALUE_OFFSET) - 1;
        if (!closes) revert NoClosingRows();
    }

    /// Writes the caller's address as a text and compares. No other spelling is accepted.
    function _requireCallersId(bytes calldata id) private view {
        bool alone = id.length == ADDRESS_DIGITS;
        // The address, `/`, and at least one character.
        bool named = id.length > ADDRESS_DIGITS + 1 && id[ADDRESS_DIGITS] == "/";
        if (!alone && !named) revert NotTheCallersId();
        bytes16 digits = "0123456789abcdef";
        uint160 rest = uint160(msg.sender);
        if (id[0] != "0" || id[1] != "x") revert NotTheCallersId();
        for (uint256 i = ADDRESS_DIGITS; i > 2; --i) {
            if (id[i - 1] != digits[rest & 15]) revert NotTheCallersId();
            rest >>= 4;
        }
    }
}
