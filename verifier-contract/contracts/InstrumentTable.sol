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
    Shortfall,
    Contingency,
    Slack
}

/// Whose accounts hold a row; customers' is also what all accounts share.
enum Class {
    Customer,
    House,
    Insurance,
    Pool
}

/// What a clause of the policy demands.
enum ClauseKind {
    Coverage,
    PerAsset,
    BadDebtAmount,
    Insurance,
    OpenInterestMatched,
    PricesDistance,
    ReservesDistance,
    AccountsLeftOut,
    NoAssetLeftOut
}

// The price number of a row that has none: one unit is the constant 1, of the quote currency.
uint256 constant NO_PRICE = 0xffff;

/// A recomputed table, and where the program's lists stand.
struct Table {
    // All of them, mark first and twins last.
    uint256 scenarios;
    // How many of these are twins, which the program gives no values of, and the stresses that have one,
    // as bits.
    uint256 twins;
    uint256 twinned;
    // Digits of the quote currency in one unit of value.
    uint256 valueDecimals;
    // keccak256 of the quote currency's name.
    bytes32 quote;
    uint256 rows;
    // Assets and markets are numbered in the order of their first rows.
    uint256 assets;
    uint256 markets;
    uint256 clauses;
    // Scenarios that slack closes, and classes other than customers', as bits.
    uint256 constraints;
    uint256 classes;
    // Offsets into the program.
    uint256 twinsAt;
    uint256 rowsAt;
    uint256 clausesAt;
    // A volume's public inputs as `IVolumeVerifier.verify` takes them.
    uint256[] instance;
}

/// @title The instrument table from a rules program and prices
/// @notice A program is what rules and the names of the priced assets come to; docs/chain.md has its
/// layout. It is registered by hash and anyone can make it again from the rules, so what is checked
/// here is its form. What the figures are read from is not the program's to say: in scenario 0, mark,
/// a row is worth its price with the sign of its role, a contingency and headroom are worth nothing,
/// a closing row one unit in its own scenario and nothing elsewhere, and mark is closed by equity and
/// shortfall. A row of another class than customers' is one of theirs over again. Nor are the values of
/// a twin: there an instrument of the class `insurance` is worth nothing and any other what it is worth in
/// the stress that the twin is of, so that a twin's equity is what all but the insurance fund are owed.
library InstrumentTable {
    /// @notice The program is of a version this contract does not know. Make it again with the
    /// release that this contract belongs to.
    error ProgramVersion(uint256 version);
    /// @notice The program is shorter or longer than its lists. Send the bytes as they were made.
    error ProgramLength(uint256 length);
    /// @notice A program has a scenario that is no twin, at most 38 value decimals, 1 to 1,024 rows, and 1
    /// to 256 clauses: a policy without a clause would hold whatever is owed.
    error ProgramSizes(
        uint256 scenarios, uint256 twins, uint256 valueDecimals, uint256 rows, uint256 clauses
    );
    /// @notice Twins stand behind all other scenarios, in the order of those that they are of, which are
    /// neither mark nor twins.
    error TwinOf(uint256 twin, uint256 scenario);
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
    /// @notice The asset, market, contingency or scenario number is not the one that belongs here:
    /// numbers start at 0, come in order and have no gap, and every scenario is closed once, the first
    /// not by slack.
    error RowGroup(uint256 row, uint256 group);
    /// @notice There is no such price, or this row has another price than its group's first, or one
    /// where none belongs.
    error RowPrice(uint256 row, uint256 price);
    /// @notice Rows have at most the value decimals, closing rows exactly these, and the rows of a
    /// group as many as its first.
    error RowDecimals(uint256 row, uint256 decimals);
    /// @notice The rows of a class stand behind all of customers' and before what accounts share,
    /// class by class, and each is one of customers' rows in every field but the class, in their order.
    error RowClass(uint256 row, uint256 class);
    /// @notice A cap is below 2^90, and the empty slot has none.
    error RowCap(uint256 row, uint256 cap);
    /// @notice There is no such factor, or one other than 0 in a row whose role fixes its values.
    error RowFactor(uint256 row, uint256 scenario, uint256 factor);
    /// @notice The table ends before every scenario is closed.
    error NotClosed(uint256 scenario);

    /// @notice No such kind, or a subject, number or scale where none belongs or out of range, or a
    /// scenario that slack closes or that is a twin, or the insurance fund of a scenario that has no twin
    /// where the table has the class `insurance`.
    error ClauseForm(uint256 clause);

    /// @notice There is one count and one quantity per row.
    error TotalsLength(uint256 rows, uint256 counts, uint256 quantities);
    /// @notice A count is below 2^64 and a quantity below 2^128.
    error TotalsRange();

    uint256 private constant VERSION = 2;
    // 10^38 is below 2^127, so no product below reaches 2^255.
    uint256 private constant MAX_DECIMALS = 38;
    // What a circuit has room for.
    uint256 private constant MAX_ROWS = 1024;
    // A verdict is one word of bits.
    uint256 private constant MAX_CLAUSES = 256;
    uint256 private constant CAP_BOUND = 1 << 90;
    // Added to every value, so that none is negative.
    uint256 private constant OFFSET = 1 << 64;
    // The roles of what an account owes, as bits.
    uint256 private constant LIABILITIES = 1 << uint256(Role.Borrow) | 1 << uint256(Role.Short)
        | 1 << uint256(Role.QuoteDebit);

    // Role, group and price of headroom.
    uint256 private constant HEADROOM = uint256(Role.Headroom) << 32 | NO_PRICE;

    // Beside the worth of one unit at mark, which is below 2^64: all values follow from the role.
    uint256 private constant FIXED = type(uint256).max;

    // A row's class stands before its role, in the first two bits.
    uint256 private constant CLASS_SHIFT = 254;

    uint256 private constant HEAD_BYTES = 74;
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
        // The `groupKey` of the current asset or market.
        uint256 group;
        // One unit of it at mark.
        uint256 base;
        uint256 contingencies;
        // How many rows stand before the first of a class, the current class, and the first row that
        // its next one may repeat.
        uint256 customers;
        uint256 class;
        uint256 next;
        // The rows of the class `insurance`, and the first row that closes a scenario.
        uint256 insuranceAt;
        uint256 insuranceEnd;
        uint256 closingAt;
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
        writeTwins(program, table, writeRows(program, prices, table, factors));
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
        uint256 allCounts;
        uint256 allQuantities;
        // Assembly, because one copy and one pass over it cost a sixth of a loop with a check at each
        // element. `head` made room for both columns, and both lists have their length.
        assembly ("memory-safe") {
            let size := shl(5, rows)
            let column := add(instance, 64)
            calldatacopy(column, counts.offset, size)
            calldatacopy(add(column, size), quantities.offset, size)
            for { let end := add(column, size) } lt(column, end) { column := add(column, 32) } {
                allCounts := or(allCounts, mload(column))
                allQuantities := or(allQuantities, mload(add(column, size)))
            }
        }
        if (allCounts >> 64 != 0 || allQuantities >> 128 != 0) revert TotalsRange();
    }

    /// @notice One row of a program that `compile` took. `price` is an index of the prices' list or
    /// `NO_PRICE`, `group` the number of the asset, market, contingency or scenario.
    function row(bytes calldata program, Table memory table, uint256 index)
        internal
        pure
        returns (Role role, Class class, uint256 group, uint256 price, uint256 decimals)
    {
        uint256 size = rowBytes(table);
        uint256 word = load(program, table.rowsAt + index * size);
        (role, class) = (Role(part(word, 2, 6)), Class(part(word, 0, 2)));
        return (role, class, part(word, 8, 16), part(word, 24, 16), part(word, 40, 8));
    }

    /// @notice One clause of a program that `compile` took, in the order of `policy::evaluate`:
    /// `Coverage` demands mantissa / 10^scale, `BadDebtAmount` allows `mantissa` units of value, a distance
    /// so many seconds, `AccountsLeftOut` so many accounts. `subject` is an asset's, scenario's or market's
    /// number.
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

    /// @notice The twin of a scenario in a program that `compile` took; 0, which is mark, where it has none.
    function twin(bytes calldata program, Table memory table, uint256 scenario)
        internal
        pure
        returns (uint256)
    {
        uint256 first = table.scenarios - table.twins;
        for (uint256 i = 0; i < table.twins; ++i) {
            if (load(program, table.twinsAt + i) >> 248 == scenario) return first + i;
        }
        return 0;
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
        table.twins = part(word, 72, 8);
        if (
            table.scenarios <= table.twins || table.valueDecimals > MAX_DECIMALS || table.rows == 0
                || table.rows > MAX_ROWS || table.clauses == 0 || table.clauses > MAX_CLAUSES
        ) {
            revert ProgramSizes(
                table.scenarios, table.twins, table.valueDecimals, table.rows, table.clauses
            );
        }
        names = bytes32(load(program, 10));
        table.quote = bytes32(load(program, 42));
        table.twinsAt = HEAD_BYTES;
        factorsAt = HEAD_BYTES + table.twins;
        table.rowsAt = factorsAt + FACTOR_BYTES * part(word, 24, 16);
        table.clausesAt = table.rowsAt + table.rows * rowBytes(table);
        if (length != table.clausesAt + CLAUSE_BYTES * table.clauses) revert ProgramLength(length);
        checkTwins(program, table);
        table.instance = new uint256[](1 + table.rows * (VALUE_COLUMN + table.scenarios));
    }

    // Twins are of stresses, in their order.
    function checkTwins(bytes calldata program, Table memory table) private pure {
        uint256 last;
        for (uint256 i = 0; i < table.twins; ++i) {
            uint256 stress = load(program, table.twinsAt + i) >> 248;
            if (stress <= last || stress >= table.scenarios - table.twins) revert TwinOf(i, stress);
            last = stress;
            table.twinned |= 1 << stress;
        }
    }

    // Bytes of a row: it has a factor for each scenario but mark and twins.
    function rowBytes(Table memory table) private pure returns (uint256) {
        // `head` sees to it that a scenario is no twin.
        unchecked {
            return ROW_BYTES + CHOICE_BYTES * (table.scenarios - table.twins - 1);
        }
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
    ) private pure returns (Cursor memory cursor) {
        cursor.group = type(uint256).max;
        uint256 offset = table.rowsAt;
        uint256 rows = table.rows;
        // Offsets are within the program, whose length was checked.
        unchecked {
            uint256 size = rowBytes(table);
            for (uint256 index = 0; index < rows; ++index) {
                uint256 word = load(program, offset);
                if (word >> CLASS_SHIFT != 0) {
                    repeatRow(program, offset, cursor, table, index);
                    offset += size;
                    continue;
                }
                uint256 cap = uint96(word >> 112);
                if (cap != 0) {
                    if (cap >= CAP_BOUND || index == 0) revert RowCap(index, cap);
                    table.instance[1 + CAP_COLUMN * rows + index] = cap;
                }
                // Most rows are of the asset or market of the row before.
                uint256 base = groupKey(word) == cursor.group
                    ? cursor.base
                    : enter(cursor, table, prices, index, word);
                if (base == FIXED) {
                    writeFixed(program, offset + ROW_BYTES, table, index, word);
                } else {
                    table.instance[1 + VALUE_COLUMN * rows + index] = markValue(word >> 248, base);
                    writeValues(program, offset + ROW_BYTES, factors, base, table, index);
                }
                offset += size;
            }
        }
        if (cursor.closings != 2 * table.scenarios) revert NotClosed(cursor.closings / 2);
    }

    // Writes the values of twins: those of their stresses, but that the rows of the class `insurance` are
    // worth nothing, and that its own closing rows close it.
    function writeTwins(bytes calldata program, Table memory table, Cursor memory cursor)
        private
        pure
    {
        uint256 rows = table.rows;
        uint256[] memory instance = table.instance;
        uint256 size = rowBytes(table);
        for (uint256 i = 0; i < table.twins; ++i) {
            uint256 stress = load(program, table.twinsAt + i) >> 248;
            uint256 scenario = table.scenarios - table.twins + i;
            uint256 column = 1 + (VALUE_COLUMN + scenario) * rows;
            uint256 from = 1 + (VALUE_COLUMN + stress) * rows;
            // One copy of a column costs what two cells do in a loop. Both are within `instance`.
            assembly ("memory-safe") {
                let at := add(instance, 32)
                mcopy(add(at, shl(5, column)), add(at, shl(5, from)), shl(5, rows))
            }
            for (uint256 index = cursor.insuranceAt; index < cursor.insuranceEnd; ++index) {
                instance[column + index] = OFFSET;
            }
            for (uint256 index = cursor.closingAt; index < rows; ++index) {
                uint256 word = load(program, table.rowsAt + index * size);
                uint256 role = word >> 248;
                if (role < uint256(Role.Equity) || role == uint256(Role.Contingency)) continue;
                bool isOwn = role != uint256(Role.Slack) && uint16(word >> 232) == scenario;
                instance[column + index] = isOwn ? closingValue(role) : OFFSET;
            }
        }
    }

    // What one unit of a closing row is worth in its own scenario.
    function closingValue(uint256 role) private pure returns (uint256) {
        return role == uint256(Role.Shortfall) ? OFFSET + 1 : OFFSET - 1;
    }

    // Scenario 0 is mark: what is owed to an account counts its price, what it owes minus its price,
    // and a contingency nothing. A base is below OFFSET.
    function markValue(uint256 role, uint256 base) private pure returns (uint256) {
        unchecked {
            if (LIABILITIES >> role & 1 != 0) return OFFSET - base;
            return role == uint256(Role.Contingency) ? OFFSET : OFFSET + base;
        }
    }

    // Writes a row of a class: cap and values of the first of customers' rows that it repeats.
    function repeatRow(
        bytes calldata program,
        uint256 offset,
        Cursor memory cursor,
        Table memory table,
        uint256 index
    ) private pure {
        uint256 class = load(program, offset) >> CLASS_SHIFT;
        if (class < cursor.class || cursor.closings != 0 || cursor.contingencies != 0) {
            revert RowClass(index, class);
        }
        if (cursor.class == 0) {
            cursor.customers = index;
            // No row of customers' follows: `enter` sees to it.
            cursor.group = type(uint256).max;
        }
        if (class != cursor.class) {
            (cursor.class, cursor.next) = (class, 1);
            table.classes |= 1 << class;
            if (class == uint256(Class.Insurance)) cursor.insuranceAt = index;
        }
        if (class == uint256(Class.Insurance)) cursor.insuranceEnd = index + 1;
        uint256 rows = table.rows;
        // Offsets are within the program, and cells within `instance`, as in `writeRows`.
        unchecked {
            uint256 size = rowBytes(table);
            uint256 from = cursor.next;
            while (
                from < cursor.customers
                    && !repeats(program, table.rowsAt + from * size, offset, size)
            ) {
                ++from;
            }
            if (from >= cursor.customers) revert RowClass(index, class);
            cursor.next = from + 1;
            uint256[] memory instance = table.instance;
            for (uint256 column = 1 + CAP_COLUMN * rows; column < instance.length; column += rows) {
                instance[column + index] = instance[column + from];
            }
        }
    }

    // Whether two rows are the same but for the class of the second.
    function repeats(bytes calldata program, uint256 first, uint256 second, uint256 size)
        private
        pure
        returns (bool)
    {
        unchecked {
            // All before the factors, without the two bits of the class.
            uint256 bits = 8 * ROW_BYTES - 2;
            if (part(load(program, first), 2, bits) != part(load(program, second), 2, bits)) {
                return false;
            }
            return keccak256(program[first + ROW_BYTES:first + size])
                == keccak256(program[second + ROW_BYTES:second + size]);
        }
    }

    // Takes a row in its order; gives the worth of one unit of it at mark, or of one unit of a
    // contingency, or FIXED where all its values follow from its role.
    function enter(
        Cursor memory cursor,
        Table memory table,
        Prices calldata prices,
        uint256 index,
        uint256 word
    ) private pure returns (uint256) {
        uint256 role = word >> 248;
        uint256 decimals = uint8(word >> 208);
        if (cursor.class != 0 && role <= uint256(Role.QuoteDebit)) revert RowClass(index, 0);
        // The commonest row of no asset or market.
        if (word >> 216 == HEADROOM && decimals <= table.valueDecimals) return FIXED;
        if (role > uint256(type(Role).max) || (role == uint256(Role.Empty)) != (index == 0)) {
            revert RowRole(index, role);
        }
        uint256 group = uint16(word >> 232);
        uint256 price = uint16(word >> 216);
        if (decimals > table.valueDecimals) revert RowDecimals(index, decimals);
        // None of these counts reaches 2^17.
        unchecked {
            if (role >= uint256(Role.Deposit) && role <= uint256(Role.Short)) {
                if (!entersGroup(table, role, group, index)) {
                    if (price != uint16(cursor.group >> 8)) revert RowPrice(index, price);
                    revert RowDecimals(index, decimals);
                }
                cursor.group = groupKey(word);
                cursor.base = worth(prices, price, table.valueDecimals - decimals, index);
                return cursor.base;
            }
            bool isSlack = role == uint256(Role.Slack);
            bool isContingency = role == uint256(Role.Contingency);
            if (isSlack || role == uint256(Role.Equity) || role == uint256(Role.Shortfall)) {
                uint256 closing = 2 * group + (role == uint256(Role.Shortfall) ? 1 : 0);
                // Mark, twins and what they are of are closed by equity and shortfall.
                bool takesSlack = group != 0 && group < table.scenarios - table.twins
                    && table.twinned >> group & 1 == 0;
                if (
                    closing != cursor.closings || group >= table.scenarios
                        || (isSlack && !takesSlack)
                ) {
                    revert RowGroup(index, group);
                }
                if (decimals != table.valueDecimals) revert RowDecimals(index, decimals);
                if (cursor.closings == 0) cursor.closingAt = index;
                cursor.closings += isSlack ? 2 : 1;
                if (isSlack) table.constraints |= 1 << group;
            } else if (group != (isContingency ? cursor.contingencies : 0)) {
                revert RowGroup(index, group);
            }
            if (price != NO_PRICE) revert RowPrice(index, price);
            if (isContingency) ++cursor.contingencies;
            if (
                isContingency || role == uint256(Role.QuoteCredit)
                    || role == uint256(Role.QuoteDebit)
            ) {
                return worth(prices, price, table.valueDecimals - decimals, index);
            }
        }
        return FIXED;
    }

    // What the rows of one asset or market have in common, and no other row has: assets or markets,
    // number, price and decimals.
    function groupKey(uint256 word) private pure returns (uint256) {
        unchecked {
            // Deposits and loans give 1, longs and shorts 2, and nothing else either.
            return ((word >> 248) + 1) >> 1 << 40 | uint40(word >> 208);
        }
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
                Price[] calldata list = prices.list;
                if (number >= list.length) revert RowPrice(index, number);
                Price calldata price = list[number];
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

    // Writes the values of a row whose role fixes them. Assembly as in `writeValues`.
    function writeFixed(
        bytes calldata program,
        uint256 choices,
        Table memory table,
        uint256 index,
        uint256 word
    ) private pure {
        uint256 rows = table.rows;
        uint256[] memory instance = table.instance;
        uint256 left;
        uint256 cell;
        unchecked {
            left = table.scenarios - table.twins - 1;
            // Behind the length and the context word.
            cell = 32 * (2 + VALUE_COLUMN * rows + index);
        }
        assembly ("memory-safe") {
            cell := add(instance, cell)
            // OFFSET
            mstore(cell, 0x10000000000000000)
            let source := add(program.offset, choices)
            for { let stride := shl(5, rows) } left { left := sub(left, 1) } {
                if shr(240, calldataload(source)) { break }
                source := add(source, 2)
                cell := add(cell, stride)
                mstore(cell, 0x10000000000000000)
            }
        }
        unchecked {
            if (left != 0) {
                uint256 scenario = table.scenarios - table.twins - left;
                choices += CHOICE_BYTES * (scenario - 1);
                revert RowFactor(index, scenario, load(program, choices) >> 240);
            }
            uint256 own = 1 + (VALUE_COLUMN + uint16(word >> 232)) * rows + index;
            uint256 role = word >> 248;
            bool closes = role == uint256(Role.Equity) || role == uint256(Role.Shortfall)
                || role == uint256(Role.Slack);
            if (closes) instance[own] = closingValue(role);
        }
    }

    // Writes a row's values in the scenarios after mark, floor(base * factor) + 2^64.
    //
    // Assembly, because this is the one loop over instruments times scenarios, and the compiler checks
    // each access again. It stays inside `instance`, whose length `head` made of the same
    // rows and scenarios, and inside `factors`, by its own check.
    //
    // base < 2^64, |numerator| <= 2^127 and divisor < 2^127: the dividend is below 2^192 in size. One
    // below 0 reads as 2^256 less that, and its quotient is far beyond the bound. Adding 2^64 divisors
    // before dividing makes the quotient's floor the value's.
    function writeValues(
        bytes calldata program,
        uint256 choices,
        uint256[] memory factors,
        uint256 base,
        Table memory table,
        uint256 index
    ) private pure {
        uint256[] memory instance = table.instance;
        uint256 stride;
        uint256 cell;
        uint256 left;
        unchecked {
            stride = 32 * table.rows;
            left = table.scenarios - table.twins - 1;
            // Behind the length, the context word, four columns, and this row.
            cell = 32 * (2 + index) + (VALUE_COLUMN + 1) * stride;
        }
        assembly ("memory-safe") {
            cell := add(instance, cell)
            let count := mload(factors)
            for { let source := add(program.offset, choices) } left { source := add(source, 2) } {
                let choice := shr(240, calldataload(source))
                if iszero(lt(choice, count)) { break }
                let factor := mload(add(add(factors, 32), shl(5, choice)))
                let divisor := and(factor, 0xffffffffffffffffffffffffffffffff)
                let shifted := div(add(mul(base, sar(128, factor)), shl(64, divisor)), divisor)
                // Above 0 and below 2^65.
                if iszero(lt(sub(shifted, 1), 0x1ffffffffffffffff)) { break }
                mstore(cell, shifted)
                cell := add(cell, stride)
                left := sub(left, 1)
            }
        }
        if (left != 0) {
            uint256 scenario = table.scenarios - table.twins - left;
            uint256 number = load(program, choices + CHOICE_BYTES * (scenario - 1)) >> 240;
            if (number >= factors.length) revert RowFactor(index, scenario, number);
            revert ValueBound(index, scenario);
        }
    }

    function checkClause(bytes calldata program, Table memory table, uint256 index) private pure {
        uint256 word = load(program, table.clausesAt + index * CLAUSE_BYTES);
        uint256 kind = word >> 248;
        if (kind > uint256(type(ClauseKind).max)) revert ClauseForm(index);
        bool isCoverage = kind == uint256(ClauseKind.Coverage);
        bool isInsurance = kind == uint256(ClauseKind.Insurance);
        bool isOfScenario = isCoverage || isInsurance || kind == uint256(ClauseKind.BadDebtAmount);
        // What is about no asset, market or scenario has the subject 0.
        uint256 subjects = isOfScenario ? table.scenarios - table.twins : 1;
        if (kind == uint256(ClauseKind.PerAsset)) subjects = table.assets;
        if (kind == uint256(ClauseKind.OpenInterestMatched)) subjects = table.markets;
        bool hasNumber = isCoverage || kind == uint256(ClauseKind.BadDebtAmount)
            || kind == uint256(ClauseKind.PricesDistance)
            || kind == uint256(ClauseKind.ReservesDistance)
            || kind == uint256(ClauseKind.AccountsLeftOut);
        uint256 subject = part(word, 8, 16);
        uint256 mantissa = part(word, 24, 128);
        if (
            subject >= subjects || (isOfScenario && table.constraints >> subject & 1 != 0)
                || (!hasNumber && mantissa != 0) || (isCoverage && mantissa == 0)
                || part(word, 152, 8) > (isCoverage ? MAX_DECIMALS : 0)
        ) {
            revert ClauseForm(index);
        }
        bool isClass = table.classes >> uint256(Class.Insurance) & 1 != 0;
        if (isInsurance && isClass && twin(program, table, subject) == 0) revert ClauseForm(index);
    }

    // The 32 bytes from `offset` on, and whatever follows the data where they reach past its end:
    // callers take only what the checked length covers. Assembly, because a slice checks again, for
    // every row and factor, what was checked once.
    function load(bytes calldata data, uint256 offset) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(data.offset, offset))
        }
    }

    // `bits` bits of a word behind its first `skip`.
    function part(uint256 word, uint256 skip, uint256 bits) private pure returns (uint256) {
        unchecked {
            return (word << skip) >> (256 - bits);
        }
    }
}
