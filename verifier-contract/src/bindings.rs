//! The contracts' types in Rust, generated from their ABI: `compile.mjs` writes it to
//! `generated/bindings.sol`.

use alloy_sol_types::sol;

sol!(
    #![sol(all_derives = true)]
    "generated/bindings.sol"
);
