// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {IObservers, Signature} from "../contracts/interfaces/IObservers.sol";
import {ObserversSetup} from "./ObserversSetup.sol";

/// A signer's contract that answers as it is told.
contract BadSigner {
    bytes4 private constant YES = 0x1626ba7e;

    enum Kind {
        Yes,
        BurnsAll,
        RevertsLong,
        AnswersLong,
        AnswersShort,
        AnswersMore,
        AnswersOther,
        Nothing,
        Fails,
        NeedsNearlyAll
    }

    Kind public kind;

    function set(Kind kind_) external {
        kind = kind_;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        Kind it = kind;
        if (it == Kind.BurnsAll) while (true) {}
        if (it == Kind.Fails) revert("no");
        if (it == Kind.AnswersOther) return 0xffffffff;
        uint256 start = gasleft();
        if (it == Kind.NeedsNearlyAll) while (start - gasleft() < 95_000) {}
        assembly {
            mstore(0, YES)
            // As long as its gas allows; 40,000 bytes cost about 7,000.
            if eq(it, 2) {
                revert(0, 40000)
            }
            if eq(it, 3) {
                return(0, 40000)
            }
            if eq(it, 4) {
                return(0, 31)
            }
            if eq(it, 5) {
                mstore(0, or(YES, 1))
                return(0, 32)
            }
            if eq(it, 7) {
                return(0, 0)
            }
        }
        return YES;
    }
}

/// Contracts that try to stop whoever asks them, and carriers that give them too little gas.
contract BombsTest is ObserversSetup {
    BadSigner internal bad;
    Signature[] internal stored;

    function setUp() public override {
        super.setUp();
        bad = new BadSigner();
        publisher = address(bad);
    }

    function test_an_answer_has_a_word_and_is_exactly_yes() external {
        _takes(BadSigner.Kind.Yes, true);
        _takes(BadSigner.Kind.AnswersShort, false);
        _takes(BadSigner.Kind.AnswersMore, false);
        _takes(BadSigner.Kind.AnswersOther, false);
        _takes(BadSigner.Kind.Nothing, false);
        _takes(BadSigner.Kind.Fails, false);
        // Longer than a word: it says yes, and no more than a word of it is copied.
        _takes(BadSigner.Kind.AnswersLong, true);
        _takes(BadSigner.Kind.RevertsLong, false);
    }

    function test_no_answer_costs_more_than_its_share() external {
        BadSigner.Kind[3] memory kinds = [
            BadSigner.Kind.BurnsAll,
            BadSigner.Kind.AnswersLong,
            BadSigner.Kind.RevertsLong
        ];
        for (uint256 i = 0; i < kinds.length; i++) {
            bad.set(kinds[i]);
            Signature[] memory list = _list();
            bytes memory question = _question(list);
            uint256 gas_ = gasleft();
            (bool holds, ) = address(observers).staticcall{gas: 10_000_000}(question);
            gas_ -= gasleft();
            vm.assertTrue(holds == (kinds[i] == BadSigner.Kind.AnswersLong), "holds");
            vm.assertLe(gas_, uint256(160_000), "gas");
        }
    }

    function test_a_signer_that_is_no_contract_says_nothing() external {
        publisher = address(0xDEAD);
        Signature[] memory list = _list();
        refuses(IObservers.SignatureInvalid.selector, publisher);
        check(list);
        // A precompile that answers with what it is asked (identity) is no contract either.
        publisher = address(4);
        list = _list();
        refuses(IObservers.SignatureInvalid.selector, publisher);
        check(list);
    }

    /// A signer needs nearly all of its 100,000 gas. With any less for the transaction the answer
    /// is an error that says so, and never that the signature is invalid.
    function test_no_carrier_starves_a_signer() external {
        bad.set(BadSigner.Kind.NeedsNearlyAll);
        Signature[] memory list = _list();
        bytes memory question = _question(list);
        bool held;
        for (uint256 gas_ = 20_000; gas_ < 200_000; gas_ += 500) {
            (bool holds, bytes memory why) = address(observers).staticcall{gas: gas_}(question);
            vm.assertTrue(holds || !held, "more gas does no harm");
            held = holds;
            if (holds || why.length == 0) continue;
            vm.assertTrue(bytes4(why) == IObservers.TooLittleGas.selector, "too little gas");
        }
        vm.assertTrue(held, "with enough it holds");
    }

    /// The same of a reading, where `false` would leave an observer out.
    function test_no_carrier_starves_a_reader() external {
        bad.set(BadSigner.Kind.NeedsNearlyAll);
        publisher = address(0);
        announce(address(bad));
        vm.warp(block.timestamp + DELAY);
        bytes memory question = abi.encodeCall(
            IObservers.isSignedBy,
            (VENUE, address(bad), keccak256("reading"), "")
        );
        for (uint256 gas_ = 20_000; gas_ < 220_000; gas_ += 500) {
            (bool answers, bytes memory what) = address(observers).staticcall{gas: gas_}(question);
            if (answers) vm.assertTrue(abi.decode(what, (bool)), "signed");
        }
    }

    function _list() private view returns (Signature[] memory list) {
        list = all(2);
        list[0] = blank(publisher);
        list[0].signature = "what it takes";
    }

    function _question(Signature[] memory list) private view returns (bytes memory) {
        return abi.encodeCall(IObservers.requireSigned, (attested, publisher, carrier, list));
    }

    function _takes(BadSigner.Kind kind, bool holds) private {
        bad.set(kind);
        Signature[] memory list = _list();
        if (!holds) refuses(IObservers.SignatureInvalid.selector, address(bad));
        check(list);
    }
}
