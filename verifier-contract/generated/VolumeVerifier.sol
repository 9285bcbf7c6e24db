// SPDX-License-Identifier: MIT OR Apache-2.0
// Generated from templates/VolumeVerifier.sol.template for the verifying key
// 0x1486ca4c2ec27f53434aa6cb4052fd667010425a10a90e6233b121ace5402d55.
// Never edited: a test generates it again and compares.
pragma solidity 0.8.37;

import {IVolumeVerifier} from "../contracts/interfaces/IVolumeVerifier.sol";

/// @title Checks the proof of one volume of 2^12 rows
/// @notice Setup: INSECURE: everyone knows tau, proofs made with this setup prove nothing.
/// @dev In this order: the bounds of the public inputs; theta, and with it the values of all
/// scenarios in one column, and the trial balance; then halo2's verifier with SHPLONK and the Keccak
/// transcript: the proof's words and the challenges, one inversion for all denominators, the public
/// columns at x, the constraints at x, and one pairing for all openings. Memory has one fixed layout,
/// below; no code here returns to code that allocates memory.
///
/// Nothing here depends on the number of scenarios but the length of what is hashed and added up. It
/// is the caller's to know: see `IVolumeVerifier.verify`.
contract VolumeVerifier is IVolumeVerifier {
    /// @inheritdoc IVolumeVerifier
    bytes32 public constant KEY = 0x1486ca4c2ec27f53434aa6cb4052fd667010425a10a90e6233b121ace5402d55;
    /// @inheritdoc IVolumeVerifier
    uint256 public constant K = 12;
    /// @inheritdoc IVolumeVerifier
    uint256 public constant PAGE_SIZE = 64;

    /// @notice The calldata is not the canonical encoding of the arguments, or something follows
    /// them.
    error NotCanonicalCalldata();
    /// @notice There are no scenarios, or more than 1024.
    error Scenarios(uint256 scenarios);
    /// @notice The public inputs must be the context word and `3 + scenarios` columns of equal
    /// length.
    error InstanceLength(uint256 words);
    /// @notice There are no instruments, or more than the circuit has table rows for.
    error Instruments(uint256 instruments);
    /// @notice The proof does not have the length of the proofs under this key.
    error ProofLength(uint256 bytesGiven);
    /// @notice The context word or an evaluation is not below the field's modulus.
    error NotCanonical();
    /// @notice A commitment is not on the curve, is at infinity, or has coordinates that are not
    /// canonical.
    error BadPoint();
    /// @notice The instrument has a larger count than there are lines.
    error CountOutOfBounds(uint256 instrument);
    /// @notice The counted lines cannot hold this quantity of the instrument.
    error QuantityOutOfBounds(uint256 instrument);
    /// @notice The cap has more than 90 bits.
    error CapOutOfBounds(uint256 instrument);
    /// @notice The value plus 2^64 is not between 1 and 2^65 - 1.
    error ValueOutOfBounds(uint256 instrument, uint256 scenario);
    /// @notice Instrument 0, the empty slot, must have quantity 0, values of 0, and no cap.
    error EmptySlot();
    /// @notice `count` lines, each of at most `cap`, cannot hold `quantity`.
    error OverCap(uint256 instrument, uint256 count, uint256 cap, uint256 quantity);
    /// @notice The counts do not sum to the number of lines in the circuit.
    error Lines(uint256 counted);
    /// @notice Totals times values sum to `by` units of value in this scenario, not to zero: no
    /// accounts have such totals.
    error Unbalanced(uint256 scenario, int256 by);
    /// @notice A challenge makes a denominator zero. The chance of this is negligible.
    error ZeroDenominator();
    /// @notice A precompiled contract failed, because the gas ran out.
    error PrecompileFailed();
    /// @notice The proof does not hold for these public inputs.
    error DoesNotHold();

    /// The scalar field's modulus. Public inputs and evaluations are below it.
    uint256 private constant R = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;
    /// The base field's modulus. Coordinates are below it.
    uint256 private constant Q = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;

    /// The digest of the circuit, with which the transcript begins.
    uint256 private constant CIRCUIT = 0xdd0289e6841538395d1155e07aa1690ede8d6991d4e843cb33a3df78a948f3d;
    /// The inverse of the root of unity that leads from a row to the next.
    uint256 private constant OMEGA_INVERSE = 0x179c2392139def1b24f4e92b4bfba20a0fa885cb6bfc2f2cb92790e00237d0c0;
    /// The inverse of the number of rows.
    uint256 private constant ROWS_INVERSE = 0x3061482dfa038d0fb5b4c0b226194047a2616509f531d4fa3acdb77496c10001;

    /// Lines of a volume, empty slots included.
    uint256 private constant LINES = 3648;
    /// Table rows for instruments.
    uint256 private constant MAX_INSTRUMENTS = 512;
    /// A sum over more scenarios could be zero for too many values of theta, though they are not.
    uint256 private constant MAX_SCENARIOS = 1024;
    /// Public columns with one entry per instrument before the values: counts, quantities, caps.
    uint256 private constant COLUMNS = 3;
    uint256 private constant MAX_QUANTITY = (1 << 90) - 1;
    /// 2^64, which is added to every value.
    uint256 private constant VALUE_OFFSET = 0x10000000000000000;
    /// keccak256("pacioli.theta.v1"), with which the preimage of theta begins. It is not below R, so no
    /// transcript of halo2 begins with it.
    uint256 private constant THETA_TAG = 0x78088a3a0d6810ff983bca0be96512d948a4de4086f46b8433c1b18892f4a493;

    /// Bytes of the proof's parts. It begins with the commitments to the lines: whose last each is, the
    /// instrument, and the limbs of the quantity.
    uint256 private constant LINES_BYTES = 704;
    uint256 private constant PHASE_1_BYTES = 960;
    uint256 private constant PHASE_2_BYTES = 832;
    uint256 private constant QUOTIENT_BYTES = 128;
    uint256 private constant EVALUATIONS_BYTES = 1472;
    uint256 private constant PROOF_BYTES = 3584;

    /// [tau]_2 and -[1]_2 in the order of EIP-197.
    uint256 private constant TAU_X_1 = 0x2d9690968c5d94e4cd77281b1efe1e87bd01abbe11bbd838e198edf54156c206;
    uint256 private constant TAU_X_0 = 0x1315a6d86e154b5ba31c56edd81317c2abf86ab29a7ce4c74be58471d047fb40;
    uint256 private constant TAU_Y_1 = 0x1c3defe064c229a4c54ddc1edcf1c0e652a21c8d6c1ccd2efd6f2a0ecda0f0b7;
    uint256 private constant TAU_Y_0 = 0xe46302892850c63301086b356a81edcaac98bef054249c20cba6e930c6c7e1d;
    uint256 private constant MINUS_ONE_X_1 = 0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2;
    uint256 private constant MINUS_ONE_X_0 = 0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed;
    uint256 private constant MINUS_ONE_Y_1 = 0x275dc4a288d1afb3cbb1ac09187524c7db36395df7be3b99e673b13a075a65ec;
    uint256 private constant MINUS_ONE_Y_0 = 0x1d9befcd05a5323e6da4d435f3b617cdb3af83285c2df711ef39c01571827f9d;

    // Memory. Each name is the address of a word, of the two words of a point, or of a list.

    // Challenges, the multi-opening's points, and how far u is from them.
    uint256 private constant ETA = 0x80;
    uint256 private constant ALPHA = 0xa0;
    uint256 private constant BETA = 0xc0;
    uint256 private constant Y = 0xe0;
    uint256 private constant OPENING_Y = 0x100;
    uint256 private constant OPENING_V = 0x120;
    uint256 private constant U = 0x140;
    uint256 private constant X = 0x160;
    uint256 private constant U_MINUS_X = 0x180;
    uint256 private constant X_NEXT_ROW = 0x1a0;
    uint256 private constant U_MINUS_X_NEXT_ROW = 0x1c0;
    uint256 private constant X_NEXT_LINE = 0x1e0;
    uint256 private constant U_MINUS_X_NEXT_LINE = 0x200;

    // Public columns at x, what several constraints share, and the quotient at x.
    uint256 private constant TOTAL_COUNT = 0x220;
    uint256 private constant TOTAL_QUANTITY = 0x240;
    uint256 private constant TABLE_CAP = 0x260;
    uint256 private constant TABLE_WORTH = 0x280;
    uint256 private constant SHARED_0 = 0x2a0;
    uint256 private constant SHARED_1 = 0x2c0;
    uint256 private constant X_TO_ROWS = 0x2e0;
    uint256 private constant QUOTIENT = 0x300;

    // Where the multi-opening adds up.
    uint256 private constant WEIGHT = 0x320;
    uint256 private constant POWER = 0x340;
    uint256 private constant VALUE = 0x360;
    uint256 private constant WEIGHT_A = 0x380;
    uint256 private constant WEIGHT_B = 0x3a0;
    uint256 private constant KEY_POINT = 0x3c0;
    uint256 private constant ACCUMULATOR = 0x400;
    uint256 private constant TERM = 0x440;

    // The proof: commitments to the columns of phase 1,
    uint256 private constant COMMIT_LAST = 0x4a0;
    uint256 private constant COMMIT_INSTRUMENT = 0x4e0;
    uint256 private constant COMMIT_LIMB_0 = 0x520;
    uint256 private constant COMMIT_LIMB_1 = 0x560;
    uint256 private constant COMMIT_LIMB_2 = 0x5a0;
    uint256 private constant COMMIT_LIMB_3 = 0x5e0;
    uint256 private constant COMMIT_LIMB_4 = 0x620;
    uint256 private constant COMMIT_LIMB_5 = 0x660;
    uint256 private constant COMMIT_LIMB_6 = 0x6a0;
    uint256 private constant COMMIT_LIMB_7 = 0x6e0;
    uint256 private constant COMMIT_LIMB_8 = 0x720;
    uint256 private constant COMMIT_CAP = 0x760;
    uint256 private constant COMMIT_WORTH = 0x7a0;
    uint256 private constant COMMIT_SEAL = 0x7e0;
    uint256 private constant COMMIT_MULTIPLICITY = 0x820;

    // of phase 2,
    uint256 private constant COMMIT_BALANCE = 0x880;
    uint256 private constant COMMIT_LIMB_TERM_0 = 0x8c0;
    uint256 private constant COMMIT_LIMB_TERM_1 = 0x900;
    uint256 private constant COMMIT_LIMB_TERM_2 = 0x940;
    uint256 private constant COMMIT_LIMB_TERM_3 = 0x980;
    uint256 private constant COMMIT_LIMB_TERM_4 = 0x9c0;
    uint256 private constant COMMIT_LIMB_TERM_5 = 0xa00;
    uint256 private constant COMMIT_LIMB_TERM_6 = 0xa40;
    uint256 private constant COMMIT_LIMB_TERM_7 = 0xa80;
    uint256 private constant COMMIT_LIMB_TERM_8 = 0xac0;
    uint256 private constant COMMIT_STEP_TERM = 0xb00;
    uint256 private constant COMMIT_TABLE_TERM = 0xb40;
    uint256 private constant COMMIT_SUM = 0xb80;

    // to a random polynomial, and to the parts of the quotient;
    uint256 private constant COMMIT_RANDOM = 0xbe0;
    uint256 private constant COMMIT_QUOTIENT = 0xc40;

    // evaluations;
    uint256 private constant EVALUATIONS = 0xce0;
    uint256 private constant LIMB_0 = 0xce0;
    uint256 private constant LIMB_TERM_0 = 0xd00;
    uint256 private constant LIMB_1 = 0xd20;
    uint256 private constant LIMB_TERM_1 = 0xd40;
    uint256 private constant LIMB_2 = 0xd60;
    uint256 private constant LIMB_TERM_2 = 0xd80;
    uint256 private constant LIMB_3 = 0xda0;
    uint256 private constant LIMB_TERM_3 = 0xdc0;
    uint256 private constant LIMB_4 = 0xde0;
    uint256 private constant LIMB_TERM_4 = 0xe00;
    uint256 private constant LIMB_5 = 0xe20;
    uint256 private constant LIMB_TERM_5 = 0xe40;
    uint256 private constant LIMB_6 = 0xe60;
    uint256 private constant LIMB_TERM_6 = 0xe80;
    uint256 private constant LIMB_7 = 0xea0;
    uint256 private constant LIMB_TERM_7 = 0xec0;
    uint256 private constant LIMB_8 = 0xee0;
    uint256 private constant LIMB_TERM_8 = 0xf00;
    uint256 private constant INSTRUMENT = 0xf20;
    uint256 private constant INSTRUMENT_NEXT_LINE = 0xf40;
    uint256 private constant LAST = 0xf60;
    uint256 private constant STEP_TERM = 0xf80;
    uint256 private constant TABLE_TERM = 0xfa0;
    uint256 private constant MULTIPLICITY = 0xfc0;
    uint256 private constant SEAL = 0xfe0;
    uint256 private constant CAP = 0x1000;
    uint256 private constant WORTH = 0x1020;
    uint256 private constant SUM = 0x1040;
    uint256 private constant SUM_NEXT_ROW = 0x1060;
    uint256 private constant LIMB_8_NEXT_LINE = 0x1080;
    uint256 private constant LIMB_7_NEXT_LINE = 0x10a0;
    uint256 private constant LIMB_6_NEXT_LINE = 0x10c0;
    uint256 private constant LIMB_5_NEXT_LINE = 0x10e0;
    uint256 private constant LIMB_4_NEXT_LINE = 0x1100;
    uint256 private constant LIMB_3_NEXT_LINE = 0x1120;
    uint256 private constant LIMB_2_NEXT_LINE = 0x1140;
    uint256 private constant LIMB_1_NEXT_LINE = 0x1160;
    uint256 private constant LIMB_0_NEXT_LINE = 0x1180;
    uint256 private constant BALANCE = 0x11a0;
    uint256 private constant BALANCE_NEXT_LINE = 0x11c0;
    uint256 private constant LINE_ON = 0x11e0;
    uint256 private constant ROW_ON = 0x1200;
    uint256 private constant TABLE_ENTRY = 0x1220;
    uint256 private constant IS_INSTRUMENT = 0x1240;
    uint256 private constant IS_END = 0x1260;
    uint256 private constant RANDOM = 0x1280;

    // and the two commitments of the multi-opening.
    uint256 private constant COMMIT_OPENING = 0x12c0;
    uint256 private constant COMMIT_OPENING_AT_U = 0x1300;

    // Denominators, then their inverses; those of the Lagrange polynomials follow.
    uint256 private constant INVERSE_OF_VANISHING = 0x1340;
    uint256 private constant INVERSE_OF_FIRST = 0x1360;
    uint256 private constant INVERSE_OF_PAIR_NEXT_LINE = 0x1380;
    uint256 private constant INVERSE_OF_PAIR_NEXT_ROW = 0x13a0;

    // What has no fixed size: for each instrument, what is inverted.
    uint256 private constant END = 0x13c0;

    // What theta is drawn from; then, from its fourth word on, halo2's transcript.
    uint256 private constant HASHED = 0x1500;
    uint256 private constant HASHED_KEY = 0x1520;
    uint256 private constant HASHED_INSTRUMENTS = 0x1540;
    uint256 private constant HASHED_SCENARIOS = 0x1560;
    uint256 private constant HASHED_INSTANCE = 0x1580;
    uint256 private constant TRANSCRIPT = 0x1560;
    uint256 private constant INVERSE_COUNT = 4;

    /// @inheritdoc IVolumeVerifier
    function verify(uint256[] calldata instance, uint256 scenarios, bytes calldata proof)
        external
        view
        returns (bytes32 phase1)
    {
        phase1 = reduce(instance, scenarios, proof);
        if (!pairingHolds()) revert DoesNotHold();
    }

    /// @inheritdoc IVolumeVerifier
    function accumulate(uint256[] calldata instance, uint256 scenarios, bytes calldata proof)
        external
        view
        returns (bytes32, uint256[2] memory, uint256[2] memory)
    {
        bytes32 phase1 = reduce(instance, scenarios, proof);
        // The three are five words. Nothing of the layout is read any more.
        assembly {
            mcopy(0x20, COMMIT_OPENING_AT_U, 0x40)
            mcopy(0x60, ACCUMULATOR, 0x40)
            mstore(0x00, phase1)
            return(0x00, 0xa0)
        }
    }

    /// @inheritdoc IVolumeVerifier
    function settle(uint256[4][] calldata points) external view {
        uint256 size = 128 * points.length;
        if (size == 0) revert DoesNotHold();
        uint256 seed;
        assembly {
            calldatacopy(END, points.offset, size)
            seed := keccak256(END, size)
        }
        combine(END, END + size, seed);
        assembly {
            mcopy(COMMIT_OPENING_AT_U, ACCUMULATOR, 0x40)
        }
        combine(END + 64, END + size, seed);
        if (!pairingHolds()) revert DoesNotHold();
    }

    /// Adds up every second point of a list with the weights that follow from the seed: 1, and then
    /// hashes of the seed and of the place. The sum is the accumulator.
    function combine(uint256 place, uint256 end, uint256 seed) private view {
        assembly {
            mstore(ACCUMULATOR, 0)
            mstore(add(ACCUMULATOR, 0x20), 0)
        }
        uint256 weight = 1;
        for (uint256 i = 1; place < end; ++i) {
            multiplyAdd(place, weight);
            assembly {
                mstore(0x00, seed)
                mstore(0x20, i)
                weight := mod(keccak256(0x00, 0x40), R)
            }
            place += 128;
        }
    }

    /// Makes all checks but that of pairings, and leaves the two points that it is about.
    function reduce(uint256[] calldata instance, uint256 scenarios, bytes calldata proof)
        private
        view
        returns (bytes32 phase1)
    {
        uint256 columns;
        uint256 proofStart;
        assembly {
            columns := add(instance.offset, 0x20)
            proofStart := proof.offset
        }
        if (proof.length != PROOF_BYTES) revert ProofLength(proof.length);
        uint256 instruments = checkForm(instance.length, scenarios, columns - 0x20, proofStart);
        checkTotals(columns, instruments);
        combineValues(
            columns, instruments, scenarios, drawTheta(columns, instruments, scenarios, proofStart)
        );
        phase1 = readProof(instruments, proofStart);
        prepareInversion();
        uint256 inverse = invert(instruments);
        inverse = evaluateInstance(columns, instruments, inverse);
        invertRest(instruments, inverse);
        evaluateConstraints();
        combineOpenings();
    }

    /// Checks that the calldata is the canonical encoding of three arguments of valid lengths.
    function checkForm(uint256 words, uint256 scenarios, uint256 start, uint256 proofStart)
        private
        pure
        returns (uint256 instruments)
    {
        if (scenarios == 0 || scenarios > MAX_SCENARIOS) revert Scenarios(scenarios);
        uint256 columns = COLUMNS + scenarios;
        if (words == 0 || (words - 1) % columns != 0) revert InstanceLength(words);
        instruments = (words - 1) / columns;
        if (instruments == 0 || instruments > MAX_INSTRUMENTS) revert Instruments(instruments);
        // The selector, an offset, the scenarios, an offset, the words after their number, the bytes
        // after theirs.
        bool isCanonical = start == 0x84 && proofStart == start + 32 * words + 32
            && msg.data.length == proofStart + PROOF_BYTES;
        if (!isCanonical) revert NotCanonicalCalldata();
    }

    /// Checks the bounds of the context word, the counts, the quantities and the caps that the
    /// theorem assumes: that every line is counted once, and that the counted lines can hold the
    /// quantities, each at most its cap where there is one.
    ///
    /// Counts that are below 2^90 do not overflow their sum, and sum to the number of lines only if none
    /// is larger than that: `refuseTotals` is asked only where something is wrong.
    function checkTotals(uint256 counts, uint256 instruments) private pure {
        if (word(counts - 32) >= R) revert NotCanonical();
        uint256 size = 32 * instruments;
        uint256 outside;
        uint256 counted;
        assembly {
            let twice := shl(1, size)
            let bits := 0
            for { let end := add(counts, size) let place := counts } lt(place, end) {} {
                let count := calldataload(place)
                let cap := calldataload(add(place, twice))
                bits := or(bits, or(count, cap))
                // Without a cap, the largest quantity.
                cap := add(cap, mul(iszero(cap), MAX_QUANTITY))
                outside := or(outside, gt(calldataload(add(place, size)), mul(count, cap)))
                counted := add(counted, count)
                place := add(place, 0x20)
            }
            // MAX_QUANTITY has 90 bits.
            outside := or(outside, shr(90, bits))
        }
        if (outside != 0 || counted != LINES) refuseTotals(counts, instruments);
        if ((word(counts + size) | word(counts + 2 * size)) != 0) revert EmptySlot();
        if (counted != LINES) revert Lines(counted);
    }

    /// Names the first bound that a row's count, quantity and cap exceed, if one does.
    function refuseTotals(uint256 place, uint256 instruments) private pure {
        uint256 size = 32 * instruments;
        for (uint256 row; row < instruments; ++row) {
            uint256 count = word(place);
            uint256 quantity = word(place + size);
            uint256 cap = word(place + 2 * size);
            if (count > LINES) revert CountOutOfBounds(row);
            if (quantity > count * MAX_QUANTITY) revert QuantityOutOfBounds(row);
            if (cap > MAX_QUANTITY) revert CapOutOfBounds(row);
            if (cap != 0 && quantity > count * cap) revert OverCap(row, count, cap, quantity);
            place += 32;
        }
    }

    /// Draws theta before halo2 begins: from the key, from everything public, and from the bytes of
    /// the proof that `readProof` reads as the commitments to the lines. A prover who knew theta
    /// before these were fixed could have accounts that balance in no scenario. Leaves the context
    /// word, counts, quantities and caps where the transcript has them.
    function drawTheta(uint256 columns, uint256 instruments, uint256 scenarios, uint256 proof)
        private
        pure
        returns (uint256 theta)
    {
        assembly {
            mstore(HASHED, THETA_TAG)
            mstore(HASHED_KEY, KEY)
            mstore(HASHED_INSTRUMENTS, instruments)
            mstore(HASHED_SCENARIOS, scenarios)
            let size := add(0x20, mul(shl(5, instruments), add(COLUMNS, scenarios)))
            calldatacopy(HASHED_INSTANCE, sub(columns, 0x20), size)
            calldatacopy(add(HASHED_INSTANCE, size), proof, LINES_BYTES)
            size := add(size, add(LINES_BYTES, sub(HASHED_INSTANCE, HASHED)))
            theta := mod(keccak256(HASHED, size), R)
        }
    }

    /// Combines the values of each instrument, `sum_s theta^(s+1) V[s]`, into the column that halo2
    /// reads, and checks their bounds and the trial balance. Values are words with 2^64 added, so
    /// what the sum of these is too large by is the same for every instrument: the sum for
    /// instrument 0, whose values must all be zero.
    ///
    /// The balance `sum_j T[j] V[j]` is zero in every scenario if it is in all of them combined: totals
    /// and values were fixed before theta, and a polynomial in theta that is not zero has no more
    /// roots than there are scenarios, of 2^254. Its coefficients are below 2^178 in size, so one that
    /// is zero modulo R is zero.
    function combineValues(uint256 columns, uint256 instruments, uint256 scenarios, uint256 theta)
        private
        pure
    {
        uint256 size = 32 * instruments;
        uint256 values = columns + COLUMNS * size;
        (uint256 sum, uint256 outside) = sumValues(values, size, scenarios, theta);
        if (outside != 0) refuseValues(values, instruments, scenarios);
        if (sum != 0) refuseBalance(columns + size, instruments, scenarios);
    }

    /// Writes the combined column, behind the caps. `first` is the place of the value of instrument 0 at
    /// mark, and `size` that of a column. Returns the balance, and not 0 as well if a value is out of
    /// bounds.
    function sumValues(uint256 first, uint256 size, uint256 scenarios, uint256 theta)
        private
        pure
        returns (uint256 sum, uint256 outside)
    {
        assembly {
            let r := R
            let last := add(first, mul(sub(scenarios, 1), size))
            let offset := 0
            for { let place := last } iszero(lt(place, first)) { place := sub(place, size) } {
                outside := or(outside, xor(calldataload(place), VALUE_OFFSET))
                offset := mulmod(add(offset, VALUE_OFFSET), theta, r)
            }
            offset := sub(r, offset)

            // The values less a multiple of four, in the length of as many columns.
            scenarios := mul(and(scenarios, 3), size)
            // Instrument 0 has no value.
            let to := add(add(HASHED_INSTANCE, 0x20), mul(COLUMNS, size))
            mstore(to, 0)
            let bits := 0
            for { let end := sub(add(to, size), 0x20) } lt(to, end) {} {
                first := add(first, 0x20)
                last := add(last, 0x20)
                let worth := 0
                let place := last
                // One value after the other until a multiple of four is left, then four in a turn. A
                // word below 2^65 cannot overflow the sum, and any other is refused below.
                for {} gt(place, sub(last, scenarios)) { place := sub(place, size) } {
                    let value := calldataload(place)
                    bits := or(bits, or(value, sub(value, 1)))
                    worth := mulmod(add(worth, value), theta, r)
                }
                for {} iszero(lt(place, first)) { place := sub(place, size) } {
                    let value := calldataload(place)
                    bits := or(bits, or(value, sub(value, 1)))
                    worth := mulmod(add(worth, value), theta, r)
                    place := sub(place, size)
                    value := calldataload(place)
                    bits := or(bits, or(value, sub(value, 1)))
                    worth := mulmod(add(worth, value), theta, r)
                    place := sub(place, size)
                    value := calldataload(place)
                    bits := or(bits, or(value, sub(value, 1)))
                    worth := mulmod(add(worth, value), theta, r)
                    place := sub(place, size)
                    value := calldataload(place)
                    bits := or(bits, or(value, sub(value, 1)))
                    worth := mulmod(add(worth, value), theta, r)
                }
                worth := addmod(worth, offset, r)
                to := add(to, 0x20)
                mstore(to, worth)
                let quantity := calldataload(sub(first, shl(1, size)))
                sum := addmod(sum, mulmod(quantity, worth, r), r)
            }
            // From 1 to 2^65 - 1: neither the value nor the value less 1 has a bit above the 65th.
            outside := or(outside, shr(65, bits))
        }
    }

    /// Names the first value that is out of bounds.
    function refuseValues(uint256 column, uint256 instruments, uint256 scenarios) private pure {
        for (uint256 scenario; scenario < scenarios; ++scenario) {
            for (uint256 row; row < instruments; ++row) {
                uint256 value = word(column + 32 * row);
                bool isInside = value != 0 && value < 2 * VALUE_OFFSET;
                if (!isInside) revert ValueOutOfBounds(row, scenario);
            }
            if (word(column) != VALUE_OFFSET) revert EmptySlot();
            column += 32 * instruments;
        }
    }

    /// Names the first scenario in which the totals do not balance.
    function refuseBalance(uint256 quantities, uint256 instruments, uint256 scenarios) private pure {
        uint256 column = quantities + 64 * instruments;
        for (uint256 scenario; scenario < scenarios; ++scenario) {
            int256 by;
            for (uint256 row; row < instruments; ++row) {
                int256 value = int256(word(column + 32 * row)) - int256(VALUE_OFFSET);
                by += int256(word(quantities + 32 * row)) * value;
            }
            if (by != 0) revert Unbalanced(scenario, by);
            column += 32 * instruments;
        }
        // The sum in all scenarios is not zero, so neither is that in one of them.
        assert(false);
    }

    /// Copies the proof to its place in memory, checks its words, and draws the challenges.
    function readProof(uint256 instruments, uint256 proof)
        private
        pure
        returns (bytes32 phase1)
    {
        assembly {
            function copy(to, from, size) -> next {
                calldatacopy(to, from, size)
                next := add(from, size)
            }
            // A challenge is the hash of the last challenge's hash and everything read since then.
            function absorb(hash, section, size) -> next {
                mstore(sub(section, 0x20), hash)
                next := keccak256(sub(section, 0x20), add(size, 0x20))
            }
            // If nothing was read since then, a byte 1 takes its place.
            function again(hash) -> next {
                mstore(0x00, hash)
                mstore8(0x20, 1)
                next := keccak256(0x00, 0x21)
            }

            // The transcript begins with the circuit, the public columns and the first commitments.
            // The columns are in their place: `drawTheta` and `combineValues` wrote them.
            let size := add(0x20, mul(shl(5, instruments), add(COLUMNS, 1)))
            mstore(TRANSCRIPT, CIRCUIT)
            calldatacopy(add(HASHED_INSTANCE, size), proof, PHASE_1_BYTES)
            let hash := keccak256(TRANSCRIPT, add(add(size, 0x20), PHASE_1_BYTES))
            mstore(ETA, mod(hash, R))
            hash := again(hash)
            mstore(ALPHA, mod(hash, R))
            hash := again(hash)
            mstore(BETA, mod(hash, R))

            let from := copy(COMMIT_LAST, proof, PHASE_1_BYTES)
            phase1 := keccak256(COMMIT_LAST, PHASE_1_BYTES)
            from := copy(COMMIT_BALANCE, from, PHASE_2_BYTES)
            from := copy(COMMIT_RANDOM, from, 0x40)
            from := copy(COMMIT_QUOTIENT, from, QUOTIENT_BYTES)
            from := copy(EVALUATIONS, from, EVALUATIONS_BYTES)
            from := copy(COMMIT_OPENING, from, 0x80)

            // Halo2 draws three challenges here, for arguments that this circuit does not use.
            hash := again(again(absorb(hash, COMMIT_BALANCE, PHASE_2_BYTES)))
            hash := absorb(hash, COMMIT_RANDOM, 0x40)
            mstore(Y, mod(hash, R))
            hash := absorb(hash, COMMIT_QUOTIENT, QUOTIENT_BYTES)
            mstore(X, mod(hash, R))
            hash := absorb(hash, EVALUATIONS, EVALUATIONS_BYTES)
            mstore(OPENING_Y, mod(hash, R))
            hash := again(hash)
            mstore(OPENING_V, mod(hash, R))
            hash := absorb(hash, COMMIT_OPENING, 0x40)
            mstore(U, mod(hash, R))
        }
        if (!areScalars(EVALUATIONS, EVALUATIONS_BYTES)) revert NotCanonical();
        bool good = arePoints(COMMIT_LAST, PHASE_1_BYTES) && arePoints(COMMIT_BALANCE, PHASE_2_BYTES)
            && arePoints(COMMIT_RANDOM, 64) && arePoints(COMMIT_QUOTIENT, QUOTIENT_BYTES)
            && arePoints(COMMIT_OPENING, 128);
        if (!good) revert BadPoint();
    }

    /// Whether all words are below the scalar field's modulus.
    function areScalars(uint256 start, uint256 size) private pure returns (bool good) {
        assembly {
            good := 1
            let end := add(start, size)
            for { let place := start } lt(place, end) { place := add(place, 0x20) } {
                good := and(good, lt(mload(place), R))
            }
        }
    }

    /// Whether all points are canonical and satisfy y^2 = x^3 + 3. The encoding (0, 0) of the point
    /// at infinity does not.
    function arePoints(uint256 start, uint256 size) private pure returns (bool good) {
        assembly {
            let q := Q
            good := 1
            let end := add(start, size)
            for { let place := start } lt(place, end) { place := add(place, 0x40) } {
                let x := mload(place)
                let y := mload(add(place, 0x20))
                let cube := mulmod(mulmod(x, x, q), x, q)
                let onCurve := eq(mulmod(y, y, q), addmod(cube, 3, q))
                good := and(and(good, onCurve), and(lt(x, q), lt(y, q)))
            }
        }
    }

    /// Writes the denominators of the quotient and of the multi-opening.
    function prepareInversion() private pure {
        assembly {
            let r := R
            let x := mload(X)
            let power := x
            for { let i := 0 } lt(i, K) { i := add(i, 1) } { power := mulmod(power, power, r) }
            mstore(X_TO_ROWS, power)
            mstore(INVERSE_OF_VANISHING, addmod(power, sub(r, 1), r))

            // The points of the multi-opening, and the difference of u and each.
            mstore(U_MINUS_X, addmod(mload(U), sub(r, mload(X)), r))
            mstore(X_NEXT_ROW, mulmod(mload(X), 0x2f6122bbf1d35fdaa9953f60087a423238aa810773efee2a251aa6161f2e6ee6, r))
            mstore(U_MINUS_X_NEXT_ROW, addmod(mload(U), sub(r, mload(X_NEXT_ROW)), r))
            mstore(X_NEXT_LINE, mulmod(mload(X), 0x1c4c3a258629905ef6036a4037c3aa6ae18d1d2452d64bd2684cfa8ede70fdc7, r))
            mstore(U_MINUS_X_NEXT_LINE, addmod(mload(U), sub(r, mload(X_NEXT_LINE)), r))
            mstore(INVERSE_OF_FIRST, mload(U_MINUS_X_NEXT_ROW))
            mstore(INVERSE_OF_PAIR_NEXT_LINE, addmod(mload(X), sub(r, mload(X_NEXT_LINE)), r))
            mstore(INVERSE_OF_PAIR_NEXT_ROW, addmod(mload(X), sub(r, mload(X_NEXT_ROW)), r))
        }
    }

    /// The inverse of the product of all denominators: those that `prepareInversion` wrote, and that of each
    /// row's Lagrange polynomial, `x omega^-row - 1`. Of the latter it writes a pair of words for each
    /// row from `END` on: the denominator, and the product of all denominators before it. Behind
    /// them, it writes the products before each of the former.
    function invert(uint256 instruments) private view returns (uint256 inverse) {
        bool isZero;
        bool ok;
        assembly {
            let r := R
            let product := 1
            let input := add(END, shl(6, instruments))
            for { let place := INVERSE_OF_VANISHING } lt(place, END) { place := add(place, 0x20) } {
                mstore(input, product)
                product := mulmod(product, mload(place), r)
                input := add(input, 0x20)
            }
            let x := mload(X)
            for { let end := add(END, shl(6, instruments)) let place := END } lt(place, end) {} {
                // Less than 2 R.
                let factor := add(x, sub(r, 1))
                mstore(place, factor)
                mstore(add(place, 0x20), product)
                product := mulmod(product, factor, r)
                x := mulmod(x, OMEGA_INVERSE, r)
                place := add(place, 0x40)
            }
            isZero := iszero(product)
            // The inverse of the product is its power r - 2.
            mstore(input, 0x20)
            mstore(add(input, 0x20), 0x20)
            mstore(add(input, 0x40), 0x20)
            mstore(add(input, 0x60), product)
            mstore(add(input, 0x80), sub(r, 2))
            mstore(add(input, 0xa0), r)
            ok := staticcall(gas(), 5, input, 0xc0, input, 0x20)
            ok := and(ok, eq(returndatasize(), 0x20))
            inverse := mload(input)
        }
        if (!ok) revert PrecompileFailed();
        if (isZero) revert ZeroDenominator();
    }

    /// The public columns at x: `(x^n - 1) / n * sum_row value[row] / (x omega^-row - 1)`, from the last
    /// row to the first. Returns the inverse of the product of the denominators that are left.
    function evaluateInstance(uint256 columns, uint256 instruments, uint256 inverse)
        private
        pure
        returns (uint256 rest)
    {
        assembly {
            let r := R
            let size := shl(5, instruments)
            let count := 0
            let quantity := 0
            let cap := 0
            let value := 0
            // The column of combined values is behind the counts, quantities and caps, which are
            // read from the calldata.
            let worth := add(add(HASHED_INSTANCE, 0x20), shl(2, size))
            columns := add(columns, size)
            for { let place := add(END, shl(1, size)) } gt(place, END) {} {
                place := sub(place, 0x40)
                columns := sub(columns, 0x20)
                worth := sub(worth, 0x20)
                let weight := mulmod(inverse, mload(add(place, 0x20)), r)
                inverse := mulmod(inverse, mload(place), r)
                count := addmod(count, mulmod(calldataload(columns), weight, r), r)
                let next := add(columns, size)
                quantity := addmod(quantity, mulmod(calldataload(next), weight, r), r)
                next := add(next, size)
                cap := addmod(cap, mulmod(calldataload(next), weight, r), r)
                value := addmod(value, mulmod(mload(worth), weight, r), r)
            }
            rest := inverse
            let scale := mulmod(addmod(mload(X_TO_ROWS), sub(r, 1), r), ROWS_INVERSE, r)
            mstore(TOTAL_COUNT, mulmod(count, scale, r))
            mstore(TOTAL_QUANTITY, mulmod(quantity, scale, r))
            mstore(TABLE_CAP, mulmod(cap, scale, r))
            mstore(TABLE_WORTH, mulmod(value, scale, r))
        }
    }

    /// Replaces the denominators that `prepareInversion` wrote by their inverses, from the last to the
    /// first.
    function invertRest(uint256 instruments, uint256 inverse) private pure {
        assembly {
            let r := R
            let product := add(END, add(shl(6, instruments), shl(5, INVERSE_COUNT)))
            for { let place := END } gt(place, INVERSE_OF_VANISHING) {} {
                place := sub(place, 0x20)
                product := sub(product, 0x20)
                let factor := mload(place)
                mstore(place, mulmod(inverse, mload(product), r))
                inverse := mulmod(inverse, factor, r)
            }
        }
    }

    /// The constraints at x, combined by powers of y; divided by x^n - 1, the quotient at x.
    function evaluateConstraints() private pure {
        assembly {
            let r := R
            let y := mload(Y)
            let h := 0
            let v0
            let v1
            // SHARED_0 stands in several constraints.
            v0 := addmod(mload(INSTRUMENT_NEXT_LINE), sub(r, mload(INSTRUMENT)), r)
            v0 := addmod(v0, sub(r, 0x1), r)
            v0 := addmod(v0, mulmod(mload(LAST), 0x200, r), r)
            mstore(SHARED_0, v0)
            // SHARED_1 stands in several constraints.
            v0 := addmod(mulmod(mload(LIMB_8), 0x400, r), mload(LIMB_7), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_6), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_5), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_4), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_3), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_2), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_1), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_0), r)
            mstore(SHARED_1, v0)
            // limb 0 is in range
            v0 := mulmod(mload(ROW_ON), mload(LIMB_TERM_0), r)
            v0 := mulmod(v0, addmod(mload(BETA), sub(r, mload(LIMB_0)), r), r)
            v0 := addmod(v0, sub(r, mulmod(mload(LINE_ON), mload(LIMB_0), r)), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // limb 1 is in range
            v0 := mulmod(mload(ROW_ON), mload(LIMB_TERM_1), r)
            v0 := mulmod(v0, addmod(mload(BETA), sub(r, mload(LIMB_1)), r), r)
            v0 := addmod(v0, sub(r, mulmod(mload(LINE_ON), mload(LIMB_1), r)), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // limb 2 is in range
            v0 := mulmod(mload(ROW_ON), mload(LIMB_TERM_2), r)
            v0 := mulmod(v0, addmod(mload(BETA), sub(r, mload(LIMB_2)), r), r)
            v0 := addmod(v0, sub(r, mulmod(mload(LINE_ON), mload(LIMB_2), r)), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // limb 3 is in range
            v0 := mulmod(mload(ROW_ON), mload(LIMB_TERM_3), r)
            v0 := mulmod(v0, addmod(mload(BETA), sub(r, mload(LIMB_3)), r), r)
            v0 := addmod(v0, sub(r, mulmod(mload(LINE_ON), mload(LIMB_3), r)), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // limb 4 is in range
            v0 := mulmod(mload(ROW_ON), mload(LIMB_TERM_4), r)
            v0 := mulmod(v0, addmod(mload(BETA), sub(r, mload(LIMB_4)), r), r)
            v0 := addmod(v0, sub(r, mulmod(mload(LINE_ON), mload(LIMB_4), r)), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // limb 5 is in range
            v0 := mulmod(mload(ROW_ON), mload(LIMB_TERM_5), r)
            v0 := mulmod(v0, addmod(mload(BETA), sub(r, mload(LIMB_5)), r), r)
            v0 := addmod(v0, sub(r, mulmod(mload(LINE_ON), mload(LIMB_5), r)), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // limb 6 is in range
            v0 := mulmod(mload(ROW_ON), mload(LIMB_TERM_6), r)
            v0 := mulmod(v0, addmod(mload(BETA), sub(r, mload(LIMB_6)), r), r)
            v0 := addmod(v0, sub(r, mulmod(mload(LINE_ON), mload(LIMB_6), r)), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // limb 7 is in range
            v0 := mulmod(mload(ROW_ON), mload(LIMB_TERM_7), r)
            v0 := mulmod(v0, addmod(mload(BETA), sub(r, mload(LIMB_7)), r), r)
            v0 := addmod(v0, sub(r, mulmod(mload(LINE_ON), mload(LIMB_7), r)), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // limb 8 is in range
            v0 := mulmod(mload(ROW_ON), mload(LIMB_TERM_8), r)
            v0 := mulmod(v0, addmod(mload(BETA), sub(r, mload(LIMB_8)), r), r)
            v0 := addmod(v0, sub(r, mulmod(mload(LINE_ON), mload(LIMB_8), r)), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // the step is in range
            v0 := mulmod(mload(ROW_ON), mload(STEP_TERM), r)
            v0 := mulmod(v0, addmod(mload(BETA), sub(r, mload(SHARED_0)), r), r)
            v0 := addmod(v0, sub(r, mulmod(mload(LINE_ON), mload(SHARED_0), r)), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // the table offers its totals
            v0 := addmod(mulmod(mload(IS_INSTRUMENT), mload(ETA), r), mload(TABLE_CAP), r)
            v0 := mulmod(v0, mload(ETA), r)
            v0 := addmod(v0, mload(TABLE_WORTH), r)
            v0 := mulmod(v0, mload(ETA), r)
            v0 := addmod(v0, mload(TABLE_ENTRY), r)
            v0 := sub(r, v0)
            v0 := addmod(v0, mload(BETA), r)
            v0 := mulmod(v0, mulmod(mload(ROW_ON), mload(TABLE_TERM), r), r)
            v1 := addmod(mload(TOTAL_COUNT), mulmod(mload(ALPHA), mload(TOTAL_QUANTITY), r), r)
            v1 := sub(r, v1)
            v0 := addmod(v0, v1, r)
            v1 := addmod(0x1, sub(r, mload(IS_INSTRUMENT)), r)
            v1 := mulmod(v1, mload(TABLE_ENTRY), r)
            v1 := mulmod(v1, mload(MULTIPLICITY), r)
            v1 := sub(r, v1)
            v0 := addmod(v0, v1, r)
            h := addmod(mulmod(h, y, r), v0, r)
            // a line is an instrument
            v0 := addmod(mload(SUM_NEXT_ROW), sub(r, mload(SUM)), r)
            v0 := addmod(v0, mload(TABLE_TERM), r)
            v0 := addmod(v0, sub(r, mload(STEP_TERM)), r)
            v0 := addmod(v0, sub(r, mload(LIMB_TERM_0)), r)
            v0 := addmod(v0, sub(r, mload(LIMB_TERM_1)), r)
            v0 := addmod(v0, sub(r, mload(LIMB_TERM_2)), r)
            v0 := addmod(v0, sub(r, mload(LIMB_TERM_3)), r)
            v0 := addmod(v0, sub(r, mload(LIMB_TERM_4)), r)
            v0 := addmod(v0, sub(r, mload(LIMB_TERM_5)), r)
            v0 := addmod(v0, sub(r, mload(LIMB_TERM_6)), r)
            v0 := addmod(v0, sub(r, mload(LIMB_TERM_7)), r)
            v0 := addmod(v0, sub(r, mload(LIMB_TERM_8)), r)
            v0 := mulmod(v0, mload(ROW_ON), r)
            v1 := addmod(mulmod(0x1, mload(ETA), r), mload(CAP), r)
            v1 := mulmod(v1, mload(ETA), r)
            v1 := addmod(v1, mload(WORTH), r)
            v1 := mulmod(v1, mload(ETA), r)
            v1 := addmod(v1, mload(INSTRUMENT), r)
            v1 := sub(r, v1)
            v1 := addmod(v1, mload(BETA), r)
            v0 := mulmod(v0, v1, r)
            v1 := mload(LINE_ON)
            v1 := mulmod(v1, addmod(0x1, mulmod(mload(ALPHA), mload(SHARED_1), r), r), r)
            v1 := sub(r, v1)
            v0 := addmod(v0, v1, r)
            h := addmod(mulmod(h, y, r), v0, r)
            // the sum is zero at both ends
            v0 := mulmod(mload(IS_END), mload(SUM), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // last is a bit
            v0 := mulmod(mload(LINE_ON), mload(LAST), r)
            v0 := mulmod(v0, addmod(0x1, sub(r, mload(LAST)), r), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // a capped line has its headroom next
            v0 := addmod(mulmod(mload(LIMB_8_NEXT_LINE), 0x400, r), mload(LIMB_7_NEXT_LINE), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_6_NEXT_LINE), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_5_NEXT_LINE), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_4_NEXT_LINE), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_3_NEXT_LINE), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_2_NEXT_LINE), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_1_NEXT_LINE), r)
            v0 := mulmod(v0, 0x400, r)
            v0 := addmod(v0, mload(LIMB_0_NEXT_LINE), r)
            v0 := addmod(v0, mload(SHARED_1), r)
            v0 := addmod(v0, sub(r, mload(CAP)), r)
            v0 := mulmod(v0, mulmod(mload(LINE_ON), mload(CAP), r), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // the balance runs
            v0 := addmod(mload(BALANCE_NEXT_LINE), sub(r, mload(BALANCE)), r)
            v0 := addmod(v0, sub(r, mulmod(mload(SHARED_1), mload(WORTH), r)), r)
            v0 := mulmod(v0, mload(LINE_ON), r)
            h := addmod(mulmod(h, y, r), v0, r)
            // an account balances
            v0 := mulmod(mulmod(mload(LINE_ON), mload(LAST), r), mload(BALANCE_NEXT_LINE), r)
            h := addmod(mulmod(h, y, r), v0, r)
            mstore(QUOTIENT, mulmod(h, mload(INVERSE_OF_VANISHING), r))
        }
    }

    /// The one point that must open to zero at u: every commitment with its weight, less its value
    /// at u according to the evaluations, less the opening's own commitments.
    function combineOpenings() private view {
        // Opened at X and X_NEXT_LINE.
        weigh(1);
        interpolate(U_MINUS_X, U_MINUS_X_NEXT_LINE, INVERSE_OF_PAIR_NEXT_LINE);
        addOpening(COMMIT_LIMB_0, between(LIMB_0, LIMB_0_NEXT_LINE));
        addOpening(COMMIT_LIMB_1, between(LIMB_1, LIMB_1_NEXT_LINE));
        addOpening(COMMIT_LIMB_2, between(LIMB_2, LIMB_2_NEXT_LINE));
        addOpening(COMMIT_LIMB_3, between(LIMB_3, LIMB_3_NEXT_LINE));
        addOpening(COMMIT_LIMB_4, between(LIMB_4, LIMB_4_NEXT_LINE));
        addOpening(COMMIT_LIMB_5, between(LIMB_5, LIMB_5_NEXT_LINE));
        addOpening(COMMIT_LIMB_6, between(LIMB_6, LIMB_6_NEXT_LINE));
        addOpening(COMMIT_LIMB_7, between(LIMB_7, LIMB_7_NEXT_LINE));
        addOpening(COMMIT_LIMB_8, between(LIMB_8, LIMB_8_NEXT_LINE));
        addOpening(COMMIT_INSTRUMENT, between(INSTRUMENT, INSTRUMENT_NEXT_LINE));
        addOpening(COMMIT_BALANCE, between(BALANCE, BALANCE_NEXT_LINE));
        // Opened at X.
        weighNext(mulmod(load(U_MINUS_X_NEXT_ROW), load(U_MINUS_X_NEXT_LINE), R));
        addOpening(COMMIT_LIMB_TERM_0, load(LIMB_TERM_0));
        addOpening(COMMIT_LIMB_TERM_1, load(LIMB_TERM_1));
        addOpening(COMMIT_LIMB_TERM_2, load(LIMB_TERM_2));
        addOpening(COMMIT_LIMB_TERM_3, load(LIMB_TERM_3));
        addOpening(COMMIT_LIMB_TERM_4, load(LIMB_TERM_4));
        addOpening(COMMIT_LIMB_TERM_5, load(LIMB_TERM_5));
        addOpening(COMMIT_LIMB_TERM_6, load(LIMB_TERM_6));
        addOpening(COMMIT_LIMB_TERM_7, load(LIMB_TERM_7));
        addOpening(COMMIT_LIMB_TERM_8, load(LIMB_TERM_8));
        addOpening(COMMIT_LAST, load(LAST));
        addOpening(COMMIT_STEP_TERM, load(STEP_TERM));
        addOpening(COMMIT_TABLE_TERM, load(TABLE_TERM));
        addOpening(COMMIT_MULTIPLICITY, load(MULTIPLICITY));
        addOpening(COMMIT_SEAL, load(SEAL));
        addOpening(COMMIT_CAP, load(CAP));
        addOpening(COMMIT_WORTH, load(WORTH));
        addOpeningOfKey(
            0x1b4a5ba030651dcffe85e1516597fef4fac4e78ec1fcc416b40e73b577a68f1c,
            0x2ab6dea3adff2f64261d507c804c36f77aae6bf998ac40aff62b8606ead61896,
            load(LINE_ON)
        );
        addOpeningOfKey(
            0x2e33e0072d68d8281fa575202f0a767735e7145d185c3735575e40b69eec98d8,
            0x2cafe44321b5868fea683969ae1de260538f0261d8f5954f3d9704af401006a5,
            load(ROW_ON)
        );
        addOpeningOfKey(
            0x2bc82a33107891152f7ab96a55f9daf44e60eef66c8ca51d1214ea7e150bb8da,
            0x2bc3f6d99dd51e9909b2ed69ccedba36f96fe23906c5cb8732b5749c0232bdc9,
            load(TABLE_ENTRY)
        );
        addOpeningOfKey(
            0xc88b095f1ebf7d2c84eb933a697be4684704c9540554b152c8c9cc62a871565,
            0x1c347b927ed721eda266998217d17e184c56656f609c19c3fa41e4fbcb9e7ff1,
            load(IS_INSTRUMENT)
        );
        addOpeningOfKey(
            0x2051761899d9b68f6e96dc106700159f90f8a04f53b8087760123795ece59b7e,
            0x2e39224ea568347f43898d1954526cbd39f601c41c1e00fe47f487139426bce0,
            load(IS_END)
        );
        addQuotient(load(QUOTIENT));
        addOpening(COMMIT_RANDOM, load(RANDOM));
        // Opened at X and X_NEXT_ROW.
        weighNext(load(U_MINUS_X_NEXT_LINE));
        interpolate(U_MINUS_X, U_MINUS_X_NEXT_ROW, INVERSE_OF_PAIR_NEXT_ROW);
        addOpening(COMMIT_SUM, between(SUM, SUM_NEXT_ROW));
        // The generator, less all values; the opening's commitments.
        setPoint(1, 2);
        multiplyAdd(KEY_POINT, R - load(VALUE));
        multiplyAdd(COMMIT_OPENING, R - mulmod(load(U_MINUS_X), load(U_MINUS_X_NEXT_LINE), R));
        multiplyAdd(COMMIT_OPENING_AT_U, load(U));
    }

    /// Begins the first set of commitments.
    function weigh(uint256 weight) private pure {
        assembly {
            mstore(WEIGHT, 1)
            mstore(POWER, weight)
            mstore(VALUE, 0)
            mstore(ACCUMULATOR, 0)
            mstore(add(ACCUMULATOR, 0x20), 0)
        }
    }

    /// Begins the next set. Its weight is the next power of v times `missing`, the differences of u
    /// and the points at which the set is not opened, divided by those of the first set.
    function weighNext(uint256 missing) private pure {
        assembly {
            let r := R
            let weight := mulmod(mload(WEIGHT), mload(OPENING_V), r)
            mstore(WEIGHT, weight)
            mstore(POWER, mulmod(mulmod(weight, missing, r), mload(INVERSE_OF_FIRST), r))
        }
    }

    /// Sets the weights of two evaluations, at points a and b, in the value at u of the line
    /// through them: (u - b) / (a - b) and (u - a) / (b - a).
    function interpolate(uint256 uMinusA, uint256 uMinusB, uint256 inverse) private pure {
        assembly {
            let r := R
            mstore(WEIGHT_A, mulmod(mload(uMinusB), mload(inverse), r))
            mstore(WEIGHT_B, mulmod(mload(uMinusA), sub(r, mload(inverse)), r))
        }
    }

    /// The value at u of the line through two evaluations.
    function between(uint256 a, uint256 b) private pure returns (uint256 value) {
        assembly {
            let r := R
            value := addmod(
                mulmod(mload(a), mload(WEIGHT_A), r),
                mulmod(mload(b), mload(WEIGHT_B), r),
                r
            )
        }
    }

    /// Adds a commitment and its value at u with the next weight of the set.
    function addOpening(uint256 point, uint256 value) private view {
        multiplyAdd(point, load(POWER));
        nextPower(value);
    }

    /// The same for a commitment that is part of the key.
    function addOpeningOfKey(uint256 x, uint256 y, uint256 value) private view {
        setPoint(x, y);
        addOpening(KEY_POINT, value);
    }

    /// The same for the quotient, whose parts are x^n apart.
    function addQuotient(uint256 value) private view {
        uint256 scalar = load(POWER);
        for (uint256 part; part < QUOTIENT_BYTES; part += 64) {
            multiplyAdd(COMMIT_QUOTIENT + part, scalar);
            scalar = mulmod(scalar, load(X_TO_ROWS), R);
        }
        nextPower(value);
    }

    function nextPower(uint256 value) private pure {
        assembly {
            let r := R
            let power := mload(POWER)
            mstore(VALUE, addmod(mload(VALUE), mulmod(power, value, r), r))
            mstore(POWER, mulmod(power, mload(OPENING_Y), r))
        }
    }

    function setPoint(uint256 x, uint256 y) private pure {
        assembly {
            mstore(KEY_POINT, x)
            mstore(add(KEY_POINT, 0x20), y)
        }
    }

    /// Adds `scalar` times a point to the accumulator.
    function multiplyAdd(uint256 point, uint256 scalar) private view {
        bool ok;
        assembly {
            mcopy(TERM, point, 0x40)
            ok := 1
            // The first commitment of all weighs 1.
            if iszero(eq(scalar, 1)) {
                mstore(add(TERM, 0x40), scalar)
                ok := staticcall(gas(), 7, TERM, 0x60, TERM, 0x40)
                ok := and(ok, eq(returndatasize(), 0x40))
            }
            ok := and(ok, staticcall(gas(), 6, ACCUMULATOR, 0x80, ACCUMULATOR, 0x40))
            ok := and(ok, eq(returndatasize(), 0x40))
        }
        if (!ok) revert PrecompileFailed();
    }

    /// e(opening at u, [tau]_2) = e(accumulator, [1]_2).
    function pairingHolds() private view returns (bool holds) {
        bool ok;
        assembly {
            mcopy(END, COMMIT_OPENING_AT_U, 0x40)
            mcopy(add(END, 0xc0), ACCUMULATOR, 0x40)
            mstore(add(END, 0x40), TAU_X_1)
            mstore(add(END, 0x60), TAU_X_0)
            mstore(add(END, 0x80), TAU_Y_1)
            mstore(add(END, 0xa0), TAU_Y_0)
            mstore(add(END, 0x100), MINUS_ONE_X_1)
            mstore(add(END, 0x120), MINUS_ONE_X_0)
            mstore(add(END, 0x140), MINUS_ONE_Y_1)
            mstore(add(END, 0x160), MINUS_ONE_Y_0)
            ok := staticcall(gas(), 8, END, 0x180, END, 0x20)
            ok := and(ok, eq(returndatasize(), 0x20))
            holds := eq(mload(END), 1)
        }
        if (!ok) revert PrecompileFailed();
    }

    function load(uint256 place) private pure returns (uint256 value) {
        assembly {
            value := mload(place)
        }
    }

    function word(uint256 place) private pure returns (uint256 value) {
        assembly {
            value := calldataload(place)
        }
    }
}
