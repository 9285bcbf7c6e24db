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
/// pairing, the second under a random weight that is drawn after W; and pages of one volume too, each
/// further one under a weight that is drawn after all their points.
library PageOpening {
    /// What follows from one page and its challenges.
    struct Shown {
        /// The point at which the page's polynomial is opened, and what it is there.
        uint256 z;
        uint256 y;
        /// x^P, the same for each point x of the page.
        uint256 c;
        /// keccak256 of z and W, from which the weight of the second equation is drawn.
        bytes32 drawn;
    }

    /// The points of the first group in the check, each summed over the pages.
    struct Sums {
        Point first;
        Point openings;
        Point evaluations;
        /// How often C counts, and how often the generator.
        uint256 pages;
        uint256 generators;
    }

    /// keccak256("pacioli.open.v1")
    bytes32 private constant OPEN_TAG = keccak256("pacioli.open.v1");
    /// keccak256("pacioli.interpolation.v1")
    bytes32 private constant INTERPOLATION_TAG = keccak256("pacioli.interpolation.v1");

    uint256 private constant R = Curve.R;
    // The same, written out for assembly.
    uint256 private constant ORDER =
        0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;
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

    /// @notice Reverts unless the page has the statement's values under its commitments.
    /// @param gamma The volume's challenge; see `gammaOf`.
    /// @param combined The commitment to the combined column; see `combine`.
    /// @param statement The statement.
    function requirePage(
        uint256 gamma,
        Point memory combined,
        Statement calldata statement
    ) internal view {
        Sums memory sums;
        _add(sums, statement, _show(gamma, statement), 1);
        if (!_holds(sums, combined)) revert IStatementVerifier.OpeningDoesNotHold(statement.page);
    }

    /// @notice Reverts unless each page has its statement's values under the volume's commitments.
    /// @param gamma The volume's challenge; see `gammaOf`.
    /// @param combined The commitment to the combined column; see `combine`.
    /// @param statements The statements.
    function requirePages(
        uint256 gamma,
        Point memory combined,
        Statement[] calldata statements
    ) internal view {
        Shown[] memory shown = new Shown[](statements.length);
        bytes32 seed = bytes32(gamma);
        for (uint256 i = 0; i < statements.length; ++i) {
            shown[i] = _show(gamma, statements[i]);
            // Through z, all but W is in it; and W itself.
            seed = keccak256(abi.encode(seed, shown[i].drawn));
        }
        Sums memory sums;
        for (uint256 i = 0; i < statements.length; ++i) {
            uint256 weight = i == 0 ? 1 : uint256(keccak256(abi.encode(seed, i))) % R;
            _add(sums, statements[i], shown[i], weight);
        }
        if (!_holds(sums, combined)) revert IStatementVerifier.OpeningsDoNotHold();
    }

    /// @notice `[seal] + gamma [instrument] + gamma^2 [quantity] + gamma^3 [last]`.
    /// @param gamma The volume's challenge; see `gammaOf`.
    /// @param commitments The commitments of phase 1.
    /// @return sum The commitment to the combined column.
    function combine(
        uint256 gamma,
        bytes calldata commitments
    ) internal view returns (Point memory sum) {
        if (commitments.length < 64 * (SEAL + 1)) {
            revert IStatementVerifier.CommitmentsMissing(SEAL + 1, commitments.length / 64);
        }
        uint256 weight = mulmod(gamma, gamma, R);
        (uint256 x, uint256 y) = _column(commitments, SEAL);
        Curve.add(sum, x, y);
        (x, y) = _column(commitments, INSTRUMENT);
        Curve.addScaled(sum, x, y, gamma);
        (x, y) = _column(commitments, LAST);
        Curve.addScaled(sum, x, y, mulmod(weight, gamma, R));
        for (uint256 i = 0; i < StatementKey.LIMBS; ++i) {
            (x, y) = _column(commitments, LIMBS + i);
            Curve.addScaled(sum, x, y, weight);
            weight = mulmod(weight, 1 << StatementKey.LIMB_BITS, R);
        }
    }

    /// The commitment to one column; the caller looked at the length.
    function _column(
        bytes calldata commitments,
        uint256 column
    ) private pure returns (uint256 x, uint256 y) {
        assembly ("memory-safe") {
            let place := add(commitments.offset, shl(6, column))
            x := calldataload(place)
            y := calldataload(add(place, 32))
        }
    }

    /// Draws the page's challenges, and evaluates its values there.
    function _show(
        uint256 gamma,
        Statement calldata statement
    ) private pure returns (Shown memory shown) {
        uint256[] calldata values = statement.pageValues;
        if (values.length != PAGE_SIZE) {
            revert IStatementVerifier.PageValueCount(PAGE_SIZE, values.length);
        }
        uint256 start = _power(StatementKey.OMEGA, statement.page);
        shown.c = _power(start, PAGE_SIZE);
        shown.z = _point(gamma, statement);
        shown.y = _valueAt(shown.z, start, shown.c, values);
        shown.drawn = keccak256(abi.encode(shown.z, statement.evaluation));
    }

    /// Adds `weight` times the check of a page, with u drawn for it, to the sums:
    /// C + (u - 1) D + c opening - u y G1 + z u W, -opening and -u W.
    function _add(
        Sums memory sums,
        Statement calldata statement,
        Shown memory shown,
        uint256 weight
    ) private view {
        uint256 u = uint256(shown.drawn) % R;
        sums.pages = addmod(sums.pages, weight, R);
        uint256 second = mulmod(weight, u, R);
        sums.generators = addmod(sums.generators, mulmod(second, R - shown.y, R), R);
        uint256[2] calldata point = statement.interpolation;
        Curve.addScaled(sums.first, point[0], point[1], addmod(second, R - weight, R));
        point = statement.opening;
        Curve.addScaled(sums.first, point[0], point[1], mulmod(weight, shown.c, R));
        if (weight == 1) Curve.add(sums.openings, point[0], point[1]);
        else Curve.addScaled(sums.openings, point[0], point[1], weight);
        point = statement.evaluation;
        Curve.addScaled(sums.first, point[0], point[1], mulmod(second, shown.z, R));
        Curve.addScaled(sums.evaluations, point[0], point[1], second);
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
        (uint256 sum, uint256 read) = _sum(z, start, values);
        if (read != PAGE_SIZE) revert IStatementVerifier.PageValueNotCanonical(read);
        // 1/P = R - (R - 1) / P, since P divides R - 1; c is a root of unity whose order is the
        // number of pages.
        uint256 inverse = mulmod(
            R - (R - 1) / PAGE_SIZE,
            _power(c, (1 << StatementKey.K) / PAGE_SIZE - 1),
            R
        );
        return mulmod(sum, inverse, R);
    }

    /// The sum in `_valueAt`, and the number of values before the first that is not below R.
    function _sum(
        uint256 z,
        uint256 x,
        uint256[] calldata values
    ) private pure returns (uint256 sum, uint256 read) {
        uint256 root = StatementKey.PAGE_ROOT;
        uint256 product = 1;
        // Assembly, because the compiler would check each of the P accesses again. A point x is
        // below R and not 0.
        assembly ("memory-safe") {
            for {} lt(read, values.length) {
                read := add(read, 1)
            } {
                let value := calldataload(add(values.offset, shl(5, read)))
                if iszero(lt(value, ORDER)) {
                    break
                }
                let step := addmod(z, sub(ORDER, x), ORDER)
                let term := mulmod(mulmod(value, x, ORDER), product, ORDER)
                sum := addmod(mulmod(sum, step, ORDER), term, ORDER)
                product := mulmod(product, step, ORDER)
                x := mulmod(x, root, ORDER)
            }
        }
    }

    function _power(uint256 base, uint256 exponent) private pure returns (uint256 power) {
        power = 1;
        for (; exponent > 0; exponent >>= 1) {
            if (exponent & 1 == 1) power = mulmod(power, base, R);
            base = mulmod(base, base, R);
        }
    }

    /// `e(first, G2) e(-openings, [tau^P]_2) e(-evaluations, [tau]_2) = 1`, with C and the generator
    /// added to `first` as often as they count.
    function _holds(Sums memory sums, Point memory combined) private view returns (bool) {
        Point memory first = sums.first;
        if (sums.pages == 1) Curve.add(first, combined.x, combined.y);
        else Curve.addScaled(first, combined.x, combined.y, sums.pages);
        Curve.addScaled(first, 1, 2, sums.generators);
        Point memory second = Curve.negate(sums.openings);
        Point memory third = Curve.negate(sums.evaluations);
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
