// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @notice A point of BN254's first group; infinity is (0, 0).
struct Point {
    uint256 x;
    uint256 y;
}

/// @title BN254 by the chain's precompiles
/// @notice The precompiles check their input: they fail if a coordinate is not below `Q` or a point
/// is not on the curve. If one fails, for whatever reason, these functions revert.
library Curve {
    /// The order of the groups; scalars are taken mod `R`.
    uint256 internal constant R =
        0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;
    /// The modulus of the coordinates.
    uint256 internal constant Q =
        0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;
    /// The generator of the second group, in the order of EIP-197: x.c1, x.c0, y.c1, y.c0.
    uint256 internal constant G2_X1 =
        0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2;
    uint256 internal constant G2_X0 =
        0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed;
    uint256 internal constant G2_Y1 =
        0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b;
    uint256 internal constant G2_Y0 =
        0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa;

    uint256 private constant ADD = 6;
    uint256 private constant MUL = 7;
    uint256 private constant PAIRING = 8;

    /// @notice The input is not a point of the curve in its only encoding, or the gas ran out.
    error NotAPoint();

    /// @notice Adds `scalar * (x, y)` to a sum.
    /// @param sum The sum so far; the result replaces it.
    /// @param x The point's first coordinate.
    /// @param y The point's second coordinate.
    /// @param scalar Any number; taken mod `R`.
    function addScaled(Point memory sum, uint256 x, uint256 y, uint256 scalar) internal view {
        bool success;
        // Assembly, because the compiler would copy each argument and each answer twice. What lies
        // beyond the free memory pointer is nobody's.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, x)
            mstore(add(free, 32), y)
            mstore(add(free, 64), scalar)
            success := staticcall(gas(), MUL, free, 96, add(free, 64), 64)
            success := and(success, eq(returndatasize(), 64))
            mstore(free, mload(sum))
            mstore(add(free, 32), mload(add(sum, 32)))
            let added := staticcall(gas(), ADD, free, 128, sum, 64)
            success := and(success, and(added, eq(returndatasize(), 64)))
        }
        if (!success) revert NotAPoint();
    }

    /// @notice Adds `(x, y)` to a sum.
    /// @param sum The sum so far; the result replaces it.
    /// @param x The point's first coordinate.
    /// @param y The point's second coordinate.
    function add(Point memory sum, uint256 x, uint256 y) internal view {
        bool success;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, mload(sum))
            mstore(add(free, 32), mload(add(sum, 32)))
            mstore(add(free, 64), x)
            mstore(add(free, 96), y)
            success := staticcall(gas(), ADD, free, 128, sum, 64)
            success := and(success, eq(returndatasize(), 64))
        }
        if (!success) revert NotAPoint();
    }

    /// @notice `-a`.
    /// @param a A point that a precompile has accepted.
    /// @return The negated point.
    function negate(Point memory a) internal pure returns (Point memory) {
        return Point(a.x, a.y == 0 ? 0 : Q - a.y);
    }

    /// @notice Whether the product of three pairings is one.
    /// @param pairs Points of the first and of the second group in turn, encoded as in EIP-197.
    /// @return one Whether it is one.
    function pairToOne(uint256[18] memory pairs) internal view returns (bool one) {
        bool success;
        assembly ("memory-safe") {
            success := staticcall(gas(), PAIRING, pairs, 576, 0, 32)
            success := and(success, eq(returndatasize(), 32))
            one := and(success, eq(mload(0), 1))
        }
        if (!success) revert NotAPoint();
    }
}
