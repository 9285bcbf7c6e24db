// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {StatementKey} from "../generated/StatementKey.sol";
import {Curve, Point} from "./Curve.sol";
import {Ids} from "./Ids.sol";
import {PageOpening} from "./PageOpening.sol";
import {
    AppendedVolume,
    IStatementVerifier,
    Line,
    Statement,
    Worth
} from "./interfaces/IStatementVerifier.sol";
import {IVolumes} from "./interfaces/IVolumes.sol";
import {IVolumeVerifier} from "./interfaces/IVolumeVerifier.sol";

/// @title Checks an account holder's statement against an accepted attestation
/// @notice Makes the checks of `pacioli check`, in the same order. The registry decides what is
/// checked: the context word, and the commitments and the table by their hashes. The sender decides
/// only the statement and the two points that follow from it.
contract StatementVerifier is IStatementVerifier {
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

    /// @inheritdoc IStatementVerifier
    address public immutable VOLUMES;
    /// @inheritdoc IStatementVerifier
    bytes32 public constant KEY = StatementKey.KEY;

    mapping(bytes32 venue => mapping(uint64 round => mapping(bytes32 owner => Claim)))
        private _claims;
    /// The combined commitments of prepared volumes, by the challenge that they follow from beside
    /// the commitments that are hashed in it.
    mapping(uint256 gamma => Point) private _prepared;

    /// What the checks of all statements of a volume share.
    struct Opened {
        bytes32 word;
        uint256 gamma;
        Point combined;
        bool revoked;
    }

    /// @param volumes The registry whose attestations count.
    constructor(IVolumes volumes) {
        VOLUMES = address(volumes);
    }

    /// @inheritdoc IStatementVerifier
    function prepareVolume(bytes32 word, bytes calldata commitments) external {
        bytes32 phase1 = keccak256(commitments);
        uint256 gamma = PageOpening.gammaOf(word, phase1);
        _prepared[gamma] = PageOpening.combine(gamma, commitments);
        emit VolumePrepared(word, phase1);
    }

    /// @inheritdoc IStatementVerifier
    function claim(
        AppendedVolume calldata volume,
        Statement calldata statement
    ) external returns (Worth memory worth) {
        if (!Ids.isOf(statement.id, msg.sender)) revert NotTheCallersId();
        bytes32 owner = ownerOf(statement.id);
        (bytes32 venue, uint64 round) = (volume.venue, volume.round);
        if (_claims[venue][round][owner].claimant != address(0)) revert AlreadyClaimed(owner);
        bool revoked;
        (worth, revoked) = check(volume, statement);
        if (revoked) revert AttestationRevoked(round);
        (uint256 equity, uint256 shortfall) = (worth.equity, worth.shortfall);
        if ((equity | shortfall) >> CLAIM_BITS != 0) revert ClaimOutOfRange();
        _claims[venue][round][owner] = Claim(msg.sender, uint128(equity), uint128(shortfall));
        emit Claimed(venue, round, msg.sender, owner, statement.id, equity, shortfall);
    }

    /// @inheritdoc IStatementVerifier
    function checkMany(
        AppendedVolume calldata volume,
        Statement[] calldata statements
    ) external view returns (Worth[] memory worths, bool revoked) {
        Opened memory opened = _open(volume);
        worths = new Worth[](statements.length);
        for (uint256 i = 0; i < statements.length; ++i) {
            worths[i] = _requireLocal(volume, opened, statements[i]);
        }
        PageOpening.requirePages(opened.gamma, opened.combined, statements);
        revoked = opened.revoked;
    }

    /// @inheritdoc IStatementVerifier
    function claimOf(
        bytes32 venue,
        uint64 round,
        bytes32 owner
    ) external view returns (Claim memory) {
        return _claims[venue][round][owner];
    }

    /// @inheritdoc IStatementVerifier
    function isPrepared(bytes32 word, bytes32 phase1) external view returns (bool) {
        return _isPoint(_prepared[PageOpening.gammaOf(word, phase1)]);
    }

    /// @inheritdoc IStatementVerifier
    function check(
        AppendedVolume calldata volume,
        Statement calldata statement
    ) public view returns (Worth memory worth, bool revoked) {
        Opened memory opened = _open(volume);
        _requirePlace(statement);
        _requireAccount(statement.lines, volume.table);
        PageOpening.requirePage(opened.gamma, opened.combined, statement);
        _requireLines(opened, statement);
        worth = _atMark(statement.lines, volume.table, volume.forms);
        revoked = opened.revoked;
    }

    /// @inheritdoc IStatementVerifier
    function ownerOf(string calldata id) public pure returns (bytes32) {
        return Ids.ownerOf(id);
    }

    /// Makes all checks of a statement but that of its page's opening.
    function _requireLocal(
        AppendedVolume calldata volume,
        Opened memory opened,
        Statement calldata statement
    ) private pure returns (Worth memory) {
        _requirePlace(statement);
        _requireAccount(statement.lines, volume.table);
        if (statement.pageValues.length != StatementKey.PAGE_SIZE) {
            revert PageValueCount(StatementKey.PAGE_SIZE, statement.pageValues.length);
        }
        _requireLines(opened, statement);
        return _atMark(statement.lines, volume.table, volume.forms);
    }

    /// Checks that the commitments and the table are those of the registered proof, and that its
    /// key is this contract's.
    function _open(AppendedVolume calldata volume) private view returns (Opened memory opened) {
        (opened.word, opened.revoked) = IVolumes(VOLUMES).volume(
            volume.venue,
            volume.round,
            volume.record,
            volume.phase1,
            volume.volume
        );
        bytes32 key = IVolumeVerifier(volume.record.verifier).KEY();
        if (key != KEY) revert OtherKey(KEY, key);
        bytes32 phase1 = volume.phase1[volume.volume];
        opened.gamma = PageOpening.gammaOf(opened.word, phase1);
        if (volume.commitments.length == 0) {
            opened.combined = _prepared[opened.gamma];
            if (!_isPoint(opened.combined)) revert NotPrepared(phase1);
        } else {
            bytes32 commitments = keccak256(volume.commitments);
            if (commitments != phase1) revert OtherCommitments(phase1, commitments);
            opened.combined = PageOpening.combine(opened.gamma, volume.commitments);
        }
        bytes32 table = keccak256(abi.encodePacked(volume.table));
        // The first byte keeps a list of words from being taken for a hash and a list of rows: the
        // first word is the number of scenarios, so its first byte is 0.
        if (volume.forms.length != 0) {
            table = keccak256(abi.encodePacked(bytes1(0x01), table, volume.forms));
        }
        if (table != volume.record.table) revert OtherTable(volume.record.table, table);
    }

    function _isPoint(Point memory point) private pure returns (bool) {
        return (point.x | point.y) != 0;
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
        uint256 before = 0;
        for (uint256 i = 0; i < lines.length; ++i) {
            uint256 instrument = lines[i].instrument;
            uint256 quantity = lines[i].quantity;
            if (instrument == 0 || instrument >= instruments) revert UnknownInstrument(i);
            if (quantity >> QUANTITY_BITS != 0) revert QuantityOutOfRange(i);
            if (instrument <= before) revert NotIncreasing(i);
            before = instrument;
            uint256 cap = table[1 + instrument];
            if (cap != 0) _requireHeadroom(lines, i, cap);
        }
        for (uint256 s = 0; s < scenarios; ++s) {
            if (_sum(lines, table, 1 + instruments * (1 + s)) != 0) revert DoesNotBalance(s);
        }
    }

    /// The worth of lines, which are instruments of the table, at the values that begin at a place of
    /// the table, a word for each instrument.
    function _sum(
        Line[] calldata lines,
        uint256[] calldata table,
        uint256 from
    ) private pure returns (int256 sum) {
        // At most 2^9 products of a quantity below 2^90 and a value below 2^64 in size: no sum
        // overflows. Assembly, because every access was checked before; a line is two words.
        assembly ("memory-safe") {
            let values := add(table.offset, shl(5, from))
            let end := add(lines.offset, shl(6, lines.length))
            for {
                let place := lines.offset
            } lt(place, end) {
                place := add(place, 64)
            } {
                let value := calldataload(add(values, shl(5, calldataload(place))))
                value := sub(value, 0x10000000000000000)
                sum := add(sum, mul(calldataload(add(place, 32)), value))
            }
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
    function _requireLines(Opened memory opened, Statement calldata statement) private pure {
        bytes32 owner = ownerOf(statement.id);
        uint256 gamma = opened.gamma;
        uint256 end = statement.lines.length - 1;
        for (uint256 i = 0; i <= end; ++i) {
            Line calldata line = statement.lines[i];
            uint256 seal = _seal(
                abi.encodePacked(
                    bytes1(0x00),
                    SEAL_TAG,
                    opened.word,
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
    /// reveal the bias. They differ in the first byte of what they are of.
    function _seal(bytes memory preimage) private pure returns (uint256) {
        uint256 high = uint256(keccak256(preimage));
        preimage[0] = 0x01;
        uint256 low = uint256(keccak256(preimage));
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
    ) private pure returns (Worth memory) {
        uint256 last = _shortfallRow(table);
        // The plain and covered rows, right before `equity:mark`. The registry hashed two bytes for
        // each.
        uint256 formsAt = last - 1 - forms.length / 2;
        // At most 2^9 lines, each worth less than 2^154 in size.
        int256 worth = 0;
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
        return worth < 0 ? Worth(0, uint256(-worth)) : Worth(uint256(worth), 0);
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
    /// follow them. The compiler of a program refuses any other row behind a closing one, so a
    /// registry accepts no table in which other rows stand in their place.
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
}
