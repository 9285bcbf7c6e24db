//! The contracts' types in Rust, read from the Solidity sources themselves.

use alloy_sol_types::sol;

sol!(
    #![sol(all_derives)]
    "contracts/Submission.sol"
);
