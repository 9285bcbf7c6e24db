//! Changes of rules and prices, with which the page is compared.

/// What a file has, and what stands there instead.
pub type Change = [&'static str; 2];

pub const SAME: Change = ["", ""];

/// A change of the rules and one of the prices. What each comes to is listed in a file, with which
/// the page is compared.
pub const CHANGES: &[[Change; 2]] = &[
    [SAME, SAME],
    // The largest of all counts, or of those that a rate takes.
    [SAME, ["\"0.655\"", "\"0.61\""]],
    [SAME, ["\"0.655\"", "\"0.620\""]],
    [SAME, ["\"0.655\"", "\"0\""]],
    [SAME, ["\"0.655\"", "\"0.000000000000000001\""]],
    [SAME, ["\"0.655\"", "\"1000\""]],
    [SAME, ["\"0.655\"", "\"1000.1\""]],
    [SAME, ["\"0.655\"", "\"-0.1\""]],
    [SAME, ["\"0.655\"", "\"0.6550000000000000000\""]],
    [SAME, ["\"0.655\"", "0.655"]],
    [SAME, ["\"0.62\"", "\"0.9\""]],
    [SAME, ["\"0.9\"", "\"9\""]],
    [SAME, ["\"0.85\"", "\"0.03\""]],
    // On the grid and beside it: 2.5 times the root of a day in a year is 0.130855...
    [SAME, ["\"0.85\"", "\"0.8406244\""]],
    [SAME, ["\"0.85\"", "\"0.8406245\""]],
    [["horizon = \"1d\", floor = \"0.06\"", "horizon = \"365d\", floor = \"0.06\""], SAME],
    [["multiple = \"2.5\", horizon = \"1d\"", "multiple = \"0.5\", horizon = \"365d\""], SAME],
    [["multiple = \"2.5\", horizon = \"1d\"", "multiple = \"0.2\", horizon = \"365d\""], SAME],
    // Forms and lengths of time.
    [
        SAME,
        [
            "\"window\": \"30d\", \"source\": \"venue A\"",
            "\"window\": \"31d\", \"source\": \"venue A\"",
        ],
    ],
    [SAME, ["\"window\": \"30d\"", "\"window\": \"0s\""]],
    [SAME, ["\"window\": \"30d\"", "\"tenor\": \"30d\""]],
    [SAME, ["\"window\": \"30d\"", "\"window\": \"30d\", \"tenor\": \"30d\""]],
    [SAME, ["\"window\": \"30d\", ", ""]],
    [SAME, ["\"window\": \"30d\"", "\"window\": \"30 days\""]],
    [SAME, ["\"implied\"", "\"guessed\""]],
    [SAME, ["\"venue A\"", "\" \""]],
    [SAME, ["venue B", "venue A"]],
    [SAME, ["\"BTC\": [", "\"XBT\": ["]],
    [SAME, ["\"BTC\": [", "\"B TC\": ["]],
    [SAME, ["\"ETH\": [", "\"DOGE\": [], \"ETH\": ["]],
    [SAME, ["\"source\": \"venue C\"", "\"source\": \"venue C\", \"by\": \"them\""]],
    [["window = \"30d\"", "window = \"7d\""], SAME],
    [["kind = \"realised\", window = \"30d\"", "tenor = \"7d\""], SAME],
    [["kind = \"realised\", window = \"30d\"", "kind = \"implied\", tenor = \"7d\""], SAME],
    [["kind = \"realised\", window = \"30d\"", "kind = \"implied\", window = \"30d\""], SAME],
    [["window = \"30d\"", "window = \"30d\", tenor = \"7d\""], SAME],
    [["window = \"30d\"", "window = \"720h\""], SAME],
    [["source = \"venue A\"", "source = \"venue D\""], SAME],
    [["source = \"venue A\"", "source = \" \""], SAME],
    [["volatility = \"BTC\"", "volatility = \"DOGE\""], SAME],
    [["volatility = \"BTC\"", "volatility = \"D OGE\""], SAME],
    [["kind = \"realised\", window", "kind = \"real\", window"], SAME],
    // Numbers of a function.
    [["multiple = \"2.5\"", "multiple = \"0\""], SAME],
    [["multiple = \"2.5\"", "multiple = \"-1\""], SAME],
    [["multiple = \"2.5\"", "multiple = \"1000\""], SAME],
    [["multiple = \"2.5\"", "multiple = \"1000.1\""], SAME],
    [["multiple = \"2.5\"", "multiple = \"2.5000000000000000000\""], SAME],
    [["multiple = \"2.5\", ", ""], SAME],
    [["step = \"0.0005\"", "step = \"0\""], SAME],
    [["step = \"0.0005\"", "step = \"1.1\""], SAME],
    [["step = \"0.0005\"", "step = \"0.000000000000000001\""], SAME],
    [["step = \"0.0005\"", "step = \"0.0000000000000000001\""], SAME],
    [["step = \"0.0005\"", "step = \"1\""], SAME],
    [["ceiling = \"1\", step", "ceiling = \"1.01\", step"], SAME],
    [["floor = \"0.2\", ceiling = \"1\"", "floor = \"0.2\", ceiling = \"0.2\""], SAME],
    [["floor = \"0.2\", ceiling = \"1\"", "floor = \"0.2\", ceiling = \"0.19\""], SAME],
    [["floor = \"0.2\", ceiling = \"1\"", "floor = \"-0.2\", ceiling = \"1\""], SAME],
    [
        ["floor = \"0.2\", ceiling = \"1\"", "floor = \"0.98765432109876543210\", ceiling = \"1\""],
        SAME,
    ],
    [["horizon = \"12h\"", "horizon = \"0s\""], SAME],
    [["horizon = \"12h\"", "horizon = \"12\""], SAME],
    // A later tier that would be treated better on the day.
    [["multiple = \"4\"", "multiple = \"1\""], SAME],
    [["maintenance = \"0.05\", initial", "maintenance = \"0.075\", initial"], SAME],
    [["maintenance = \"0.05\", initial", "maintenance = \"0.0685\", initial"], SAME],
    [["initial = \"0.8\"", "initial = \"0.79\""], SAME],
    [["initial = \"0.8\"", "initial = \"0.794\""], SAME],
    [["initial = \"0.8\"", "initial = \"0.7\""], SAME],
    // Where there is no scenario that asks for it, nobody has to state it.
    [
        [
            "kind = \"margin\"\nmargin = \"maintenance\"\n\n[[scenarios]]\nname = \"initial\"\nkind = \"margin\"\n\
             margin = \"initial\"",
            "kind = \"stress\"\ndefault_move = \"-0.1\"",
        ],
        ["\"BTC\": [", "\"XBT\": ["],
    ],
    // What a policy asks.
    [
        ["volatility = { max_age = \"1d\", least_sources = 1, band = \"0.1\" }", "volatility = {}"],
        SAME,
    ],
    [["band = \"0.1\"", "band = \"1\""], SAME],
    [["band = \"0.1\"", "band = \"-0.1\""], SAME],
    [["least_sources = 1", "least_sources = 0"], SAME],
    [["least_sources = 1", "least_sources = \"2\""], SAME],
    [["least_sources = 1", "most_sources = 2"], SAME],
    [["max_age = \"1d\"", "max_age = \"1\""], SAME],
    // Clauses that do not hold.
    [["least_sources = 1", "least_sources = 4"], SAME],
    [["max_age = \"1d\"", "max_age = \"11h\""], SAME],
    [["max_age = \"1d\", ", ""], SAME],
    [SAME, ["\"venue C\", \"as_of\": \"2026-01-01", "\"venue C\", \"as_of\": \"2025-12-30"]],
    [SAME, ["\"venue C\", \"as_of\": \"2026-01-01", "\"venue C\", \"as_of\": \"2026-01-03"]],
    [SAME, ["\"0.655\"", "\"0.69\""]],
    [["band = \"0.1\"", "band = \"0.05\""], SAME],
    [["band = \"0.1\"", "band = \"0\""], ["\"0.655\"", "\"0.62\""]],
    [["band = \"0.1\"", "band = \"0\""], ["\"0.655\"", "\"0.6200000000000001\""]],
    [["horizon = \"12h\"", "horizon = \"12h\", kind = \"implied\""], SAME],
    [
        ["source = \"venue A\", ", ""],
        [
            "\"30d\", \"source\": \"venue B\", \"as_of\": \"2025-12-31T12:00:00Z\" },\n      { \"kind\": \
             \"implied\", \"annual\": \"0.655\", \"tenor\": \"7d\", \"source\": \"venue C\"",
            "\"31d\", \"source\": \"venue A\", \"as_of\": \"2025-12-31T12:00:00Z\" },\n      { \"kind\": \
             \"implied\", \"annual\": \"0.655\", \"tenor\": \"7d\", \"source\": \"venue A\"",
        ],
    ],
    // What a rate does not take counts neither for it nor against it: another kind or length of time, and
    // for the number of sources another one than it names.
    [["least_sources = 1", "least_sources = 2"], SAME],
    [
        ["least_sources = 1", "least_sources = 2"],
        ["\"0.85\", \"window\": \"30d\"", "\"0.85\", \"window\": \"31d\""],
    ],
    [SAME, ["\"0.85\", \"window\": \"30d\"", "\"0.85\", \"window\": \"31d\""]],
    [
        SAME,
        [
            "\"0.9\", \"tenor\": \"7d\", \"source\": \"venue B\"",
            "\"9\", \"tenor\": \"7d\", \"source\": \"venue C\"",
        ],
    ],
    [
        SAME,
        [
            "\"0.8\", \"window\": \"30d\", \"source\": \"venue A\"",
            "\"0.8\", \"window\": \"31d\", \"source\": \"venue A\"",
        ],
    ],
    [["source = \"venue A\"", "kind = \"realised\", source = \"venue A\""], SAME],
    [["source = \"venue A\"", "kind = \"realised\", source = \"venue B\""], SAME],
    [
        ["source = \"venue A\"", "window = \"30d\", source = \"venue B\""],
        ["\"0.62\", \"window\": \"30d\"", "\"0.7\", \"window\": \"30d\""],
    ],
];
