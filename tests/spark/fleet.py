"""Judges a fleet whose inventories lie in a cluster, where they lie: a machine a line in, an answer a line out.

Usage: fleet.py PROGRAM INVENTORIES ANSWERS SUMMARIES

INVENTORIES is what Spark's textFile takes: a file, a folder or a pattern, here, in HDFS or in an object store. PROGRAM has to
be at the same place on every worker (spark-submit --files). ANSWERS and SUMMARIES are new folders of text files: one JSON
document a machine, and one summary a partition, which `PROGRAM merge` adds up.
"""

import shlex
import sys

from pyspark import SparkContext


def judge(machines, program, output):
    """What PROGRAM says of the machines of each partition.

    A partition without machines is not asked about, as an empty input is an error. The exit status 1 says that some machine is
    not ready: that is an answer and no failed task, so Spark is not told to check it; what could not be judged is in the output.
    """
    script = 'IFS= read -r first || exit 0; { printf "%s\\n" "$first"; cat; } | "$0" --format "$1" -'
    return machines.pipe(shlex.join(["sh", "-c", script, program, output]))


def main(program, inventories, answers, summaries):
    context = SparkContext(appName="cmhttpsreadiness")
    machines = context.textFile(inventories)
    judge(machines, program, "json").saveAsTextFile(answers)
    judge(machines, program, "summary").saveAsTextFile(summaries)
    context.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
