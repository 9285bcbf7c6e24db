// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IVolumes} from "../interfaces/IVolumes.sol";

/// @title A registry whose volumes a test sets
contract MockVolumes is IVolumes {
    struct Volume {
        bytes32 word;
        bytes32 phase1;
        bytes32 table;
        address verifier;
    }

    mapping(bytes32 venue => mapping(uint64 sequence => mapping(uint256 v => Volume)))
        private _volumes;

    /// The test set no such volume.
    error MockNoVolume();

    /// Sets a volume.
    function set(bytes32 venue, uint64 sequence, uint256 v, Volume calldata volume_) external {
        _volumes[venue][sequence][v] = volume_;
    }

    function volume(
        bytes32 venue,
        uint64 sequence,
        uint256 v
    ) external view returns (bytes32, bytes32, bytes32, address) {
        Volume memory found = _volumes[venue][sequence][v];
        if (found.verifier == address(0)) revert MockNoVolume();
        return (found.word, found.phase1, found.table, found.verifier);
    }
}
