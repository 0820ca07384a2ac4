#!/usr/bin/env python3
"""Counts the ECS logs of many servers with Spark: one task for each server and hour.

    spark-submit --master MASTER --files sipstat_cm sipstat_spark.py --logs FOLDER --out FOLDER

FOLDER of --logs holds a folder of logs for each server, under the same path on each worker: a network file system, or a copy.
Tasks get paths, and not bytes. The static program is shipped with the job. Each task runs it on the logs that were begun
in one hour on one server, with the four logs before and after them as context, so that the rows of all tasks add up to
those of one run over all logs (docs/format.md).

A task of which the program fails, is killed, or says less than all fails, and Spark runs it again. Where the program says that
an input could not be read (exit status 1), or that there was nothing to read (2), the rows bear that in a column `status`, and the
job itself ends with 1.

Beside the columns of docs/format.md each row has `server`, `hour` and `status`. OUT gets three tables in Parquet: `count` and
`window`, partitioned by day, and `summary`, a row for each task.
"""

import argparse
import collections
import os
import re
import subprocess
import sys
import time

from pyspark import SparkFiles, StorageLevel
from pyspark.sql import SparkSession, functions as F

# How many logs one record may go on over (docs/format.md, Files).
AROUND = 4

NAME = re.compile(r"\d{4}-\d{4}-\d{6}(_\d+)?\.log(\.gz)?$")

# The schema of docs/format.md, Rows.
SCHEMAS = {
    "count": """v INT, kind STRING, window TIMESTAMP_NTZ, seconds INT, near STRING, far STRING, name STRING, port INT, serves STRING,
        dir STRING, method STRING, type STRING, n BIGINT, partial BOOLEAN""",
    "window": """v INT, kind STRING, window TIMESTAMP_NTZ, seconds INT, covered INT, missing BIGINT, damaged BIGINT, edge BIGINT,
        partial BOOLEAN""",
    "summary": """v INT, kind STRING, first TIMESTAMP_NTZ, last TIMESTAMP_NTZ, records BIGINT, messages BIGINT, damaged BIGINT,
        undated BIGINT, late BIGINT""",
}

# The questions of docs/cookbook.md.
QUESTIONS = {
    "Which responses 5xx came on which trunk, since when?": """
        SELECT server, far, port, type, method, sum(n) AS n, min(window) AS since FROM count
        WHERE type LIKE '5__' GROUP BY ALL ORDER BY n DESC, server, far, port, type, method LIMIT 10""",
    "Which far end gives most failures?": """
        SELECT far, sum(n) AS n FROM count WHERE type RLIKE '^[456]..$' GROUP BY far ORDER BY n DESC, far LIMIT 10""",
    "How many INVITE came and went by hour?": """
        SELECT date_trunc('HOUR', window) AS hour, sum(n) FILTER (WHERE dir = 'IN') AS came_in,
               sum(n) FILTER (WHERE dir = 'OUT') AS went_out
        FROM count WHERE type = 'INVITE' GROUP BY ALL ORDER BY hour LIMIT 24""",
    "On which server is something damaged or missing?": """
        SELECT server, sum(damaged) AS damaged, sum(missing) AS missing, sum(covered) AS covered FROM window
        GROUP BY server ORDER BY damaged DESC, server LIMIT 10""",
    "Which tasks did not read all?": """
        SELECT server, hour, status FROM summary WHERE status <> 0 ORDER BY server, hour LIMIT 10""",
}

Task = collections.namedtuple("Task", "server hour logs context")


def tasks_of(root):
    """One task for each folder in `root` and each hour in which logs were begun there."""
    for server in sorted(entry.name for entry in os.scandir(root) if entry.is_dir()):
        folder = os.path.join(root, server)
        names = sorted(name for name in os.listdir(folder) if NAME.fullmatch(name))
        # A log and its compressed copy are one log.
        names = [name for name in names if not (name.endswith(".gz") and name[:-3] in names)]
        places = collections.defaultdict(list)
        for place, name in enumerate(names):
            places[name[:12]].append(place)
        paths = [os.path.join(folder, name) for name in names]
        for hour, those in places.items():
            first, behind = those[0], those[-1] + 1
            around = paths[max(0, first - AROUND) : first] + paths[behind : behind + AROUND]
            yield Task(server, hour, paths[first:behind], around)


def run(task, program, options):
    """What the program prints for the logs of a task, line by line: server, hour, exit status, kind and the line itself."""
    path = SparkFiles.get(program)
    os.chmod(path, 0o755)
    context = [word for log in task.context for word in ("--context", log)]
    command = [path, "--format", "jsonl", *options, *context, "--", *task.logs]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    kinds = [line.split('"kind":"', 1)[-1].split('"', 1)[0] for line in lines]
    # The row `summary` is the last one of an output that is whole. Without it only status 2 is sound: nothing to read.
    is_whole = done.returncode in (0, 1, 2) and kinds[-1:] == ["summary"]
    if not is_whole and done.returncode != 2:
        raise RuntimeError(f"{task.server} {task.hour}: status {done.returncode}: {done.stderr.strip()}")
    if not is_whole:
        kinds, lines = ["summary"], ['{"kind":"summary"}']
    for kind, line in zip(kinds, lines):
        if kind in SCHEMAS:
            yield task.server, task.hour, done.returncode, kind, line


def tables(spark, root, program, options):
    """The tables by name, and how many tasks there are."""
    tasks = list(tasks_of(root))
    if not tasks:
        sys.exit(f"{root}: no folder in it has ECS logs")
    context = spark.sparkContext
    lines = context.parallelize(tasks, len(tasks)).flatMap(lambda task: run(task, program, options))
    columns = "server STRING, hour STRING, status INT, kind STRING, line STRING"
    all_lines = spark.createDataFrame(lines, columns).persist(StorageLevel.DISK_ONLY)

    def table(kind):
        of_kind = all_lines.where(F.col("kind") == kind)
        row = F.from_json("line", SCHEMAS[kind]).alias("row")
        return of_kind.select("server", "hour", "status", row).select("server", "hour", "status", "row.*")

    return {kind: table(kind) for kind in SCHEMAS}, len(tasks)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--logs", required=True, metavar="FOLDER", help="a folder of logs for each server")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="where the tables go; those that are there are replaced")
    parser.add_argument("--program", default="sipstat_cm", metavar="NAME", help="the program among those of --files")
    parser.add_argument("--options", default="-i MIN --requests ALL --responses ALL", help="options of sipstat_cm")
    args = parser.parse_args()
    spark = SparkSession.builder.appName("sipstat_cm").getOrCreate()
    begin = time.monotonic()
    found, n_tasks = tables(spark, args.logs, args.program, args.options.split())
    for kind, table in found.items():
        path = os.path.join(args.out, kind)
        if kind == "summary":
            table.coalesce(1).write.mode("overwrite").parquet(path)
        else:
            by_day = table.withColumn("day", F.to_date("window")).repartition("day")
            by_day.write.mode("overwrite").partitionBy("day").parquet(path)
        spark.read.parquet(path).createOrReplaceTempView(kind)
    print(f"seconds: {time.monotonic() - begin:.1f}")
    for question, query in QUESTIONS.items():
        print(question)
        spark.sql(query).show(truncate=False)
    done, well = spark.sql("SELECT count(*), count_if(status = 0) FROM summary").first()
    print(f"{n_tasks} tasks, {well} of them read all")
    spark.stop()
    sys.exit(0 if done == n_tasks == well else 1)


if __name__ == "__main__":
    main()
