// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

import {Price, Prices} from "./Submission.sol";

/// What a row of the instrument table is.
enum Role {
    Empty,
    Deposit,
    Borrow,
    Long,
    Short,
    Headroom,
    QuoteCredit,
    QuoteDebit,
    Equity,
    Shortfall
}

/// What a clause of the policy demands.
enum ClauseKind {
    MinCoverage,
    PerAsset,
    BadDebtAmount,
    BadDebtInsurance,
    OpenInterestMatched
}

// The price number of a row that has none: one unit is the constant 1, of the quote currency.
uint256 constant NO_PRICE = 0xffff;

/// A recomputed table, and where the program's lists stand.
struct Table {
    uint256 scenarios;
    // Digits of the quote currency in one unit of value.
    uint256 valueDecimals;
    // keccak256 of the quote currency's name.
    bytes32 quote;
    uint256 rows;
    // Assets and markets are numbered in the order of their first rows.
    uint256 assets;
    uint256 markets;
    uint256 clauses;
    // Offsets into the program.
    uint256 rowsAt;
    uint256 clausesAt;
    // A volume's public inputs as `IVolumeVerifier.verify` takes them.
    uint256[] instance;
}

/// @title The instrument table from a rules program and prices
/// @notice A program is what rules and the names of the priced assets come to; docs/chain.md has its
/// layout. It is registered by hash and anyone can make it again from the rules, so what is checked
/// here is its form, and of its content what the figures are read from: scenario 0 is mark, and
/// closing rows are worth one unit in their own scenario and nothing elsewhere.
library InstrumentTable {
    /// @notice The program is of a version this contract does not know. Make it again with the
    /// release that this contract belongs to.
    error ProgramVersion(uint256 version);
    /// @notice The program is shorter or longer than its lists. Send the bytes as they were made.
    error ProgramLength(uint256 length);
    /// @notice A program has a scenario, at most 38 value decimals, 1 to 1,024 rows, and 1 to 256
    /// clauses: a policy without a clause would hold whatever is owed.
    error ProgramSizes(uint256 scenarios, uint256 valueDecimals, uint256 rows, uint256 clauses);
    /// @notice Decimals are at most 38.
    error FactorDecimals(uint256 factor, uint256 decimals);

    /// @notice The prices are of other assets, or in another order, than the program's. A list with
    /// another asset needs a program of its own, registered first.
    error PriceNames(bytes32 expected, bytes32 got);
    /// @notice The prices are in another currency than the rules.
    error QuoteCurrency(bytes32 expected, bytes32 got);
    /// @notice The price of the quote currency is 1.
    error QuotePrice(uint256 price);
    /// @notice A price has at most 38 digits after the point.
    error PriceScale(uint256 price, uint256 scale);
    /// @notice The price is no whole number of units of value. Quote it with fewer digits, or
    /// register rules with fewer decimals for what it is the price of.
    error PriceDigits(uint256 row, uint256 price);
    /// @notice One unit is worth 2^64 units of value or more at mark. Register rules with more
    /// decimals for it, or fewer value decimals.
    error MarkBound(uint256 row, uint256 units);
    /// @notice The value is not below 2^64 in size.
    error ValueBound(uint256 row, uint256 scenario);

    /// @notice No such role, or row 0 is not the empty slot, or another row is.
    error RowRole(uint256 row, uint256 role);
    /// @notice The asset, market or scenario number is not the one that belongs here: numbers start
    /// at 0, come in order and have no gap, and every scenario is closed once.
    error RowGroup(uint256 row, uint256 group);
    /// @notice There is no such price, or this row has another price than its group's first, or one
    /// where none belongs.
    error RowPrice(uint256 row, uint256 price);
    /// @notice Rows have at most the value decimals, closing rows exactly these, and the rows of a
    /// group as many as its first.
    error RowDecimals(uint256 row, uint256 decimals);
    /// @notice A cap is below 2^90, and the empty slot has none.
    error RowCap(uint256 row, uint256 cap);
    /// @notice There is no such factor.
    error RowFactor(uint256 row, uint256 scenario, uint256 factor);
    /// @notice In mark, scenario 0, what is owed to an account is worth its price, what it owes minus
    /// its price; an empty slot and headroom are worth nothing in any scenario, a closing row one
    /// unit in its own and nothing elsewhere.
    error RowValue(uint256 row, uint256 scenario);
    /// @notice The table ends before every scenario is closed.
    error NotClosed(uint256 scenario);

    /// @notice No such kind, or a subject, number or scale where none belongs or out of range.
    error ClauseForm(uint256 clause);

    /// @notice There is one count and one quantity per row.
    error TotalsLength(uint256 rows, uint256 counts, uint256 quantities);

    uint256 private constant VERSION = 1;
    // 10^38 is below 2^127, so no product below reaches 2^255.
    uint256 private constant MAX_DECIMALS = 38;
    // What a circuit has room for.
    uint256 private constant MAX_ROWS = 1024;
    // A verdict is one word of bits.
    uint256 private constant MAX_CLAUSES = 256;
    uint256 private constant CAP_BOUND = 1 << 90;
    // Added to every value, so that none is negative.
    uint256 private constant OFFSET = 1 << 64;
    // Bounds of a value plus OFFSET, both excluded.
    uint256 private constant OFFSET_BOUND = 1 << 65;

    uint256 private constant HEAD_BYTES = 73;
    uint256 private constant FACTOR_BYTES = 17;
    uint256 private constant ROW_BYTES = 18;
    uint256 private constant CHOICE_BYTES = 2;
    uint256 private constant CLAUSE_BYTES = 20;

    // Columns of counts and quantities before the caps.
    uint256 private constant CAP_COLUMN = 2;
    uint256 private constant VALUE_COLUMN = 3;

    // What is known of the rows up to here.
    struct Cursor {
        // Twice the number of closed scenarios, and one if the last has its equity alone.
        uint256 closings;
        // The first row of the current group: its price number and decimals.
        uint256 price;
        uint256 decimals;
        // One unit of the current group at mark.
        uint256 base;
    }

    /// @notice The table of these prices. Caps and values stand in its `instance`; the context word,
    /// counts and quantities are 0 until `fill`.
    function compile(bytes calldata program, Prices calldata prices)
        internal
        pure
        returns (Table memory table)
    {
        uint256 factorsAt;
        bytes32 names;
        (table, factorsAt, names) = head(program);
        checkPrices(prices, names, table.quote);
        uint256[] memory factors = readFactors(program[factorsAt:table.rowsAt]);
        writeRows(program, prices, table, factors);
        for (uint256 i = 0; i < table.clauses; ++i) {
            checkClause(program, table, i);
        }
    }

    /// @notice Writes one volume's context word, counts and quantities over those that stand in
    /// `table.instance`.
    function fill(
        Table memory table,
        uint256 word,
        uint64[] calldata counts,
        uint128[] calldata quantities
    ) internal pure {
        uint256 rows = table.rows;
        if (counts.length != rows || quantities.length != rows) {
            revert TotalsLength(rows, counts.length, quantities.length);
        }
        uint256[] memory instance = table.instance;
        instance[0] = word;
        // At most 2 * rows, of which there are less than 2^16.
        unchecked {
            for (uint256 i = 0; i < rows; ++i) {
                instance[1 + i] = counts[i];
                instance[1 + rows + i] = quantities[i];
            }
        }
    }

    /// @notice One row of a program that `compile` took. `price` is an index of the prices' list or
    /// `NO_PRICE`, `group` the number of the asset, market or scenario.
    function row(bytes calldata program, Table memory table, uint256 index)
        internal
        pure
        returns (Role role, uint256 group, uint256 price, uint256 decimals)
    {
        uint256 size = ROW_BYTES + CHOICE_BYTES * table.scenarios;
        uint256 word = load(program, table.rowsAt + index * size);
        return (Role(word >> 248), part(word, 8, 16), part(word, 24, 16), part(word, 40, 8));
    }

    /// @notice One clause of a program that `compile` took, in the order of `policy::evaluate`:
    /// `MinCoverage` demands mantissa / 10^scale, `BadDebtAmount` allows `mantissa` units of value.
    /// `subject` is an asset's, scenario's or market's number.
    function clause(bytes calldata program, Table memory table, uint256 index)
        internal
        pure
        returns (ClauseKind kind, uint256 subject, uint256 mantissa, uint256 scale)
    {
        uint256 word = load(program, table.clausesAt + index * CLAUSE_BYTES);
        return (ClauseKind(word >> 248), part(word, 8, 16), part(word, 24, 128), part(word, 152, 8));
    }

    /// @notice What one unit of a row is worth in a scenario, in units of value: below 2^64 in size.
    function value(Table memory table, uint256 index, uint256 scenario)
        internal
        pure
        returns (int256)
    {
        uint256 cell = 1 + (VALUE_COLUMN + scenario) * table.rows + index;
        return int256(table.instance[cell]) - int256(OFFSET);
    }

    // Reads the program's head; its length is that of its lists.
    function head(bytes calldata program)
        private
        pure
        returns (Table memory table, uint256 factorsAt, bytes32 names)
    {
        uint256 length = program.length;
        if (length < HEAD_BYTES) revert ProgramLength(length);
        uint256 word = load(program, 0);
        if (word >> 248 != VERSION) revert ProgramVersion(word >> 248);
        table.scenarios = part(word, 8, 8);
        table.valueDecimals = part(word, 16, 8);
        table.rows = part(word, 40, 16);
        table.clauses = part(word, 56, 16);
        if (
            table.scenarios == 0 || table.valueDecimals > MAX_DECIMALS || table.rows == 0
                || table.rows > MAX_ROWS || table.clauses == 0 || table.clauses > MAX_CLAUSES
        ) {
            revert ProgramSizes(table.scenarios, table.valueDecimals, table.rows, table.clauses);
        }
        names = bytes32(load(program, 9));
        table.quote = bytes32(load(program, 41));
        factorsAt = HEAD_BYTES;
        table.rowsAt = factorsAt + FACTOR_BYTES * part(word, 24, 16);
        table.clausesAt =
            table.rowsAt + table.rows * (ROW_BYTES + CHOICE_BYTES * table.scenarios);
        if (length != table.clausesAt + CLAUSE_BYTES * table.clauses) revert ProgramLength(length);
        table.instance = new uint256[](1 + table.rows * (VALUE_COLUMN + table.scenarios));
    }

    // The prices are of the program's names, in its currency, and in bounds.
    function checkPrices(Prices calldata prices, bytes32 names, bytes32 quote) private pure {
        if (prices.quote != quote) revert QuoteCurrency(quote, prices.quote);
        Price[] calldata list = prices.list;
        bytes32[] memory found = new bytes32[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            Price calldata price = list[i];
            if (price.scale > MAX_DECIMALS) revert PriceScale(i, price.scale);
            found[i] = price.name;
            if (price.name == quote && price.mantissa != 10 ** uint256(price.scale)) {
                revert QuotePrice(i);
            }
        }
        bytes32 got = keccak256(abi.encodePacked(found));
        if (got != names) revert PriceNames(names, got);
    }

    // Each factor in one word: the signed numerator, and 10^decimals in the lower half.
    function readFactors(bytes calldata list) private pure returns (uint256[] memory factors) {
        factors = new uint256[](list.length / FACTOR_BYTES);
        for (uint256 i = 0; i < factors.length; ++i) {
            uint256 word = load(list, i * FACTOR_BYTES);
            uint256 decimals = part(word, 128, 8);
            if (decimals > MAX_DECIMALS) revert FactorDecimals(i, decimals);
            factors[i] = (word >> 128) << 128 | 10 ** decimals;
        }
    }

    function writeRows(
        bytes calldata program,
        Prices calldata prices,
        Table memory table,
        uint256[] memory factors
    ) private pure {
        Cursor memory cursor;
        uint256 offset = table.rowsAt;
        uint256 size = ROW_BYTES + CHOICE_BYTES * table.scenarios;
        // Offsets are within the program, whose length was checked.
        unchecked {
            for (uint256 index = 0; index < table.rows; ++index) {
                writeRow(program[offset:offset + size], prices, table, factors, cursor, index);
                offset += size;
            }
        }
        if (cursor.closings != 2 * table.scenarios) revert NotClosed(cursor.closings / 2);
    }

    function writeRow(
        bytes calldata packed,
        Prices calldata prices,
        Table memory table,
        uint256[] memory factors,
        Cursor memory cursor,
        uint256 index
    ) private pure {
        uint256 word = load(packed, 0);
        uint256 cap = part(word, 48, 96);
        if (cap >= CAP_BOUND || (index == 0 && cap != 0)) revert RowCap(index, cap);
        unchecked {
            table.instance[1 + CAP_COLUMN * table.rows + index] = cap;
        }
        uint256 base = enter(cursor, table, prices, index, word);
        writeValues(packed[ROW_BYTES:], factors, base, table.instance, table.rows, index);
        checkValues(table, base, index, word);
    }

    // Takes a row in its order; gives the worth of one unit of it at mark, 1 where that is fixed by
    // its role.
    function enter(
        Cursor memory cursor,
        Table memory table,
        Prices calldata prices,
        uint256 index,
        uint256 word
    ) private pure returns (uint256) {
        uint256 role = word >> 248;
        if (role > uint256(type(Role).max) || (role == uint256(Role.Empty)) != (index == 0)) {
            revert RowRole(index, role);
        }
        uint256 group = part(word, 8, 16);
        uint256 price = part(word, 24, 16);
        uint256 decimals = part(word, 40, 8);
        if (decimals > table.valueDecimals) revert RowDecimals(index, decimals);
        // None of these counts reaches 2^17.
        unchecked {
            if (role == uint256(Role.Equity) || role == uint256(Role.Shortfall)) {
                uint256 closing = 2 * group + (role - uint256(Role.Equity));
                if (closing != cursor.closings || group >= table.scenarios) {
                    revert RowGroup(index, group);
                }
                if (decimals != table.valueDecimals) revert RowDecimals(index, decimals);
                ++cursor.closings;
            } else if (role >= uint256(Role.Deposit) && role <= uint256(Role.Short)) {
                if (entersGroup(table, role, group, index)) {
                    cursor.price = price;
                    cursor.decimals = decimals;
                    cursor.base = worth(prices, price, table.valueDecimals - decimals, index);
                    return cursor.base;
                }
                if (price != cursor.price) revert RowPrice(index, price);
                if (decimals != cursor.decimals) revert RowDecimals(index, decimals);
                return cursor.base;
            } else if (group != 0) {
                revert RowGroup(index, group);
            }
            if (price != NO_PRICE) revert RowPrice(index, price);
            if (role == uint256(Role.QuoteCredit) || role == uint256(Role.QuoteDebit)) {
                return worth(prices, price, table.valueDecimals - decimals, index);
            }
        }
        return 1;
    }

    // Whether this is the first row of an asset or market: assets come first, each group begins with
    // a deposit or a long, and no group comes back.
    function entersGroup(Table memory table, uint256 role, uint256 group, uint256 index)
        private
        pure
        returns (bool)
    {
        bool isAsset = role == uint256(Role.Deposit) || role == uint256(Role.Borrow);
        bool opens = role == uint256(Role.Deposit) || role == uint256(Role.Long);
        uint256 groups = isAsset ? table.assets : table.markets;
        if (isAsset && table.markets != 0) revert RowGroup(index, group);
        if (opens && group == groups) {
            if (isAsset) table.assets = groups + 1;
            else table.markets = groups + 1;
            return true;
        }
        if (group + 1 != groups) revert RowGroup(index, group);
        return false;
    }

    // The price, 10^shift for none, times 10^shift: a whole number below 2^64.
    function worth(Prices calldata prices, uint256 number, uint256 shift, uint256 index)
        private
        pure
        returns (uint256 units)
    {
        // 10^shift and 10^scale are below 2^127, a mantissa is below 2^128.
        unchecked {
            if (number == NO_PRICE) {
                units = 10 ** shift;
            } else {
                if (number >= prices.list.length) revert RowPrice(index, number);
                Price calldata price = prices.list[number];
                uint256 scale = price.scale;
                units = price.mantissa;
                if (scale <= shift) {
                    units *= 10 ** (shift - scale);
                } else {
                    uint256 divisor = 10 ** (scale - shift);
                    if (units % divisor != 0) revert PriceDigits(index, number);
                    units /= divisor;
                }
            }
        }
        if (units >= OFFSET) revert MarkBound(index, units);
    }

    // Writes a row's value in each scenario, floor(base * factor) + 2^64. `choices` are the row's
    // factor numbers.
    function writeValues(
        bytes calldata choices,
        uint256[] memory factors,
        uint256 base,
        uint256[] memory instance,
        uint256 rows,
        uint256 index
    ) private pure {
        uint256 cell = 1 + VALUE_COLUMN * rows + index;
        uint256 packed;
        // base < 2^64, |numerator| <= 2^127 and divisor < 2^127: the dividend is below 2^192 in size.
        // One below 0 reads as 2^256 less that, and its quotient is far beyond the bound. Adding
        // 2^64 divisors before dividing makes the quotient's floor the value's.
        unchecked {
            for (uint256 done = 0; done < choices.length; done += CHOICE_BYTES) {
                if (done % 32 == 0) packed = load(choices, done);
                uint256 factor = packed >> 240;
                packed <<= 16;
                if (factor >= factors.length) {
                    revert RowFactor(index, done / CHOICE_BYTES, factor);
                }
                factor = factors[factor];
                uint256 divisor = uint128(factor);
                uint256 sum = base * uint256(int256(factor) >> 128) + (divisor << 64);
                uint256 shifted = sum / divisor;
                if (shifted - 1 >= OFFSET_BOUND - 1) {
                    revert ValueBound(index, done / CHOICE_BYTES);
                }
                instance[cell] = shifted;
                cell += rows;
            }
        }
    }

    // What a row's role says of its values.
    function checkValues(Table memory table, uint256 base, uint256 index, uint256 word)
        private
        pure
    {
        uint256 role = word >> 248;
        uint256[] memory instance = table.instance;
        uint256 cell = 1 + VALUE_COLUMN * table.rows + index;
        // A base is below OFFSET.
        unchecked {
            if (
                role == uint256(Role.Deposit) || role == uint256(Role.Long)
                    || role == uint256(Role.QuoteCredit)
            ) {
                if (instance[cell] != OFFSET + base) revert RowValue(index, 0);
            } else if (
                role == uint256(Role.Borrow) || role == uint256(Role.Short)
                    || role == uint256(Role.QuoteDebit)
            ) {
                if (instance[cell] != OFFSET - base) revert RowValue(index, 0);
            } else {
                uint256 own = part(word, 8, 16);
                for (uint256 scenario = 0; scenario < table.scenarios; ++scenario) {
                    uint256 expected = OFFSET;
                    if (scenario == own) {
                        if (role == uint256(Role.Equity)) --expected;
                        if (role == uint256(Role.Shortfall)) ++expected;
                    }
                    if (instance[cell] != expected) revert RowValue(index, scenario);
                    cell += table.rows;
                }
            }
        }
    }

    function checkClause(bytes calldata program, Table memory table, uint256 index) private pure {
        uint256 word = load(program, table.clausesAt + index * CLAUSE_BYTES);
        uint256 kind = word >> 248;
        if (kind > uint256(type(ClauseKind).max)) revert ClauseForm(index);
        uint256 subjects = table.scenarios;
        if (kind == uint256(ClauseKind.MinCoverage)) subjects = 1;
        if (kind == uint256(ClauseKind.PerAsset)) subjects = table.assets;
        if (kind == uint256(ClauseKind.OpenInterestMatched)) subjects = table.markets;
        bool hasNumber = kind == uint256(ClauseKind.MinCoverage)
            || kind == uint256(ClauseKind.BadDebtAmount);
        uint256 most = kind == uint256(ClauseKind.MinCoverage) ? MAX_DECIMALS : 0;
        if (
            part(word, 8, 16) >= subjects || (!hasNumber && part(word, 24, 128) != 0)
                || part(word, 152, 8) > most
        ) {
            revert ClauseForm(index);
        }
    }

    // The 32 bytes from `offset`, with zeros past the end.
    function load(bytes calldata data, uint256 offset) private pure returns (uint256) {
        return uint256(bytes32(data[offset:]));
    }

    // `bits` bits of a word behind its first `skip`.
    function part(uint256 word, uint256 skip, uint256 bits) private pure returns (uint256) {
        unchecked {
            return (word << skip) >> (256 - bits);
        }
    }
}
