// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Prices} from "../Submission.sol";
import {ISolvencyRegistry} from "./ISolvencyRegistry.sol";

/// @title What is owed, and which clauses stand, at other prices
/// @notice Follows from the latest attestation of a venue, and from nothing else that was proved.
/// The book is always that of its snapshot: nothing deposited, withdrawn, traded or liquidated since
/// is in it. Reserves are the custodians' balances in this block.
///
/// A certificate is one multiplier for each scenario of the proof. Every certificate is valid, so it
/// needs no trust: what it shows is at least what is owed, and a good one shows little more. A poor
/// one shows far too much. Therefore
///
/// - a certificate can show that a clause still stands, and never that it does not: that takes
///   reserves below what is owed at least, in which there is no certificate;
/// - nothing that is shown here may lift a breach. A policy that failed stands again when an
///   attestation says so, and not before.
///
/// This contract writes nothing, and who calls it decides what a price is: whatever acts on an
/// answer must take prices from feeds that were registered beforehand, and never from its caller.
/// It must also be sure that no balance was borrowed for the transaction, as a registry is.
interface IRepricer {
    /// What was proved, sent again because the registry keeps only hashes.
    struct ProvedBook {
        /// The program registered for the rules.
        bytes program;
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
    struct Bound {
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
        /// The value of the reserves for customers.
        uint128 reserves;
        /// The value of all reserves, of both purposes.
        uint128 allReserves;
    }

    /// The clauses of a policy at other prices, as bits; the first clause is the lowest bit. Each
    /// clause is in one of the four.
    struct Standing {
        /// The attestation that this follows from.
        uint64 sequence;
        /// The time of its snapshot, in seconds since 1970.
        uint64 asOf;
        /// The clauses that stand for certain.
        uint256 holds;
        /// The clauses that cannot hold. If there is one, the policy does not.
        uint256 cannotHold;
        /// The clauses about margins that held in the proof. They have no figures at other prices:
        /// whether they hold there is not known, unless whoever asks counts them as holding.
        uint256 held;
        /// The clauses of which these certificates say neither, and those of a stress in which units
        /// of value are too coarse. If there is one, and none that cannot hold, it is not known
        /// whether the policy holds.
        uint256 unknown;
    }

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
    /// least. Reverts if the venue has no attestation or its latest one was revoked, if `book` is
    /// not what was proved, and if `prices` are of other assets than the program's, or in another
    /// currency. A book of an earlier attestation is refused as well: whoever asks must not be
    /// shown what was owed before.
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
    ) external view returns (Bound memory);

    /// @notice Which clauses of the policy stand at other prices, which cannot hold, and which are
    /// unknown. Reverts as `boundAt` does.
    ///
    /// - `Coverage`: stands if the reserves for customers are enough for what is owed at most, and
    ///   cannot hold if they are not enough for what is owed at least.
    /// - `BadDebtAmount` at mark or in a stress: stands if bad debt is within the limit at most, and
    ///   cannot hold if it is beyond the limit at least.
    /// - `Insurance`: as `Coverage`, of all reserves and of what all but the insurance fund are owed,
    ///   in the twin where the fund is accounts. The certificate is then the twin's.
    /// - `BadDebtAmount` in a margin scenario has no figures: it cannot hold if it failed in the
    ///   proof, and is among the `held` if it held there.
    /// - All others are as in the attestation: they stand or cannot hold. Deposits of an asset and
    ///   open interest are the same at any price; times and what was left out are as they were.
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
