-- The same with ClickHouse: tables `balances` (account String, asset String, amount Decimal(38, 12)) and
-- `positions` (account String, market String, side String, size Decimal(18, 8), entry_price Decimal(18, 12)),
-- no column of them Nullable: sums skip what is null. Insert what these types hold: ClickHouse cuts the rest.

SELECT account, instrument, quantity
FROM (
    SELECT account, concat(if(sum(amount) >= 0, 'deposit ', 'borrow '), asset) AS instrument,
        toDecimal128(abs(sum(amount)), 20) AS quantity
    FROM balances
    GROUP BY account, asset
    UNION ALL
    SELECT account, concat(side, ' ', market) AS instrument, toDecimal128(sum(size), 20) AS quantity
    FROM positions
    GROUP BY account, side, market
    UNION ALL
    -- What a long was entered for is owed by the account, what a short was entered for is owed to it.
    SELECT account, if(entry >= 0, 'quote credit', 'quote debit') AS instrument,
        toDecimal128(abs(entry), 20) AS quantity
    FROM (
        SELECT account,
            sum(if(side = 'short', 1, -1) * toDecimal128(size, 8) * toDecimal128(entry_price, 12)) AS entry
        FROM positions
        -- A conversion would cut decimals.
        WHERE throwIf(toDecimal128(size, 8) != size OR toDecimal128(entry_price, 12) != entry_price) = 0
        GROUP BY account
    )
)
WHERE quantity != 0
ORDER BY account, instrument
INTO OUTFILE 'snapshot.parquet' TRUNCATE
FORMAT Parquet
SETTINGS output_format_parquet_string_as_string = 1
