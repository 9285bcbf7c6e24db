#!/usr/bin/env python3
"""book.py DIR: makes the venue that `pacioli init DIR` wrote one of some volumes, with 30,000 borrowers."""

import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
BORROWERS = 30_000


def deposit(holder: int) -> int:
    """What a holder has, in 10^-4 BTC."""
    return 100 + holder % 1_000


with (folder / "snapshot.csv").open("a") as book:
    for holder in range(BORROWERS):
        book.write(f"holder-{holder:05},deposit BTC,0.{deposit(holder):04},customer\n")
        book.write(f"holder-{holder:05},borrow USDC,{deposit(holder)},customer\n")

reserves = json.loads((folder / "reserves.json").read_text())
deposited = sum(map(deposit, range(BORROWERS)))
for reserve in reserves["reserves"]:
    if reserve["asset"] == "BTC":
        units = 12500 + deposited
        reserve["amount"] = f"{units // 10_000}.{units % 10_000:04}"
(folder / "reserves.json").write_text(json.dumps(reserves))
