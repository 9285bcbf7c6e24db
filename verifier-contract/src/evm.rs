//! A small chain in this process to try contracts on, with mainnet's rules and an empty state.

use alloy_primitives::{Address, Bytes, Log, U256};
use revm::{
    Context, Database, ExecuteCommitEvm, ExecuteEvm, InspectEvm, Inspector, MainBuilder,
    MainContext,
    context::{
        TxEnv,
        result::{ExecutionResult, HaltReason, Output as RevmOutput},
    },
    database::InMemoryDB,
    handler::{MainnetContext, MainnetEvm},
    interpreter::{CallInputs, CallOutcome},
    primitives::TxKind,
    state::AccountInfo,
};
use thiserror::Error;

/// The chain's number.
pub const CHAIN_ID: u64 = 1;

/// The most gas a transaction may take on mainnet since EIP-7825.
pub const GAS_LIMIT: u64 = 1 << 24;

/// The largest runtime code that mainnet accepts (EIP-170), in bytes.
pub const MAX_CODE_SIZE: usize = 24_576;

/// The chain. Gas costs nothing, accounts need no balance and no nonce.
#[derive(Debug)]
pub struct Evm(MainnetEvm<MainnetContext<InMemoryDB>>);

/// A transaction that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The encoded result.
    pub bytes: Bytes,
    /// The gas of the whole transaction, including its 21,000 and its calldata.
    pub gas_used: u64,
    /// The same before the minimum for calldata (EIP-7623) is applied.
    pub gas_spent: u64,
    /// Events in their order.
    pub logs: Vec<Log>,
}

/// A transaction that failed and changed nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("reverted with {data} after {gas_used} gas{}", halted(.halt))]
pub struct Revert {
    /// The encoded error; empty if the EVM halted.
    pub data: Bytes,
    /// The gas of the whole transaction.
    pub gas_used: u64,
    /// Why the EVM halted, for example out of gas; `None` if the contract reverted.
    pub halt: Option<HaltReason>,
}

fn halted(halt: &Option<HaltReason>) -> String {
    halt.as_ref().map_or_else(String::new, |reason| format!(": halted, {reason:?}"))
}

impl Revert {
    /// Whether the gas ran out, in the contract or, of a transaction with all of [`GAS_LIMIT`], in
    /// one that it called. A call gets 63 of 64 parts of what is left and spends all of it then, and
    /// the EVM does not say why it failed: after two calls, one in the other, 31 of 32 parts are
    /// gone. No other error here costs as much.
    pub fn is_out_of_gas(&self) -> bool {
        match self.halt {
            Some(HaltReason::OutOfGas(_)) => true,
            Some(_) => false,
            None => self.gas_used >= GAS_LIMIT - GAS_LIMIT / 32,
        }
    }

    /// Whether the contract reverted with the error that has this selector.
    pub fn is(&self, selector: [u8; 4]) -> bool {
        self.data.starts_with(&selector)
    }
}

impl Default for Evm {
    fn default() -> Self {
        Self::new()
    }
}

impl Evm {
    /// An empty chain at block 1, time 1.
    pub fn new() -> Self {
        let context = Context::mainnet().with_db(InMemoryDB::default());
        let context = context.modify_cfg_chained(|cfg| {
            cfg.disable_nonce_check = true;
            cfg.chain_id = CHAIN_ID;
        });
        let context = context.modify_block_chained(|block| {
            (block.number, block.timestamp) = (U256::from(1), U256::from(1));
        });
        Self(context.build_mainnet())
    }

    /// The same chain without a limit on code size, for contracts too large for a real chain.
    pub fn without_size_limit(mut self) -> Self {
        self.0.ctx.cfg.limit_contract_code_size = Some(usize::MAX);
        self.0.ctx.cfg.limit_contract_initcode_size = Some(usize::MAX);
        self
    }

    /// The same chain with far more gas for a transaction than [`GAS_LIMIT`].
    pub fn without_gas_limit(mut self) -> Self {
        self.0.ctx.cfg.tx_gas_limit_cap = Some(1 << 40);
        self
    }

    /// The most gas that a transaction may take.
    fn gas_limit(&self) -> u64 {
        self.0.ctx.cfg.tx_gas_limit_cap.unwrap_or(GAS_LIMIT)
    }

    /// The time of the block that the next transaction is in, in seconds.
    pub fn time(&self) -> u64 {
        self.0.ctx.block.timestamp.saturating_to()
    }

    /// Sets that time, in a new block.
    pub fn set_time(&mut self, seconds: u64) {
        self.0.ctx.block.timestamp = U256::from(seconds);
        self.0.ctx.block.number += U256::from(1);
    }

    /// Sets the balance of an account in the chain's own coin.
    pub fn set_balance(&mut self, account: Address, balance: U256) {
        let info = AccountInfo { balance, ..AccountInfo::default() };
        self.0.ctx.journaled_state.database.insert_account_info(account, info);
    }

    /// The code of an account; empty if it has none.
    ///
    /// # Panics
    /// Never: the state is in memory.
    pub fn code(&mut self, account: Address) -> Bytes {
        let database = &mut self.0.ctx.journaled_state.database;
        let info = database.basic(account).expect(IN_MEMORY).unwrap_or_default();
        let code = match info.code {
            Some(code) => code,
            None => database.code_by_hash(info.code_hash).expect(IN_MEMORY),
        };
        code.original_bytes()
    }

    /// Puts code at an address.
    pub fn set_code(&mut self, account: Address, code: &[u8]) {
        let code = revm::bytecode::Bytecode::new_raw(Bytes::copy_from_slice(code));
        let info =
            AccountInfo { code_hash: code.hash_slow(), code: Some(code), ..Default::default() };
        self.0.ctx.journaled_state.database.insert_account_info(account, info);
    }

    /// The number of the block that the next transaction is in.
    pub fn block_number(&self) -> u64 {
        self.0.ctx.block.number.saturating_to()
    }

    /// Creates a contract from its bytecode and encoded constructor arguments. Returns its address and
    /// the gas of the whole transaction.
    ///
    /// # Errors
    /// If the constructor reverts, or the code is too large.
    pub fn deploy(&mut self, code: impl Into<Bytes>) -> Result<(Address, u64), Revert> {
        let transaction = transaction(Address::ZERO, TxKind::Create, code.into(), self.gas_limit());
        match self.commit(transaction) {
            ExecutionResult::Success { output: RevmOutput::Create(_, Some(at)), gas, .. } => {
                Ok((at, gas.tx_gas_used()))
            }
            result => Err(output(result).expect_err("a creation that succeeds has an address")),
        }
    }

    /// Sends a transaction.
    ///
    /// # Errors
    /// If it reverts.
    pub fn call(
        &mut self,
        from: Address,
        to: Address,
        calldata: impl Into<Bytes>,
    ) -> Result<Output, Revert> {
        let transaction = transaction(from, TxKind::Call(to), calldata.into(), self.gas_limit());
        output(self.commit(transaction))
    }

    /// The result that a transaction would have, without sending it.
    ///
    /// # Errors
    /// If it reverts.
    pub fn view(
        &mut self,
        from: Address,
        to: Address,
        calldata: impl Into<Bytes>,
    ) -> Result<Output, Revert> {
        self.view_within(from, to, calldata, self.gas_limit())
    }

    /// Like [`Self::view`], with this much gas.
    ///
    /// # Errors
    /// If it reverts or runs out of gas.
    ///
    /// # Panics
    /// If the gas is less than a transaction of this calldata costs before it starts, or more
    /// than [`GAS_LIMIT`].
    pub fn view_within(
        &mut self,
        from: Address,
        to: Address,
        calldata: impl Into<Bytes>,
        gas_limit: u64,
    ) -> Result<Output, Revert> {
        let transaction = transaction(from, TxKind::Call(to), calldata.into(), gas_limit);
        output(self.0.transact(transaction).expect(VALID).result)
    }

    /// Like [`Self::view`], with every call that the transaction makes: its own first, and each before
    /// those that it makes.
    ///
    /// # Errors
    /// If it reverts.
    pub fn traced(
        &mut self,
        from: Address,
        to: Address,
        calldata: impl Into<Bytes>,
    ) -> Result<(Output, Vec<Frame>), Revert> {
        let transaction = transaction(from, TxKind::Call(to), calldata.into(), self.gas_limit());
        let mut evm = self.0.ctx.clone().build_mainnet_with_inspector(Frames::default());
        let result = evm.inspect_tx(transaction).expect(VALID).result;
        Ok((output(result)?, evm.inspector.done))
    }

    /// Like [`Self::view`], with the words of storage that the transaction would write.
    ///
    /// # Errors
    /// If it reverts.
    pub fn slots(
        &mut self,
        from: Address,
        to: Address,
        calldata: impl Into<Bytes>,
    ) -> Result<Slots, Revert> {
        let transaction = transaction(from, TxKind::Call(to), calldata.into(), self.gas_limit());
        let done = self.0.transact(transaction).expect(VALID);
        output(done.result)?;
        let words = done.state.values().flat_map(|account| account.storage.values());
        let written: Vec<_> = words.filter(|word| word.is_changed()).collect();
        let fresh = written.iter().filter(|word| word.original_value.is_zero()).count();
        Ok(Slots { fresh, changed: written.len() - fresh })
    }

    fn commit(&mut self, transaction: TxEnv) -> ExecutionResult {
        self.0.transact_commit(transaction).expect(VALID)
    }
}

/// The words of storage that a transaction writes, each once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slots {
    /// Those that were zero.
    pub fresh: usize,
    /// Those that were not.
    pub changed: usize,
}

/// A call within a transaction, or the transaction's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The contract whose code ran, or a precompiled one.
    pub contract: Address,
    /// The gas that it spent, with that of the calls it made.
    pub gas: u64,
    /// The same without.
    pub own: u64,
}

/// Takes down the calls of a transaction.
#[derive(Default)]
struct Frames {
    done: Vec<Frame>,
    /// The numbers of the calls that have not ended.
    open: Vec<usize>,
}

impl<C> Inspector<C> for Frames {
    fn call(&mut self, _: &mut C, inputs: &mut CallInputs) -> Option<CallOutcome> {
        self.open.push(self.done.len());
        self.done.push(Frame { contract: inputs.bytecode_address, gas: 0, own: 0 });
        None
    }

    fn call_end(&mut self, _: &mut C, _: &CallInputs, outcome: &mut CallOutcome) {
        let Some(number) = self.open.pop() else { return };
        let gas = outcome.result.gas.total_gas_spent();
        // What the calls that it made spent was taken off before.
        self.done[number].gas = gas;
        self.done[number].own = self.done[number].own.wrapping_add(gas);
        if let Some(&caller) = self.open.last() {
            self.done[caller].own = self.done[caller].own.wrapping_sub(gas);
        }
    }
}

const IN_MEMORY: &str = "the state is in memory";

const VALID: &str = "the transaction is within the chain's limits, and its state is in memory";

fn transaction(caller: Address, kind: TxKind, data: Bytes, gas_limit: u64) -> TxEnv {
    TxEnv { caller, kind, data, gas_limit, chain_id: Some(CHAIN_ID), ..TxEnv::default() }
}

fn output(result: ExecutionResult) -> Result<Output, Revert> {
    let gas_used = result.tx_gas_used();
    let gas_spent = result.gas().total_gas_spent();
    match result {
        ExecutionResult::Success { output, logs, .. } => {
            Ok(Output { bytes: output.into_data(), gas_used, gas_spent, logs })
        }
        ExecutionResult::Revert { output, .. } => {
            Err(Revert { data: output, gas_used, halt: None })
        }
        ExecutionResult::Halt { reason, .. } => {
            Err(Revert { data: Bytes::new(), gas_used, halt: Some(reason) })
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{B256, keccak256};
    use alloy_sol_types::{SolCall, SolConstructor, SolError, sol};

    use super::*;
    use crate::artifacts;

    sol! {
        contract MockVerifier {
            error MockDoesNotHold();
            constructor(bytes32 key, uint256 k, uint256 pageSize);
            function answer(bool holds, bytes32 phase1) external;
            function verify(uint256[] instance, uint256 scenarios, bytes proof)
                external view returns (bytes32);
        }
    }

    fn deployed(evm: &mut Evm) -> Address {
        let arguments = MockVerifier::constructorCall {
            key: B256::ZERO,
            k: U256::from(12),
            pageSize: U256::from(64),
        };
        let code = artifacts::get("MockVerifier").bytecode.to_vec();
        evm.deploy([code, arguments.abi_encode()].concat()).unwrap().0
    }

    fn verify_call(proof: Vec<u8>) -> MockVerifier::verifyCall {
        MockVerifier::verifyCall { instance: vec![], scenarios: U256::ONE, proof: proof.into() }
    }

    #[test]
    fn a_call_stays_and_a_view_does_not() {
        let mut evm = Evm::new();
        let mock = deployed(&mut evm);
        let verify = verify_call(vec![7]).abi_encode();
        let refuse = MockVerifier::answerCall { holds: false, phase1: B256::ZERO }.abi_encode();

        let from = Address::repeat_byte(1);
        let before = evm.view(from, mock, verify.clone()).unwrap();
        assert_eq!(before.bytes[..], keccak256([7])[..]);
        evm.view(from, mock, refuse.clone()).unwrap();
        assert_eq!(evm.view(from, mock, verify.clone()).unwrap(), before);
        assert!(evm.call(from, mock, refuse).unwrap().gas_used > 21_000);
        let revert = evm.call(from, mock, verify).unwrap_err();
        assert!(revert.is(MockVerifier::MockDoesNotHold::SELECTOR) && revert.halt.is_none());
        assert!(!revert.is_out_of_gas());
    }

    #[test]
    fn a_machine_that_runs_out_of_gas_says_so() {
        let mut evm = Evm::new();
        let mock = deployed(&mut evm);
        let verify = verify_call(vec![]);
        let revert = evm.view_within(Address::ZERO, mock, verify.abi_encode(), 23_500).unwrap_err();
        assert!(matches!(revert.halt, Some(HaltReason::OutOfGas(_))), "{revert}");
        assert_eq!((revert.gas_used, revert.data.len()), (23_500, 0));
        assert!(revert.is_out_of_gas());
    }

    #[test]
    fn an_account_has_the_code_that_was_created() {
        let mut evm = Evm::new();
        let mock = deployed(&mut evm);
        assert_eq!(evm.code(mock).len(), artifacts::get("MockVerifier").runtime_bytes);
        assert!(evm.code(Address::repeat_byte(1)).is_empty());
    }

    #[test]
    fn every_deployment_has_an_address_of_its_own() {
        let mut evm = Evm::new();
        assert_ne!(deployed(&mut evm), deployed(&mut evm));
    }

    #[test]
    fn code_over_the_limit_is_refused_unless_the_limit_is_off() {
        // Returns so many zero bytes as the contract's code.
        let code = |size: u16| [&[0x61][..], &size.to_be_bytes(), &[0x5f, 0xf3]].concat();
        let revert = Evm::new().deploy(code(MAX_CODE_SIZE as u16 + 1)).unwrap_err();
        assert_eq!(revert.halt, Some(HaltReason::CreateContractSizeLimit));
        assert!(!revert.is_out_of_gas());
        assert!(Evm::new().deploy(code(MAX_CODE_SIZE as u16)).is_ok());
        let mut unlimited = Evm::new().without_size_limit();
        assert!(unlimited.deploy(code(MAX_CODE_SIZE as u16 + 1)).is_ok());
    }

    #[test]
    fn time_passes_in_new_blocks() {
        let mut evm = Evm::new();
        let number = evm.block_number();
        evm.set_time(1_700_000_000);
        assert_eq!((evm.time(), evm.block_number()), (1_700_000_000, number + 1));
    }
}
