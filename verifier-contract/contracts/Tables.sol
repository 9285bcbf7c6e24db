// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Chunks} from "./Chunks.sol";
import {Prices} from "./Submission.sol";
import {Handover} from "./table/Handover.sol";
import {InstrumentTable} from "./table/InstrumentTable.sol";
import {Priced} from "./table/Priced.sol";
import {Table} from "./table/Table.sol";
import {ITables} from "./interfaces/ITables.sol";

/// @title Makes instrument tables
contract Tables is ITables {
    /// @inheritdoc ITables
    function make(
        address[] calldata chunks,
        Prices calldata prices
    ) external view returns (bytes memory) {
        (bytes32[] memory names, bytes memory program) = Chunks.load(chunks);
        Table memory table = InstrumentTable.compile(program, names, prices, 0);
        Handover.give(table, Priced.digest(prices, table.pricesAt, table.priced));
    }
}
