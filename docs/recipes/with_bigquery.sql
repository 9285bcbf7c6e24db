-- The same with BigQuery, whose NUMERIC has nine digits after the point: amounts are BIGNUMERIC. Nothing
-- here could be run by this project, which has no such account. Columns of FLOAT64 are not exact any more,
-- and sums skip what is null.

ASSERT NOT EXISTS (SELECT 1 FROM venue.balances WHERE amount IS NULL) AS 'a balance has no amount';
ASSERT NOT EXISTS (SELECT 1 FROM venue.positions WHERE size IS NULL OR entry_price IS NULL)
    AS 'a position has no size or no entry price';

EXPORT DATA OPTIONS (
    uri = 'gs://your-bucket/snapshot/*.parquet', format = 'PARQUET', overwrite = true
) AS
WITH held AS (
    SELECT account, asset, SUM(CAST(amount AS BIGNUMERIC)) AS amount
    FROM venue.balances
    GROUP BY account, asset
), entries AS (
    SELECT account, SUM(IF(side = 'short', 1, -1) * CAST(size AS BIGNUMERIC) * CAST(entry_price AS BIGNUMERIC)) AS entry
    FROM venue.positions
    GROUP BY account
), lines AS (
    SELECT account, CONCAT(IF(amount >= 0, 'deposit ', 'borrow '), asset) AS instrument, ABS(amount) AS quantity
    FROM held
    UNION ALL
    SELECT account, CONCAT(side, ' ', market), SUM(CAST(size AS BIGNUMERIC))
    FROM venue.positions
    GROUP BY account, side, market
    UNION ALL
    -- What a long was entered for is owed by the account, what a short was entered for is owed to it.
    SELECT account, IF(entry >= 0, 'quote credit', 'quote debit'), ABS(entry)
    FROM entries
)
SELECT account, instrument, quantity
FROM lines
WHERE quantity <> 0
ORDER BY account, instrument;
