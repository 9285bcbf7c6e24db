// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Header, Prices, Submission, Volume} from "../Submission.sol";
import {Figures} from "./ISolvencyRegistry.sol";
import {Holding} from "./IReserves.sol";
import {IDraws} from "./IDraws.sol";
import {ITable} from "./ITable.sol";
import {ITables} from "./ITables.sol";
import {IVolumeVerifier} from "./IVolumeVerifier.sol";

/// What a clause of the policy has and needs; see `ISolvencyRegistry.ClauseFailed`.
struct Clause {
    uint256 has;
    uint256 needs;
}

/// What an attestation needs of the reserves of one asset for customers.
struct Need {
    /// keccak256 of the asset's name.
    bytes32 asset;
    /// The decimals of one whole unit in its quantities.
    uint8 decimals;
    /// The value at mark of the smallest unit of its quantities, in units of value.
    uint256 value;
    /// The deposits that a clause demands reserves of the same asset for, in that smallest unit; 0
    /// without such a clause.
    uint256 least;
}

/// What an attestation needs of the reserves for customers, as it was proved.
struct Needs {
    /// What clauses on coverage at mark demand, in units of value.
    uint256 worth;
    /// Of each asset that a reserve stands for.
    Need[] assets;
}

/// What the venue may not let move too far; see `Limits`. Each value has 32 bytes of a list: bytes
/// are handed on as they are, where a list of numbers would be read and written one by one. The lists
/// are empty where nobody asks for them.
struct Tracked {
    uint256 owed;
    /// The deposits of each asset of the table.
    bytes deposits;
    /// The longs of each market of the table.
    bytes interest;
    /// The prices of the table, as values of one smallest unit at mark.
    bytes prices;
}

/// What the proofs are bound to.
struct Bound {
    bytes32 context;
    bytes32 prices;
    /// See `IVolumes.volume`.
    bytes32 table;
    uint256 scenarios;
}

/// What the registry knows beside a submission.
struct Aside {
    /// Whether any reserve counts, even with a balance of zero.
    bool anyReserve;
    /// Whether to answer with the lists of `Tracked`.
    bool tracks;
    /// The latest moment at which reserves were first marked after the snapshot; 0 if they were not, or
    /// the header has no drawn time.
    uint64 markedBy;
    /// See `ISolvencyRegistry.lastDrawn`.
    uint16 lastDay;
    uint8 lastMost;
}

/// The figures of a book and the verdict on its policy.
struct Outcome {
    /// See `Record.quantities`.
    bytes32 quantities;
    uint128 owed;
    uint128 reserves;
    uint64 coverageBps;
    Figures[] figures;
    /// The clauses that fail, as bits; the first clause is the lowest bit.
    uint256 failing;
    /// One entry for each clause; none if all are kept.
    Clause[] clauses;
    Needs needs;
    Tracked tracked;
    /// If its time was drawn as the rules ask, but for the days that were missed before it: its day
    /// since 1970, in the lowest 16 bits; the most days that the rules let be missed, at most 255, in
    /// the next 8; and above these, the days between it and the last one, 0 if there is none. Else 0.
    uint256 drew;
}

/// @title Computes what an attestation proves
/// @notice The part of a registry that has no state. Trusts its caller in nothing but the program, the
/// verifier and the holdings.
interface IEvaluator is ITable {
    /// @notice The contract that makes tables.
    function TABLES() external view returns (ITables);
    /// @notice Where times are drawn.
    function DRAWS() external view returns (IDraws);

    /// @notice Recomputes what the proofs of a submission are bound to.
    /// @param chunks The contracts whose code is the program; see `IVenues.Rules`.
    function bind(
        Submission calldata submission,
        address[] calldata chunks,
        uint256 volumes
    ) external view returns (Bound memory);

    /// @notice Checks the proof of one volume.
    /// @return phase1 keccak256 of the proof's commitments of phase 1.
    function prove(
        IVolumeVerifier verifier,
        bytes32 context,
        uint256 volume,
        address[] calldata chunks,
        Prices calldata prices,
        Volume calldata proved
    ) external view returns (bytes32 phase1);

    /// @notice Evaluates the policy on the sum of the totals.
    /// @param holdings What reserves count, in the order of the venue's list.
    /// @param aside What else the registry knows.
    function evaluate(
        address[] calldata chunks,
        Prices calldata prices,
        Header calldata header,
        bytes[] calldata totals,
        Holding[] calldata holdings,
        Aside calldata aside
    ) external view returns (Outcome memory);

    /// @notice Does all three in one call, with one check of pairings for all volumes.
    function evaluateAll(
        Submission calldata submission,
        Volume[] calldata volumes,
        address[] calldata chunks,
        IVolumeVerifier verifier,
        Holding[] calldata holdings,
        Aside calldata aside
    ) external view returns (Bound memory bound, bytes32[] memory phase1, Outcome memory outcome);
}
