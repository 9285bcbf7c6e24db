// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Prices, Round} from "../Submission.sol";

/// @title The oracles that a venue's prices are compared with
/// @notice A price beyond its feed's band, or whose feed says nothing of that time, makes an
/// attestation fail; it never stops one. The feed's answer is that of the round in force at the time
/// of the prices: its time is not later, and the next existing round's is (the next phase's first,
/// where a phase ended). The submitter names the round, and the contract checks both.
interface IFeeds {
    /// A feed to be listed.
    struct NewFeed {
        /// The price's name: an asset or a market of the rules.
        string name;
        /// A contract with Chainlink's `AggregatorV3Interface`.
        address feed;
        /// The round must not be older than this at the time of the prices, in seconds.
        uint32 heartbeat;
        /// How far the price may be from the answer, in 1/10,000 of the answer.
        uint16 bandBps;
        /// On a rollup: the feed that says since when its sequencer is up; else zero.
        address sequencer;
        /// How long the sequencer must have been up, in seconds.
        uint32 grace;
        /// Answers at or beyond these are an oracle's own clamps, and say nothing.
        int256 least;
        int256 most;
    }

    struct Feed {
        bytes32 name;
        address feed;
        uint8 decimals;
        uint16 bandBps;
        uint32 heartbeat;
        uint32 grace;
        uint64 activeFrom;
        /// From when on it is no longer compared; 0 if it stays.
        uint64 removedFrom;
        address sequencer;
        int256 least;
        int256 most;
    }

    /// How a price compares.
    enum Compared {
        Within,
        Beyond,
        /// No price of this name.
        NoPrice,
        /// The feed does not answer, or with something that is no answer.
        NoAnswer,
        /// The named round is not the one in force at that time, or is too old.
        OtherRound,
        SequencerDown,
        /// The answer is at the feed's own clamp.
        Clamped
    }

    event FeedAnnounced(bytes32 indexed venue, NewFeed feed, uint8 decimals, uint64 activeFrom);
    event FeedRemoved(bytes32 indexed venue, uint256 indexed feed, uint64 from);

    error FeedUnknown(uint256 feed);
    error FeedIncomplete();
    error TooManyFeeds(uint256 max);

    /// @notice Lists a feed. A comparison more makes nothing look better, but a feed that does not
    /// answer closes every gate: after the delay. Owner only.
    function announceFeed(bytes32 venue, NewFeed calldata feed) external;
    /// @notice After the delay. Owner only.
    function removeFeed(bytes32 venue, uint256 feed) external;
    function feedsOf(bytes32 venue) external view returns (Feed[] memory);
    /// @notice Compares prices with the feeds in force now. Never reverts for what a feed does.
    /// @param chunks Where the names of the prices are; see `IVenues.Rules`.
    /// @param prices The attestation's prices.
    /// @param rounds One for each feed in force, in the order of the list. A missing one counts as
    /// another round, and a price of another name as no price.
    /// @return results One entry for each feed in force; empty if there is none.
    function compare(
        bytes32 venue,
        address[] calldata chunks,
        Prices calldata prices,
        Round[] calldata rounds
    ) external view returns (Compared[] memory results);
}
