//! What a table costs. The figures are exact: a change of the contract changes them here too.

use alloy_primitives::U256;
use alloy_sol_types::SolValue;

use crate::{
    books,
    chain::{Chain, program_arguments},
};

#[test]
fn a_table_of_200_instruments_in_four_scenarios() {
    let (mut chain, case) = (Chain::new(), books::large());
    let program = case.program();
    let arguments = program_arguments(program.to_bytes(), &case.prices);
    let output = chain.call("gasOfCompile", arguments).unwrap();
    let gas = U256::abi_decode(&output.bytes).unwrap();
    assert_eq!((program.to_bytes().len(), gas.to::<u64>()), (0, 0));
    assert!(gas < U256::from(300 * 200 * 4));
}
