import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf, openHome, run, start, type Running } from './cli-fixture.ts';

const PAGE = 'https://xn--bitcingold-hcb.org/';

interface Shown {
  readonly capture: {
    readonly outcome: { readonly kind: string };
    readonly exchanges: readonly unknown[];
    readonly limits: readonly { readonly limit: string; readonly detail?: string }[];
  };
}

const home = openHome();
let server: Running;

before(async () => {
  server = start(home.environment, 'serve', '--port', '0', '--testnet', 'campaign', '--json');
  await server.says('"url"');
});
after(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  home[Symbol.dispose]();
});

const decoders = (): number[] => childrenOf(server.child.pid!, 'decoder-child.ts');

/** A visit through the server, as its bundle tells it. */
async function visit(): Promise<Shown['capture']> {
  const done = await run(home.environment, 'capture', PAGE, '--no-interact', '--json');
  assert.equal(done.code, 0, done.stderr);
  const { captures } = done.json<{ captures: { bundle: string }[] }>();
  return (await run(home.environment, 'show', captures[0]!.bundle, '--json')).json<Shown>().capture;
}

/** A visit whose decoder is killed as soon as it is there. */
async function visitWithoutDecoder(): Promise<Shown['capture']> {
  const visiting = visit();
  // None is there before: the first one has this capture to decode.
  let killed: number | undefined;
  while (killed === undefined) {
    await Promise.race([sleep(2), visiting.then(() => assert.fail('decoded without a decoder'))]);
    [killed] = decoders();
  }
  process.kill(killed, 'SIGKILL');
  return visiting;
}

test('a decoder killed during a capture costs the capture a limit, and the server nothing', async () => {
  let limit: Shown['capture']['limits'][number] | undefined;
  // Where the machine is busy the decoder may be done before it is seen: then with the next capture.
  for (let tries = 0; tries < 5 && limit === undefined; tries++) {
    const capture = await visitWithoutDecoder();
    assert.equal(capture.outcome.kind, 'ok');
    assert.ok(capture.exchanges.length > 0);
    limit = capture.limits.find((each) => each.limit === 'decoderFailures');
  }
  assert.match(limit?.detail ?? '', /decoder ended with SIGKILL/);

  const next = await visit();
  assert.equal(next.outcome.kind, 'ok');
  assert.deepEqual(next.limits, []);
  assert.equal(server.child.exitCode, null);
});

test('decoders end with the server, however it ends', async () => {
  const waiting = decoders();
  assert.ok(waiting.length > 0);
  server.child.kill('SIGKILL');
  await server.ended;
  const areGone = (): boolean =>
    waiting.every((pid) => {
      try {
        return !process.kill(pid, 0);
      } catch {
        return true;
      }
    });
  for (let waited = 0; !areGone() && waited < 120_000; waited += 50) await sleep(50);
  assert.ok(areGone());
});
