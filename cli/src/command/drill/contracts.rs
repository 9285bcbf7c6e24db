//! Contracts of the drill that are none of a registry's: who asks it, a token, an oracle, and a verifier
//! with a bug.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;

pub use super::super::example_contracts::{
    CoverageFeed, Demands, GuardedVault, MockToken, MockVerifier, Oracle, Scale, SolventVault,
};

/// Where the oracle of USDC is.
pub const ORACLE: Address = Address::repeat_byte(0x0c);
/// The decimals of its answers.
pub const ORACLE_DECIMALS: u8 = 8;
/// Its answer for one dollar.
pub const PEG: u64 = 100_000_000;

/// One round of the oracle.
#[derive(Clone, Copy, Debug)]
pub struct OracleRound {
    pub answer: u64,
    pub time: u64,
}

const DUP1: u8 = 0x80;
const DUP2: u8 = 0x81;
const AND: u8 = 0x16;
const EQ: u8 = 0x14;
const SHR: u8 = 0x1c;
const CALLDATALOAD: u8 = 0x35;
const MSTORE: u8 = 0x52;
const JUMPI: u8 = 0x57;
const JUMPDEST: u8 = 0x5b;
const PUSH0: u8 = 0x5f;
const PUSH1: u8 = 0x60;
const PUSH2: u8 = 0x61;
const PUSH4: u8 = 0x63;
const PUSH32: u8 = 0x7f;
const RETURN: u8 = 0xf3;
const REVERT: u8 = 0xfd;

/// The code of an oracle that knows these rounds, from number 1 on, and reverts for any other question.
pub fn oracle(rounds: &[OracleRound]) -> Vec<u8> {
    let word = |number: u64| U256::from(number).to_be_bytes::<32>();
    let answer = |(number, round): (u64, &OracleRound)| {
        let OracleRound { answer, time } = *round;
        [number, answer, time, time, number].map(word).to_vec()
    };
    let answers: Vec<_> = (1..).zip(rounds).map(answer).collect();
    let mut cases = vec![(is(Oracle::decimalsCall::SELECTOR), vec![word(ORACLE_DECIMALS.into())])];
    if let Some(last) = answers.last() {
        cases.push((is(Oracle::latestRoundDataCall::SELECTOR), last.clone()));
    }
    for (number, answer) in (1..).zip(&answers) {
        // The stack has the selector; the argument is compared first.
        let mut test = vec![PUSH1, 4, CALLDATALOAD, PUSH32];
        test.extend(word(number));
        test.extend([EQ, DUP2, PUSH4]);
        test.extend(Oracle::getRoundDataCall::SELECTOR);
        test.extend([EQ, AND]);
        cases.push((test, answer.clone()));
    }
    dispatch(&cases)
}

/// Compares the selector on the stack.
fn is(selector: [u8; 4]) -> Vec<u8> {
    [&[DUP1, PUSH4], &selector[..], &[EQ]].concat()
}

/// Tests one after another; the first that is true says which words are answered.
fn dispatch(cases: &[(Vec<u8>, Vec<[u8; 32]>)]) -> Vec<u8> {
    let mut code = vec![PUSH0, CALLDATALOAD, PUSH1, 0xe0, SHR];
    let refuse = [PUSH0, PUSH0, REVERT];
    // Behind each test stand PUSH2, its two bytes and JUMPI.
    let tests: usize = cases.iter().map(|(test, _)| test.len() + 4).sum();
    let mut answers = Vec::new();
    let first = code.len() + tests + refuse.len();
    for (test, words) in cases {
        // Far below 2^16 for the rounds of a drill.
        let at = (first + answers.len()) as u16;
        code.extend(test);
        code.push(PUSH2);
        code.extend(at.to_be_bytes());
        code.push(JUMPI);
        answers.push(JUMPDEST);
        for (number, word) in words.iter().enumerate() {
            answers.push(PUSH32);
            answers.extend(word);
            answers.extend([PUSH1, 32 * number as u8, MSTORE]);
        }
        answers.extend([PUSH1, 32 * words.len() as u8, PUSH0, RETURN]);
    }
    code.extend(refuse);
    code.extend(answers);
    code
}

#[cfg(test)]
mod tests {
    use pacioli_verifier_contract::{
        chain::{Chain, Embedded},
        evm::Evm,
    };

    use super::*;

    #[test]
    fn the_oracle_answers_for_the_rounds_that_it_has() {
        let mut evm = Evm::new();
        let rounds = [(100_000_000, 60), (95_000_000, 120)];
        evm.set_code(ORACLE, &oracle(&rounds.map(|(answer, time)| OracleRound { answer, time })));
        let mut chain = Embedded::new(evm, Address::ZERO);
        assert_eq!(chain.ask(ORACLE, &Oracle::decimalsCall {}).unwrap(), 8);
        let latest = chain.ask(ORACLE, &Oracle::latestRoundDataCall {}).unwrap();
        let mut of = |round: u64| {
            let round = alloy_primitives::aliases::U80::from(round);
            chain.ask(ORACLE, &Oracle::getRoundDataCall { round })
        };
        let first = of(1).unwrap();
        assert_eq!((u64::try_from(first._1).unwrap(), first._3), (100_000_000, U256::from(60)));
        let second = of(2).unwrap();
        assert_eq!((second._0, second._1, second._2), (latest._0, latest._1, latest._2));
        assert_eq!(u64::try_from(second._1).unwrap(), 95_000_000);
        assert!(of(0).is_err() && of(3).is_err());
    }
}
