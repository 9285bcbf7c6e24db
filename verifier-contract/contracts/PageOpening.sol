// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {StatementKey} from "../generated/StatementKey.sol";
import {Curve, Point} from "./Curve.sol";
import {IStatementVerifier, Statement} from "./interfaces/IStatementVerifier.sol";

/// @title Checks that a page has the values that a statement gives
/// @notice Checks the equation of `docs/formats.md`, `e(C - [I(tau)]_1 + c opening, G2) =
/// e(opening, [tau^P]_2)`, where I is the polynomial that has the page's P values. To compute
/// `[I(tau)]_1` takes P scalar multiplications and the powers of tau: over 450,000 gas for P = 64.
/// The sender supplies it instead, and proves it right by a KZG opening at a random point z: with
/// D = `interpolation`, W = `evaluation` and y = I(z), which takes only field arithmetic,
/// `e(D - y G1 + z W, G2) = e(W, [tau]_2)`. The polynomial in D is fixed before z is drawn from D,
/// C and the values; one that differs from I agrees with it at no more than 2^k of the field's
/// 2^254 points. The assumption is that of the volume's proof. Both equations are checked in one
/// pairing, the second under a random weight that is drawn after W.
library PageOpening {
    /// keccak256("pacioli.open.v1")
    bytes32 private constant OPEN_TAG = keccak256("pacioli.open.v1");
    /// keccak256("pacioli.interpolation.v1")
    bytes32 private constant INTERPOLATION_TAG = keccak256("pacioli.interpolation.v1");

    uint256 private constant R = Curve.R;
    uint256 private constant PAGE_SIZE = StatementKey.PAGE_SIZE;

    // The order of the commitments of phase 1: last, instrument, limbs, cap, worth, seal,
    // multiplicity.
    uint256 private constant LAST = 0;
    uint256 private constant INSTRUMENT = 1;
    uint256 private constant LIMBS = 2;
    uint256 private constant SEAL = LIMBS + StatementKey.LIMBS + 2;

    /// @notice The challenge that combines the columns of a volume that statements open. It does
    /// not depend on anything that the sender chooses.
    /// @param word The volume's context word.
    /// @param phase1 keccak256 of the commitments of phase 1.
    /// @return The challenge, below the scalar field's order.
    function gammaOf(bytes32 word, bytes32 phase1) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(OPEN_TAG, word, phase1))) % R;
    }

    /// @notice Reverts unless the page has the statement's values under its commitments. The caller
    /// must have compared the hash of the commitments with the registered one.
    /// @param gamma The volume's challenge; see `gammaOf`.
    /// @param statement The statement.
    function requirePage(uint256 gamma, Statement calldata statement) internal view {
        _requireCanonical(statement.pageValues);
        uint256 start = _power(StatementKey.OMEGA, statement.page);
        uint256 c = _power(start, PAGE_SIZE);
        uint256 z = _point(gamma, statement);
        uint256 y = _valueAt(z, start, c, statement.pageValues);
        uint256[2] calldata evaluation = statement.evaluation;
        uint256 weight = uint256(keccak256(abi.encode(z, evaluation))) % R;

        Point memory opening = Point(statement.opening[0], statement.opening[1]);
        Point memory interpolation = Point(statement.interpolation[0], statement.interpolation[1]);
        Point memory weighed = Curve.mul(Point(evaluation[0], evaluation[1]), weight);
        // C + (weight - 1) D + c opening - weight y G1 + z weight W
        Point memory sum = combine(gamma, statement.phase1);
        sum = Curve.add(sum, Curve.mul(interpolation, addmod(weight, R - 1, R)));
        sum = Curve.add(sum, Curve.mul(opening, c));
        sum = Curve.add(sum, Curve.mul(Point(1, 2), mulmod(weight, R - y, R)));
        sum = Curve.add(sum, Curve.mul(weighed, z));
        if (!_pairToOne(sum, Curve.negate(opening), Curve.negate(weighed))) {
            revert IStatementVerifier.OpeningDoesNotHold(statement.page);
        }
    }

    /// @notice `[seal] + gamma [instrument] + gamma^2 [quantity] + gamma^3 [last]`.
    /// @param gamma The volume's challenge; see `gammaOf`.
    /// @param phase1 The commitments of phase 1.
    /// @return sum The commitment to the combined column.
    function combine(
        uint256 gamma,
        bytes calldata phase1
    ) internal view returns (Point memory sum) {
        uint256 weight = mulmod(gamma, gamma, R);
        sum = _term(phase1, SEAL, 1);
        sum = Curve.add(sum, _term(phase1, INSTRUMENT, gamma));
        sum = Curve.add(sum, _term(phase1, LAST, mulmod(weight, gamma, R)));
        for (uint256 i = 0; i < StatementKey.LIMBS; ++i) {
            sum = Curve.add(sum, _term(phase1, LIMBS + i, weight));
            weight = mulmod(weight, 1 << StatementKey.LIMB_BITS, R);
        }
    }

    /// The weighted commitment to one column.
    function _term(
        bytes calldata phase1,
        uint256 column,
        uint256 weight
    ) private view returns (Point memory) {
        Point memory point = abi.decode(phase1[64 * column:64 * (column + 1)], (Point));
        return weight == 1 ? point : Curve.mul(point, weight);
    }

    function _requireCanonical(uint256[] calldata values) private pure {
        if (values.length != PAGE_SIZE) {
            revert IStatementVerifier.PageValueCount(PAGE_SIZE, values.length);
        }
        for (uint256 slot = 0; slot < PAGE_SIZE; ++slot) {
            if (values[slot] >= R) revert IStatementVerifier.PageValueNotCanonical(slot);
        }
    }

    /// z, drawn from the commitments and the word (through gamma), the values, and the points that
    /// must be fixed before it.
    function _point(uint256 gamma, Statement calldata statement) private pure returns (uint256) {
        bytes memory words = abi.encodePacked(
            INTERPOLATION_TAG,
            gamma,
            statement.page,
            statement.pageValues.length,
            statement.pageValues,
            statement.opening,
            statement.interpolation
        );
        return uint256(keccak256(words)) % R;
    }

    /// I(z). With x_s the points of the page, for all of which x_s^P = c,
    /// `I(z) = 1/(P c) sum_s v_s x_s prod_(t != s) (z - x_t)`. The loop keeps the product and the
    /// sum over the slots so far, so that it never divides, not even by z - x_s.
    function _valueAt(
        uint256 z,
        uint256 start,
        uint256 c,
        uint256[] calldata values
    ) private pure returns (uint256) {
        uint256 x = start;
        uint256 product = 1;
        uint256 sum = 0;
        for (uint256 slot = 0; slot < PAGE_SIZE; ++slot) {
            uint256 step = addmod(z, R - x, R);
            uint256 term = mulmod(mulmod(values[slot], x, R), product, R);
            sum = addmod(mulmod(sum, step, R), term, R);
            product = mulmod(product, step, R);
            x = mulmod(x, StatementKey.PAGE_ROOT, R);
        }
        // 1/P = R - (R - 1) / P, since P divides R - 1; c is a root of unity whose order is the
        // number of pages.
        uint256 inverse = mulmod(
            R - (R - 1) / PAGE_SIZE,
            _power(c, (1 << StatementKey.K) / PAGE_SIZE - 1),
            R
        );
        return mulmod(sum, inverse, R);
    }

    function _power(uint256 base, uint256 exponent) private pure returns (uint256 power) {
        power = 1;
        for (; exponent > 0; exponent >>= 1) {
            if (exponent & 1 == 1) power = mulmod(power, base, R);
            base = mulmod(base, base, R);
        }
    }

    /// `e(first, G2) e(second, [tau^P]_2) e(third, [tau]_2) = 1`.
    function _pairToOne(
        Point memory first,
        Point memory second,
        Point memory third
    ) private view returns (bool) {
        uint256[18] memory pairs;
        (pairs[0], pairs[1]) = (first.x, first.y);
        (pairs[2], pairs[3]) = (Curve.G2_X1, Curve.G2_X0);
        (pairs[4], pairs[5]) = (Curve.G2_Y1, Curve.G2_Y0);
        (pairs[6], pairs[7]) = (second.x, second.y);
        (pairs[8], pairs[9]) = (StatementKey.TAU_PAGE_X1, StatementKey.TAU_PAGE_X0);
        (pairs[10], pairs[11]) = (StatementKey.TAU_PAGE_Y1, StatementKey.TAU_PAGE_Y0);
        (pairs[12], pairs[13]) = (third.x, third.y);
        (pairs[14], pairs[15]) = (StatementKey.TAU_X1, StatementKey.TAU_X0);
        (pairs[16], pairs[17]) = (StatementKey.TAU_Y1, StatementKey.TAU_Y0);
        return Curve.pairToOne(pairs);
    }
}
