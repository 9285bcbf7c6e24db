//! Programs as code: what the contract reads is what was written, and what is not a chunk is refused.

use alloy_primitives::{Address, B256, keccak256};
use alloy_sol_types::SolValue;
use pacioli_verifier_contract::{evm::MAX_CODE_SIZE, submission};

use crate::{
    evaluator::fixture::chunk,
    libraries::{Chain, named},
};

#[test]
fn any_program_is_read_as_it_was_written() {
    let mut chain = Chain::new();
    let names = |count: usize| -> Vec<B256> { (0..count).map(|n| keccak256([n as u8])).collect() };
    let first = MAX_CODE_SIZE - 1 - 2;
    for (count, size) in [
        (0, 0),
        (0, 1),
        (1, 77),
        (3, 1_000),
        (183, 5_555),
        // To the last byte of a chunk, one less and one more, and names over two of them.
        (0, first),
        (0, first - 1),
        (0, first + 1),
        (700, 3_000),
        (767, 60_000),
        (768, 0),
    ] {
        let program: Vec<u8> = (0..size).map(|n| (n * 7 + 1) as u8).collect();
        let names = names(count);
        let code = submission::code(&names, &program).unwrap();
        assert!(code.iter().all(|code| code[0] == 0 && code.len() <= MAX_CODE_SIZE));
        let chunks: Vec<_> = code.iter().map(|code| chunk(&mut chain.evm, code)).collect();
        let output = chain.call("chunks", (chunks,).abi_encode_params()).unwrap();
        type Read = (Vec<B256>, alloy_primitives::Bytes);
        let read = Read::abi_decode_params(&output.bytes).unwrap();
        assert_eq!((&read.0, &read.1[..]), (&names, &program[..]), "{count} names, {size} bytes");
    }
}

#[test]
fn what_is_no_chunk_is_refused_by_name() {
    let mut chain = Chain::new();
    let mut of = |parts: &[&[u8]]| {
        let chunks: Vec<_> = parts
            .iter()
            .map(|code| if code.is_empty() { Address::ZERO } else { chunk(&mut chain.evm, code) })
            .collect();
        let refused = chain.call("chunks", (chunks,).abi_encode_params()).map(|_| ());
        refused.map_err(|revert| named(&revert).split('(').next().unwrap().to_owned())
    };
    let full = vec![0; MAX_CODE_SIZE];
    assert_eq!(of(&[&[0, 0, 0]]), Ok(()));
    assert_eq!(of(&[&full, &[0, 9]]), Ok(()));
    for (expected, parts) in [
        // No account, code that runs, and one such behind a good one.
        ("NotAChunk", &[&[][..]][..]),
        ("NotAChunk", &[&[1, 0, 0]]),
        ("NotAChunk", &[&full, &[0xfe, 0, 0]]),
        ("ChunkLength", &[&[0]]),
        ("ChunkLength", &[&[0, 0, 0], &[0, 0, 0]]),
        ("ChunkLength", &[&full[1..], &[0, 0, 0]]),
        ("ChunkLength", &[&full, &[0]]),
        // Nothing at all, half of a number, and names that are not there.
        ("NamesLength", &[]),
        ("NamesLength", &[&[0, 0]]),
        ("NamesLength", &[&[0, 0, 1]]),
        ("NamesLength", &[&[0, 0xff, 0xff, 1]]),
    ] {
        assert_eq!(of(parts), Err(expected.to_owned()));
    }
}
