// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {InstrumentTable} from "../table/InstrumentTable.sol";
import {Table} from "../table/Table.sol";
import {ITable} from "../interfaces/ITable.sol";
import {Prices} from "../Submission.sol";

/// @title Makes tables one row after the other, callable by tests
/// @notice Of the same form as `Libraries`: what both return has the same addresses in memory.
contract EachRow is ITable {
    function compile(
        bytes calldata program,
        bytes32[] calldata names,
        Prices calldata prices
    ) external pure returns (Table memory) {
        return _table(program, names, prices);
    }

    function _table(
        bytes calldata program,
        bytes32[] calldata names,
        Prices calldata prices
    ) private pure returns (Table memory) {
        return InstrumentTable.compileEach(program, names, prices);
    }
}
