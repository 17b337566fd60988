import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { mergeBrand, toBrand, type BrandDraft } from '#model';
import { openTestPostgres, type TestPostgres } from './postgres-fixture.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const postgres: TestPostgres | undefined = await openTestPostgres();
after(() => postgres?.[Symbol.asyncDispose]());

/** The same behaviour is asked of both engines. */
for (const engine of ['pglite', 'postgresql'] as const) {
  describe(
    engine,
    { skip: engine === 'postgresql' && postgres === undefined && 'no PostgreSQL here' },
    () => {
      let directory: string;
      let workspace: Workspace;
      let now = new Date('2020-01-01T00:00:00.000Z');
      const later = (ms: number): void => {
        now = new Date(now.getTime() + ms);
      };

      before(async () => {
        directory = await mkdtemp(join(tmpdir(), 'adit-workspace-'));
        const url = engine === 'postgresql' ? postgres?.url : undefined;
        workspace = await openWorkspace({ url, directory, clock: () => now });
        assert.equal(workspace.kind, engine);
      });
      after(async () => {
        await workspace[Symbol.asyncDispose]();
        await rm(directory, { recursive: true, force: true });
      });

      test('a brand is found by its domains and its name, changes at once, and tells that it changed', async () => {
        const { brands } = workspace;
        const add = (draft: BrandDraft) => brands.change(toBrand(draft).id, () => toBrand(draft));
        const none = await brands.revision();
        assert.ok((await add({ domains: ['one.example', 'uno.example'], name: 'One' })).isNew);
        await add({ domains: ['two.example'], keywords: ["o'clock"], pages: ['https://two.example/login'] });
        const before = await brands.revision();
        assert.notEqual(before, none);
        for (const text of ['one.example', 'https://www.UNO.example/x', 'uno[.]example', 'one'])
          assert.equal((await brands.find(text)).id, 'one.example', text);
        await assert.rejects(brands.find('three.example'), { code: 'unknown-brand' });
        await Promise.all(
          ['a', 'b', 'c'].map((keyword) =>
            brands.change('two.example', (brand) => mergeBrand(brand!, { keywords: [keyword] })),
          ),
        );
        const two = await brands.find('two.example');
        assert.deepEqual(new Set(two.keywords), new Set(["o'clock", 'a', 'b', 'c']));
        assert.deepEqual(two.pages, [
          { url: 'https://two.example/', kind: 'home' },
          { url: 'https://two.example/login', kind: 'login' },
        ]);
        assert.notEqual(await brands.revision(), before);
        assert.deepEqual(
          (await brands.list({ limit: 1, after: 'one.example' })).map(({ id }) => id),
          ['two.example'],
        );
        await add({ domains: ['eins.example'], name: 'One' });
        await assert.rejects(brands.find('One'), { code: 'brand-ambiguous' });
        assert.deepEqual(await brands.unmatched('v1'), ['eins.example', 'one.example', 'two.example']);
        await brands.markMatched(['one.example'], 'v1');
        assert.deepEqual(await brands.unmatched('v1'), ['eins.example', 'two.example']);
        assert.equal((await brands.unmatched('v2')).length, 3);
        assert.ok(await brands.remove('eins.example'));
        assert.ok(!(await brands.remove('eins.example')));
      });

      test('a search tells once what it found, and remembers when', async () => {
        const { brands } = workspace;
        await brands.change('found.example', () => toBrand({ domains: ['found.example'] }));
        const many = Array.from({ length: 1_200 }, (_, at) => ({ host: `f${at}.example`, detail: { at } }));
        assert.equal((await brands.remember('found.example', 'dns', many)).length, 1_200);
        later(1_000);
        const again = await brands.remember('found.example', 'dns', [
          { host: 'new.example', detail: {} },
          { host: 'f7.example', detail: { at: 'later' } },
        ]);
        assert.deepEqual(again, [{ host: 'new.example', detail: {} }]);
        const [newest] = await brands.candidates('found.example', 'dns');
        assert.equal(newest?.host, 'new.example');
        assert.equal((await brands.candidates('found.example', 'seen')).length, 0);
        await brands.remove('found.example');
        assert.equal((await brands.candidates('found.example', 'dns')).length, 0);
      });

      test('a project keeps artifacts with status, reason and path, and every change', async () => {
        const { projects } = workspace;
        const project = await projects.create('  Wallet lures ', 'look-alikes');
        assert.equal(project.name, 'Wallet lures');
        const path = [
          {
            from: { type: 'domain', value: 'a.example' },
            dataset: 'trackers',
            label: 'x',
            direction: 'forward',
            to: { type: 'tracker', value: 'T-1' },
            shared: 2,
          },
        ] as const;
        await projects.set(project.id, {
          type: 'domain',
          value: "o'hara.example",
          status: 'suspected',
          reason: 'shares T-1',
          path,
        });
        await projects.set(
          project.id,
          { type: 'domain', value: "o'hara.example", status: 'confirmed', tags: ['phish'] },
          'anna',
        );
        const [artifact, ...rest] = await projects.artifacts(project.id);
        assert.equal(rest.length, 0);
        assert.deepEqual(
          { status: artifact!.status, reason: artifact!.reason, path: artifact!.path, tags: artifact!.tags },
          { status: 'confirmed', reason: 'shares T-1', path, tags: ['phish'] },
        );
        const history = await projects.history(project.id);
        assert.deepEqual(
          history.map(({ actor }) => actor),
          ['anna', 'local', 'local'],
        );
        assert.equal((await projects.find('Wallet lures')).id, project.id);
        assert.equal(await projects.remove(project.id, ["o'hara.example", 'none.example']), 1);
        assert.equal(await projects.remove(project.id, ["o'hara.example"]), 0);
        await assert.rejects(
          projects.set(randomUUID(), { type: 'domain', value: 'x.example', status: 'confirmed' }),
          { code: 'unknown-project' },
        );
        await assert.rejects(projects.find('none'), { code: 'unknown-project' });
        await assert.rejects(projects.create(' '), { code: 'bad-project-name' });
        assert.equal(await projects.delete(project.id), true);
      });

      test('values of any length and with any characters are kept; what PostgreSQL cannot hold is replaced', async () => {
        const { projects } = workspace;
        const { id } = await projects.create('Hostile \0 \ud800 ▲');
        const long = randomBytes(4_000).toString('base64url');
        for (const value of [
          long,
          `${long}x`,
          'a\0b',
          'half \ud83d',
          '\u202egnp.exe',
          "'); DROP TABLE jobs; --",
        ]) {
          const path = [
            {
              from: { type: 'text', value },
              dataset: 'trackers',
              label: value,
              direction: 'forward',
              to: { type: 'text', value },
            },
          ] as const;
          const kept = await projects.set(id, {
            type: 'text',
            value,
            status: 'suspected',
            path,
            reason: value,
            tags: [value],
            notes: value,
          });
          const plain = value.replace('\0', '\ufffd').replace('\ud83d', '\ufffd');
          assert.deepEqual(
            [kept.value, kept.reason, kept.tags, kept.notes, kept.path[0]?.label],
            [plain, plain, [plain], plain, plain],
          );
        }
        assert.equal((await projects.artifacts(id)).length, 6);
        const [job] = await workspace.queue.add([{ kind: 'odd', payload: { text: '\0 \ud800' } }]);
        assert.deepEqual((await workspace.queue.job(job!))?.payload, { text: '\ufffd \ufffd' });
      });

      test('keys open what their scopes say until they are revoked; the secret is not kept', async () => {
        const { keys } = workspace;
        const { key, secret } = await keys.create('reader', ['read']);
        assert.deepEqual((await keys.check(secret))?.scopes, ['read']);
        assert.equal(await keys.check(`${secret}x`), undefined);
        assert.equal(await keys.check("adit_' OR 1=1 --"), undefined);
        assert.ok(!JSON.stringify(await keys.list()).includes(secret.slice(5)));
        assert.equal(await keys.revoke(key.id), true);
        assert.equal(await keys.check(secret), undefined);
        await assert.rejects(keys.create('nothing', []), { code: 'bad-scope' });
      });

      const taking = { owner: 'w1', kinds: ['visit'], leaseMs: 10_000, hostDelayMs: 2_000 };

      test('jobs come by priority, and one host waits for its turn', async () => {
        const { queue } = workspace;
        await queue.add([
          { kind: 'visit', payload: { n: 1 }, host: 'a.example' },
          { kind: 'visit', payload: { n: 2 }, host: 'a.example', priority: 5 },
          { kind: 'visit', payload: { n: 3 }, host: 'b.example' },
          { kind: 'other', payload: { n: 4 } },
        ]);
        const first = await queue.take(taking);
        assert.deepEqual(first?.payload, { n: 2 });
        const second = await queue.take(taking);
        assert.deepEqual(second?.payload, { n: 3 });
        assert.equal(
          await queue.take(taking),
          undefined,
          'a.example is not due, the other kind is not asked for',
        );
        later(2_500);
        const third = await queue.take(taking);
        assert.deepEqual(third?.payload, { n: 1 });
        for (const job of [first, second, third])
          assert.equal(await queue.finish(job!.id, 'w1', { ok: true }), true);
        assert.equal((await queue.counts()).done, 3);
        assert.deepEqual((await queue.job(first!.id))?.result, { ok: true });
        later(100_000);
      });

      test('a lease that ends without a word gives the job to the next; the loser is told', async () => {
        const { queue } = workspace;
        const [id] = await queue.add([{ kind: 'visit', payload: {}, maxAttempts: 2 }]);
        assert.equal((await queue.take(taking))?.id, id);
        later(5_000);
        assert.equal(await queue.extend(id!, 'w1', 10_000), true);
        later(8_000);
        assert.equal(await queue.take({ ...taking, owner: 'w2' }), undefined, 'the lease was extended');
        later(5_000);
        assert.equal((await queue.take({ ...taking, owner: 'w2' }))?.id, id);
        assert.equal(await queue.finish(id!, 'w1', {}), false);
        later(20_000);
        assert.equal(await queue.take(taking), undefined, 'its last attempt is used up');
        assert.equal((await queue.job(id!))?.state, 'dead');
      });

      test('failed jobs come back later and later, then are dead, and can be retried', async () => {
        const { queue } = workspace;
        const [id] = await queue.add([{ kind: 'visit', payload: {}, maxAttempts: 2 }]);
        await queue.take(taking);
        assert.equal(await queue.fail(id!, 'w1', 'no answer'), true);
        assert.equal(await queue.take(taking), undefined);
        later(6_000);
        assert.equal((await queue.take(taking))?.attempts, 2);
        await queue.fail(id!, 'w1', 'no answer again');
        const dead = (await queue.jobs('dead')).find((job) => job.id === id);
        assert.equal(dead?.lastError, 'no answer again');
        assert.equal(await queue.retry(id!), true);
        assert.equal((await queue.take(taking))?.id, id);
        await queue.release(id!, 'w1');
        assert.equal((await queue.job(id!))?.attempts, 0);
        await queue.take(taking);
        await queue.fail(id!, 'w1', 'bad input', { isFinal: true });
        assert.equal((await queue.job(id!))?.state, 'dead');
      });

      test('a scheduled job is queued again when it is done', async () => {
        const { queue } = workspace;
        const [id] = await queue.add([{ kind: 'visit', payload: {}, everySeconds: 3_600 }]);
        await queue.take(taking);
        await queue.finish(id!, 'w1', {});
        assert.equal(await queue.take(taking), undefined);
        later(3_601_000);
        assert.equal((await queue.take(taking))?.id, id);
        await queue.fail(id!, 'w1', 'over', { isFinal: true });
      });

      test('takers at the same time never get the same job, nor two jobs of one host', async () => {
        const { queue } = workspace;
        const hosts = Array.from({ length: 10 }, (_, index) => `h${index}.example`);
        await queue.add([...hosts, ...hosts].map((host, n) => ({ kind: 'visit', payload: { n }, host })));
        const taken = await Promise.all(
          Array.from({ length: 20 }, (_, index) => queue.take({ ...taking, owner: `t${index}` })),
        );
        const jobs = taken.filter((job) => job !== undefined);
        assert.equal(new Set(jobs.map(({ id }) => id)).size, jobs.length);
        assert.equal(new Set(jobs.map(({ host }) => host)).size, jobs.length);
        assert.ok(jobs.length >= 1 && jobs.length <= 10);
      });

      test('opening it again finds everything, and migrates nothing twice', async () => {
        const project = await workspace.projects.create('Kept');
        await workspace[Symbol.asyncDispose]();
        const url = engine === 'postgresql' ? postgres?.url : undefined;
        workspace = await openWorkspace({ url, directory, clock: () => now });
        assert.equal((await workspace.projects.find('Kept')).id, project.id);
      });
    },
  );
}
