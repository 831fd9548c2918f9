"""Packaging beside Frictionless and DuckDB: tables judged and written, workbooks, a look for secrets.

`--rows N` sets the length of the long tables (1,000,000), `--quick` makes everything short, and
`--only NAME,…` measures some parts: clean, engine, errors, small, xlsx, large, crossover, secrets.
Each measurement is a process of its own: CPU seconds of the work alone, and the peak of its memory.
What is compared runs in turns, ours before theirs and after it, so that a noisy second decides nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS, QUICK = 1_000_000, 20_000
ERRORS = 300
SMALL, FEW = 2_000, 50
SHEET, COLUMNS = 100_000, 20
MEMORY = 800 * 10**6
# So many pairs tell how much slower than the engine itself.
TURNS = 7
SIZES = (50, 200, 500, 1_000, 2_000, 5_000)
# A table of 20 columns as departments have them: name, type, constraints, the cell of row {n}.
TABLE: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("id", "integer", {"required": True}, "n + 1"),
    ("name", "string", {"required": True}, "'营口市第' || n || '号企业有限公司'"),
    ("address", "string", {}, "'站前区建设大街' || (n * 7919 % 999) || '号'"),
    ("district", "string", {}, "'D' || (n * 31 % 200)"),
    ("employees", "integer", {"minimum": 0, "maximum": 5000}, "n * 6151 % 5000"),
    ("capital", "integer", {}, "n * 104729 % 1000000007"),
    ("revenue", "number", {"minimum": 0}, "format('{}.{:02d}', n * 8887 % 100000, n % 100)"),
    ("share", "number", {"minimum": 0, "maximum": 1}, "format('0.{:06d}', n * 7 % 1000000)"),
    ("area", "number", {}, "format('{}.{}', n * 13 % 9000, n % 10)"),
    ("opened", "date", {}, "strftime(DATE '1990-01-01' + (n * 17 % 12000)::INT, '%Y-%m-%d')"),
    ("checked", "date", {}, "strftime(DATE '2020-01-01' + (n * 7 % 2000)::INT, '%Y-%m-%d')"),
    ("updated", "datetime", {},
     "strftime(TIMESTAMP '2025-01-01' + to_seconds(n * 61 % 30000000), '%Y-%m-%dT%H:%M:%S')"),
    ("active", "boolean", {}, "CASE n % 3 WHEN 0 THEN 'true' ELSE 'false' END"),
    ("listed", "boolean", {}, "CASE n % 7 WHEN 0 THEN '' WHEN 1 THEN 'true' ELSE 'false' END"),
    ("kind", "string", {"enum": ["个体", "有限公司", "股份公司"]},
     "CASE n % 3 WHEN 0 THEN '个体' WHEN 1 THEN '有限公司' ELSE '股份公司' END"),
    ("grade", "string", {"enum": ["A", "B", "C"]}, "chr((65 + n % 3)::INT)"),
    ("code", "string", {"pattern": "YK[0-9]{8}"}, "format('YK{:08d}', n * 3 % 100000000)"),
    ("scope", "string", {}, "CASE n % 4 WHEN 0 THEN '' ELSE '海洋装备制造、运输与维修' END"),
    ("year", "year", {}, "1990 + n % 36"),
    ("latitude", "number", {}, "format('40.{:06d}', n * 29 % 1000000)"),
)  # fmt: skip


def run(options: list[str]) -> list[dict[str, Any]]:
    """Every figure with its target, measured side by side."""
    quick = "--quick" in options
    rows = int(options[options.index("--rows") + 1]) if "--rows" in options else ROWS
    rows = min(rows, QUICK) if quick else rows
    small, sheet = (SMALL // 20, SHEET // 20) if quick else (SMALL, SHEET)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        parts: dict[str, Callable[[], list[dict[str, Any]]]] = {
            "clean": lambda: _clean(folder, rows),
            "engine": lambda: _engine(folder, rows),
            "errors": lambda: _wrong(folder, rows),
            "small": lambda: _many(folder, small),
            "xlsx": lambda: _sheets(folder, sheet),
            "large": lambda: _large(folder, rows * 10),
            "crossover": lambda: _crossover(folder),
            "secrets": lambda: _looked(folder, sheet),
        }
        wanted = options[options.index("--only") + 1].split(",") if "--only" in options else parts
        if unknown := set(wanted) - set(parts):
            raise SystemExit(f"no such part: {', '.join(unknown)}; there are {', '.join(parts)}")
        if set(wanted) & {"clean", "engine", "errors"}:
            work(folder, "tables", rows, 1)
        found = []
        for name in wanted:
            _say(f"{name} …")
            for row in parts[name]():
                _say(f"  {row['work']}: {row['measured']}")
                found.append(row)
    return found


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _clean(folder: Path, rows: int) -> list[dict[str, Any]]:
    ours, theirs = _in_turns(folder, "validate", "frictionless")
    both, converted = _in_turns(folder, "validate-parquet", "frictionless-convert")
    return [
        _less(f"validate {rows:,} clean rows", ours, theirs, 30),
        _less(f"validate + Parquet, {rows:,} rows", both, converted, 30, "validate + convert"),
    ]


def _engine(folder: Path, rows: int) -> list[dict[str, Any]]:
    """Beside DuckDB's own reading of the file, by the types that it finds, and writing of Parquet.

    Both have one thread, the same memory, the same form and kind of compression.
    """
    pairs = [(work(folder, "validate-parquet"), work(folder, "duckdb")) for _time in range(TURNS)]
    both, own = (median(one["cpu"] for one in side) for side in zip(*pairs, strict=True))
    ratio = median(ours["cpu"] / theirs["cpu"] for ours, theirs in pairs)
    return [_row(f"validate + Parquet, {rows:,} rows, beside DuckDB", both,
                 f"{ratio:.2f}× DuckDB's own read and write ({own:.2f} s; {TURNS} pairs)",
                 "≤ 1.8×", ratio <= 1.8)]  # fmt: skip


def _wrong(folder: Path, rows: int) -> list[dict[str, Any]]:
    ours, theirs = _in_turns(folder, "wrong", "frictionless-wrong")
    same = ours["found"] == theirs["found"]
    row = _less(f"{rows:,} rows with {ERRORS} errors", ours, theirs, 12)
    row["measured"] += ", the same errors" if same else ", OTHER errors"
    return [{**row, "met": row["met"] and same}]


def _many(folder: Path, count: int) -> list[dict[str, Any]]:
    work(folder, "packages", FEW, count)
    ours, theirs = _in_turns(folder, "small", "frictionless-small")
    return [
        _less(f"{count:,} packages of {FEW} rows, whole check with descriptor", ours, theirs, 10)
    ]


def _sheets(folder: Path, rows: int) -> list[dict[str, Any]]:
    ours, theirs = _in_turns(folder, "xlsx", "frictionless-xlsx", rows)
    return [_less(f"XLSX, {rows:,} × {COLUMNS}", ours, theirs, 20, "its writer")]


def _looked(folder: Path, rows: int) -> list[dict[str, Any]]:
    seconds = work(folder, "secrets", rows)["cpu"]
    return [_row(f"personal data looked for, {rows:,} × {COLUMNS}", seconds,
                 f"{rows / seconds:,.0f} rows a second", "≥ 100,000 rows a second",
                 rows / seconds >= 100_000)]  # fmt: skip


def _in_turns(
    folder: Path, ours: str, theirs: str, *numbers: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Our job before theirs and after it, with its CPU seconds' mean; and theirs."""
    before = work(folder, ours, *numbers)
    other = work(folder, theirs, *numbers)
    after = work(folder, ours, *numbers)
    return {**after, "cpu": (before["cpu"] + after["cpu"]) / 2}, other


def _large(folder: Path, rows: int) -> list[dict[str, Any]]:
    work(folder, "tables", rows, 0)
    done = work(folder, "validate-parquet")
    size = (folder / "companies.csv").stat().st_size
    return [_row(f"{rows:,} rows ({size / 10**9:.1f} GB), validate + Parquet", done["cpu"],
                 f"peak memory {done['peak'] / 10**6:.0f} MB", "< 800 MB", done["peak"] < MEMORY)]  # fmt: skip


def _crossover(folder: Path) -> list[dict[str, Any]]:
    """From which size on the engine takes less time than Python's csv."""
    from kaishu.packaging import verdict

    measured = []
    for rows in SIZES:
        work(folder, "tables", rows, 0)
        size = (folder / "companies.csv").stat().st_size
        measured.append((size, work(folder, "by-csv")["cpu"], work(folder, "by-engine")["cpu"]))
    sizes = [size for size, by_csv, by_engine in measured if by_engine < by_csv]
    crossed = min(sizes, default=0)
    low = max([size for size, by_csv, by_engine in measured if by_engine >= by_csv], default=0)
    text = ", ".join(f"{size // 1000} kB {by_csv * 1000:.0f}:{by_engine * 1000:.0f} ms"
                     for size, by_csv, by_engine in measured)  # fmt: skip
    return [_row("csv : engine", None, text, f"cross about {verdict.LARGE // 1000} kB",
                 low / 2 <= verdict.LARGE <= crossed * 2)]  # fmt: skip


def _less(
    work_: str, ours: dict[str, Any], theirs: dict[str, Any], target: int, of: str = ""
) -> Any:
    ratio = theirs["cpu"] / ours["cpu"]
    text = f"{ratio:.1f}× less than frictionless{f': {of}' if of else ''} ({theirs['cpu']:.2f} s)"
    return _row(work_, ours["cpu"], text, f"≥ {target}×", ratio >= target) | {"ratio": ratio}


def _row(work_: str, cpu: float | None, text: str, target: str, met: bool) -> dict[str, Any]:
    seconds = "" if cpu is None else f"{cpu:.2f} s CPU, "
    return {"work": work_, "measured": f"{seconds}{text}", "target": target, "met": met, "cpu": cpu}


def work(folder: Path, job: str, *numbers: int) -> dict[str, Any]:
    """One job in a process of its own: its CPU seconds, its peak memory in bytes, what it found."""
    command = [sys.executable, __file__, str(folder), job, *map(str, numbers)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _described(name: str = "companies") -> dict[str, Any]:
    fields = [{"name": name, "type": kind, **({"constraints": constraints} if constraints else {})}
              for name, kind, constraints, _cell in TABLE]  # fmt: skip
    district = {"resource": "districts", "fields": ["code"]}
    schema = {"fields": fields, "primaryKey": ["id"],
              "foreignKeys": [{"fields": ["district"], "reference": district}]}  # fmt: skip
    code = {"fields": [{"name": "code", "type": "string"}], "primaryKey": ["code"]}
    return {
        "name": name,
        "resources": [
            {"name": "companies", "path": "companies.csv", "schema": schema, "encoding": "utf-8"},
            {"name": "districts", "path": "districts.csv", "schema": code, "encoding": "utf-8"},
        ],
    }


def _tables(folder: Path, rows: int, wrong: int) -> None:
    """A clean table of `rows`, with what it refers to; and beside it one with errors."""
    import duckdb

    cells = ", ".join(f"{cell} AS {name}" for name, _kind, _constraints, cell in TABLE)
    duckdb.execute(f"COPY (SELECT {cells} FROM range({rows}) AS t(n)) "
                   f"TO '{folder}/companies.csv' (HEADER, QUOTE '\"', NULLSTR '')")  # fmt: skip
    codes = "".join(f"D{n}\n" for n in range(200))
    (folder / "districts.csv").write_text(f"code\n{codes}", encoding="utf-8")
    (folder / "datapackage.json").write_text(json.dumps(_described()), encoding="utf-8")
    if wrong:
        _spoil(folder, rows)


def _spoil(folder: Path, rows: int) -> None:
    """A copy of the table with errors of every kind at even distances."""
    target = folder / "wrong"
    target.mkdir(exist_ok=True)
    (target / "districts.csv").write_bytes((folder / "districts.csv").read_bytes())
    spoilt = {2 + n * (rows // ERRORS): n % 8 for n in range(ERRORS)}
    with (folder / "companies.csv").open(encoding="utf-8") as source, \
            (target / "companies.csv").open("w", encoding="utf-8") as copy:  # fmt: skip
        for number, line in enumerate(source, start=1):
            kind = spoilt.get(number)
            cells = line.rstrip("\n").split(",")
            if kind is not None:
                cells = _spoilt(cells, kind)
            copy.write(",".join(cells) + "\n" if kind is not None else line)


def _spoilt(cells: list[str], kind: int) -> list[str]:
    changed = {0: (4, "x"), 1: (9, "2024-02-30"), 2: (14, "其他"), 3: (0, "1"), 4: (3, "D200"),
               5: (16, "YK1")}  # fmt: skip
    if kind in changed:
        column, text = changed[kind]
        return [*cells[:column], text, *cells[column + 1 :]]
    return [*cells, "more"] if kind == 6 else cells[:-1]


def _packages(folder: Path, rows: int, count: int) -> None:
    _tables(folder, rows, 0)
    for n in range(count):
        target = folder / "packages" / f"p{n}"
        target.mkdir(parents=True)
        for name in ("companies.csv", "districts.csv", "datapackage.json"):
            (target / name).write_bytes((folder / name).read_bytes())


def _judge(folder: Path) -> list[Any]:
    from kaishu.packaging import verdict

    tables = json.loads((folder / "datapackage.json").read_bytes())["resources"]
    return verdict.problems(folder, tables, dataset="a/b")


def _judge_wrong(folder: Path) -> list[list[Any]]:
    from kaishu.packaging import verdict

    tables = _described()["resources"]
    found = verdict.problems(folder / "wrong", tables, dataset="a/b")
    return [[one.code, one.row, one.field or None] for one in found]


def _judge_write(folder: Path) -> None:
    from kaishu.packaging import columnar
    from kaishu.packaging.rows import table_of

    assert _judge(folder) == []
    resource_ = _described()["resources"][0]
    fields = table_of(folder, resource_, resource_["schema"]).fields
    assert columnar.write(folder, resource_, fields, folder / "ours.parquet")


def _frictionless(folder: Path) -> Any:
    import frictionless

    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid
    return None


def _frictionless_convert(folder: Path) -> None:
    import frictionless

    _frictionless(folder)
    package = frictionless.Package(str(folder / "datapackage.json"))
    with frictionless.system.use_context(trusted=True):
        package.get_resource("companies").write(str(folder / "theirs.csv"))


def _frictionless_wrong(folder: Path) -> list[list[Any]]:
    import frictionless

    package = frictionless.Package(_described(), basepath=str(folder / "wrong"))
    found = [error for task in package.validate().tasks for error in task.errors]
    return [[one.type, one.row_number, getattr(one, "field_name", None) or None] for one in found]


def _duckdb(folder: Path) -> None:
    import duckdb

    from kaishu.packaging import memory

    own = duckdb.connect()
    own.execute("SET threads = 1")
    own.execute(f"SET memory_limit = '{memory.limit()}B'")
    own.execute(f"COPY (FROM read_csv('{folder}/companies.csv')) TO '{folder}/own.parquet' "
                "(FORMAT parquet, COMPRESSION zstd)")  # fmt: skip


def _small(folder: Path) -> None:
    for one in (folder / "packages").iterdir():
        assert _judge(one) == []


def _frictionless_small(folder: Path) -> None:
    for one in (folder / "packages").iterdir():
        _frictionless(one)


def _values(rows: int) -> list[list[Any]]:
    return [[f"站前区建设大街{n}号", n, Decimal(n) / 4, dt.date(2026, 1, 1 + n % 28), n % 2 == 0]
            * (COLUMNS // 5) for n in range(rows)]  # fmt: skip


def _fields() -> list[Any]:
    from kaishu.packaging.model import PublishedField

    kinds = ("string", "integer", "number", "date", "boolean")
    return [PublishedField(f"c{n}", kinds[n % 5]) for n in range(COLUMNS)]


def _xlsx(folder: Path, rows: int) -> float:
    from kaishu.packaging.xlsx import XlsxSink

    values = _values(rows)
    begun = time.process_time()
    sink = XlsxSink(folder / "ours.xlsx", _fields(), dt.date(2026, 1, 1))
    for row in values:
        sink.row((), row)
    sink.close()
    return time.process_time() - begun


def _frictionless_xlsx(folder: Path, rows: int) -> float:
    import frictionless

    source = frictionless.Resource(data=[[f"c{n}" for n in range(COLUMNS)], *_values(rows)])
    begun = time.process_time()
    source.write(frictionless.Resource(path=str(folder / "theirs.xlsx")))
    return time.process_time() - begun


def _secrets(_folder: Path, rows: int) -> None:
    from kaishu.packaging.privacy import Scanner
    from kaishu.packaging.scan import together

    scanner = Scanner([{"name": f"c{n}"} for n in range(COLUMNS)])
    row = ["站前区建设大街", "2026-01-01", "12.5", "甲"] * (COLUMNS // 4)
    for some in together((number, row) for number in range(rows)):
        scanner.rows(some)


def _one_way(folder: Path, large: int) -> float:
    """The least of five times, since a small file takes milliseconds."""
    from kaishu.packaging import verdict

    verdict.LARGE, verdict.WORTHWHILE = large, large
    times = []
    for _time in range(5):
        begun = time.process_time()
        assert _judge(folder) == []
        times.append(time.process_time() - begun)
    return min(times)


JOBS: dict[str, Callable[..., Any]] = {
    "tables": _tables,
    "packages": _packages,
    "validate": _judge,
    "validate-parquet": _judge_write,
    "wrong": _judge_wrong,
    "small": _small,
    "xlsx": _xlsx,
    "secrets": _secrets,
    "by-csv": lambda folder: _one_way(folder, 2**62),
    "by-engine": lambda folder: _one_way(folder, 0),
    "duckdb": _duckdb,
    "frictionless": _frictionless,
    "frictionless-convert": _frictionless_convert,
    "frictionless-wrong": _frictionless_wrong,
    "frictionless-small": _frictionless_small,
    "frictionless-xlsx": _frictionless_xlsx,
}


def main(arguments: list[str]) -> None:
    """Do one job in this process, and print what it took."""
    import duckdb  # noqa: F401 - what is imported is not measured
    import frictionless  # noqa: F401

    import kaishu.packaging.columnar
    import kaishu.packaging.rows
    import kaishu.packaging.verdict  # noqa: F401

    folder, job, *numbers = arguments
    begun = time.process_time()
    found = JOBS[job](Path(folder), *map(int, numbers))
    cpu = time.process_time() - begun
    if isinstance(found, float):
        cpu, found = found, None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"cpu": cpu, "peak": peak, "found": found}))


if __name__ == "__main__":
    main(sys.argv[1:])
