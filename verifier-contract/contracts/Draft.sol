// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Clause} from "./interfaces/IEvaluator.sol";

/// An attestation on its way in: what follows from the submission and from what other contracts
/// say, before it is compared with the attestations before it. What only goes into an event is
/// encoded for that event already: to decode it and encode it again would cost more than all else.
struct Draft {
    bytes32 venue;
    /// The digest that its header names.
    bytes32 previous;
    bytes32 program;
    /// The numbers of its rules and its verifier; see `IVenues.Terms`.
    uint16 number;
    uint16 verifier;
    address publisher;
    uint64 delay;
    /// See `Limits.minDistance`.
    uint64 minDistance;
    /// See `Attested.rounds` of `IObservers`.
    bytes32 rounds;
    /// Whether reserves on other chains count.
    bool elsewhere;
    /// What `ISolvencyRegistry.Attested` has beside its topics: the record, without what
    /// `Appending` adds (observers, and the fault of a band), the figures, and the hashes of
    /// phase 1.
    bytes attested;
    /// What `ISolvencyRegistry.ReservesCounted` has beside its topics.
    bytes counted;
    /// What `ISolvencyRegistry.PricesUsed` has beside its topics; empty where no feed is in force.
    bytes compared;
    /// All clauses if one fails; else none.
    Clause[] clauses;
    /// See `Outcome.drew`.
    uint256 drew;
    /// The lists that have a band.
    Banded[] banded;
}

/// A list of values that may not move too far: what is owed, the deposits of each asset, the open
/// interest of each market, or the prices.
struct Banded {
    /// Which of the four it is, from 0.
    uint8 list;
    /// How far a value may be above the least and below the greatest, in 1/10,000.
    uint16 bps;
    /// The number of its first value; see `ISolvencyRegistry.BandLeft`.
    uint256 subject;
    /// The values, each in 32 bytes.
    bytes values;
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
