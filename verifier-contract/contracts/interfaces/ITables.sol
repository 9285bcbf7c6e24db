// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Prices} from "../Submission.sol";
import {ITable} from "./ITable.sol";

/// @title Makes instrument tables
/// @notice Has no state, and answers anyone.
interface ITables is ITable {
    /// @notice Computes the table of a program and prices. Reverts if either is invalid.
    /// @param chunks The contracts whose code is the program; see `IVenues.Rules`.
    /// @param prices The prices.
    /// @return made Words: the prices' digest, and the table as `Handover` has it.
    function make(
        address[] calldata chunks,
        Prices calldata prices
    ) external view returns (bytes memory made);
}
