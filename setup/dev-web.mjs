// The web app while one works on it: rebuilt in the browser at once. Its API is that of a running `adit serve`, found
// like the commands find it (ADIT_HOME), or at ADIT_URL.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'vite';
import { webConfig } from './web-config.mjs';

const home =
  process.env.ADIT_HOME ?? join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'adit');
const file = join(home, 'server.json');
const running = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
const target = process.env.ADIT_URL ?? running?.url;
if (target === undefined) {
  process.stderr.write(
    'web:dev: no server runs for this ADIT_HOME; start one with `npm run adit -- serve` first.\n',
  );
  process.exit(1);
}
const server = await createServer({
  ...webConfig(),
  logLevel: 'info',
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: {
      '/api': {
        target,
        changeOrigin: true,
        headers: running?.key === undefined ? {} : { authorization: `Bearer ${running.key}` },
      },
    },
  },
});
await server.listen();
server.printUrls();
