// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

// The one file that @chainlink/ace takes of @chainlink/contracts; see the remappings. The interface is
// the same, so that what compiles with it is @chainlink/ace's own text.
import {IAggregatorV3 as AggregatorV3Interface} from "../../contracts/interfaces/IAggregatorV3.sol";
