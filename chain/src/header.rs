//! A block's header in RLP, from what a node answers.

use alloy_primitives::keccak256;
use alloy_rpc_types_eth::Header;
use serde_json::Value;
use thiserror::Error;

/// Why a node's answer is no header.
#[derive(Debug, Error)]
pub enum HeaderError {
    /// It is something else.
    #[error("not a block as `eth_getBlockByNumber` answers: {0}")]
    Form(#[from] serde_json::Error),
    /// It has fields that this code does not know, or was changed.
    #[error(
        "the header has the hash {own}, and the answer says {said}: it was changed, or has fields of a \
         fork that this release does not know; give its RLP (`debug_getRawHeader`)"
    )]
    Hash {
        /// What its fields hash to.
        own: String,
        /// What the node says.
        said: String,
    },
}

/// The RLP encoding of the header in a node's answer to `eth_getBlockByNumber`. Its hash is that in
/// the answer.
///
/// # Errors
/// If it is no such answer, or has another hash.
pub fn header_rlp(block: &Value) -> Result<Vec<u8>, HeaderError> {
    let header: Header = serde_json::from_value(block.clone())?;
    let rlp = alloy_rlp::encode(&header.inner);
    let own = keccak256(&rlp);
    if own != header.hash {
        let [own, said] = [own, header.hash].map(|hash| hash.to_string());
        return Err(HeaderError::Hash { own, said });
    }
    Ok(rlp)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Block 19,449,567 of Ethereum, of 2024-03-16.
    const BLOCK: &str = r#"{
        "baseFeePerGas": "0x886b221ad",
        "blobGasUsed": "0x0",
        "difficulty": "0x0",
        "excessBlobGas": "0x0",
        "extraData": "0x6265617665726275696c642e6f7267",
        "gasLimit": "0x1c9c380",
        "gasUsed": "0xb0033c",
        "hash": "0x85cdcbe36217fd57bf2c33731d8460657a7ce512401f49c9f6392c82a7ccf7ac",
        "logsBloom": "0xLOGS",
        "miner": "0x95222290dd7278aa3ddd389cc1e1d165cc4bafe5",
        "mixHash": "0x4c068e902990f21f92a2456fc75c59bec8be03b7f13682b6ebd27da56269beb5",
        "nonce": "0x0000000000000000",
        "number": "0x128c6df",
        "parentBeaconBlockRoot":
            "0x2843cb9f7d001bd58816a915e685ed96a555c9aeec1217736bd83a96ebd409cc",
        "parentHash": "0x90926e0298d418181bd20c23b332451e35fd7d696b5dcdc5a3a0a6b715f4c717",
        "receiptsRoot": "0xd43aa19ecb03571d1b86d89d9bb980139d32f2f2ba59646cd5c1de9e80c68c90",
        "sha3Uncles": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
        "size": "0xdcc3",
        "stateRoot": "0x707875120a7103621fb4131df59904cda39de948dfda9084a1e3da44594d5404",
        "timestamp": "0x65f5f4c3",
        "transactions": [],
        "transactionsRoot": "0x889a1c26dc42ba829dab552b779620feac231cde8a6c79af022bdc605c23a780",
        "uncles": [],
        "withdrawals": [],
        "withdrawalsRoot": "0x360c33f20eeed5efbc7d08be46e58f8440af5db503e40908ef3d1eb314856ef7"
    }"#;
    const LOGS: &str = "c36919406572730518285284f2293101104140c0d42c4a786c892467868a8806f40159d2998\
                        8002870403902413a1d04321320308da2e845438429e0012a00b419d8ccc8584a1c28f82a41\
                        5d04eab8a5ae75c00d07761acf233414c08b6d9b571c06156086c70ea5186e9b989b0c2d55c\
                        0213c936805cd2ab331589c90194d070c00867549b1e1be14cb24500b0386cd901197c1ef5a\
                        00da453234fa48f3003dcaa894e3111c22b80e17f7d4388385a10720cda1140c0400f9e084c\
                        a34fc4870fb16b472340a2a6a63115a82522f506c06c2675080508834828c63defd06bc2331\
                        b4aa708906a06a560457b114248041e40179ebc05c6846c1e922125982f427";

    #[test]
    fn a_real_block_has_the_header_of_its_hash() {
        let mut block: Value = serde_json::from_str(&BLOCK.replace("LOGS", LOGS)).unwrap();
        let rlp = header_rlp(&block).unwrap();
        assert_eq!(keccak256(&rlp).to_string(), block["hash"]);
        block["timestamp"] = "0x65f5f4c4".into();
        let error = header_rlp(&block).unwrap_err().to_string();
        assert!(error.contains("it was changed, or has fields of a fork"), "{error}");
        block["timestamp"] = "soon".into();
        assert!(matches!(header_rlp(&block), Err(HeaderError::Form(_))));
    }
}
