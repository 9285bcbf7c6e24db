//! Every kind of input that cannot be used, and what the program says about it: where it stands,
//! and what is wrong there.

use std::fs;

use crate::venue::{Venue, proved, setup};

/// A file of the venue, a text in it (the whole where empty), what stands there instead, and what
/// `prove` then says.
type Case = (&'static str, &'static str, &'static str, &'static str);

const SNAPSHOT: &[Case] = &[
    (
        "book.csv",
        "account,i",
        "\u{feff}account,i",
        "book.csv:1:1: the file starts with a byte order mark; save it as plain UTF-8",
    ),
    ("book.csv", "", "", "book.csv:1:1: the file is empty"),
    ("book.csv", "", "account,instrument,quantity\n", "book.csv:2:1: no row follows the header"),
    (
        "book.csv",
        "account,instrument,quantity",
        "account,instrument,qty",
        "book.csv:1:1: unknown columns `account,instrument,qty`: expected `account,instrument,quantity`, `account,instrument,quantity,class`, `account,asset,amount` or `account,ASSET,ASSET,...`",
    ),
    (
        "book.csv",
        "",
        "account,BTC,BTC\na,1,1\n",
        "book.csv:1:3: duplicate column \"BTC\": also column 2",
    ),
    (
        "book.csv",
        "bob,deposit USDC,100000\n",
        "\nbob,deposit USDC,100000\n",
        "book.csv:4:1: the line is blank: delete it",
    ),
    (
        "book.csv",
        "deposit USDC,100000",
        "deposit USDC,100,000",
        "book.csv:4:4: expected 3 columns as in the header, got 4; a number has no commas",
    ),
    (
        "book.csv",
        "bob,deposit USDC,100000",
        "bob,deposit USDC",
        "book.csv:4:3: expected 3 columns as in the header, got 2",
    ),
    (
        "book.csv",
        "deposit USDC,100000",
        "\"deposit\" USDC,100000",
        "book.csv:4:2: a quote must enclose a whole field",
    ),
    ("book.csv", "alice,deposit BTC", ",deposit BTC", "book.csv:2:1: account: a name is missing"),
    (
        "book.csv",
        "alice,deposit BTC",
        "al\tice,deposit BTC",
        "book.csv:2:1: account: \"al\\tice\" contains a control character",
    ),
    (
        "book.csv",
        "alice,deposit BTC",
        "alic\u{e9},deposit BTC",
        "book.csv:2:1: account: \"alic\u{e9}\" contains a character that is not ASCII",
    ),
    (
        "book.csv",
        "alice,deposit BTC",
        "alice ,deposit BTC",
        "book.csv:2:1: account: \"alice \" begins or ends with a space",
    ),
    (
        "book.csv",
        "",
        "account,B TC\na,1\n",
        "book.csv:1:2: asset: \"B TC\" contains a space, which an asset must not",
    ),
    (
        "book.csv",
        "deposit USDC,100000",
        "deposit USDC,",
        "book.csv:4:3: quantity: a number is missing",
    ),
    (
        "book.csv",
        "deposit USDC,100000",
        "deposit USDC,1e5",
        "book.csv:4:3: quantity: `1e5` is in exponent notation; write the digits out",
    ),
    (
        "book.csv",
        "deposit USDC,100000",
        "deposit USDC,+100000",
        "book.csv:4:3: quantity: `+100000` is not a decimal number; leave the plus out",
    ),
    (
        "book.csv",
        "deposit USDC,100000",
        "deposit USDC, 100000",
        "book.csv:4:3: quantity: ` 100000` is not a decimal number; remove the spaces around it",
    ),
    (
        "book.csv",
        "deposit USDC,100000",
        "deposit USDC,0100000",
        "book.csv:4:3: quantity: `0100000` has leading zeros",
    ),
    (
        "book.csv",
        "deposit USDC,100000",
        "deposit USDC,-0",
        "book.csv:4:3: quantity: `-0` is a negative zero",
    ),
    (
        "book.csv",
        "deposit USDC,100000",
        "deposit USDC,NaN",
        "book.csv:4:3: quantity: `NaN` is not a decimal number",
    ),
    (
        "book.csv",
        "deposit USDC,100000",
        "deposit USDC,999999999999999999999999999999999999999",
        "book.csv:4:3: quantity: `999999999999999999999999999999999999999` has more than 38 digits",
    ),
    (
        "book.csv",
        "deposit USDC,100000",
        "deposit USDC,-100000",
        "book.csv:4:3: quantity: `-100000` is negative; a direction is an instrument of its own, such as `borrow BTC` or `short ETH-PERP`",
    ),
    (
        "book.csv",
        "alice,borrow USDC,50000",
        "alice,deposit BTC,1",
        "book.csv:3:2: duplicate `deposit BTC` of account `alice`: also on line 2; add them up",
    ),
    (
        "book.csv",
        "",
        "account,asset,amount\na,BTC,1\na,BTC,-1\n",
        "book.csv:3:2: duplicate `BTC` of account `a`: also on line 2; add them up",
    ),
    (
        "book.csv",
        "",
        "account,BTC,USDC\na,1,1\nb,1,1\na,1,1\n",
        "book.csv:4:1: duplicate account `a`: also on line 2",
    ),
];

const LEDGER: &[Case] = &[
    (
        "book.csv",
        "dave,deposit BTC",
        "dave,deposit btc",
        "book.csv: no price for `btc` (line 10, column 3, account `dave`) (did you mean `BTC`?); `btc` cannot be left out: it differs from `BTC` only by the case of its letters",
    ),
    (
        "book.csv",
        "dave,deposit BTC",
        "dave,deposit ETH",
        "book.csv: line 10, column 3, account `dave`: `ETH` has a price but no rule: add `[assets.ETH]` to the rules",
    ),
    (
        "book.csv",
        "dave,deposit BTC",
        "dave,deposit DOGE",
        "book.csv: no price for `DOGE` (line 10, column 3, account `dave`): add prices, or --leave-out DOGE",
    ),
    (
        "book.csv",
        "dave,deposit BTC,0.5",
        "dave,deposit BTC,0.123456789",
        "book.csv: line 10, column 3, account `dave`: 0.123456789 has more than the 8 decimals of `deposit BTC`; see --round",
    ),
    (
        "book.csv",
        "long BTC-PERP,1",
        "long BTC-PERP,1.00001",
        "book.csv: line 5, column 3, account `bob`: 1.00001 has more than the 4 decimals of `long BTC-PERP`; a position cannot be rounded, so the rules must give it more decimals",
    ),
    (
        "book.csv",
        "dave,borrow USDC,30000",
        "dave,borrow USDC,1237940039285380274900",
        "book.csv: line 11, column 3, account `dave`: 1237940039285380274900 of `borrow USDC`, with 6 decimals, is not below 2^90 units: use fewer decimals",
    ),
    (
        "book.csv",
        "dave,borrow USDC,30000",
        "dave,borrow USDC,200000000000",
        "book.csv: line 10, column 3, account `dave`: worth 2^90 units of value or more in scenario `mark`: use fewer value_decimals",
    ),
];

const RULES: &[Case] = &[
    (
        "rules.toml",
        "date =",
        "dates =",
        "rules.toml: the rules are malformed: TOML parse error at line 4, column 1\n    |\n  4 | dates = \"2026-01-01\"\n    | ^^^^^\n  unknown field `dates`, expected one of `name`, `source`, `date`, `exactness`, `quote`, `value_decimals`, `quote_decimals`, `scenarios`, `asset_default`, `assets`, `markets`, `options`, `option_margins`, `classes`, `contingencies`, `cover`, `policy`, `tokens`",
    ),
    (
        "rules.toml",
        "\"-0.6\"",
        "-0.6",
        "rules.toml: the rules are malformed: TOML parse error at line 16, column 16\n     |\n  16 | default_move = -0.6\n     |                ^^^^\n  invalid type: floating point `-0.6`, expected a decimal number in quotes, such as \"0.25\"",
    ),
    (
        "rules.toml",
        "\"-0.6\"",
        "\"-1.5\"",
        "rules.toml: scenarios[1].default_move: -1.5 is not at least -1",
    ),
    (
        "rules.toml",
        "[policy]\nmin_coverage = \"1\"\nbad_debt = { mark = \"insurance\", crash = \"insurance\" }\nopen_interest_matched = true",
        "[policy]",
        "rules.toml: policy: is missing: something that must hold",
    ),
    (
        "rules.toml",
        "crash = \"insurance\"",
        "crush = \"insurance\"",
        "rules.toml: policy.bad_debt.crush: there is no scenario `crush` in these rules (did you mean `crash`?)",
    ),
    (
        "rules.toml",
        "quote = \"USD\"",
        "quote = \"EUR\"",
        "rules.toml: quote: the rules are in EUR and the prices in USD",
    ),
    (
        "prices.json",
        "\"BTC\": \"100000\"",
        "\"BTC\": \"100000.123456789\"",
        "rules.toml: assets.BTC: BTC: the price 100000.123456789 needs 9 decimals, and with 8 decimals of quantity and value_decimals 16 a price has 8: use at most 7 decimals of quantity, or more value_decimals",
    ),
    (
        "prices.json",
        "\"BTC\": \"100000\"",
        "\"BTC\": \"99999999999999\"",
        "rules.toml: assets.BTC: BTC: worth 9999999999999900000000 units of value in scenario `mark`, which is not below 2^64: use more decimals of quantity, or fewer value_decimals",
    ),
    (
        "prices.json",
        "\"BTC\": \"100000\", ",
        "",
        "rules.toml: markets.BTC-PERP: there is no price for `BTC`",
    ),
];

const PRICES: &[Case] = &[
    ("prices.json", "", "", "prices.json: the prices are empty"),
    (
        "prices.json",
        "\"100000\"",
        "100000.5",
        "prices.json: the prices are malformed: invalid type: floating point `100000.5`, expected a decimal number in quotes, such as \"0.25\" at line 5 column 29",
    ),
    (
        "prices.json",
        "\"100000\"",
        "\"1e5\"",
        "prices.json: the prices are malformed: `1e5` is in exponent notation; write the digits out at line 5 column 26",
    ),
    ("prices.json", "\"100000\"", "\"-1\"", "prices.json: prices.BTC: -1 is negative"),
    (
        "prices.json",
        "\"BTC\"",
        "\"B TC\"",
        "prices.json: prices: invalid name `B TC`: use 1 to 32 of A-Z, a-z, 0-9, `.`, `_`, `-`, `:`, `/`, `+` and `@`, a letter, a digit or `@` first",
    ),
    (
        "prices.json",
        "\"BTC\"",
        "\"USDC\"",
        "prices.json: the prices are malformed: duplicate key `USDC` at line 5 column 53",
    ),
    (
        "prices.json",
        "\"BTC\"",
        "\"USD\"",
        "prices.json: prices.USD: the price of the quote currency must be 1, got 100000",
    ),
    (
        "prices.json",
        "\"method\"",
        "\"methods\"",
        "prices.json: the prices are malformed: unknown field `methods`, expected one of `as_of`, `quote`, `method`, `source`, `prices`, `vols`, `open_interest`, `refused`, `volatilities` at line 4 column 11",
    ),
    (
        "prices.json",
        "00:00Z",
        "00:00+00:00",
        "prices.json: the prices are malformed: `2026-01-01T00:00:00+00:00` is not a UTC time such as `2022-11-11T14:00:00Z` at line 2 column 38",
    ),
];

const RESERVES: &[Case] = &[
    (
        "reserves.json",
        "\"2.5\"",
        "2.5",
        "reserves.json: the reserves are malformed: invalid type: floating point `2.5`, expected a decimal number in quotes, such as \"0.25\" at line 4 column 35",
    ),
    ("reserves.json", "\"2.5\"", "\"-2.5\"", "reserves.json: reserves[0].amount: -2.5 is negative"),
    (
        "reserves.json",
        "\"BTC\"",
        "\"\"",
        "reserves.json: reserves[0].asset: invalid name ``: use 1 to 32 of A-Z, a-z, 0-9, `.`, `_`, `-`, `:`, `/`, `+` and `@`, a letter, a digit or `@` first",
    ),
    ("reserves.json", "\"bitcoin\"", "\" \"", "reserves.json: reserves[0].chain: is empty"),
    (
        "reserves.json",
        "\"fund\"",
        "\"VAULT\"",
        "reserves.json: reserves[2]: duplicate USDC at VAULT on bank",
    ),
    (
        "reserves.json",
        "\"insurance\"",
        "\"insurrance\"",
        "reserves.json: the reserves are malformed: unknown variant `insurrance`, expected one of `customers`, `insurance`, `claim` at line 9 column 52",
    ),
];

fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for &(file, from, to, expected) in cases {
        let venue = Venue::new();
        match from {
            "" => venue.write(file, to),
            _ => venue.edit(file, from, to),
        }
        let run = venue.prove("out", &[]);
        let message = run.refusal(2);
        if message != expected {
            wrong.push(format!("    ({file:?}, {from:?}, {to:?}, {message:?}),\n"));
        }
        assert!(!venue.path("out").exists(), "nothing is written");
    }
    assert!(wrong.is_empty(), "what is said now:\n{}", wrong.concat());
}

#[test]
fn a_snapshot_is_refused_at_file_line_and_column() {
    check(SNAPSHOT);
}

#[test]
fn a_holding_is_refused_where_it_stands() {
    check(LEDGER);
}

#[test]
fn rules_are_refused_at_their_key_or_line() {
    check(RULES);
}

#[test]
fn prices_are_refused_at_their_key_or_line() {
    check(PRICES);
}

#[test]
fn reserves_are_refused_at_their_entry_or_line() {
    check(RESERVES);
}

#[test]
fn bytes_that_are_no_text_are_refused_in_every_file() {
    let refused = |file: &str, bytes: &[u8]| {
        let venue = Venue::new();
        venue.write(file, bytes);
        venue.prove("out", &[]).refusal(2).to_owned()
    };
    let utf8 = "invalid utf-8 sequence of 1 bytes from index 1";
    assert_eq!(
        refused("book.csv", b"account,instrument,quantity\na,\xff,1\n"),
        "book.csv:2:2: not valid UTF-8"
    );
    assert_eq!(refused("rules.toml", b"a\xff"), format!("rules.toml is not UTF-8: {utf8}"));
    assert_eq!(refused("prices.json", b"a\xff"), format!("prices.json is not UTF-8: {utf8}"));
    assert_eq!(refused("reserves.json", b"a\xff"), format!("reserves.json is not UTF-8: {utf8}"));
    let mut long = b"account,instrument,quantity\n".to_vec();
    long.resize(long.len() + (1 << 20) + 1, b'a');
    assert_eq!(refused("book.csv", &long), "book.csv:2:1: the line is longer than 1048576 bytes");
    let parquet = refused("book.csv", b"PAR1 and no more");
    assert!(parquet.starts_with("book.csv: cannot be read as parquet: "), "{parquet}");
}

#[test]
fn columns_in_another_order_make_too_many_instruments() {
    let venue = Venue::new();
    let rows = (0..70_000).map(|row| format!("BTC,account {row},1\n")).collect::<String>();
    venue.write("book.csv", format!("account,instrument,quantity\n{rows}"));
    let run = venue.prove("out", &["--quiet"]);
    let error =
        "book.csv:16386:2: more than 16384 different instruments; are the columns in order?";
    assert_eq!(run.refusal(2), error);
}

#[test]
fn an_account_that_fits_no_page_and_a_table_that_fits_no_circuit_are_refused() {
    let venue = Venue::new();
    let names: Vec<String> = (0..520).map(|number| format!("X{number}")).collect();
    let prices: String = names.iter().map(|name| format!(", \"{name}\": \"1\"")).collect();
    venue.edit("prices.json", "\"USDC\": \"1\"", &format!("\"USDC\": \"1\"{prices}"));
    let default = "[asset_default]\ndecimals = 2\nborrow = false\n\n[assets.BTC]";
    venue.edit("rules.toml", "[assets.BTC]", default);
    let error =
        "there are 534 instruments; a circuit of 2^11 rows has room for 512, one of 2^16 for 2048";
    assert_eq!(venue.prove("out", &[]).refusal(2), error);
    let rows: String = names.iter().map(|name| format!("eve,deposit {name},1\n")).collect();
    venue.write("book.csv", format!("account,instrument,quantity\n{rows}"));
    let error = "book.csv: line 2, column 3, account `eve`: 522 lines, closing lines included, do \
                 not fit a page of 512";
    assert_eq!(venue.prove("out", &[]).refusal(2), error);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let missing = "No such file or directory (os error 2)";
    for file in ["rules.toml", "prices.json", "reserves.json"] {
        let venue = Venue::new();
        fs::remove_file(venue.path(file)).unwrap();
        let run = venue.prove("out", &[]);
        assert_eq!(run.refusal(2), format!("cannot read {file}: {missing}"));
    }
    let venue = Venue::new();
    fs::remove_file(venue.path("book.csv")).unwrap();
    assert_eq!(venue.prove("out", &[]).refusal(2), format!("book.csv: {missing}"));
    let run = venue.run(&["verify", "nothing.json"]);
    assert_eq!(run.refusal(2), format!("cannot read nothing.json: {missing}"));
    let run = proved().verify("first", &["--setup", "nothing.setup"]);
    assert_eq!(run.refusal(2), format!("cannot use the setup nothing.setup: {missing}"));
    let run = proved().verify("first", &["--previous", "nothing.json"]);
    assert_eq!(run.refusal(2), format!("cannot read nothing.json: {missing}"));
}

#[test]
fn a_setup_that_is_none_or_of_another_size_is_refused() {
    let venue = Venue::new();
    let mut bytes = fs::read(setup(11)).unwrap();
    let run = |bytes: &[u8]| {
        venue.write("a.setup", bytes);
        let args = venue.prove_args("out", &[]);
        let args: Vec<_> =
            args.iter().map(|&a| if a == setup(11) { "a.setup" } else { a }).collect();
        venue.run(&args).refusal(2).to_owned()
    };
    let short = run(&bytes[..bytes.len() - 1]);
    let empty = run(&[]);
    let prices = run(venue.read("prices.json").repeat(10).as_bytes());
    bytes[1000] ^= 1;
    let point = run(&bytes);
    bytes[1000] ^= 1;
    *bytes.last_mut().unwrap() ^= 1;
    let damaged = run(&bytes);
    let here = "cannot use the setup a.setup: ";
    for (got, expected) in [
        (short, "a setup of 2^11 rows has 263764 bytes, this file has 263763"),
        (empty, "the file is truncated: 16 bytes are missing at byte 0"),
        (prices, "this is not a setup file: make one with `pacioli setup import`"),
        (point, "the 64 bytes at byte 980 are not a point of the curve"),
        (damaged, "the file is damaged: it does not have the digest that it ends with"),
    ] {
        assert_eq!(got, format!("{here}{expected}"));
    }
    let other = proved().verify("first", &["--setup", setup(12)]);
    let error = "the setup given does not fit: the circuit has 2^11 rows, the setup is for 2^12";
    assert_eq!(other.refusal(2), error);
}

#[test]
fn a_list_of_classes_is_refused_at_its_line_and_a_class_without_a_rule_at_its_account() {
    let venue = Venue::new();
    let refused = |list: &str| {
        venue.write("classes.csv", list);
        venue.prove("out", &["--classes", "classes.csv"]).refusal(2).to_owned()
    };
    let error = refused("account,class\nnobody,insurance\n");
    assert_eq!(error, "classes.csv:2:1: the snapshot has no account `nobody`");
    let error = refused("account,class\nalice,insurance\n");
    assert!(error.ends_with("account `alice`: the rules have no class `insurance`"), "{error}");
}
