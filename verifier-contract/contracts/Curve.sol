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

    address private constant ADD = address(6);
    address private constant MUL = address(7);
    address private constant PAIRING = address(8);

    /// @notice The input is not a point of the curve in its only encoding, or the gas ran out.
    error NotAPoint();

    /// @notice `a + b`.
    /// @param a A point.
    /// @param b A point.
    /// @return The sum.
    function add(Point memory a, Point memory b) internal view returns (Point memory) {
        return _point(ADD, abi.encode(a.x, a.y, b.x, b.y));
    }

    /// @notice `scalar * a`.
    /// @param a A point.
    /// @param scalar Any number; taken mod `R`.
    /// @return The product.
    function mul(Point memory a, uint256 scalar) internal view returns (Point memory) {
        return _point(MUL, abi.encode(a.x, a.y, scalar));
    }

    /// @notice `-a`.
    /// @param a A point that a precompile has accepted.
    /// @return The negated point.
    function negate(Point memory a) internal pure returns (Point memory) {
        return Point(a.x, a.y == 0 ? 0 : Q - a.y);
    }

    /// @notice Whether the product of three pairings is one.
    /// @param pairs Points of the first and of the second group in turn, encoded as in EIP-197.
    /// @return Whether it is one.
    function pairToOne(uint256[18] memory pairs) internal view returns (bool) {
        (bool success, bytes memory result) = PAIRING.staticcall(abi.encodePacked(pairs));
        if (!success || result.length != 32) revert NotAPoint();
        return abi.decode(result, (uint256)) == 1;
    }

    function _point(address precompile, bytes memory input) private view returns (Point memory) {
        (bool success, bytes memory result) = precompile.staticcall(input);
        if (!success || result.length != 64) revert NotAPoint();
        return abi.decode(result, (Point));
    }
}
