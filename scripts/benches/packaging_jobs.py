"""The jobs that `packaging` measures, each done in a process of its own: `packaging_jobs.py FOLDER JOB …`."""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# Errors in the spoilt table; columns of the workbooks.
ERRORS, COLUMNS = 300, 20
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
