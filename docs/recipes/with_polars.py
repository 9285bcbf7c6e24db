"""The same with polars, whose Decimal columns are exact. Usage:
with_polars.py BALANCES.csv POSITIONS.csv SNAPSHOT.parquet
"""

import sys

import polars as pl

AMOUNT = pl.Decimal(38, 12)  # More decimals than any amount or price has.


def exact(path: str, numbers: list[str]) -> pl.LazyFrame:
    """A CSV file with its numbers as decimals: read as text, never as floats."""
    rows = pl.read_csv(path, infer_schema=False)
    return rows.with_columns(pl.col(name).cast(AMOUNT) for name in numbers).lazy()


def main(balances: str, positions: str, out: str) -> None:
    held = (
        exact(balances, ["amount"])
        .group_by("account", "asset")
        .agg(pl.col("amount").sum())
        .select(
            "account",
            instrument=pl.when(pl.col("amount") >= 0)
            .then(pl.lit("deposit "))
            .otherwise(pl.lit("borrow "))
            + pl.col("asset"),
            quantity=pl.col("amount").abs(),
        )
    )
    sides = exact(positions, ["size", "entry_price"])
    opened = sides.group_by("account", instrument=pl.col("side") + " " + pl.col("market")).agg(
        quantity=pl.col("size").sum()
    )
    # What a long was entered for is owed by the account, what a short was entered for is owed to it.
    worth = pl.col("size") * pl.col("entry_price")
    quote = (
        sides.group_by("account")
        .agg(entry=pl.when(pl.col("side") == "short").then(worth).otherwise(-worth).sum())
        .select(
            "account",
            instrument=pl.when(pl.col("entry") >= 0)
            .then(pl.lit("quote credit"))
            .otherwise(pl.lit("quote debit")),
            quantity=pl.col("entry").abs(),
        )
    )
    parts = [part.with_columns(pl.col("quantity").cast(AMOUNT)) for part in (held, opened, quote)]
    book = pl.concat(parts).filter(pl.col("quantity") != 0).sort("account", "instrument").collect()
    book.write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
