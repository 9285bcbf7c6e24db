// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

contract PlainToken is ERC20 {
    constructor() ERC20("Plain", "PLN") {}

    function give(address account, uint256 amount) external {
        _mint(account, amount);
    }
}

/// Keeps one part in a hundred of each transfer.
contract FeeToken is ERC20 {
    constructor() ERC20("Fee", "FEE") {}

    function give(address account, uint256 amount) external {
        _mint(account, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from != address(0) && to != address(0)) {
            super._update(from, address(1), amount / 100);
            amount -= amount / 100;
        }
        super._update(from, to, amount);
    }
}

/// As Tether's: transfers and approvals return nothing, and an allowance is set to 0 first.
contract SilentToken {
    uint8 public constant decimals = 6;
    uint256 public totalSupply;
    mapping(address account => uint256) public balanceOf;
    mapping(address account => mapping(address spender => uint256)) public allowance;

    function give(address account, uint256 amount) external {
        totalSupply += amount;
        balanceOf[account] += amount;
    }

    function approve(address spender, uint256 amount) external {
        require(amount == 0 || allowance[msg.sender][spender] == 0, "set to 0 first");
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

interface IHook {
    function moved() external;
}

/// Calls whom it moves from before it does, and whom it moves to afterwards, where they ask for it.
contract CallingToken is ERC20 {
    mapping(address account => bool) public isCalled;

    constructor() ERC20("Calling", "CLL") {}

    function give(address account, uint256 amount) external {
        _mint(account, amount);
    }

    function call(bool is_) external {
        isCalled[msg.sender] = is_;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (isCalled[from]) IHook(from).moved();
        super._update(from, to, amount);
        if (isCalled[to]) IHook(to).moved();
    }
}
