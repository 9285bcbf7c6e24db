"""The same with polars, whose Decimal columns are exact. Usage:
with_polars.py BALANCES.csv POSITIONS.csv SNAPSHOT.parquet
"""

import sys

import polars as pl

AMOUNT = pl.Decimal(38, 20)  # The decimals of a size and of a price together.


def exact(path: str, numbers: dict[str, int]) -> pl.LazyFrame:
    """A CSV file with its numbers, each of at most so many decimals: read as text, never as floats.

    A cast would cut what has more decimals, and skip what is not there: both are refused.
    """
    rows = pl.read_csv(path, infer_schema=False)
    for name, decimals in numbers.items():
        is_exact = pl.col(name).str.contains(rf"^-?[0-9]+(\.[0-9]{{1,{decimals}}})?$").fill_null(False)
        wrong = rows.filter(~is_exact)
        if len(wrong) > 0:
            got = wrong[name][0]
            raise ValueError(f"{path}: {name}: {got!r} is not a number of at most {decimals} decimals")
    return rows.with_columns(pl.col(name).cast(AMOUNT) for name in numbers).lazy()


def main(balances: str, positions: str, out: str) -> None:
    held = (
        exact(balances, {"amount": 12})
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
    sides = exact(positions, {"size": 8, "entry_price": 12})
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
