// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Need, Needs} from "./interfaces/IEvaluator.sol";
import {Holding} from "./interfaces/IReserves.sol";

/// @title What reserves lack of what an attestation needs
library Shortage {
    uint256 private constant BPS = 10_000;
    // The decimals of holdings.
    uint256 private constant DECIMALS = 36;

    /// @notice Takes what counts elsewhere off what is needed. What remains is needed here. What
    /// counts elsewhere is rounded up, so that this and `find`, which rounds down, make no shortage
    /// of what was there: by less than one smallest unit of an asset.
    /// @param needs What is needed; lowered in place.
    /// @param holdings The assets.
    /// @param elsewhere How much of each counts elsewhere, in 10^-36 of one whole unit.
    function lower(
        Needs memory needs,
        Holding[] memory holdings,
        uint256[] memory elsewhere
    ) internal pure {
        for (uint256 i = 0; i < elsewhere.length; ++i) {
            for (uint256 j = 0; j < needs.assets.length; ++j) {
                Need memory need = needs.assets[j];
                if (need.asset != holdings[i].asset) continue;
                // What is here is rounded down: of two parts of a whole one must be rounded up.
                uint256 units = _unitsUp(elsewhere[i], need.decimals);
                need.least = _less(need.least, units);
                needs.worth = _less(needs.worth, _times(units, need.value));
            }
        }
    }

    /// @notice How much is lacking.
    /// @param needs What is needed.
    /// @param holdings What is there.
    /// @return short The largest part of what is needed, in worth or of one asset, that is lacking,
    /// in 1/10,000 of it and rounded up; 0 if all is there.
    /// @return heavy The same of all that is needed: the larger of the worth that is lacking and of
    /// what lacks of single assets, at its worth. Of the least of many assets all may be lacking
    /// while little is. Where nothing that is needed has a worth, as `short`.
    function find(
        Needs memory needs,
        Holding[] memory holdings
    ) internal pure returns (uint256 short, uint256 heavy) {
        (uint256 worth, uint256 least, uint256 lacks) = (0, 0, 0);
        for (uint256 j = 0; j < needs.assets.length; ++j) {
            Need memory need = needs.assets[j];
            uint256 units = 0;
            for (uint256 i = 0; i < holdings.length; ++i) {
                if (holdings[i].asset == need.asset) {
                    units = _units(holdings[i].customers, need.decimals);
                }
            }
            worth = _plus(worth, _times(units, need.value));
            least = _plus(least, _times(need.least, need.value));
            lacks = _plus(lacks, _times(_less(need.least, units), need.value));
            short = _larger(short, _part(need.least, units));
        }
        uint256 all = _larger(needs.worth, least);
        uint256 part = _part(needs.worth, worth);
        short = _larger(short, part);
        heavy = all == 0 ? short : _larger(part, _part(all, _less(all, lacks)));
    }

    /// In the smallest unit of so many decimals, rounded down.
    function _units(uint256 amount, uint256 decimals) private pure returns (uint256) {
        if (decimals <= DECIMALS) return amount / 10 ** (DECIMALS - decimals);
        return _times(amount, 10 ** (decimals - DECIMALS));
    }

    /// The same, rounded up.
    function _unitsUp(uint256 amount, uint256 decimals) private pure returns (uint256) {
        if (decimals <= DECIMALS) return Math.ceilDiv(amount, 10 ** (DECIMALS - decimals));
        return _times(amount, 10 ** (decimals - DECIMALS));
    }

    function _part(uint256 need, uint256 have) private pure returns (uint256) {
        if (have >= need) return 0;
        uint256 lacks = need - have;
        // Beyond 2^240 the last digits do not matter.
        if (need >= 1 << 240) return _larger(1, lacks / (need / BPS));
        return (lacks * BPS + need - 1) / need;
    }

    /// Sums and products end at the largest number: somebody who lists a token of their own with an
    /// absurd balance must not stop a comparison.
    function _times(uint256 one, uint256 other) private pure returns (uint256) {
        if (one == 0) return 0;
        unchecked {
            uint256 product = one * other;
            return product / one == other ? product : type(uint256).max;
        }
    }

    function _plus(uint256 one, uint256 other) private pure returns (uint256) {
        return one > type(uint256).max - other ? type(uint256).max : one + other;
    }

    function _less(uint256 one, uint256 other) private pure returns (uint256) {
        return one > other ? one - other : 0;
    }

    function _larger(uint256 one, uint256 other) private pure returns (uint256) {
        return one > other ? one : other;
    }
}
