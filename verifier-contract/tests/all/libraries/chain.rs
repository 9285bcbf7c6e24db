//! The libraries on a chain, called by the names that the compiler gave.

use alloy_primitives::{Address, U256, keccak256};
use alloy_sol_types::{SolValue, sol};
use pacioli_attestation::program::Fault;
use pacioli_rules::Prices;
use pacioli_verifier_contract::{
    artifacts,
    evm::{Evm, Output, Revert},
    submission,
};
use serde_json::Value;

sol! {
    /// A table as `InstrumentTable.compile` returns it.
    #[derive(Debug)]
    struct Table {
        uint256 scenarios;
        uint256 own;
        uint256 twins;
        uint256 cover;
        uint256 valueDecimals;
        bytes32 quote;
        uint256 rows;
        uint256 assets;
        uint256 markets;
        uint256 clauses;
        uint256 classes;
        uint256 formsAt;
        uint256 forms;
        uint256 closingAt;
        uint256 twinsAt;
        uint256 rowsAt;
        uint256 clausesAt;
        uint256 priced;
        uint256 pricesAt;
        uint256[] twinOf;
        bool[] isConstraint;
        bytes32[] names;
        uint256[] instance;
    }
}

/// The chain with the contract on it.
pub struct Chain {
    pub evm: Evm,
    libraries: Address,
}

impl Chain {
    pub fn new() -> Self {
        Self::on(Evm::new())
    }

    pub fn on(mut evm: Evm) -> Self {
        let code = artifacts::get("Libraries").bytecode.clone();
        let (libraries, _) = evm.deploy(code).unwrap();
        Self { evm, libraries }
    }

    /// Calls a function with encoded arguments.
    pub fn call(&mut self, function: &str, arguments: Vec<u8>) -> Result<Output, Revert> {
        let calldata = [&selector("function", function)[..], &arguments].concat();
        self.evm.view(Address::ZERO, self.libraries, calldata)
    }

    /// The table of a program and prices, or the error as [`said`] has it.
    pub fn compile(&mut self, program: &[u8], prices: &Prices) -> Result<Table, String> {
        let arguments = program_arguments(program, prices);
        let output = self.call("compile", arguments.clone()).map_err(|revert| named(&revert));
        // Row by row it is the same table, or refused in the same words.
        let each = self.call("compileEach", arguments).map_err(|revert| named(&revert));
        let bytes = |output: &Result<Output, String>| output.clone().map(|output| output.bytes);
        assert_eq!(bytes(&output), bytes(&each));
        let output = output?;
        Ok(<(Table,)>::abi_decode_params(&output.bytes).unwrap().0)
    }
}

/// The arguments that begin every function over a program.
pub fn program_arguments(program: &[u8], prices: &Prices) -> Vec<u8> {
    let (names, prices) = (submission::names(prices), submission::prices(prices).unwrap());
    (alloy_primitives::Bytes::copy_from_slice(program), names, prices).abi_encode_params()
}

/// What the contract reverted with, such as `RowCap(3, 7)`; hashes are left out.
pub fn named(revert: &Revert) -> String {
    assert!(revert.halt.is_none(), "{revert}");
    let abi = artifacts::get("Libraries").abi.as_array().unwrap();
    let is_raised = |entry: &&Value| {
        entry["type"] == "error" && revert.is(selector("error", entry["name"].as_str().unwrap()))
    };
    let error = abi.iter().find(is_raised).unwrap_or_else(|| panic!("{revert}"));
    let words = revert.data[4..].chunks(32).map(U256::from_be_slice);
    let numbers: Vec<_> = words
        .zip(error["inputs"].as_array().unwrap())
        .filter(|(_, input)| input["type"] != "bytes32")
        .map(|(word, _)| word.to_string())
        .collect();
    written(error["name"].as_str().unwrap(), &numbers)
}

/// What Rust refused a program with, in the same words.
pub fn said(fault: &Fault) -> String {
    let debug = format!("{fault:?}");
    let (name, rest) = debug.split_once(|c: char| !c.is_alphanumeric()).unwrap_or((&debug, ""));
    let numbers = rest.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    written(name, &numbers.map(str::to_owned).collect::<Vec<_>>())
}

fn written(name: &str, numbers: &[String]) -> String {
    if numbers.is_empty() { name.to_owned() } else { format!("{name}({})", numbers.join(", ")) }
}

/// The names of all errors of the contract.
pub fn errors() -> impl Iterator<Item = &'static str> {
    let abi = artifacts::get("Libraries").abi.as_array().unwrap();
    abi.iter().filter(|entry| entry["type"] == "error").map(|entry| entry["name"].as_str().unwrap())
}

fn selector(kind: &str, name: &str) -> [u8; 4] {
    let abi = artifacts::get("Libraries").abi.as_array().unwrap();
    let entry = abi.iter().find(|entry| entry["type"] == kind && entry["name"] == name).unwrap();
    let hash = keccak256(format!("{name}{}", types(&entry["inputs"])));
    [hash[0], hash[1], hash[2], hash[3]]
}

/// The types of parameters or of a struct's fields, as a signature has them.
fn types(inputs: &Value) -> String {
    let name = |input: &Value| {
        let written = input["type"].as_str().unwrap();
        match written.strip_prefix("tuple") {
            Some(array) => types(&input["components"]) + array,
            None => written.to_owned(),
        }
    };
    let names: Vec<_> = inputs.as_array().unwrap().iter().map(name).collect();
    format!("({})", names.join(","))
}
