// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// The role of a row of the instrument table. No program has `Uncredited`.
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
    Slack,
    Uncredited,
    Plain,
    Covered
}

/// The class of the accounts that hold a row. Rows that all accounts share have class `Customer`.
enum Class {
    Customer,
    House,
    Insurance,
    Pool
}

// The price number of a row without a price: one unit has the constant price 1 in the quote
// currency.
uint256 constant NO_PRICE = 0xffff;

// A sum that is zero in all scenarios at once by chance is so for at most this many values of the
// challenge that combines them; see `IVolumeVerifier`.
uint256 constant MAX_SCENARIOS = 1024;

// 10^38 is below 2^127, so no product of a price or a factor reaches 2^255.
uint256 constant MAX_DECIMALS = 38;

// Added to every value in the table, so that none is negative.
uint256 constant VALUE_OFFSET = 1 << 64;

// After its first word, an instance has columns of one word for each row: counts, quantities, caps,
// and the values in each scenario. These are the numbers of the caps and of the values at mark.
uint256 constant CAP_COLUMN = 2;
uint256 constant VALUE_COLUMN = 3;

// The bytes before an instance. `Verification` writes a selector and three words there, `Handover` up
// to `TABLE_NUMBERS` words.
uint256 constant HEAD_ROOM = 640;

// The number of fields of a table before its lists. All of them are numbers.
uint256 constant TABLE_NUMBERS = 19;

/// A recomputed instrument table, and the places of the program's lists. `Handover` knows the order.
struct Table {
    // The number of scenarios. Mark is the first. Those that have values in the program are the
    // first `own`; the twins follow them, and the cover comes last, if there is one.
    uint256 scenarios;
    uint256 own;
    uint256 twins;
    // 1 if the last scenario is the cover, else 0.
    uint256 cover;
    // The decimals of the quote currency in one unit of value.
    uint256 valueDecimals;
    // keccak256 of the quote currency's name.
    bytes32 quote;
    uint256 rows;
    // Assets and markets are numbered in the order of their first rows.
    uint256 assets;
    uint256 markets;
    uint256 clauses;
    // As bits, the classes other than `Customer`.
    uint256 classes;
    // The first plain or covered row, and the number of these rows, which follow each other.
    uint256 formsAt;
    uint256 forms;
    // The first row that closes a scenario: all rows from there on do.
    uint256 closingAt;
    // Offsets into the program.
    uint256 twinsAt;
    uint256 rowsAt;
    uint256 clausesAt;
    // The number of prices, and the address in memory of the first: see `Priced`. Where a table was
    // handed over, there are none behind it.
    uint256 priced;
    uint256 pricesAt;
    // For each scenario, the number of its twin; 0, which is mark, if it has none.
    uint256[] twinOf;
    // For each scenario, whether it is closed by slack.
    bool[] isConstraint;
    // The names of the prices, hashed.
    bytes32[] names;
    // The public inputs of a volume, in the form of `IVolumeVerifier.verify`.
    // Before their length there is room for `HEAD_ROOM` bytes, and behind them for as many as the
    // caller of `InstrumentTable.compile` asked: a call of a verifier is made around them in place.
    uint256[] instance;
}

/// The state of the pass over the rows.
struct Cursor {
    // Twice the number of closed scenarios, plus one if the last one has only its equity row.
    uint256 closings;
    // The `Rows.groupKey` of the current asset or market.
    uint256 group;
    // The value of one unit of it at mark.
    uint256 base;
    uint256 contingencies;
    // The first contingency.
    uint256 contingencyAt;
    // Twice the number of the row that the last plain or covered row stands for, plus one if that
    // is covered.
    uint256 form;
    // The number of rows before the first row of another class, the current class, and the first
    // row that the next row of this class may repeat.
    uint256 customers;
    uint256 class;
    uint256 next;
    // The rows of class `Insurance`, and the first row that closes a scenario.
    uint256 insuranceAt;
    uint256 insuranceEnd;
    uint256 closingAt;
}

// The roles of plain and covered rows, as bits.
uint256 constant FORMS = (1 << uint256(Role.Plain)) | (1 << uint256(Role.Covered));

// The roles of the rows that close a scenario.
uint256 constant CLOSINGS =
    (1 << uint256(Role.Equity)) | (1 << uint256(Role.Shortfall)) | (1 << uint256(Role.Slack));

// The roles of what an account has or owes: neither the empty slot, nor headroom, a contingency or a
// closing row.
uint256 constant HOLDINGS =
    FORMS |
        (1 << uint256(Role.Deposit)) |
        (1 << uint256(Role.Borrow)) |
        (1 << uint256(Role.Long)) |
        (1 << uint256(Role.Short)) |
        (1 << uint256(Role.QuoteCredit)) |
        (1 << uint256(Role.QuoteDebit));

/// Whether a role is one of these.
function isOneOf(Role role, uint256 roles) pure returns (bool) {
    return (roles >> uint256(role)) & 1 != 0;
}
