#!/usr/bin/env python3
"""Compares the attendance stage of sfclaim, and a whole check, with DuckDB, polars and pandas: same files, same threads, same run.

    registers.py prepare FOLDER --work WORK    FOLDER's marks ordered by date, and shuffled
    registers.py tenfold FOLDER --work WORK    FOLDER's marks 1, 2, 5 and 10 times: more years, and more pupils
    registers.py compare FOLDER...             the table
    registers.py clean --work WORK             deletes what prepare and tenfold wrote

FOLDER is a data folder as `sfclaim sample` writes it, whose attendance is session marks. prepare and tenfold need
Parquet. The peers need: pip install duckdb polars pandas pyarrow
"""

import argparse
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

TIMES = [1, 2, 5, 10]
# Academic years to shift by, nearest first: ten years that the calendar has when the marks are of 2023/24.
YEARS = [0, -1, -2, -3, -4, -5, -6, 1, 2, 3]
# What prepare and tenfold write, and clean deletes.
WRITTEN = ["by-date", "shuffled", "spill"] + [f"{kind}-{times}" for kind in ("rows", "pupils") for times in TIMES]


def attendance_files(folder):
    files = sorted(folder.glob("attendance*.parquet")) or sorted(folder.glob("attendance*.csv"))
    if not files:
        sys.exit(f"{folder}: no attendance*.parquet and no attendance*.csv")
    return files


def quoted(values):
    return ", ".join("'" + str(value).replace("'", "''") + "'" for value in values)


# prepare, tenfold, clean


def new_folder(work, name, data, without=()):
    """A folder with the tables of `data`, hard linked where possible: all but attendance and those in `without`."""
    folder = work / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in data.iterdir():
        if file.is_file() and not file.name.startswith("attendance") and file not in without:
            link(file, folder / file.name)
    return folder


def link(file, to):
    try:
        os.link(file, to)
    except OSError:
        shutil.copy(file, to)


def open_writer(options):
    import duckdb

    if attendance_files(options.folder)[0].suffix != ".parquet":
        sys.exit(f"{options.folder}: the attendance must be Parquet")
    db = duckdb.connect()
    db.execute(f"SET memory_limit = '8GB'; SET temp_directory = {quoted([options.work / 'spill'])}")
    db.execute(f"CREATE VIEW marks AS FROM read_parquet([{quoted(attendance_files(options.folder))}])")
    return db


def write(db, select, file):
    # Rows a group and compression as in the files of `sfclaim sample`.
    db.execute(f"COPY ({select}) TO {quoted([file])} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 262144)")
    print(f"{file}: {file.stat().st_size:,} bytes", flush=True)


def write_part(db, select, work, kind, part):
    """One attendance file of the biggest folder, linked into the smaller ones that need it."""
    biggest = work / f"{kind}-{TIMES[-1]}" / f"attendance_{part}.parquet"
    write(db, select, biggest)
    for times in TIMES[:-1]:
        if part < times:
            link(biggest, work / f"{kind}-{times}" / biggest.name)


def prepare(options):
    db = open_writer(options)
    every = "upn, person_id, school_urn, code"
    for name, order in [
        ("by-date", f"date, session, {every}"),
        ("shuffled", f"hash(date, session, {every}), date, session, {every}"),
    ]:
        folder = new_folder(options.work, name, options.folder)
        write(db, f"FROM marks ORDER BY {order}", folder / "attendance_marks.parquet")
    shutil.rmtree(options.work / "spill", ignore_errors=True)


def tenfold(options):
    db = open_writer(options)
    tables = [file for file in options.folder.glob("*.parquet") if not file.name.startswith("attendance")]

    # More rows of the same pupils: the first 52 weeks, moved by whole years. Not all weeks, lest years overlap.
    for times in TIMES:
        new_folder(options.work, f"rows-{times}", options.folder)
    for part, years in enumerate(YEARS):
        moved = f"SELECT * REPLACE ((date + {364 * years})::DATE AS date) FROM marks"
        first_year = "date < (SELECT min(date) FROM marks) + 364"
        write_part(db, f"{moved} WHERE {first_year}", options.work, "rows", part)

    # More pupils: other UPNs with the right check letter (digit 4, of weight 4, counts down from 9), other ids, and
    # other surnames, since equal names link families. The other tables grow too, so that every pupil is somebody's.
    db.execute("""
        CREATE MACRO other_upn(upn, k) AS CASE WHEN length(upn) = 13 THEN
            substr('ABCDEFGHJKLMNPQRTUVWXYZ', (strpos('ABCDEFGHJKLMNPQRTUVWXYZ', upn[1]) + 91 - 4 * k) % 23 + 1, 1)
            || upn[2:3] || (9 - k) || upn[5:] ELSE upn END""")
    db.execute("CREATE MACRO other_id(id, k) AS CASE WHEN k = 0 THEN id ELSE id || '-' || k END")
    if db.execute("SELECT count(*) FROM marks WHERE length(upn) = 13 AND upn[4] <> '9'").fetchone()[0]:
        sys.exit("Every UPN must be of an authority whose number ends in 9, as in the sample.")

    def others(columns, k):
        ids = [name for name in columns if name in ("person_id", "family_id", "case_id", "claim_id", "last_name")]
        upns = [name for name in columns if name in ("upn", "former_upn")]
        return ", ".join([f"other_id({name}, {k}) AS {name}" for name in ids]
                         + [f"other_upn({name}, {k}) AS {name}" for name in upns])

    for times in TIMES:
        folder = new_folder(options.work, f"pupils-{times}", options.folder, without=tables)
        for table in tables:
            columns = [row[0] for row in db.execute(f"DESCRIBE FROM {quoted([table])}").fetchall()]
            select = f"SELECT t.* REPLACE ({others(columns, 'k')}) FROM {quoted([table])} t, range({times}) r(k)"
            write(db, select, folder / table.name)
    for part in range(TIMES[-1]):
        select = f"SELECT * REPLACE ({others(['upn', 'person_id'], part)}) FROM marks"
        write_part(db, select, options.work, "pupils", part)
    shutil.rmtree(options.work / "spill", ignore_errors=True)


def clean(options):
    for name in WRITTEN:
        shutil.rmtree(options.work / name, ignore_errors=True)


# The peers. Each runs in a process of its own; only the query is timed. Imports, and adding up the result, are not.


class Rules:
    """The codes and the terms, from the files that sfclaim reads."""

    def __init__(self, folder):
        codes = tomllib.loads((folder / "attendance_codes.toml").read_text("utf-8"))["code"]
        of = lambda *classes: [code["code"] for code in codes if code["class"] in classes]
        self.attended = of("present", "educational_activity")
        self.absent = of("authorised", "unauthorised")
        self.not_possible = of("not_possible")
        calendar = tomllib.loads((folder / "calendars" / "three-term.toml").read_text("utf-8"))
        self.terms = [(term["starts_on"], term["ends_on"]) for term in calendar["term"]]


# A term a day. A join with it is faster than a CASE, and much faster than BETWEEN as the join's condition.
DAYS = """
CREATE TEMP TABLE days AS
SELECT unnest(generate_series(starts, ends, INTERVAL 1 DAY))::DATE AS date, term, 1::HUGEINT << (date - starts) AS bit
FROM (VALUES {terms}) AS t(term, starts, ends)"""

# Per pupil and term: the yardstick is the fastest of three. As one first writes it; with the table of days; and with
# fewer codes to compare, which is faster where the marks of a pupil stand together. The CASE leaves a group without a
# term, for days outside every term: to filter it out in the query would cost the peer a lot.
CASE = """
SELECT upn, CASE {term_case} END AS term,
    count(*) FILTER (code IN ({attended}, {absent})) AS possible, count(*) FILTER (code IN ({attended})) AS attended
FROM {marks} GROUP BY ALL"""

TERM = """
SELECT upn, term,
    count(*) FILTER (code IN ({attended}, {absent})) AS possible, count(*) FILTER (code IN ({attended})) AS attended
FROM {marks} JOIN days USING (date) GROUP BY ALL"""

TERM_BY_CODE = """
WITH by_code AS (SELECT upn, term, code, count(*) AS n FROM {marks} JOIN days USING (date) GROUP BY ALL)
SELECT upn, term, sum(n) FILTER (code IN ({attended}, {absent})) AS possible,
    sum(n) FILTER (code IN ({attended})) AS attended
FROM by_code GROUP BY ALL"""

# Per pupil alone: less than is needed.
UPN = """
SELECT upn,
    count(*) FILTER (code IN ({attended}, {absent})) AS possible, count(*) FILTER (code IN ({attended})) AS attended
FROM {marks} GROUP BY ALL"""

UPN_BY_CODE = """
WITH by_code AS (SELECT upn, code, count(*) AS n FROM {marks} GROUP BY ALL)
SELECT upn, sum(n) FILTER (code IN ({attended}, {absent})) AS possible, sum(n) FILTER (code IN ({attended})) AS attended
FROM by_code GROUP BY ALL"""

# The same job: one session a half-day, settled least and most favourably, conflicts and missing marks counted.
# Half-day by half-day, as one first writes it.
HALF_DAYS = """
WITH half_days AS (
    SELECT coalesce(person_id, upn) AS pupil, date, session, bool_or(code IN ({attended})) AS attended,
        bool_or(code IN ({absent})) AS absent, bool_or(code IN ({not_possible})) AS not_possible
    FROM {marks} GROUP BY ALL)
SELECT pupil, term,
    count(*) FILTER (attended OR absent OR not_possible IS NOT TRUE) AS possible,
    count(*) FILTER (attended AND absent IS NOT TRUE) AS least,
    count(*) FILTER (attended OR (absent OR not_possible) IS NOT TRUE) AS most,
    count(*) FILTER (attended AND absent) AS conflicts,
    count(*) FILTER ((attended OR absent OR not_possible) IS NOT TRUE) AS missing
FROM half_days JOIN days USING (date) GROUP BY ALL"""

# The days of a term as bits of one number: no group a half-day, so much faster.
BITS = """
WITH by_code AS (
    SELECT coalesce(person_id, upn) AS pupil, term, session, code, bit_or(bit) AS bits
    FROM {marks} JOIN days USING (date) GROUP BY ALL),
half_days AS (
    SELECT pupil, term, session, bit_or(bits) AS marked,
        coalesce(bit_or(bits) FILTER (code IN ({attended})), 0) AS attended,
        coalesce(bit_or(bits) FILTER (code IN ({absent})), 0) AS absent,
        coalesce(bit_or(bits) FILTER (code IN ({not_possible})), 0) AS not_possible
    FROM by_code GROUP BY ALL)
SELECT pupil, term,
    sum(bit_count(marked & (attended | absent | ~not_possible))) AS possible,
    sum(bit_count(attended & ~absent)) AS least,
    sum(bit_count(marked & (attended | ~(absent | not_possible)))) AS most,
    sum(bit_count(attended & absent)) AS conflicts,
    sum(bit_count(marked & ~(attended | absent | not_possible))) AS missing
FROM half_days GROUP BY ALL"""


def duckdb_peer(query, typed=False):
    def peer(files, rules, threads):
        import duckdb

        marks = f"read_parquet([{quoted(files)}])"
        if files[0].suffix == ".csv":
            types = ""
            if typed:
                header = files[0].open(encoding="utf-8-sig").readline().strip().split(",")
                columns = [f"'{name}': '{'DATE' if name == 'date' else 'VARCHAR'}'" for name in header]
                types = f", header = true, columns = {{{', '.join(columns)}}}"
            marks = f"read_csv([{quoted(files)}]{types})"
        terms = [f"DATE '{starts}' AND DATE '{ends}'" for starts, ends in rules.terms]
        select = query.format(
            marks=marks,
            attended=quoted(rules.attended),
            absent=quoted(rules.absent),
            not_possible=quoted(rules.not_possible),
            term_case=" ".join(f"WHEN date BETWEEN {dates} THEN {term}" for term, dates in enumerate(terms)),
        )
        values = [f"({term}, {dates.replace(' AND', ',')})" for term, dates in enumerate(terms)]
        with tempfile.TemporaryDirectory() as spill:
            db = duckdb.connect(config={"threads": threads, "temp_directory": spill})
            started = time.perf_counter()
            db.execute(DAYS.format(terms=", ".join(values)))
            db.execute(f"CREATE TEMP TABLE result AS {select}")
            seconds = time.perf_counter() - started
            # Without what is in doubt, to be held against the plain sums.
            sums = "sum(possible), sum(attended), 0, 0"
            if "conflicts" in query:
                sums = "sum(possible) - sum(missing), sum(most) - sum(missing), sum(conflicts), sum(missing)"
            in_term = "WHERE term IS NOT NULL" if "term" in query else ""
            sums = [int(value or 0) for value in db.execute(f"SELECT {sums} FROM result {in_term}").fetchone()]
        return seconds, sums, duckdb.__version__

    return peer


def polars_peer(by_term):
    def peer(files, rules, threads):
        import polars

        assert polars.thread_pool_size() == threads
        col = polars.col
        started = time.perf_counter()
        if files[0].suffix == ".csv":
            text = ["person_id", "school_urn", "date", "session"]
            types = {name: polars.String for name in text} | {name: polars.Categorical for name in ("upn", "code")}
            marks = polars.scan_csv(files, schema_overrides=types).with_columns(col("date").str.to_date("%Y-%m-%d"))
        else:
            marks = polars.scan_parquet(files)
        term = polars.lit(None, polars.UInt8)
        for number, (starts, ends) in enumerate(rules.terms):
            number = polars.lit(number, polars.UInt8)
            term = polars.when(col("date").is_between(starts, ends)).then(number).otherwise(term)
        keys = [col("upn"), term.alias("term")] if by_term else [col("upn")]
        result = marks.group_by(keys).agg(
            possible=col("code").is_in(rules.attended + rules.absent).sum(),
            attended=col("code").is_in(rules.attended).sum(),
        ).collect(engine="streaming")
        seconds = time.perf_counter() - started
        result = result.drop_nulls("term") if by_term else result
        sums = [int(result[name].cast(polars.Int64).sum()) for name in ("possible", "attended")]
        return seconds, sums + [0, 0], polars.__version__

    return peer


def pandas_peer(files, rules, threads, tuned):
    import numpy
    import pandas
    import pyarrow
    import pyarrow.csv  # Else read_csv would, while the clock runs.

    pyarrow.set_cpu_count(threads)
    started = time.perf_counter()
    # As it is mostly written; or by the fastest of its readers, and only the columns that are needed.
    options = {"usecols": ["upn", "date", "code"], "engine": "pyarrow"} if tuned else {}
    read = lambda file: pandas.read_csv(file, **options)
    marks = pandas.concat([read(file) for file in files]) if len(files) > 1 else read(files[0])
    # The term is looked up once a day of the year, not once a row.
    numbers, dates = pandas.factorize(marks["date"])
    terms = [next((term for term, (starts, ends) in enumerate(rules.terms) if starts <= date <= ends), -1)
             for date in pandas.to_datetime(dates).date]
    marks["term"] = numpy.array(terms, dtype="int8")[numbers]
    marks["possible"] = marks["code"].isin(rules.attended + rules.absent)
    marks["attended"] = marks["code"].isin(rules.attended)
    result = marks.groupby(["upn", "term"], sort=False, dropna=False)[["possible", "attended"]].sum()
    seconds = time.perf_counter() - started
    result = result[result.index.get_level_values("term") >= 0]
    return seconds, [int(result["possible"].sum()), int(result["attended"].sum()), 0, 0], pandas.__version__


# The whole command, from the folder to the last file written.
CHECK = "sfclaim-check"

# Name, what it is, how, and whether for CSV alone. A name that begins with duckdb-term is a yardstick.
PEERS = {
    "duckdb-term-case": ("DuckDB, per pupil and term, with CASE", duckdb_peer(CASE), False),
    "duckdb-term-case-typed": ("the same, column types given", duckdb_peer(CASE, typed=True), True),
    "duckdb-term": ("DuckDB, per pupil and term, with a table of days", duckdb_peer(TERM), False),
    "duckdb-term-typed": ("the same, column types given", duckdb_peer(TERM, typed=True), True),
    "duckdb-term-by-code": ("DuckDB, per pupil and term, codes counted first", duckdb_peer(TERM_BY_CODE), False),
    "duckdb-term-by-code-typed": ("the same, column types given", duckdb_peer(TERM_BY_CODE, typed=True), True),
    "duckdb-upn": ("DuckDB, per pupil alone", duckdb_peer(UPN), False),
    "duckdb-upn-by-code": ("DuckDB, per pupil alone, codes counted first", duckdb_peer(UPN_BY_CODE), False),
    "duckdb-half-days": ("DuckDB, the same job, half-day by half-day", duckdb_peer(HALF_DAYS), False),
    "duckdb-bits": ("DuckDB, the same job, days as bits", duckdb_peer(BITS), False),
    "polars-term": ("polars, per pupil and term", polars_peer(True), False),
    "polars-upn": ("polars, per pupil alone", polars_peer(False), False),
    "pandas-term": ("pandas, per pupil and term", lambda *of: pandas_peer(*of, False), True),
    "pandas-term-tuned": ("the same, pyarrow's reader and three columns alone", lambda *of: pandas_peer(*of, True), True),
}


def run_peer(options):
    """Runs one peer once, in this process, and prints a line of JSON."""
    seconds, sums, version = PEERS[options.name][1](
        attendance_files(options.folder), Rules(options.rules), options.threads)
    print(json.dumps({"seconds": seconds, "sums": sums, "version": version}))


# compare


def run(command, threads):
    """The last line of JSON that a command prints, and its peak memory in MiB; None if it failed."""
    limits = {"POLARS_MAX_THREADS": str(threads), "RAYON_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | limits)
    lines = [line for line in child.stdout if line.startswith("{")]
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode or not lines:
        print(f"failed: {shlex.join(map(str, command))}", file=sys.stderr)
        return None
    peak = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    return {"process_peak_mib": peak} | json.loads(lines[-1])


def run_check(folder, options):
    """The whole command, from its start to its end, with every file written; None if it failed."""
    with tempfile.TemporaryDirectory() as out:
        command = [*shlex.split(options.program), "check", folder, "--as-at", options.as_at, "--quiet"]
        command += ["--out", Path(out) / "out"]
        started = time.perf_counter()
        child = subprocess.Popen(command, env=os.environ | {"RAYON_NUM_THREADS": str(options.threads)})
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode > 1:  # 1: there are findings of rows that could not be read
        print(f"failed: {shlex.join(map(str, command))}", file=sys.stderr)
        return None
    return {"seconds": seconds, "process_peak_mib": usage.ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)}


def compare(options):
    for folder in options.folders:
        files = attendance_files(folder)
        if list(folder.glob("terms.*")):
            sys.exit(f"{folder}: has terms of its own; the peers use those of the rules")
        names = [name for name, (_, _, csv_alone) in PEERS.items() if not csv_alone or files[0].suffix == ".csv"]
        names = [name for name in ["sfclaim", CHECK] + names if name not in options.skip]
        for file in files:  # Into the cache of the operating system, so that nobody pays for the disk.
            with file.open("rb") as opened:
                while opened.read(1 << 24):
                    pass

        runs = {name: [] for name in names}
        for repetition in range(options.repetitions):
            for name in names:
                if None in runs[name]:
                    continue
                command = [sys.executable, __file__, "peer", name, folder]
                command += ["--rules", options.rules, "--threads", str(options.threads)]
                if name == "sfclaim":
                    command = shlex.split(options.stage_command) + ["--as-at", options.as_at, folder]
                done = run_check(folder, options) if name == CHECK else run(command, options.threads)
                runs[name].append(done)
                if done:
                    done["seconds"] = done.get("stage_seconds", done.get("seconds"))
                    print(f"{repetition + 1} {name} {done['seconds']:.2f} s", file=sys.stderr)
        report(folder, files, runs, options)


def report(folder, files, runs, options):
    failed = [name for name, done in runs.items() if None in done]
    runs = {name: done for name, done in runs.items() if name not in failed}
    seconds = {name: [each["seconds"] for each in done] for name, done in runs.items()}
    median = {name: statistics.median(each) for name, each in seconds.items()}
    yardstick = min((name for name in median if name.startswith("duckdb-term")), key=median.get, default=None)
    ratio = lambda name, to: f"{median[name] / median[to]:.2f}" if to in median else ""

    size = sum(file.stat().st_size for file in files)
    print(f"\n{folder.name}: {len(files)} file(s), {size:,} bytes; {options.threads} threads, "
          f"{options.repetitions} repetitions, interleaved\n")
    print("| | Median, s | Min to max, s | Times sfclaim's | Times DuckDB's plain | Peak, MiB |")
    print("|---|---|---|---|---|---|")
    for name, done in runs.items():
        own = {"sfclaim": "**sfclaim, attendance stage**", CHECK: "**sfclaim check, the whole command**"}
        what = own.get(name) or f"{PEERS[name][0]} (`{name}`)"
        # The process of the stage's command is cargo: the stage tells its own peak, or none is shown.
        key = "peak_mib" if name == "sfclaim" else "process_peak_mib"
        peak = f"{max(each[key] for each in done):,.0f}" if key in done[0] else ""
        print(f"| {what} | {median[name]:.2f} | {min(seconds[name]):.2f} to {max(seconds[name]):.2f} "
              f"| {ratio(name, 'sfclaim')} | {ratio(name, yardstick)} | {peak} |")
    print()
    if yardstick:
        print(f"DuckDB's plain is the fastest per pupil and term: `{yardstick}`.")
    versions = {name.split("-")[0]: done[0]["version"] for name, done in runs.items() if "version" in done[0]}
    print("Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()))
    if failed:
        print("Failed: " + ", ".join(failed))

    sums = {}
    for name, done in runs.items():
        for each in done:
            if "sums" in each:
                sums.setdefault(tuple(each["sums"]), {})[name] = True
    first = next(iter(sums), None)
    for (possible, attended, conflicts, missing), agree in sums.items():
        print(f"Sums: {possible:,} possible ({possible - first[0]:+,}), {attended:,} attended "
              f"({attended - first[1]:+,}), {conflicts:,} conflicts, {missing:,} missing: {', '.join(agree)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    rules = Path(__file__).resolve().parent.parent / "rules"

    for name, function in [("prepare", prepare), ("tenfold", tenfold), ("clean", clean)]:
        command = commands.add_parser(name)
        command.set_defaults(function=function)
        if name != "clean":
            command.add_argument("folder", type=Path)
        command.add_argument("--work", type=Path, default=Path("target/registers"), help="where to write")

    table = commands.add_parser("compare")
    table.set_defaults(function=compare)
    table.add_argument("folders", type=Path, nargs="+")
    table.add_argument("--as-at", default="2025-01-15", help="the day of sfclaim's run; the peers have none")
    table.add_argument("--repetitions", type=int, default=5)
    table.add_argument("--stage-command", default="cargo bench --bench registers --",
                       help="prints a line of JSON with stage_seconds; the folder comes last")
    table.add_argument("--program", default="target/release/sfclaim", help="of which `check` is measured whole")
    table.add_argument("--skip", action="append", default=[], choices=["sfclaim", CHECK, *PEERS], metavar="NAME",
                       help="may be given more than once: " + ", ".join(["sfclaim", CHECK, *PEERS]))

    peer = commands.add_parser("peer", help="one peer once")
    peer.set_defaults(function=run_peer)
    peer.add_argument("name", choices=PEERS)
    peer.add_argument("folder", type=Path)

    for command in (table, peer):
        command.add_argument("--threads", type=int, default=os.cpu_count())
        command.add_argument("--rules", type=Path, default=rules)

    options = parser.parse_args()
    options.function(options)


if __name__ == "__main__":
    main()
