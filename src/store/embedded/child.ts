// A ClickHouse server in a process of its own, on libchdb: run by `server.ts` as
//   node child.ts DATA_DIR CONFIG_XML HTTP_PORT
// It lives as long as its standard input is open, so it dies with its parent, however that ends.
import { readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isMainThread, Worker } from 'node:worker_threads';
import { DataType, load, open } from 'ffi-rs';

if (isMainThread) serve();
else endWithParent();

/** The main thread is inside libchdb for good; this one waits for the end of standard input. */
function endWithParent(): void {
  const byte = Buffer.alloc(1);
  try {
    while (readSync(0, byte, 0, 1, null) > 0);
  } catch {
    // A broken pipe means the same as its end.
  }
  process.kill(process.pid, 'SIGTERM');
}

function serve(): void {
  const [directory, config, httpPort] = process.argv.slice(2);
  const { libchdbPath } = createRequire(import.meta.url)('chdb/libchdb') as { libchdbPath(): string }; // CommonJS only, without types
  const watcher = new Worker(new URL(import.meta.url));
  // A local session that holds the listener open: clickhouse-local serves for as long as its query runs.
  const query =
    'SYSTEM START LISTEN HTTP; ' +
    'SELECT sleepEachRow(3) FROM numbers(1000000000) ' +
    'SETTINGS max_block_size=1, max_threads=1, max_execution_time=0, max_rows_to_read=0 FORMAT Null';
  const args = [
    'clickhouse',
    `--path=${directory}`,
    `--config-file=${config}`,
    '--listen_host=127.0.0.1',
    '--log-level=warning', // the config's own level is not heeded: every query would write a dozen lines
    `--http_port=${httpPort}`,
    `--query=${query}`,
  ];
  watcher.once('online', () => {
    open({ library: 'chdb', path: libchdbPath() });
    load({
      library: 'chdb',
      funcName: 'chdb_query_cmdline',
      retType: DataType.External,
      paramsType: [DataType.I32, DataType.StringArray],
      paramsValue: [args.length, args],
    });
    process.exit(1); // only reached when it could not start
  });
}
