"""A station's year by days and its ten years by months by DuckDB over its Parquet files: count, mean, min, max in local time.
Arguments: the year's first and end second, then the files. Prints the best of nine of both, in seconds."""

import sys
import time

import duckdb

base = duckdb.connect()
base.execute("set threads = 2")
base.execute("set timezone = 'Europe/Berlin'")
files = sys.argv[3:]
span = [int(sys.argv[1]), int(sys.argv[2])]
figures = "count(*), avg(x), min(x), max(x)"
source = "from read_parquet(?)"
year = f"select date_trunc('day', \"time\") w, {figures} {source} where \"time\" >= to_timestamp(?) and \"time\" < to_timestamp(?) group by 1 order by 1"
every = f"select date_trunc('month', \"time\") w, {figures} {source} group by 1 order by 1"


def best(question, values):
    least = float("inf")
    for _ in range(9):
        since = time.perf_counter()
        rows = base.execute(question, values).to_arrow_table()
        least = min(least, time.perf_counter() - since)
    assert rows.num_rows > 100, rows.num_rows
    return least


print(best(year, [files, *span]), best(every, [files]))
