// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

// The parts of an attestation as they are sent to a contract. They hash to the digests of
// docs/formats.md. A text is sent as the keccak256 of its UTF-8 bytes; this includes amounts, which
// an attestation writes as decimals. A time is sent in seconds since 1970, and must be of whole
// seconds.

/// An asset that was left out of the book because it has no price.
struct AssetLeftOut {
    /// The asset's name, hashed.
    bytes32 asset;
    /// The number of lines that held it.
    uint64 lines;
    /// The number of accounts that held it.
    uint64 accounts;
    /// The sum of its deposits, hashed.
    bytes32 deposits;
    /// The sum of its borrows, hashed.
    bytes32 borrows;
}

/// An instrument whose quantities were rounded.
struct Rounded {
    /// The instrument's name, hashed.
    bytes32 instrument;
    /// The number of lines that were rounded.
    uint64 lines;
    /// The sum of their roundings is below this amount; hashed.
    bytes32 bound;
}

/// The header of an attestation.
struct Header {
    /// The venue's name, hashed. Not the venue's id in the registry.
    bytes32 venue;
    /// Consecutive, from 0 for the venue's first attestation.
    uint64 sequence;
    /// The digest of the previous attestation; 0 if this is the first.
    bytes32 previous;
    /// The time of the snapshot.
    uint64 asOf;
    /// The number of accounts in the book.
    uint64 accounts;
    /// The number of accounts that were left out.
    uint64 accountsLeftOut;
    /// The assets that were left out.
    AssetLeftOut[] leftOut;
    /// The number of lines that were rounded.
    uint64 roundingLines;
    /// The instruments whose quantities were rounded.
    Rounded[] rounded;
    /// The sum of all roundings is below this amount of the quote currency at mark; hashed.
    bytes32 roundingBound;
    /// The circuit has 2^k rows.
    uint8 k;
    /// The number of slots in a page.
    uint16 pageSize;
    /// The number of scenarios, twins and cover included.
    uint16 scenarios;
    /// The digest of the verifying key.
    bytes32 key;
    /// A description of the setup, hashed. A verifier relies on its own key instead.
    bytes32 setup;
    /// The software that made the attestation, hashed.
    bytes32 software;
    /// The digest of how `asOf` was drawn; 0 if it was not.
    bytes32 drawn;
}

/// The parts of a header that a policy has clauses on.
struct Stated {
    /// The time of the snapshot.
    uint64 asOf;
    /// The number of accounts that were left out.
    uint64 accountsLeftOut;
    /// The number of assets that were left out.
    uint64 assetsLeftOut;
}

/// An asset that was refused a price.
struct Refused {
    /// Its name, hashed.
    bytes32 asset;
    /// The reason, hashed.
    bytes32 reason;
}

/// The prices of an attestation. Their names are stored with the program.
struct Prices {
    /// The time of the prices.
    uint64 asOf;
    /// The quote currency's name, hashed.
    bytes32 quote;
    /// The method by which they were made, hashed.
    bytes32 method;
    /// Their source, hashed; 0 if none is given.
    bytes32 source;
    /// In the order of the names, 17 bytes for each price of one whole unit: 16 for the mantissa and
    /// one for the scale of mantissa / 10^scale, exactly as written.
    bytes list;
    /// The assets that were refused a price, in the order of their names.
    Refused[] refused;
    /// What sources say of volatilities, in the order of the assets' names; see `Volatilities`.
    bytes volatilities;
    /// For each rate of the program that follows a volatility, in 8 bytes, the number of its steps. No
    /// part of the digest: it follows from the rest, and spares a contract the roots.
    bytes steps;
}

/// A volume: its totals and their proof.
struct Volume {
    /// For each instrument of the table 19 bytes: 3 for the number of lines that hold it, and 16 for
    /// the sum of the quantities in these lines, in its smallest unit.
    bytes totals;
    /// The proof's bytes, as in the attestation.
    bytes proof;
}

/// Where to find what a feed is compared with.
struct Round {
    /// The number of the price in the list.
    uint16 price;
    /// The feed's round in force at the time of the prices.
    uint80 round;
}

/// An attestation without its volumes.
struct Submission {
    /// The venue's id.
    bytes32 venue;
    /// The digest of the attestation's file, as claimed by the publisher: a contract cannot hash the
    /// file. The header of the next attestation must name it.
    bytes32 attestation;
    /// keccak256 of the rules' text.
    bytes32 rules;
    /// The verifier that is to check the proofs.
    address verifier;
    /// The digest of the attestation's reserves; zero if it has none.
    bytes32 reserves;
    /// The attestation's header.
    Header header;
    /// The attestation's prices.
    Prices prices;
    /// One for each feed in force; see `IFeeds.compare`.
    Round[] rounds;
}

/// What each further transaction of a submission sends again, because the registry keeps only its
/// hash.
struct Continuation {
    /// The venue's id.
    bytes32 venue;
    /// The attestation's header.
    Header header;
    /// The attestation's prices.
    Prices prices;
    /// One for each feed in force.
    Round[] rounds;
}
