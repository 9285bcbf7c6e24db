//! What a table costs. The figures are exact: a change of the contract changes them here too.

use alloy_primitives::{Bytes, U256};
use alloy_sol_types::SolValue;
use pacioli_circuits::Total;
use pacioli_verifier_contract::submission;

use crate::libraries::{
    books,
    chain::{Chain, program_arguments},
};

/// 200 instruments in four scenarios under 42 prices.
const PROGRAM_BYTES: usize = 5_429;
const COMPILE_GAS: u64 = 336_723;
const FILL_GAS: u64 = 29_701;

/// The same with the forms of its holdings: 316 instruments in five scenarios.
const PROGRAM_BYTES_WITH_FORMS: usize = 8_213;
const COMPILE_GAS_WITH_FORMS: u64 = 959_134;

#[test]
fn a_table_of_200_instruments_in_four_scenarios() {
    let (mut chain, case) = (Chain::new(), books::large());
    let program = case.program();
    assert_eq!(program.to_bytes().len(), PROGRAM_BYTES);
    let output = chain.call("gasOfCompile", program_arguments(program.to_bytes(), &case.prices));
    let compiled = U256::abi_decode(&output.unwrap().bytes).unwrap();

    let with_forms = books::large_with_forms();
    let bytes = with_forms.program();
    let output = chain.call("gasOfCompile", program_arguments(bytes.to_bytes(), &case.prices));
    let of_forms = U256::abi_decode(&output.unwrap().bytes).unwrap();
    assert_eq!(bytes.to_bytes().len(), PROGRAM_BYTES_WITH_FORMS);

    let prices = submission::prices(&case.prices).unwrap();
    let program = Bytes::copy_from_slice(program.to_bytes());
    let totals = submission::totals(&[Total { count: 1, quantity: 1 }; 200]).unwrap();
    let names = submission::names(&case.prices);
    let arguments = (program, names, prices, U256::ZERO, totals).abi_encode_params();
    let output = chain.call("fill", arguments).unwrap();
    let (_, filled) = <(Vec<U256>, U256)>::abi_decode_params(&output.bytes).unwrap();
    let expected = [COMPILE_GAS, COMPILE_GAS_WITH_FORMS, FILL_GAS].map(U256::from);
    assert_eq!([compiled, of_forms, filled], expected);
}
