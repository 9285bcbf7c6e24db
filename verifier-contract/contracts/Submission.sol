// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

// The parts of an attestation as they are sent to a contract. They hash to the digests of
// docs/formats.md, so a text stands here as the keccak256 of its UTF-8 bytes and a time, which has to
// be of whole seconds, as seconds since 1970.

/// An asset that was left out of the book for want of a price.
struct Exclusion {
    bytes32 asset;
    uint64 lines;
    uint64 accounts;
    bytes32 deposits;
    bytes32 borrows;
}

/// An instrument of which holdings were rounded.
struct Rounded {
    bytes32 instrument;
    uint64 lines;
    bytes32 bound;
}

/// What an attestation says of itself.
struct Header {
    bytes32 venue;
    uint64 sequence;
    // The digest of the attestation before; 0 where this is the first.
    bytes32 previous;
    uint64 asOf;
    uint64 accounts;
    uint64 accountsLeftOut;
    Exclusion[] exclusions;
    uint64 roundingLines;
    Rounded[] rounded;
    bytes32 roundingBound;
    uint8 k;
    uint16 pageSize;
    uint8 scenarios;
    bytes32 key;
    bytes32 setup;
    bytes32 software;
}

/// What clauses of a policy ask of a header.
struct Stated {
    uint64 asOf;
    uint64 accountsLeftOut;
    uint64 assetsLeftOut;
}

/// What one whole unit of an asset or market is worth: mantissa / 10^scale, as it was written.
struct Price {
    bytes32 name;
    uint128 mantissa;
    uint8 scale;
}

/// The prices of an attestation.
struct Prices {
    uint64 asOf;
    bytes32 quote;
    bytes32 method;
    // 0 where there is none.
    bytes32 source;
    // In the attestation's order: by name, as texts.
    Price[] list;
}

/// One volume: its totals, one per instrument of the table, and their proof.
struct Volume {
    uint64[] counts;
    uint128[] quantities;
    bytes proof;
}
