// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Record} from "../interfaces/ISolvencyRegistry.sol";
import {IVolumes} from "../interfaces/IVolumes.sol";

/// @title A registry whose volumes a test sets
contract MockVolumes is IVolumes {
    mapping(bytes32 venue => mapping(uint64 round => bytes32)) private _records;
    mapping(bytes32 venue => mapping(uint64 round => bool)) private _revoked;
    mapping(bytes32 record => mapping(uint256 v => bytes32)) private _words;

    /// The test set no such volume.
    error MockNoVolume();

    /// Appends an attestation, with the words of its volumes.
    function append(
        bytes32 venue,
        uint64 round,
        Record calldata record,
        bytes32[] calldata words
    ) external {
        bytes32 hash = keccak256(abi.encode(record));
        _records[venue][round] = hash;
        for (uint256 v = 0; v < words.length; ++v) {
            _words[hash][v] = words[v];
        }
    }

    /// Revokes an attestation.
    function revoke(bytes32 venue, uint64 round) external {
        _revoked[venue][round] = true;
    }

    function volume(
        bytes32 venue,
        uint64 round,
        Record calldata record,
        bytes32[] calldata phase1,
        uint256 v
    ) external view returns (bytes32 word, bool revoked) {
        bytes32 hash = keccak256(abi.encode(record));
        word = _words[hash][v];
        if (
            _records[venue][round] != hash ||
            record.phase1 != keccak256(abi.encodePacked(phase1)) ||
            v >= record.volumes ||
            word == 0
        ) revert MockNoVolume();
        revoked = _revoked[venue][round];
    }
}
