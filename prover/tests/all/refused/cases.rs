//! Rules and prices that are refused, for the lines of the page that no list of changes reaches.

use super::book;

/// A book, what is changed in its rules, and what in its prices.
pub type Case = (&'static str, [&'static str; 2], [&'static str; 2]);

/// The cases: rules alone, then rules with prices.
pub const CASES: &[Case] = &[
    rules("small_book", ["underlying = \"ETH\"", "inverse = true\nunderlying = \"ETH\""]),
    rules("small_book", ["[[scenarios]]", "[[scenario]]"]),
    rules("small_book", ["name = \"crash\"", "name = \"cover\""]),
    rules("small_book", ["moves = { BTC", "vol_move = \"0.1\"\nmoves = { BTC"]),
    rules("small_book", ["kind = \"margin\"\n", "kind = \"margin\"\ndefault_move = \"0\"\n"]),
    rules("small_book", ["[policy]", "[asset_default]\nalso = [\"X\"]\ndecimals = 2\n[policy]"]),
    rules("small_book", ["decimals = 3\n", "decimals = 3\ninitial = \"1\"\n"]),
    rules(
        "small_book",
        [
            "tiers = [{ up_to = \"2\", maintenance = \"0.9\" }, { maintenance = \"0.8\" }]",
            "tiers = []",
        ],
    ),
    rules("small_book", ["{ maintenance = \"0.8\" }", "{ up_to = \"3\", maintenance = \"0.8\" }"]),
    rules("small_book", ["{ maintenance = \"0.8\" }", "{ maintenance = \"0.8\" }, {}"]),
    rules("small_book", ["per_asset = \"all\"", "per_asset = \"all\"\nper_asset_credit = true"]),
    rules("small_book", ["per_asset = \"all\"", "volatility = { max_age = \"1d\" }"]),
    rules("small_book", ["per_asset = \"all\"", "bad_debt.down = \"1\""]),
    rules(
        "small_book",
        [
            "[markets.ETH-PERP]",
            "[markets.ETH-PERP]\nopen_interest = { lower = \"1\", upper = \"2\" }",
        ],
    ),
    rules("volatility_rates", ["kind = \"realised\", window", "tenor = \"7d\", window"]),
    rules("credit", ["name = \"crash\"\nkind = \"stress\"\ndefault_move = \"-0.5\"", CREDIT]),
    rules("options", ["vol_move = \"0.5\"", "expiries = { \"2027-01-01T00:00:00Z\" = {} }"]),
    rules("options", ["vol_move = \"0.5\"", "expiries = { \"2027-01-02T00:00:00Z\" = {} }"]),
    rules("options", ["[policy]", DISCOUNT]),
    rules("options", ["strike = \"110\"", "strike = \"0\""]),
    rules("options", ["long = \"0.5\"", "long = \"1.5\""]),
    rules("options", ["base = \"0.15\"", "base = \"-0.15\""]),
    rules("options", ["[option_margins.BTC.maintenance]", "[option_margins.ETH.maintenance]"]),
    rules("options", ["[markets.BTC-PERP]", "[markets.BTC-JUN-110-P]"]),
    rules("volatility_rates", ["ceiling = \"0.9\"", "ceiling = \"0.01\""]),
    rules("volatility_rates", ["step = \"0.01\"", "step = \"0.0100000000000000000\""]),
    rules("volatility_rates", ["volatility = { max_age", "volatility = {}\nx = { max_age"]),
    rules(
        "volatility_rates",
        ["volatility = { max_age = \"1d\",", "volatility = { band = \"1\" }\nx = {"],
    ),
    ("small_book", SAME, ["\"quote\": \"USD\"", "\"quote\": \"EUR\""]),
    ("small_book", SAME, ["\"ETH\": \"1000.00\", ", ""]),
    ("small_book", SAME, ["1000.00\"", "1000.00001\""]),
    ("small_book", SAME, ["\"20000\"", "\"20000000000000000\""]),
    ("small_book", SAME, ["\"prices\":", "\"refused\": { \"ETH-PERP\": \"stale\" }, \"prices\":"]),
    (
        "small_book",
        ["bad_debt = {", "coverage = { crash = \"1\" }\nbad_debt = {"],
        ["\"20000\"", "\"0.003\""],
    ),
    ("small_book", SAME, ["\"prices\":", "\"refused\": { \"BTC\": \"stale\" }, \"prices\":"]),
    ("small_book", SAME, ["\"prices\":", "\"refused\": { \"DOGE\": \" \" }, \"prices\":"]),
    (
        "volatility_rates",
        SAME,
        ["\"venue B\", \"as_of\": \"2025", "\"Venue A\", \"as_of\": \"2025"],
    ),
    ("small_book", SAME, ["{", "{ \"note\": \"\","]),
    ("options", SAME, ["\"vols\"", "\"volatilities\""]),
    ("options", SAME, ["\"80\": \"0.2\", \"120\"", "\"80\": \"0.2\", \"100\""]),
    ("options", SAME, ["\"120\": \"0.2\" } },", "\"120\": \"-1\" } },"]),
    ("options", SAME, ["\"expiries\": {", "\"rate\": \"2\", \"expiries\": {"]),
];

const SAME: [&str; 2] = ["", ""];

const fn rules(book: &'static str, change: [&'static str; 2]) -> Case {
    (book, change, SAME)
}

/// A second credit scenario.
const CREDIT: &str = "name = \"crash\"\nkind = \"credit\"\nmargin = \"maintenance\"";

/// An expiry whose options' value after the moves counts more than once.
const DISCOUNT: &str = "[contingencies.scan]
maintenance = \"1\"

[[scenarios]]
name = \"down\"
kind = \"constraint\"
contingency = \"scan\"
default_move = \"-0.1\"
expiries = { \"2027-01-01T00:00:00Z\" = { discount = \"1.1\" } }

[policy]";

/// Rules and prices that are too much to write down.
pub fn made() -> Vec<[String; 2]> {
    let [small, prices] = book("small_book");
    let [options, option_prices] = book("options");
    let [following, volatilities] = book("volatility_rates");
    let covered = small.replace("cover = false\n", "");
    let many = |count: usize, of: &dyn Fn(usize) -> String| (0..count).map(of).collect::<String>();
    let stress = |number: usize| {
        format!("[[scenarios]]\nname = \"s{number}\"\nkind = \"stress\"\ndefault_move = \"0\"\n")
    };
    // Three scenarios are there.
    let stresses = |rules: &str, count: usize| {
        rules.replacen("[assets.BTC]", &format!("{}[assets.BTC]", many(count, &stress)), 1)
    };
    let of_fund = |number: usize| format!("s{number} = \"insurance\", ");
    let twins = stresses(&small, 700)
        .replace("[policy]", "[classes.insurance]\n[policy]")
        .replace("mark = \"insurance\", ", &many(700, &of_fund));
    let option = |number: usize| {
        format!(
            "[options.O{number}]\nunderlying = \"BTC\"\nstrike = \"100\"\n\
             expiry = \"2027-01-01T00:00:00Z\"\nside = \"call\"\ndecimals = 2\n"
        )
    };
    let with_options = |rules: &str, count| {
        rules.replacen("[policy]", &format!("{}[policy]", many(count, &option)), 1)
    };
    let crashes = |count: usize| {
        options.replacen("[assets.USDC]", &format!("{}[assets.USDC]", many(count, &stress)), 1)
    };
    let names = |count: usize| many(count, &|number| format!("\"A{number}\", "));
    let priced = many(2_100, &|number| format!("\"A{number}\": \"1\", "));
    let rows = small.replacen(
        "shocked = false",
        &format!("also = [{}]\nshocked = false", names(2_100)),
        1,
    );
    let sources = many(101, &|number| {
        format!(
            "{{ \"kind\": \"realised\", \"annual\": \"0.1\", \"window\": \"30d\", \
             \"source\": \"s{number}\", \"as_of\": \"2026-01-01T00:00:00Z\" }},"
        )
    });
    vec![
        [stresses(&small, 1_022), prices.clone()],
        [stresses(&covered, 1_021), prices.clone()],
        [twins, prices.clone()],
        [with_options(&options, 1_100), option_prices.clone()],
        [with_options(&crashes(500), 300), option_prices],
        [rows, prices.replacen("\"BTC\":", &format!("{priced}\"BTC\":"), 1)],
        [following, volatilities.replacen("\"BTC\": [", &format!("\"BTC\": [{sources}"), 1)],
    ]
}
