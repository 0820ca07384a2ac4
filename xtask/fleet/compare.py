#!/usr/bin/env python3
"""Compares rows of many servers with those of plain runs, to the message.

    compare.py ROWS PLAIN WHOLE

ROWS is a folder with a file SERVER.jsonl for each server, or with the tables that sipstat_spark.py writes; PLAIN a folder with a file
SERVER.jsonl for each server; WHOLE the rows of one run over all logs. What adds up is what docs/format.md says.
"""

import os
import sys

import duckdb

# For each kind the keys and the numbers of a row. What two servers cover and miss does not add up: they cover the same time.
KINDS = {
    "count": ("\"window\", seconds, near, far, name, port, serves, dir, method, type", ["n"], []),
    "window": ("\"window\", seconds", ["damaged", "edge"], ["covered", "missing"]),
    "summary": ("", ["records", "messages", "damaged", "undated", "late"], []),
}


def rows_of(place, kind):
    """The rows of a kind in files of lines of JSON, or in tables."""
    if os.path.isdir(os.path.join(place, kind)):
        return f"read_parquet('{place}/{kind}/**/*.parquet', hive_partitioning = true)"
    files = place if os.path.isfile(place) else f"{place}/*.jsonl"
    read = f"read_json('{files}', format = 'newline_delimited', union_by_name = true, filename = true, sample_size = -1)"
    return f"(SELECT parse_filename(filename, true) AS server, * FROM {read} WHERE kind = '{kind}')"


def summed(place, kind, keys, numbers):
    """The sums of the rows with the same keys. What is not known of one row is not known of the sum."""
    sums = [f"if(count({number}) = count(*), sum({number}::BIGINT)::BIGINT, NULL) AS {number}" for number in numbers]
    keys = [f"{key}::TIMESTAMP AS {key}" if key == '"window"' else key for key in keys.split(", ") if key]
    group = "GROUP BY ALL" if keys else ""
    return f"SELECT {', '.join(keys + sums)} FROM {rows_of(place, kind)} {group}"


def main():
    found, plain, whole = sys.argv[1:]
    connection = duckdb.connect()
    n_wrong = 0
    for kind, (keys, everywhere, by_server) in KINDS.items():
        of_server = ", ".join(filter(None, ["server", keys]))
        pairs = [(plain, of_server, everywhere + by_server), (whole, keys, everywhere)]
        for other, keys, numbers in pairs:
            ours, theirs = summed(found, kind, keys, numbers), summed(other, kind, keys, numbers)
            for one, another in [(ours, theirs), (theirs, ours)]:
                differences = connection.execute(f"({one}) EXCEPT ALL ({another})").fetchall()
                n_wrong += len(differences)
                for row in differences[:5]:
                    print(f"{kind}, {found} and {other}: one of them alone has {row}")
        if kind == "count":
            [(messages,)] = connection.execute(f"SELECT sum(n) FROM {rows_of(found, kind)}").fetchall()
            print(f"{found}: {messages} messages")
    sys.exit(1 if n_wrong else 0)


if __name__ == "__main__":
    main()
