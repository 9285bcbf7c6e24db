// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title Prices of a pool's ticks
/// @notice A tick t of Uniswap v3 stands for the price 1.0001^t of the pool's first token in its
/// second, both in their smallest units (whitepaper of Uniswap v3, section 6.1). The power is
/// computed as a product of the powers 1.0001^(2^i), each with 128 significant bits, rounded down;
/// so is the product after each of at most 20 factors. Its relative error is below 2^-120.
library TickPrice {
    /// @notice Ticks go from -887,272 to 887,272.
    error TickOutOfRange(int256 tick);

    /// The largest tick.
    int256 internal constant LAST = 887_272;
    // 1 as a mantissa.
    uint256 private constant ONE = 1 << 127;

    /// @notice The price of a tick times a power of ten, rounded down.
    /// @param tick The tick.
    /// @param power The power: from -38 to 38.
    /// @return price 1.0001^tick * 10^power; the largest number if that is 2^127 or more.
    function priceOf(int256 tick, int256 power) internal pure returns (uint256 price) {
        (uint256 m, int256 e) = _power(tick);
        // From here on the price is m * 2^(e - 127), at first without the power of ten.
        if (power > 0) m *= 10 ** uint256(power);
        if (e < 127) {
            uint256 right = uint256(127 - e);
            price = right < 256 ? m >> right : 0;
        } else {
            uint256 left = uint256(e - 127);
            price = m >> (256 - 1 - left) == 0 ? m << left : type(uint256).max;
        }
        if (power < 0 && price != type(uint256).max) price /= 10 ** uint256(-power);
        if (price >= ONE) price = type(uint256).max;
    }

    // 1.0001^tick as m * 2^(e - 127) with m from 2^126 to 2^128.
    function _power(int256 tick) private pure returns (uint256 m, int256 e) {
        if (tick < -LAST || tick > LAST) revert TickOutOfRange(tick);
        uint256 x = uint256(tick < 0 ? -tick : tick);
        m = ONE;
        if (x & 0x1 != 0) (m, e) = _times(m, e, 0x800346dc5d63886594af4f0d844d013a, 0);
        if (x & 0x2 != 0) (m, e) = _times(m, e, 0x80068dce3455f2fbb5987dbac0dba7db, 0);
        if (x & 0x4 != 0) (m, e) = _times(m, e, 0x800d1bf2511a65841828b728ca2850a2, 0);
        if (x & 0x8 != 0) (m, e) = _times(m, e, 0x801a393c55874956d12d5a300c93cfc7, 0);
        if (x & 0x10 != 0) (m, e) = _times(m, e, 0x803477d805292a4052ebfee1667accc7, 0);
        if (x & 0x20 != 0) (m, e) = _times(m, e, 0x80690531da0b9c1cefced552b4221672, 0);
        if (x & 0x40 != 0) (m, e) = _times(m, e, 0x80d2608e3a16ebb94b9c6faf4b31cb78, 0);
        if (x & 0x80 != 0) (m, e) = _times(m, e, 0x81a61ae18fb267d36e06b6f21e8440e9, 0);
        if (x & 0x100 != 0) (m, e) = _times(m, e, 0x8351a5bc64557fdfc0df6ad19587e73a, 0);
        if (x & 0x200 != 0) (m, e) = _times(m, e, 0x86b953523666c5e74d73b8d8b14a53f5, 0);
        if (x & 0x400 != 0) (m, e) = _times(m, e, 0x8dcd12c731c942cb6e3abfd5198aa6fb, 0);
        if (x & 0x800 != 0) (m, e) = _times(m, e, 0x9d1715ed027c1bcf9e68bdf2e1a1ea29, 0);
        if (x & 0x1000 != 0) (m, e) = _times(m, e, 0xc0caa5f34f06d47f3bf955a1743e7a88, 0);
        if (x & 0x2000 != 0) (m, e) = _times(m, e, 0x91309957461680a420094a1dc24187dd, 1);
        if (x & 0x4000 != 0) (m, e) = _times(m, e, 0xa4b02ddd73f26b638c2cef3d00fc4c96, 2);
        if (x & 0x8000 != 0) (m, e) = _times(m, e, 0xd3e46805aa8b427fa698d703280dc0fd, 4);
        if (x & 0x10000 != 0) (m, e) = _times(m, e, 0xaf624f42cb7df25e21164319b378f463, 9);
        if (x & 0x20000 != 0) (m, e) = _times(m, e, 0xf04f1c3c33c8919f172ba42a5b99e825, 18);
        if (x & 0x40000 != 0) (m, e) = _times(m, e, 0xe1946d63515d40505bfab78c64e886de, 37);
        if (x & 0x80000 != 0) (m, e) = _times(m, e, 0xc6c63e573e99b8b10f5961ae4cacb1f9, 75);
        if (tick < 0) (m, e) = ((1 << 254) / m, -e);
    }

    // m * n as a mantissa of 128 bits, and the sum of the exponents.
    function _times(
        uint256 m,
        int256 e,
        uint256 n,
        int256 f
    ) private pure returns (uint256, int256) {
        m = (m * n) >> 127;
        e += f;
        return m >> 128 == 0 ? (m, e) : (m >> 1, e + 1);
    }
}
