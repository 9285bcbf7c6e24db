#!/usr/bin/env python3
"""Runs every recipe that is a package on the same made-up exports, and has pacioli read what it writes: each
must come to the same book, to the last digit. Usage: test.py PACIOLI
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
OWED = "254750.253087421976"


def python(name, folder, source=HERE):
    exports = [str(source / "balances.csv"), str(source / "positions.csv")]
    command = [sys.executable, HERE / name, *exports, str(folder / "snapshot.parquet")]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        raise ValueError(run.stderr)


def duckdb(name, folder, source=HERE):
    import duckdb as tool

    for export in ("balances.csv", "positions.csv"):
        shutil.copy(source / export, folder)
    with tool.connect() as connection:
        text = (HERE / name).read_text()
        for export in ("balances", "positions"):
            text = text.replace(f"'{export}.csv'", f"'{folder}/{export}.csv'")
        connection.execute(text.replace("'snapshot.parquet'", f"'{folder}/snapshot.parquet'"))


def clickhouse(name, folder):
    from chdb.session import Session

    session = Session()
    for table, columns in (
        ("balances", "account String, asset String, amount Decimal(38, 12)"),
        (
            "positions",
            "account String, market String, side String, size Decimal(18, 8), "
            "entry_price Decimal(18, 12)",
        ),
    ):
        session.query(f"CREATE TABLE {table} ({columns}) ENGINE = MergeTree ORDER BY account")
        export = HERE / f"{table}.csv"
        session.query(f"INSERT INTO {table} SELECT * FROM file('{export}', CSVWithNames, '{columns}')")
    text = (HERE / name).read_text().replace("'snapshot.parquet'", f"'{folder}/snapshot.parquet'")
    session.query(text)


def ccxt(name, folder):
    import csv
    from collections import defaultdict
    from decimal import Decimal

    import ccxt as tool

    sys.path.insert(0, str(HERE))
    import with_ccxt

    exchange = tool.Exchange()
    exchange.number = str
    read = lambda name: list(csv.DictReader((HERE / name).open()))
    totals, opened = defaultdict(lambda: defaultdict(Decimal)), defaultdict(list)
    for row in read("balances.csv"):
        totals[row["account"]][row["asset"]] += Decimal(row["amount"])
    for row in read("positions.csv"):
        position = {"symbol": row["market"], "side": row["side"], "linear": True}
        numbers = {"contracts": row["size"], "contractSize": "1", "entryPrice": row["entry_price"]}
        opened[row["account"]].append(exchange.safe_position({**position, **numbers}))
    with (folder / "snapshot.csv").open("w") as out:
        out.write("account,instrument,quantity\n")
        for account, assets in totals.items():
            balance = exchange.safe_balance({asset: {"total": str(n)} for asset, n in assets.items()})
            for line in with_ccxt.lines(account, balance, opened[account]):
                out.write("{},{},{:f}\n".format(*line))
    for wrong in (0.1, 1.0):
        try:
            with_ccxt.number(wrong)
        except TypeError:
            continue
        raise AssertionError("a float was taken")


def inverse(pacioli):
    """Coin-margined positions: what is owed for them is the venue's own sum in coins, and a little more."""
    import csv
    from fractions import Fraction

    sys.path.insert(0, str(HERE))
    import inverse as recipe

    positions = list(csv.DictReader((HERE / "inverse.csv").open()))
    mark = Fraction(91000)
    owed = {}
    for row in positions:
        sign = {"long": 1, "short": -1}[row["side"]]
        dollars = sign * Fraction(row["contracts"]) * Fraction(row["face"])
        gain = dollars * (1 / Fraction(row["entry_price"]) - 1 / mark) * mark
        owed[row["account"]] = owed.get(row["account"], 0) + gain
    with tempfile.TemporaryDirectory() as folder:
        recipe.main(HERE / "inverse.csv", Path(folder) / "snapshot.csv")
        found = book(pacioli, Path(folder))["mark"]
    for name, sign in (("owed", 1), ("bad_debt", -1)):
        venue = sum(max(sign * one, 0) for one in owed.values())
        above = sign * (Fraction(found[name]) - venue)
        # One unit of coins for each account.
        assert 0 <= above < len(owed) * mark / 10**12, (name, found[name], float(venue))
    print(f"inverse.py: {found['owed']} USD is owed, {found['bad_debt']} is bad debt")


def book(pacioli, folder):
    """What pacioli says of the snapshot in the folder."""
    (snapshot,) = folder.glob("snapshot.*")
    files = ["--rules", HERE / "rules.toml", "--prices", HERE / "prices.json"]
    command = [pacioli, "stress", "--snapshot", snapshot, *files, "--set", "flat", "--json", "--quiet"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return json.loads(run.stdout)


def refused():
    """What a recipe could not keep to the last digit, or does not have, stops it."""
    good = {name: (HERE / name).read_text() for name in ("balances.csv", "positions.csv")}
    for export, row, tools in (
        ("balances.csv", "zoe,BTC,", "pandas polars duckdb"),
        ("balances.csv", "zoe,USDC,-5.00000000000000000005", "polars duckdb"),
        ("positions.csv", "zoe,BTC-PERP,short,1,", "pandas polars duckdb"),
        ("positions.csv", "zoe,BTC-PERP,short,1000000000,0.0000000000004", "polars duckdb"),
    ):
        for tool in tools.split():
            with tempfile.TemporaryDirectory() as folder:
                source = Path(folder) / "exports"
                source.mkdir()
                for name, text in good.items():
                    (source / name).write_text(text + (row + "\n" if name == export else ""))
                name, run = RUNS[tool]
                try:
                    run(name, Path(folder), source)
                except Exception as error:
                    assert "decimals" in str(error) or "ConversionSyntax" in str(error), error
                    continue
            raise AssertionError(f"{name} took {row}")


RUNS = {
    "pandas": ("with_pandas.py", python),
    "polars": ("with_polars.py", python),
    "duckdb": ("with_duckdb.sql", duckdb),
    "clickhouse": ("with_clickhouse.sql", clickhouse),
    "ccxt": ("with_ccxt.py", ccxt),
}


def main():
    pacioli = str(Path(sys.argv[1]).resolve())
    inverse(pacioli)
    books = {}
    for name, run in RUNS.values():
        with tempfile.TemporaryDirectory() as folder:
            run(name, Path(folder))
            books[name] = book(pacioli, Path(folder))
        mark = books[name]["mark"]
        assert (mark["owed"], mark["bad_debt"]) == (OWED, "0"), (name, mark)
        print(f"{name}: {OWED} USD is owed")
    refused()
    first = next(iter(books.values()))
    assert all(one == first for one in books.values()), "the books differ"


if __name__ == "__main__":
    main()
