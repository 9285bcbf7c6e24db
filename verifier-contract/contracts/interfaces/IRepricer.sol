// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Prices} from "../Submission.sol";
import {ISolvencyRegistry, Record} from "./ISolvencyRegistry.sol";

/// @title What is owed, and which clauses stand, at other prices
/// @notice Follows from the latest attestation of a venue, and from nothing else that was proved.
/// The book is always that of its snapshot: nothing deposited, withdrawn, traded or liquidated since
/// is in it. Reserves are the custodians' balances on this chain in this block. What observers read on
/// other chains is not asked for: where a venue's limits let it count, a clause stands without it, and
/// falls only if the most that could count would not be enough.
///
/// A certificate is one multiplier for each scenario of the proof. Every certificate is valid, so it
/// needs no trust: what it shows is at least what is owed, and a good one shows little more. A poor
/// one shows far too much. Therefore
///
/// - a certificate can show that a clause still stands, and never that it does not: that takes
///   reserves below what is owed at least, in which there is no certificate;
/// - nothing that is shown here lifts a breach. A policy that failed stands again when an
///   attestation says so, and not before: a clause that failed in the record never `holds`, and a
///   gate may act on `failing == 0` and the bits together, never on the bits alone;
/// - nor does it replace the registry's state, which is worse for much that no clause is about: a
///   price outside its feed's band, a reserve that was removed or found missing, a pause, age. Ask
///   `stateOf` as well.
///
/// This contract writes nothing, and who calls it decides what a price is: whatever acts on an
/// answer must take prices from feeds that were registered beforehand, and never from its caller.
///
/// Balances are those of the moment of the call, and whoever sends the transaction may move them, in
/// both directions:
///
/// - up, with money borrowed for the call and given back behind it: clauses then seem to hold;
/// - down, with a withdrawal, or a flash loan from a custodian's pool, before the call: clauses then
///   seem to fall, and whoever gains from that can do it at will.
///
/// A registry reads balances only in a transaction that an account without code begins, and a view
/// cannot ask for that. Whatever acts on an answer must be sure of both: ask in such a transaction
/// alone, and be slow to act on a fall where a custodian pays out to anyone on demand.
interface IRepricer {
    /// What was proved, sent again because the registry keeps only hashes.
    struct ProvedBook {
        /// The record of the latest attestation.
        Record record;
        /// The attestation's prices.
        Prices prices;
        /// For each row of the table, the sum of the quantities of all volumes.
        uint256[] quantities;
    }

    /// What makes the bounds tight in one scenario.
    struct Certificate {
        /// The scenario that is priced anew.
        uint256 scenario;
        /// For each scenario of the proof, twins and cover included, its multiplier, in 10^-9. At
        /// most 10^6, which is 10^15 of these.
        uint64[] multipliers;
    }

    /// What is owed and what bad debt is in one scenario at other prices, and what reserves are
    /// worth there; in units of value.
    struct BoundAt {
        /// The attestation that this follows from.
        uint64 sequence;
        /// The time of its snapshot, in seconds since 1970.
        uint64 asOf;
        /// What accounts are owed, at most; rounded up.
        uint128 owedAtMost;
        /// What accounts are owed, at least: what all of them are worth together.
        uint128 owedAtLeast;
        /// The bad debt, at most; rounded up.
        uint128 badDebtAtMost;
        /// The bad debt, at least: by how much all accounts together are worth less than nothing.
        uint128 badDebtAtLeast;
        /// The value of the reserves for customers on this chain. A token that does not answer counts
        /// as nothing; at most 2^128 - 1.
        uint128 reserves;
        /// The value of all reserves, of both purposes; as `reserves`.
        uint128 allReserves;
    }

    /// The clauses of a policy at other prices, as bits; the first clause is the lowest bit. Each
    /// clause is in one of the four.
    struct Standing {
        /// The attestation that this follows from.
        uint64 sequence;
        /// The time of its snapshot, in seconds since 1970.
        uint64 asOf;
        /// The clauses that failed in the attestation, as the registry has them. Not one of the
        /// four: if there is one, the policy is in breach, whatever they say.
        uint256 failing;
        /// The clauses that stand for certain, and held in the attestation.
        uint256 holds;
        /// The clauses that cannot hold. If there is one, the policy does not.
        uint256 cannotHold;
        /// The clauses about margins that held in the proof. They have no figures at other prices:
        /// whether they hold there is not known, unless whoever asks counts them as holding.
        uint256 held;
        /// The clauses of which these certificates say neither; those of a stress in which units of
        /// value are too coarse; those that failed in the attestation and would stand now; and those
        /// for which balances are of another time than the book or were not read, or would be enough
        /// with the most that may count of other chains. If there is one, and none that
        /// cannot hold, it is not known whether the policy holds.
        uint256 unknown;
    }

    /// @notice The latest attestation, its rules or its verifier was revoked.
    error Revoked(bytes32 venue, uint64 round);
    /// @notice The quantities are not those that were proved. Both are hashes.
    error OtherQuantities(bytes32 quantities, bytes32 expected);
    /// @notice With these prices, the program comes to another table than the one that was proved.
    /// Send the attestation's own prices in the book. Both are hashes.
    error OtherTable(bytes32 expected, bytes32 got);
    /// @notice Only mark, stresses and twins have figures at other prices: those of all other
    /// scenarios are as they were proved.
    error NotPriced(uint256 scenario);
    /// @notice At these prices, units of value are too coarse for this scenario: rounding would
    /// change what is owed. It has no figures there.
    error TooCoarse(uint256 scenario);
    /// @notice A certificate has one multiplier for each scenario of the proof.
    error MultipliersLength(uint256 scenarios, uint256 multipliers);
    /// @notice A multiplier is above 10^6, that is 10^15 of its units.
    error MultiplierTooLarge(uint256 scenario, uint256 multiplier);
    /// @notice Certificates must be in the order of their scenarios, and at most one for each.
    error CertificateOrder(uint256 certificate);

    /// @notice The registry whose attestations count.
    /// @return Its address.
    function REGISTRY() external view returns (ISolvencyRegistry);

    /// @notice What is owed and what bad debt is in one scenario at other prices, at most and at
    /// least. A book of an earlier attestation is refused as well: whoever asks must not be shown
    /// what was owed before. Reverts,
    ///
    /// - if the venue has no attestation, or its latest one was revoked: `NoAttestation`, `Revoked`;
    /// - if `book` is not what was proved: `OtherRecord`, `OtherQuantities`, `OtherTable`;
    /// - if rates of the program follow volatilities: `FollowsVolatility`;
    /// - if either prices are of other assets than the program's, in another currency, with more than
    ///   38 decimals, or with another price of the currency than 1: `PriceNames`, `QuoteCurrency`,
    ///   `PriceScale`, `QuotePrice`;
    /// - if a price is no whole number of units of value for one unit of quantity, or too large, or
    ///   the value of a row is: `PriceDigits`, `MarkBound`, `ValueBound`. Round a feed's price first;
    /// - if the scenario has no figures: `NotPriced`, `TooCoarse`;
    /// - if the multipliers are none: `MultipliersLength`, `MultiplierTooLarge`;
    /// - if less gas is left than the tokens of all reserves are given: `TooLittleGas`;
    /// - if a figure is beyond 128 bits, as under a very poor certificate: `FigureTooLarge`; and with
    ///   a panic if a price is so large that a product overflows.
    /// @param venue The venue's id in the registry.
    /// @param book What the latest attestation proved.
    /// @param prices The other prices. What they say of their time, method and source is not read.
    /// @param scenario The scenario: 0 for mark, a stress, or a twin.
    /// @param multipliers For each scenario of the proof, its multiplier, in 10^-9; see
    /// `Certificate`.
    /// @return The bounds.
    function boundAt(
        bytes32 venue,
        ProvedBook calldata book,
        Prices calldata prices,
        uint256 scenario,
        uint64[] calldata multipliers
    ) external view returns (BoundAt memory);

    /// @notice Which clauses of the policy stand at other prices, which cannot hold, and which are
    /// unknown. Reverts as `boundAt` does, and with `CertificateOrder`.
    ///
    /// - `Coverage`: stands if the reserves for customers are enough for what is owed at most, and
    ///   cannot hold if they are not enough for what is owed at least. For that, here and below, the
    ///   reserves are those of this chain with the largest share that the venue's limits let count of
    ///   other chains (`Limits.elsewhereBps`); and where a token does not answer, a clause that
    ///   compares reserves is unknown where it could not hold.
    /// - `BadDebtAmount` at mark or in a stress: stands if bad debt is within the limit at most, and
    ///   cannot hold if it is beyond the limit at least.
    /// - `Insurance`: as `Coverage`, of all reserves and of what all but the insurance fund are owed,
    ///   in the twin where the fund is accounts. The certificate is then the twin's.
    /// - `PerAsset`: stands if the reserves of the asset are enough for its deposits in the book, and
    ///   cannot hold if they are not.
    /// - `ReservesDistance`: stands if this block is near enough to the snapshot and a reserve
    ///   counts; cannot hold if none does, or it failed in the attestation and does not stand now; and
    ///   is unknown if it held there and this block is too far from the snapshot. Where it fails now, a
    ///   clause of the three kinds above that compare reserves is unknown where it could not hold:
    ///   balances of another time than the book prove no fall. A policy without this clause takes
    ///   balances of any time for those of the book.
    /// - `BadDebtAmount` in a margin scenario: cannot hold if it failed in the proof, or if bad debt
    ///   at mark is beyond its limit at least, as no less is lacking of a margin; else it is among
    ///   the `held`. Other clauses on a margin scenario cannot hold if they failed, else
    ///   are `held`.
    /// - All others are as in the attestation: they stand or cannot hold. Open interest is the same
    ///   at any price; times of prices and what was left out are as they were.
    ///
    /// Whatever would stand and failed in the attestation is unknown.
    /// @param venue The venue's id in the registry.
    /// @param book What the latest attestation proved.
    /// @param prices The other prices; see `boundAt`.
    /// @param certificates Certificates in the order of their scenarios. A scenario without one has
    /// multipliers of 0, which is enough to see that a clause cannot hold, and seldom that it
    /// stands.
    /// @return The clauses.
    function standingAt(
        bytes32 venue,
        ProvedBook calldata book,
        Prices calldata prices,
        Certificate[] calldata certificates
    ) external view returns (Standing memory);
}
