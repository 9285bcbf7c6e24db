// SPDX-License-Identifier: MIT OR Apache-2.0
// Generated from templates/StatementKey.sol.template for the key named below. Never edited.
pragma solidity 0.8.37;

/// @title The constants of a verifying key that statements are checked with
/// @notice 2^12 rows, pages of 64 slots; setup: INSECURE: everyone knows tau, proofs made with this setup prove nothing.
library StatementKey {
    /// The key's digest, as attestations name it.
    bytes32 internal constant KEY =
        0x1486ca4c2ec27f53434aa6cb4052fd667010425a10a90e6233b121ace5402d55;

    uint256 internal constant K = 12;
    uint256 internal constant PAGE_SIZE = 64;
    /// A quantity has LIMBS limbs of LIMB_BITS bits.
    uint256 internal constant LIMBS = 9;
    uint256 internal constant LIMB_BITS = 10;

    /// The root of unity of order 2^K, the point of row 1.
    uint256 internal constant OMEGA =
        0x2f6122bbf1d35fdaa9953f60087a423238aa810773efee2a251aa6161f2e6ee6;
    /// The root of unity of order PAGE_SIZE, which leads from a slot of a page to the next.
    uint256 internal constant PAGE_ROOT =
        0x1c4c3a258629905ef6036a4037c3aa6ae18d1d2452d64bd2684cfa8ede70fdc7;

    /// [tau]_2, in the order of EIP-197: x.c1, x.c0, y.c1, y.c0.
    uint256 internal constant TAU_X1 =
        0x2d9690968c5d94e4cd77281b1efe1e87bd01abbe11bbd838e198edf54156c206;
    uint256 internal constant TAU_X0 =
        0x1315a6d86e154b5ba31c56edd81317c2abf86ab29a7ce4c74be58471d047fb40;
    uint256 internal constant TAU_Y1 =
        0x1c3defe064c229a4c54ddc1edcf1c0e652a21c8d6c1ccd2efd6f2a0ecda0f0b7;
    uint256 internal constant TAU_Y0 =
        0x0e46302892850c63301086b356a81edcaac98bef054249c20cba6e930c6c7e1d;

    /// [tau^PAGE_SIZE]_2.
    uint256 internal constant TAU_PAGE_X1 =
        0x16b31f52b9a60acf5487717435e87219fb6e896e33568e335b74124b39b78dc8;
    uint256 internal constant TAU_PAGE_X0 =
        0x00913cf7094c99ad004899ec840d09ff1b49b5fe68771fd90b28bc6eb70f589e;
    uint256 internal constant TAU_PAGE_Y1 =
        0x06ed5c824fcbfaf5fe26c82a832cf71c85cb373a7974af29c7060e2eb855ebbc;
    uint256 internal constant TAU_PAGE_Y0 =
        0x153232e1b05cfa52c9a9bbba3b773cc8e86de34300d02eb9965effa2d4104583;
}
