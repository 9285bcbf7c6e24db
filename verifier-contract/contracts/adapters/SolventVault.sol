// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20, SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {Demands} from "../Solvency.sol";
import {SolvencyGuard} from "../SolvencyGuard.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";

/// @title A vault of ERC-4626 that takes money only while its venue shows solvency
/// @notice While the venue does not show what is demanded, `maxDeposit` and `maxMint` are 0, as the
/// standard asks, so that routers pass it by, and `deposit` and `mint` revert with an error of
/// `Solvency`. Previews, conversions, transfers of shares, `withdraw` and `redeem` go on in every
/// state. To be inherited by a vault that puts its assets to work; alone it only keeps them.
contract SolventVault is ERC4626, SolvencyGuard {
    /// @notice The token moved another amount than was asked for: no shares are given on it.
    error OtherAmount(uint256 moved, uint256 expected);

    /// @notice There is no contract at the token's address: views would revert.
    error NoToken(address token);

    /// @param asset_ The token that is deposited.
    /// @param name_ The name of the shares.
    /// @param symbol_ Their symbol.
    /// @param registry The registry that has the attestations.
    /// @param venue The venue's id in the registry.
    /// @param demands What a deposit demands.
    constructor(
        IERC20 asset_,
        string memory name_,
        string memory symbol_,
        ISolvencyRegistry registry,
        bytes32 venue,
        Demands memory demands
    ) ERC20(name_, symbol_) ERC4626(asset_) SolvencyGuard(registry, venue, demands) {
        if (address(asset_).code.length == 0) revert NoToken(address(asset_));
    }

    /// @inheritdoc ERC4626
    function maxDeposit(address receiver) public view virtual override returns (uint256) {
        return isSolvent() ? super.maxDeposit(receiver) : 0;
    }

    /// @inheritdoc ERC4626
    function maxMint(address receiver) public view virtual override returns (uint256) {
        return isSolvent() ? super.maxMint(receiver) : 0;
    }

    /// @inheritdoc ERC4626
    function deposit(
        uint256 assets,
        address receiver
    ) public virtual override whenSolvent returns (uint256) {
        return super.deposit(assets, receiver);
    }

    /// @inheritdoc ERC4626
    function mint(
        uint256 shares,
        address receiver
    ) public virtual override whenSolvent returns (uint256) {
        return super.mint(shares, receiver);
    }

    /// @dev A fee on transfers would be paid by those who hold shares already.
    function _transferIn(address from, uint256 assets) internal virtual override {
        IERC20 token = IERC20(asset());
        uint256 before = token.balanceOf(address(this));
        SafeERC20.safeTransferFrom(token, from, address(this), assets);
        uint256 moved = token.balanceOf(address(this)) - before;
        if (moved != assets) revert OtherAmount(moved, assets);
    }
}
