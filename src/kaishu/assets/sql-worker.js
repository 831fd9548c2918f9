// SQLite beside the page: reads the published CSV files into tables and runs what the reader asks.
"use strict";
const KEPT = 100000;
let database;

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

// Cells as SQLite stores them: empty is NULL, truth is 1 or 0, numbers follow the column's affinity.
const bound = (cell, affinity) => {
  if (cell === "" || cell === undefined) return null;
  if (affinity === "BOOLEAN") return cell === "true" ? 1 : cell === "false" ? 0 : cell;
  return cell;
};

const fill = async ({ name, address, columns }) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  const text = await answer.text();
  const described = columns.map(([column, affinity]) => `${quoted(column)} ${affinity}`);
  database.run(`CREATE TABLE ${quoted(name)} (${described.join(", ")})`);
  const insert = database.prepare(`INSERT INTO ${quoted(name)} VALUES (${columns.map(() => "?").join(", ")})`);
  database.run("BEGIN");
  let isHeader = true;
  self.ksCsv.each(text, (cells) => {
    if (isHeader) { isHeader = false; return; }
    insert.run(columns.map(([, affinity], n) => bound(cells[n], affinity)));
  });
  database.run("COMMIT");
  insert.free();
};

const open = async ({ engine, wasm, csv, tables }) => {
  importScripts(csv, engine);
  const SQL = await self.initSqlJs({ locateFile: () => wasm });
  database = new SQL.Database();
  for (const table of tables) {
    self.postMessage({ kind: "reading", table: table.name });
    await fill(table);
  }
  self.postMessage({ kind: "ready" });
};

// The last statement that returns rows is the answer.
const query = (sql) => {
  const start = performance.now();
  let found = { columns: [], rows: [], more: false };
  for (const statement of database.iterateStatements(sql)) {
    const rows = [];
    let more = false;
    while (statement.step()) {
      if (rows.length === KEPT) { more = true; break; }
      rows.push(statement.get(null, { useBigInt: true }).map((value) => {
        if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
        return value instanceof Uint8Array ? `x'${[...value].map((byte) => byte.toString(16).padStart(2, "0")).join("")}'` : value;
      }));
    }
    const columns = statement.getColumnNames();
    if (columns.length) found = { columns, rows, more };
  }
  self.postMessage({ kind: "result", ...found, kept: KEPT, ms: Math.round(performance.now() - start) });
};

self.onmessage = async ({ data }) => {
  try {
    if (data.kind === "open") await open(data);
    else query(data.sql);
  } catch (error) {
    self.postMessage({ kind: data.kind === "open" ? "failed" : "error", message: error.message || String(error) });
  }
};
