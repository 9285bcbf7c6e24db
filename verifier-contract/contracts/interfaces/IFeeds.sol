// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Prices, Round} from "../Submission.sol";

/// @title The oracles that a venue's prices are compared with
/// @notice A price beyond its feed's band, or whose feed says nothing of that time, makes an
/// attestation fail; it never stops one. The feed's answer is that of the round in force at the
/// time of the prices: the last of those that are not later, of the highest phase that has one. (A
/// proxy's round is phase * 2^64 + the round of that phase's aggregator.) The submitter names the
/// round, and the contract asks the feed for it, for the latest, and for those that follow it. That
/// time is not the snapshot's: it may be as much earlier as the registry lets prices be. A feed in another currency than the prices' is not recognised as such: only the band finds it.
interface IFeeds {
    /// A feed to be listed.
    struct NewFeed {
        /// The price's name: an asset or a market of the rules. Several feeds may have one name.
        string name;
        /// A contract with Chainlink's `AggregatorV3Interface` and at most 38 decimals.
        address feed;
        /// The round must not be older than this at the time of the prices, in seconds; not 0.
        uint32 heartbeat;
        /// How far the price may be from the answer, in 1/10,000 of the answer; 1 to 9,999.
        uint16 bandBps;
        /// On a rollup: the feed that says since when its sequencer is up; else zero.
        address sequencer;
        /// How long the sequencer must have been up at the time of the prices, in seconds; 0 if
        /// none is named.
        uint32 grace;
        /// Answers at or beyond these are an oracle's own clamps, and say nothing. Not below 0, the
        /// one below the other, both below 2^127.
        int256 least;
        int256 most;
    }

    /// A feed of the list; what is not said here is as in `NewFeed`.
    struct Feed {
        /// keccak256 of the price's name.
        bytes32 name;
        address feed;
        /// The feed's decimals when it was announced. With others it says nothing.
        uint8 decimals;
        uint16 bandBps;
        uint32 heartbeat;
        uint32 grace;
        /// From when on it is compared, in seconds since 1970.
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
        /// The price that the submitter names has another name, or more than 38 places.
        NoPrice,
        /// The feed does not answer, or with something that is no answer, or with other decimals,
        /// or all that had to be asked for it costs more than 400,000 gas.
        NoAnswer,
        /// The named round is not the one in force at that time, or is too old, or cannot be shown
        /// to be in force: three numbers are missing after it in the latest phase, or at the
        /// beginning of a later one.
        OtherRound,
        /// The sequencer is down, or was not up for long enough at the time of the prices.
        SequencerDown,
        /// The answer is at the feed's own clamp.
        Clamped
    }

    /// @notice A feed will be compared.
    /// @param feed Its place in the list. A place becomes free when what was removed is not
    /// compared any longer.
    event FeedAnnounced(
        bytes32 indexed venue,
        uint256 indexed feed,
        NewFeed listed,
        uint8 decimals,
        uint64 activeFrom
    );
    /// @notice A feed will not be compared any longer.
    /// @param feed Its place in the list.
    /// @param from From when on, in seconds since 1970.
    event FeedRemoved(bytes32 indexed venue, uint256 indexed feed, uint64 from);

    /// @notice There is no feed at this place, or it is removed already.
    error FeedUnknown(uint256 feed);
    /// @notice What is given for a feed cannot be: see `NewFeed`. `field` is one of its fields.
    error FeedIncomplete(string field);
    /// @notice The list is full until a feed is removed.
    error TooManyFeeds(uint256 max);
    /// @notice The transaction has too little gas left for a feed's answer.
    error TooLittleGas();

    /// @notice Lists a feed. A comparison more makes nothing look better, but a feed that does not
    /// answer closes every gate: after the delay. Owner only.
    /// @param listed The feed. It must answer `decimals`.
    /// @return feed Its place in the list.
    function announceFeed(bytes32 venue, NewFeed calldata listed) external returns (uint256 feed);
    /// @notice Stops a comparison, after the delay. Owner only.
    /// @param feed Its place in the list.
    function removeFeed(bytes32 venue, uint256 feed) external;
    /// @notice All places of the list, those too that are not compared yet or any longer.
    function feedsOf(bytes32 venue) external view returns (Feed[] memory);
    /// @notice Compares prices with the feeds in force now. Never reverts for what a feed does;
    /// with `TooLittleGas` where a feed could not be asked for lack of gas.
    /// @param chunks Where the names of the prices are; see `IVenues.Rules`.
    /// @param prices The attestation's prices.
    /// @param rounds One for each feed in force, in the order of the list. A missing one counts as
    /// another round, and a price of another name as no price. More than there are feeds are
    /// ignored.
    /// @return results One entry for each feed in force; empty if there is none.
    function compare(
        bytes32 venue,
        address[] calldata chunks,
        Prices calldata prices,
        Round[] calldata rounds
    ) external view returns (Compared[] memory results);
}
