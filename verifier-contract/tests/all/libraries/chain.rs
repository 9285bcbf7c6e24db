//! The libraries on a chain, called by the names that the compiler gave.

use alloy_primitives::{Address, U256, keccak256};
use alloy_sol_types::{SolCall, SolValue, sol};
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

    /// `Refused` as a contract takes it.
    struct SentRefused {
        bytes32 asset;
        bytes32 reason;
    }

    /// `Prices` as a contract takes them.
    struct Sent {
        uint64 asOf;
        bytes32 quote;
        bytes32 method;
        bytes32 source;
        bytes list;
        SentRefused[] refused;
        bytes volatilities;
        bytes steps;
    }

    /// `ITables.make`.
    function make(address[] chunks, Sent prices) external view returns (bytes made);
}

/// The words of a table as `Handover` has them behind the digest: its numbers, what is of scenarios, and
/// the columns of caps and values.
fn handed_over(table: &Table, given: &[[u8; 32]]) -> Vec<[u8; 32]> {
    let mut words: Vec<[u8; 32]> = [
        table.scenarios,
        table.own,
        table.twins,
        table.cover,
        table.valueDecimals,
        table.quote.into(),
        table.rows,
        table.assets,
        table.markets,
        table.clauses,
        table.classes,
        table.formsAt,
        table.forms,
        table.closingAt,
        table.twinsAt,
        table.rowsAt,
        table.clausesAt,
        table.priced,
        // An address in the memory of the contract that made the table.
        U256::from_be_bytes(given[19]),
    ]
    .map(|number| number.to_be_bytes())
    .to_vec();
    words.extend(table.isConstraint.iter().map(|&is| U256::from(is).to_be_bytes::<32>()));
    words.extend(table.twinOf.iter().map(U256::to_be_bytes::<32>));
    let columns = &table.instance[1 + 2 * table.rows.to::<usize>()..];
    words.extend(columns.iter().map(U256::to_be_bytes::<32>));
    words
}

/// The chain with the contract on it.
pub struct Chain {
    pub evm: Evm,
    libraries: Address,
    each_row: Address,
    tables: Address,
}

impl Chain {
    pub fn new() -> Self {
        Self::on(Evm::new())
    }

    pub fn on(mut evm: Evm) -> Self {
        let [libraries, each_row, tables] = ["Libraries", "EachRow", "Tables"]
            .map(|name| evm.deploy(artifacts::get(name).bytecode.clone()).unwrap().0);
        Self { evm, libraries, each_row, tables }
    }

    /// Calls a function with encoded arguments.
    pub fn call(&mut self, function: &str, arguments: Vec<u8>) -> Result<Output, Revert> {
        self.ask(self.libraries, function, arguments)
    }

    fn ask(&mut self, at: Address, function: &str, arguments: Vec<u8>) -> Result<Output, Revert> {
        let calldata = [&selector("function", function)[..], &arguments].concat();
        self.evm.view(Address::ZERO, at, calldata)
    }

    /// Demands that the contract that makes tables hands over the same table, or refuses it in the same
    /// words, where the program fits one chunk.
    fn hand_over(&mut self, program: &[u8], prices: &Prices, expected: &Result<Output, String>) {
        let code = submission::code(&submission::names(prices), program).unwrap();
        if code.len() > 1 {
            return;
        }
        let chunk = Address::repeat_byte(0xc4);
        self.evm.set_code(chunk, &code[0]);
        let prices = Sent::abi_decode(&submission::prices(prices).unwrap().abi_encode()).unwrap();
        let call = makeCall { chunks: vec![chunk], prices };
        let output = self.evm.view(Address::ZERO, self.tables, call.abi_encode());
        match (output, expected) {
            (Err(revert), Err(error)) => assert_eq!(named(&revert), *error),
            (Ok(output), Ok(expected)) => {
                let made = makeCall::abi_decode_returns(&output.bytes).unwrap();
                let table = <(Table,)>::abi_decode_params(&expected.bytes).unwrap().0;
                let (words, _) = made.as_chunks::<32>();
                // The digest of prices is the first.
                assert_eq!(words[1..], handed_over(&table, words));
            }
            (output, expected) => panic!("{output:?} but {expected:?}"),
        }
    }

    /// The table of a program and prices, or the error as [`said`] has it.
    pub fn compile(&mut self, program: &[u8], prices: &Prices) -> Result<Table, String> {
        let arguments = program_arguments(program, prices);
        let output = self.call("compile", arguments.clone()).map_err(|revert| named(&revert));
        // Row by row it is the same table, or refused in the same words.
        let each = self.ask(self.each_row, "compile", arguments);
        let each = each.map_err(|revert| named(&revert));
        let bytes = |output: &Result<Output, String>| output.clone().map(|output| output.bytes);
        assert_eq!(bytes(&output), bytes(&each));
        self.hand_over(program, prices, &output);
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
