// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// @title drand's network `quicknet`
/// @notice A round every 3 seconds, signed by a threshold of its members: scheme
/// `bls-unchained-g1-rfc9380`, a BLS signature in G1 of the SHA-256 hash of the round's number,
/// under one public key in G2. There is one signature of a round, and it has one form. The chain
/// needs the precompiled contracts of EIP-2537. Source: the network's `/info`, chain hash
/// 52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971.
library Quicknet {
    /// @notice This chain computes no pairings of BLS12-381: it lacks EIP-2537.
    error NoPairings();

    /// The time of the first round, in seconds since 1970.
    uint256 internal constant GENESIS = 1_692_803_367;
    /// The seconds from one round to the next.
    uint256 internal constant PERIOD = 3;

    // Precompiled contracts, and the most gas for one of them: what has a bad form burns all of it.
    address private constant MODEXP = address(0x05);
    address private constant ADD = address(0x0b);
    address private constant PAIRING = address(0x0f);
    address private constant MAP = address(0x10);
    uint256 private constant GAS = 500_000;

    // The field's order p, (p + 1) / 4 and (p - 1) / 2.
    bytes private constant P =
        hex"1a0111ea397fe69a4b1ba7b6434bacd7"
        hex"64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab";
    bytes private constant ROOT =
        hex"0680447a8e5ff9a692c6e9ed90d2eb35"
        hex"d91dd2e13ce144afd9cc34a83dac3d8907aaffffac54ffffee7fbfffffffeaab";
    uint256 private constant P_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 private constant P_LOW =
        0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;
    uint256 private constant HALF_HIGH = 0x0d0088f51cbff34d258dd3db21a5d66b;
    uint256 private constant HALF_LOW =
        0xb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555;

    // RFC 9380's suite as a domain, and its length.
    bytes private constant DOMAIN = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_\x2b";

    // The network's public key, as EIP-2537 writes points of G2.
    bytes private constant KEY =
        hex"000000000000000000000000000000000d1fec758c921cc22b0e17e63aaf4bcb"
        hex"5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
        hex"0000000000000000000000000000000003cf0f2896adee7eb8b5f01fcad39122"
        hex"12c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
        hex"000000000000000000000000000000000e5db2b6bfbb01c867749cadffca88b3"
        hex"6c24f3012ba09fc4d3022c5c37dce0f977d3adb5d183c7477c442b1f04515273"
        hex"0000000000000000000000000000000001a714f2edb74119a2f2b0d5a7c75ba9"
        hex"02d163700a61bc224ededd8e63aef7be1aaf8e93d7a9718b047ccddb3eb5d68b";

    // The negative of G2's generator.
    bytes private constant NEGATIVE =
        hex"00000000000000000000000000000000024aa2b2f08f0a91260805272dc51051"
        hex"c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
        hex"0000000000000000000000000000000013e02b6052719f607dacd3a088274f65"
        hex"596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
        hex"000000000000000000000000000000000d1b3cc2c7027888be51d9ef691d77bc"
        hex"b679afda66c73f17f9ee3837a55024f78c71363275a75d75d86bab79f74782aa"
        hex"0000000000000000000000000000000013fa4d4a0ad8b1ce186ed5061789213d"
        hex"993923066dddaf1040bc3ff59f825c78df74f2d75467e25e0f55f8a00fa030ed";

    /// @notice The first round at or after a time.
    /// @param time The time, not before the first round's, in seconds since 1970.
    /// @return The round's number.
    function roundAt(uint256 time) internal pure returns (uint64) {
        return uint64((time - GENESIS + PERIOD - 1) / PERIOD + 1);
    }

    /// @notice Whether the network signed a round so.
    /// @param round The round's number.
    /// @param signature A compressed point of G1.
    /// @return Whether it is 48 bytes and the round's signature.
    function isSigned(uint64 round, bytes calldata signature) internal view returns (bool) {
        return isSigned(KEY, round, signature);
    }

    /// @notice Whether a key signed a round so.
    /// @param key A point of G2 as EIP-2537 writes it: 256 bytes.
    /// @param round The round's number.
    /// @param signature A compressed point of G1.
    /// @return Whether it is 48 bytes and the round's signature.
    function isSigned(
        bytes memory key,
        uint64 round,
        bytes calldata signature
    ) internal view returns (bool) {
        // The form's first bits: compressed, not infinity, and which of two points.
        if (signature.length != 48 || uint8(signature[0]) & 0xc0 != 0x80) return false;
        bytes memory hashed = _hash(sha256(abi.encodePacked(round)));
        // e(signature, -generator) * e(hash, key) = 1. Whatever is no point of its group, a number
        // that is not below p included, makes the call fail.
        bytes memory pairs = bytes.concat(_point(signature), NEGATIVE, hashed, key);
        (bool done, bytes memory result) = PAIRING.staticcall{gas: GAS}(pairs);
        return done && result.length == 32 && abi.decode(result, (uint256)) == 1;
    }

    // A point of x and y: y^2 = x^3 + 4, the larger or the smaller y.
    function _point(bytes calldata compressed) private view returns (bytes memory) {
        bool larger = uint8(compressed[0]) & 0x20 != 0;
        uint256 high = uint128(bytes16(compressed[:16])) & ((1 << 125) - 1);
        uint256 low = uint256(bytes32(compressed[16:]));
        bytes memory x = abi.encodePacked(high, low);
        (uint256 yHigh, uint256 yLow) = _words(_exp(x, hex"03"));
        unchecked {
            yLow += 4;
            if (yLow < 4) ++yHigh;
        }
        (yHigh, yLow) = _words(_exp(abi.encodePacked(yHigh, yLow), ROOT));
        if ((yHigh > HALF_HIGH || (yHigh == HALF_HIGH && yLow > HALF_LOW)) != larger) {
            unchecked {
                yHigh = P_HIGH - yHigh - (yLow > P_LOW ? 1 : 0);
                yLow = P_LOW - yLow;
            }
        }
        return bytes.concat(x, abi.encodePacked(yHigh, yLow));
    }

    // RFC 9380, `hash_to_curve` of BLS12381G1_XMD:SHA-256_SSWU_RO.
    function _hash(bytes32 message) private view returns (bytes memory) {
        bytes32 zero = sha256(
            abi.encodePacked(bytes32(0), bytes32(0), message, uint16(128), uint8(0), DOMAIN)
        );
        bytes32[4] memory parts;
        for (uint256 i = 0; i < 4; ++i) {
            bytes32 before = i == 0 ? zero : zero ^ parts[i - 1];
            parts[i] = sha256(abi.encodePacked(before, uint8(i + 1), DOMAIN));
        }
        return _call(ADD, bytes.concat(_map(parts[0], parts[1]), _map(parts[2], parts[3])), 128);
    }

    // A point of G1 from a number of 512 bits, which is taken modulo p.
    function _map(bytes32 high, bytes32 low) private view returns (bytes memory) {
        return _call(MAP, _exp(abi.encodePacked(high, low), hex"01"), 128);
    }

    // base^exponent modulo p, for a base of 64 bytes, in as many.
    function _exp(bytes memory base, bytes memory exponent) private view returns (bytes memory) {
        bytes memory input = abi.encodePacked(
            uint256(64),
            exponent.length,
            uint256(48),
            base,
            exponent,
            P
        );
        return bytes.concat(bytes16(0), _call(MODEXP, input, 48));
    }

    function _call(
        address target,
        bytes memory input,
        uint256 length
    ) private view returns (bytes memory result) {
        bool done;
        (done, result) = target.staticcall{gas: GAS}(input);
        if (!done || result.length != length) revert NoPairings();
    }

    // 64 bytes as two words.
    function _words(bytes memory number) private pure returns (uint256 high, uint256 low) {
        return abi.decode(number, (uint256, uint256));
    }
}
