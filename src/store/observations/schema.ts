/** Name of the database, on our own server and on a cluster alike. */
export const DATABASE = 'adit';

/**
 * One row an observation, in both directions: `edges_fwd` is ordered by source, `edges_rev` by target, so that either
 * side is found by one range of the primary key. Rows of the same edge merge: first seen, last seen, count, and `latest`,
 * which begins with its time so that the greatest is the newest. Hosts are keyed with their labels reversed, so that a
 * domain and all below it is one range too.
 *
 * The two tables are written by two inserts, never by a materialized view: only so each can be repeated exactly after a
 * crash, by its deduplication token. Keys are in LZ4, which costs more disk than ZSTD (about 15 bytes a row and direction,
 * measured) and less CPU time an insert and a merge.
 */
const EDGE_COLUMNS = `
  dataset LowCardinality(String),
  source String,
  label String,
  target String,
  variant String,
  is_observed SimpleAggregateFunction(max, UInt8),
  first_seen SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  last_seen SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  count SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
  latest SimpleAggregateFunction(max, String) CODEC(ZSTD(1))`;

/** Batches remembered for deduplication, a table. A replay of the outbox lies far within it. */
const DEDUPLICATION_WINDOW = 10_000;

const DURABLE = `non_replicated_deduplication_window = ${DEDUPLICATION_WINDOW}, fsync_after_insert = 1, fsync_part_directory = 1`;
const SETTINGS = `SETTINGS index_granularity = 1024, ${DURABLE}`;

/**
 * Small ranges in small compressed blocks: looking up one key reads a few kilobytes a column. New parts are one file
 * each, so that an insert makes and syncs few. Measured at 2 M rows in CPU time, against granules of 256 rows in blocks of
 * 4 kB: a pivot costs the same, an insert 0.83, a merge 0.70 times as much.
 */
const EDGE_SETTINGS = `SETTINGS index_granularity = 512, min_compress_block_size = 16384, min_bytes_for_wide_part = ${64 * 2 ** 20}, ${DURABLE}`;

/** Statements that make the schema; each can be repeated. */
export const SCHEMA: readonly string[] = [
  `CREATE DATABASE IF NOT EXISTS ${DATABASE}`,
  `CREATE TABLE IF NOT EXISTS ${DATABASE}.edges_fwd (${EDGE_COLUMNS})
   ENGINE = AggregatingMergeTree ORDER BY (dataset, source, target, label, variant) ${EDGE_SETTINGS}`,
  `CREATE TABLE IF NOT EXISTS ${DATABASE}.edges_rev (${EDGE_COLUMNS})
   ENGINE = AggregatingMergeTree ORDER BY (dataset, target, source, label, variant) ${EDGE_SETTINGS}`,
  // Every value by its text, for suggestions and for names with wildcards; hosts by every ending (see names.ts).
  `CREATE TABLE IF NOT EXISTS ${DATABASE}.names (
     text String,
     kind LowCardinality(String),
     key String,
     is_whole UInt8)
   ENGINE = ReplacingMergeTree ORDER BY (text, kind, key) ${SETTINGS}`,
  `CREATE TABLE IF NOT EXISTS ${DATABASE}.captures (
     host String CODEC(ZSTD(1)),
     started_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
     id String CODEC(ZSTD(1)),
     url String CODEC(ZSTD(1)),
     final_url String CODEC(ZSTD(1)),
     title String CODEC(ZSTD(1)),
     outcome LowCardinality(String),
     persona LowCardinality(String),
     lane LowCardinality(String),
     bundle String CODEC(ZSTD(1)),
     sha256 String CODEC(ZSTD(1)),
     INDEX by_id id TYPE bloom_filter(0.001) GRANULARITY 1)
   ENGINE = ReplacingMergeTree ORDER BY (host, started_at, id) ${SETTINGS}`,
  // Every host name seen, with what look-alikes are found by among them; keys of another version are made anew by who reads them.
  `CREATE TABLE IF NOT EXISTS ${DATABASE}.hosts (
     host String CODEC(ZSTD(1)),
     fold SimpleAggregateFunction(anyLast, String) CODEC(ZSTD(1)),
     code SimpleAggregateFunction(anyLast, String) CODEC(ZSTD(1)),
     key_version SimpleAggregateFunction(anyLast, String) CODEC(ZSTD(1)),
     first_seen SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
     last_seen SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1)))
   ENGINE = AggregatingMergeTree ORDER BY host ${SETTINGS}`,
  // Pages by what is in them: `page_keys` finds those that may be alike (a row a band key; keys of different bands differ), `pages` holds what tells.
  `CREATE TABLE IF NOT EXISTS ${DATABASE}.page_keys (
     key UInt32 CODEC(Delta, LZ4),
     domain UInt32,
     page UInt32)
   ENGINE = ReplacingMergeTree ORDER BY (key, domain, page) SETTINGS index_granularity = 1024, min_compress_block_size = 16384, ${DURABLE}`,
  `CREATE TABLE IF NOT EXISTS ${DATABASE}.pages (
     domain UInt32,
     page UInt32,
     url String CODEC(ZSTD(1)),
     seen_at DateTime64(3, 'UTC') CODEC(ZSTD(1)),
     capture String CODEC(ZSTD(1)),
     sketch String CODEC(ZSTD(1)),
     profile String CODEC(ZSTD(1)))
   ENGINE = ReplacingMergeTree ORDER BY (domain, page) SETTINGS index_granularity = 32, min_compress_block_size = 16384, ${DURABLE}`,
  `CREATE TABLE IF NOT EXISTS ${DATABASE}.batches (
     id String CODEC(ZSTD(1)),
     added_at DateTime64(3, 'UTC') DEFAULT now64(3),
     observations UInt32)
   ENGINE = ReplacingMergeTree ORDER BY id ${SETTINGS}`,
];
