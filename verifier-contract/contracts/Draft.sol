// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Outcome} from "./interfaces/IEvaluator.sol";
import {IFeeds} from "./interfaces/IFeeds.sol";
import {Counted} from "./interfaces/IReserves.sol";
import {Record} from "./interfaces/ISolvencyRegistry.sol";
import {Limits} from "./interfaces/IVenues.sol";

/// An attestation on its way in: what follows from the submission and from what other contracts
/// say, before it is compared with the attestations before it.
struct Draft {
    bytes32 venue;
    /// The digest that its header names.
    bytes32 previous;
    bytes32 program;
    address publisher;
    uint64 delay;
    Limits limits;
    /// Without what `Appending` adds: observers, the time, and the fault of a band.
    Record record;
    Counted counted;
    /// See `ISolvencyRegistry.ReservesCounted`.
    uint256[] elsewhere;
    /// Of each volume; empty where they were proved before.
    bytes32[] phase1;
    /// Its needs are those of the reserves on this chain.
    Outcome outcome;
    IFeeds.Compared[] compared;
    /// See `Attested.rounds`.
    bytes32 rounds;
}

/// A submission in several transactions that is not finished. It belongs to its sender.
struct Pending {
    /// keccak256 of the ABI's encoding of header and prices.
    bytes32 digest;
    bytes32 attestation;
    bytes32 rules;
    bytes32 context;
    bytes32 table;
    address verifier;
    /// The number of volumes; 0 if no submission is pending.
    uint32 volumes;
    /// The number of volumes whose proofs were accepted.
    uint32 proved;
    /// Keeps the volumes of this submission apart from those of a discarded one; never falls.
    uint32 id;
}
