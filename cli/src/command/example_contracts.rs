//! Contracts that the demo and the drill put on a chain in the process beside the venue's own: mocks, and
//! examples of who asks a registry.

use alloy_sol_types::sol;

sol! {
    contract MockToken {
        constructor(uint8 decimals);
        function set(address account, uint256 balance) external;
        function balanceOf(address account) external view returns (uint256);
    }
    struct Demands {
        uint8 worst;
        uint64 maxAge;
        uint64 minCoverageBps;
        bytes32 rules;
        uint256 clauses;
    }
    contract GuardedVault {
        constructor(address token, address registry, bytes32 venue, Demands demands);
        function isSolvent() external view returns (bool);
        function deposit(uint256 amount) external;
        function openPosition(uint256 amount) external;
        function withdraw(uint256 amount) external;
    }
    contract SolventVault {
        constructor(
            address asset,
            string name,
            string symbol,
            address registry,
            bytes32 venue,
            Demands demands
        );
        function maxDeposit(address receiver) external view returns (uint256);
    }
    struct Scale {
        uint8 decimals;
        uint128 whole;
        uint128 most;
    }
    contract CoverageFeed {
        constructor(address registry, bytes32 venue, uint8 worst, Scale scale);
    }
    interface Oracle {
        function decimals() external view returns (uint8);
        function latestRoundData()
            external
            view
            returns (uint80, int256, uint256, uint256, uint80);
        function getRoundData(uint80 round)
            external
            view
            returns (uint80, int256, uint256, uint256, uint80);
    }
    /// Says yes to every proof under the key that it names.
    contract MockVerifier {
        constructor(bytes32 key, uint256 k, uint256 pageSize);
    }
}
