/**
 * Runs inside the browser's network namespace, where nothing but loopback exists, and is its only way out: listens on
 * loopback ports there and passes each connection to the Unix socket of the guard that has this port.
 *
 *     node relay.ts DIRECTORY FIRST_PORT COUNT      port P → DIRECTORY/P.sock
 *
 * Prints `ready` when it listens; ends when its standard input ends, so it never outlives its owner. Imports nothing
 * but Node, so that a user without access to the rest of the program can run it.
 */
import net from 'node:net';
import { join } from 'node:path';

const [directory, firstPort, count] = process.argv.slice(2);
if (directory === undefined || !(Number(firstPort) > 0) || !(Number(count) > 0)) {
  process.stderr.write('usage: relay.ts DIRECTORY FIRST_PORT COUNT\n');
  process.exit(2);
}

function relay(client: net.Socket, path: string): void {
  const guard = net.connect({ path, allowHalfOpen: true });
  for (const [from, to] of [
    [client, guard],
    [guard, client],
  ] as const) {
    from.on('error', () => to.destroy());
    from.once('close', () => to.destroySoon());
    from.pipe(to);
  }
}

const ports = Array.from({ length: Number(count) }, (_, index) => Number(firstPort) + index);
await Promise.all(
  ports.map((port) => {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) =>
      relay(client, join(directory, `${port}.sock`)),
    );
    return new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  }),
);
process.stdin.resume();
process.stdin.once('end', () => process.exit(0)).once('error', () => process.exit(0));
process.stdout.write('ready\n');
