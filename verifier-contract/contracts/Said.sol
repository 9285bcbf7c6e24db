// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Header, Prices} from "./Submission.sol";
import {ClauseKind, Clauses, isSaid} from "./table/Clauses.sol";
import {Rate, Rates, Tail} from "./table/Rates.sol";
import {Table} from "./table/Table.sol";
import {Volatilities, Volatility} from "./table/Volatilities.sol";
import {IDraws} from "./interfaces/IDraws.sol";
import {Aside, Clause} from "./interfaces/IEvaluator.sol";

/// How a clause about what an attestation says was judged.
struct Judged {
    bool kept;
    Clause clause;
}

/// A clause to be judged, and what it is judged by.
struct Asked {
    bytes program;
    Table table;
    /// The time of the snapshot.
    uint256 asOf;
    ClauseKind kind;
    uint256 subject;
    uint256 limit;
}

/// @title Judges clauses about what an attestation says of itself
/// @notice How its time was drawn, and how old, how many and how low the volatilities are that rates
/// follow. A clause that cannot be judged fails; nothing reverts.
library Said {
    uint256 private constant ONE = Volatilities.ONE;
    // A day is kept in 16 bits: until the year 2149.
    uint256 private constant LAST_DAY = type(uint16).max;
    uint256 private constant MOST_KEPT = type(uint8).max;

    /// @notice Judges all such clauses of a program.
    /// @param program The program.
    /// @param table Its table.
    /// @param header The attestation's header.
    /// @param prices Its prices.
    /// @param aside What the registry knows of the attestations before it, and of reserves.
    /// @param draws Where times are drawn.
    /// @return said One for each clause; of others than these, nothing that was judged.
    /// @return drew See `Outcome.drew`.
    function judge(
        bytes memory program,
        Table memory table,
        Header calldata header,
        Prices calldata prices,
        Aside calldata aside,
        IDraws draws
    ) internal view returns (Judged[] memory said, uint256 drew) {
        said = new Judged[](table.clauses);
        Asked memory asked;
        (asked.program, asked.table, asked.asOf) = (program, table, header.asOf);
        for (uint256 i = 0; i < table.clauses; ++i) {
            (asked.kind, asked.subject, asked.limit, ) = Clauses.read(program, table, i);
            if (!isSaid(asked.kind)) continue;
            Judged memory one = said[i];
            if (asked.kind == ClauseKind.Drawn) {
                drew = _drawn(one, asked, header.drawn, aside, draws);
            } else if (asked.kind == ClauseKind.DrawnReserves) {
                _drawnReserves(one, asked, header.drawn, aside);
            } else {
                _volatility(one, asked, prices);
            }
        }
    }

    /// The time of the snapshot is what `draws` drew from the source that the rules name, its day is
    /// later than the last one, and no more days were missed than the stricter of both rules allows.
    function _drawn(
        Judged memory one,
        Asked memory asked,
        bytes32 drawn,
        Aside calldata aside,
        IDraws draws
    ) private view returns (uint256 drew) {
        uint256 most = asked.limit;
        (one.clause.has, one.clause.needs) = (type(uint256).max, most);
        uint256 day = _dayOf(asked, drawn, draws);
        uint256 last = aside.lastDay;
        if (day <= last || day > LAST_DAY) return 0;
        uint256 missed = last == 0 ? 0 : day - last - 1;
        drew = day | (Math.min(most, MOST_KEPT) << 16) | (missed << 24);
        // Who missed too many cannot allow itself as many afterwards.
        if (last != 0) most = Math.min(most, aside.lastMost);
        (one.clause.has, one.clause.needs) = (missed, most);
        one.kept = missed <= most;
    }

    /// The day of the snapshot, if its time is the one that was drawn from the source that the rules
    /// name; else 0.
    function _dayOf(
        Asked memory asked,
        bytes32 drawn,
        IDraws draws
    ) private view returns (uint256) {
        if (drawn == 0) return 0;
        (bytes32 from, uint32 day, uint64 second, bool known) = draws.drawOf(drawn);
        bytes32 source = asked.subject == 0 ? keccak256("drand:quicknet") : keccak256("eip155:1");
        return known && from == source && second == asked.asOf ? day : 0;
    }

    /// Reserves were marked before the end of the drawn day, when nobody knew its second; what counts
    /// is no more than was there then.
    function _drawnReserves(
        Judged memory one,
        Asked memory asked,
        bytes32 drawn,
        Aside calldata aside
    ) private pure {
        // A drawn time is of its day.
        uint256 end = (asked.asOf / 1 days + 1) * 1 days;
        bool isMarked = drawn != 0 && aside.markedBy != 0;
        one.clause.has = isMarked ? aside.markedBy : type(uint256).max;
        one.clause.needs = end - 1;
        one.kept = one.clause.has <= one.clause.needs;
    }

    /// One clause on the volatilities that rates follow, of one asset. Of all that is stated, what a rate
    /// takes counts for it, and nothing else.
    function _volatility(
        Judged memory one,
        Asked memory asked,
        Prices calldata prices
    ) private pure {
        Tail memory tail = Rates.tailOf(asked.program, asked.table);
        Volatility[] memory stated = Volatilities.ofAsset(
            prices.volatilities,
            Rates.assetName(asked.program, tail, asked.subject)
        );
        bool isFirst = true;
        for (uint256 r = 0; r < tail.rates; ++r) {
            Rate memory rate = Rates.read(asked.program, tail, r);
            if (rate.asset != asked.subject) continue;
            uint256 used = Rates.follows(rate, stated);
            // A table is not made without.
            assert(used < stated.length);
            (Clause memory clause, bool kept) = _follows(rate, stated, used, asked);
            // The first that fails is told, else the first.
            if (isFirst || (one.kept && !kept)) (one.kept, one.clause) = (kept, clause);
            isFirst = false;
        }
    }

    /// The same of one rate.
    function _follows(
        Rate memory rate,
        Volatility[] memory stated,
        uint256 used,
        Asked memory asked
    ) private pure returns (Clause memory clause, bool kept) {
        if (asked.kind == ClauseKind.VolatilityAge) {
            clause = Clause(_distance(stated[used].asOf, asked.asOf), asked.limit);
            return (clause, clause.has <= clause.needs);
        }
        clause =
            asked.kind == ClauseKind.VolatilityBand
                ? _band(rate, stated, used, asked.asOf, asked.limit)
                : Clause(
                    _sources(rate, stated, asked.asOf, asked.limit >> 64),
                    asked.limit & type(uint64).max
                );
        kept = clause.has >= clause.needs;
    }

    /// How many sources state a volatility that counts for a rate and is not too old.
    function _sources(
        Rate memory rate,
        Volatility[] memory stated,
        uint256 asOf,
        uint256 age
    ) private pure returns (uint256 count) {
        bytes32[] memory sources = new bytes32[](stated.length);
        for (uint256 i = 0; i < stated.length; ++i) {
            Volatility memory each = stated[i];
            if (!Rates.counts(rate, each) || _distance(each.asOf, asOf) > age) continue;
            bool isNew = true;
            for (uint256 j = 0; j < count && isNew; ++j) isNew = sources[j] != each.source;
            if (isNew) sources[count++] = each.source;
        }
    }

    /// The volatility that a rate follows, and the least that it may be beside what another source
    /// says of the same, in 10^-36: fails if no other says anything.
    function _band(
        Rate memory rate,
        Volatility[] memory stated,
        uint256 used,
        uint256 asOf,
        uint256 limit
    ) private pure returns (Clause memory clause) {
        clause.has = stated[used].annual * ONE;
        bool isAlone = true;
        uint256 most;
        for (uint256 i = 0; i < stated.length; ++i) {
            bool isOther =
                stated[i].source != stated[used].source &&
                    Rates.measures(rate, stated[i]) &&
                    _distance(stated[i].asOf, asOf) <= limit >> 64;
            if (!isOther) continue;
            isAlone = false;
            most = Math.max(most, stated[i].annual);
        }
        uint256 band = limit & type(uint64).max;
        // Nobody can tell. A band of 1 or more, which no rules have, would let everything pass.
        if (isAlone || band >= ONE) clause.needs = type(uint256).max;
        else clause.needs = most * (ONE - band);
    }

    function _distance(uint256 one, uint256 other) private pure returns (uint256) {
        return one > other ? one - other : other - one;
    }
}
