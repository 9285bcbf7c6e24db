"""A snapshot from a venue's exports, with pandas: balances and positions to one line each.

Amounts are read as text and become Decimals; they are never floats. Usage:
with_pandas.py BALANCES.csv POSITIONS.csv SNAPSHOT.parquet
"""

import sys
from decimal import Decimal, getcontext

import pandas as pd

getcontext().prec = 76  # No product or sum is rounded.


def lines(balances: pd.DataFrame, positions: pd.DataFrame) -> pd.DataFrame:
    """The lines `account, instrument, quantity` of accounts that net their balances."""
    held = balances.groupby(["account", "asset"], sort=False)["amount"].sum().reset_index()
    held["instrument"] = [
        ("deposit " if amount >= 0 else "borrow ") + asset
        for asset, amount in zip(held["asset"], held["amount"])
    ]
    held["quantity"] = held["amount"].abs()

    positions["instrument"] = positions["side"] + " " + positions["market"]
    open_ = positions.groupby(["account", "instrument"], sort=False)["size"].sum().reset_index()
    open_ = open_.rename(columns={"size": "quantity"})

    # What a long was entered for is owed by the account, what a short was entered for is owed to it.
    sign = positions["side"].map({"long": Decimal(-1), "short": Decimal(1)})
    positions["entry"] = sign * positions["size"] * positions["entry_price"]
    quote = positions.groupby("account", sort=False)["entry"].sum().reset_index()
    quote["instrument"] = ["quote credit" if entry >= 0 else "quote debit" for entry in quote["entry"]]
    quote["quantity"] = quote["entry"].abs()

    columns = ["account", "instrument", "quantity"]
    all_ = pd.concat([held[columns], open_[columns], quote[columns]])
    return all_[all_["quantity"] != 0].sort_values(["account", "instrument"])


def main(balances: str, positions: str, out: str) -> None:
    def read(path, numbers):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        for name in numbers:
            rows[name] = rows[name].map(Decimal)
        return rows

    book = lines(read(balances, ["amount"]), read(positions, ["size", "entry_price"]))
    book.to_parquet(out, index=False)  # Decimals become DECIMAL columns.


if __name__ == "__main__":
    main(*sys.argv[1:])
