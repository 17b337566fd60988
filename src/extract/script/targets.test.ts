import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { z } from 'zod';
import { findTargets } from './targets.ts';
import type { ScriptSource } from './unit.ts';

const PAGE = 'https://fake.test/dir/index.html';
const reached = (...codes: string[]): string[] =>
  findTargets(
    codes.map((code): ScriptSource => ({ kind: 'script', code })),
    PAGE,
  ).map(({ cause, url, isComplete }) => `${cause} ${url}${isComplete ? '' : '…'}`);

test('ways to reach a URL', () => {
  assert.deepEqual(
    reached(`
      location = 'a1'; window.location.href = "/a2"; top.location.replace('//x.test/a3'); document.location.assign('a4');
      window.open('b1'); fetch('c1'); x.open('POST', 'd1'); import('./e1.js'); importScripts('f1');
      new Worker('g1'); navigator.serviceWorker.register('g2'); new EventSource('h1'); new WebSocket('wss://x.test/i1');
      navigator.sendBeacon('j1'); form.action = 'k1'; el.setAttribute('href', 'l1');
      $.get('m1'); $.ajax({ type: 'POST', url: 'm2' }); $.getScript('m3'); axios.post('m4'); axios({ url: 'm5' });
      document.write('<script src="//x.test/n1"></' + 'script>'); el.innerHTML = \`<img src="n2">\`;`),
    [
      'location.refresh https://fake.test/dir/a1',
      'location.refresh https://fake.test/a2',
      'location.refresh https://x.test/a3',
      'location.refresh https://fake.test/dir/a4',
      'window.open https://fake.test/dir/b1',
      'fetch https://fake.test/dir/c1',
      'xmlhttprequest https://fake.test/dir/d1',
      'script.import https://fake.test/dir/e1.js',
      'script.import https://fake.test/dir/f1',
      'worker https://fake.test/dir/g1',
      'worker https://fake.test/dir/g2',
      'eventsource https://fake.test/dir/h1',
      'websocket wss://x.test/i1',
      'beacon https://fake.test/dir/j1',
      'form.action https://fake.test/dir/k1',
      'a.href https://fake.test/dir/l1',
      'xmlhttprequest https://fake.test/dir/m1',
      'xmlhttprequest https://fake.test/dir/m2',
      'script.src https://fake.test/dir/m3',
      'xmlhttprequest https://fake.test/dir/m4',
      'xmlhttprequest https://fake.test/dir/m5',
      'script.src https://x.test/n1',
      'img.src https://fake.test/dir/n2',
    ],
  );
});

test('the element decides what a source is', () => {
  assert.deepEqual(
    reached(`var s = document.createElement('script'); s.src = '//x.test/1'; new Image().src = '//x.test/2';
      var f = d.createElement("iframe"); f.src = '//x.test/3'; var l = document.createElement('link'); l.href = '//x.test/4'; a.href = '//x.test/5'`),
    [
      'script.src https://x.test/1',
      'img.src https://x.test/2',
      'iframe.src https://x.test/3',
      'link.href https://x.test/4',
      'a.href https://x.test/5',
    ],
  );
});

test('values: concatenation, constants, templates, conditions, objects, calls', () => {
  assert.deepEqual(reached(`const base = 'https://' + 'x.test'; fetch(base + '/a' + 1)`), [
    'fetch https://x.test/a1',
  ]);
  assert.deepEqual(reached("const h = 'x.test'; fetch(`https://${h}/a?${q}`)"), ['fetch https://x.test/a?…']);
  assert.deepEqual(reached(`fetch(ok ? '/a' : '/b')`), [
    'fetch https://fake.test/a',
    'fetch https://fake.test/b',
  ]);
  assert.deepEqual(reached(`var c = { api: { url: '/a' } }; fetch(c.api.url)`), [
    'fetch https://fake.test/a',
  ]);
  assert.deepEqual(reached(`var u = '/a'; u += '?b=' + encodeURIComponent('c d'); fetch(u)`), [
    'fetch https://fake.test/a?b=c%20d',
  ]);
  assert.deepEqual(reached(`fetch(['//x', 'test'].join('.') + '/')`), ['fetch https://x.test/']);
  assert.deepEqual(reached(`fetch(atob('aHR0cHM6Ly94LnRlc3Qv'))`), ['fetch https://x.test/']);
  assert.deepEqual(reached(`function u(p){ return '/u/' + p } fetch(u('a'))`), [
    'fetch https://fake.test/u/a',
  ]);
  assert.deepEqual(
    reached(
      `(function(w,d,u){ var s=d.createElement('script'); s.src=u+'?v' })(window, document, '//x.test/t.js')`,
    ),
    ['script.src https://x.test/t.js?v'],
  );
  assert.deepEqual(reached(`var go = u => { location = u }; go('//x.test/')`), [
    'location.refresh https://x.test/',
  ]);
  assert.deepEqual(reached(`fetch(location.origin + '/a')`), ['fetch https://fake.test/a']);
  assert.deepEqual(reached(`var u = '/shared'`, `fetch(u)`), ['fetch https://fake.test/shared']);
});

test('what is not known is not guessed', () => {
  assert.deepEqual(
    reached(
      `fetch('https://' + host + '/a'); fetch('//cdn' + n + '.test/'); fetch(u); fetch(''); location = '#top'`,
    ),
    [],
  );
  assert.deepEqual(reached(`// fetch('/no')\nvar s = "fetch('/no')"; /fetch('\\/no')/`), []);
  assert.deepEqual(reached('constructor.toString(__proto__.hasOwnProperty("/a")); fetch(valueOf("/b"))'), []);
});

test('a click: from the handler through the function to the request', () => {
  const script = `\nfunction getWallet(p){\n  fetch('/stat.php?p='+p).then(()=>{window.location='//dl.test/go.php?p='+p})\n}`;
  const targets = findTargets(
    [
      { kind: 'script', code: script },
      { kind: 'handler', code: `getWallet('win')` },
    ],
    PAGE,
  );
  assert.deepEqual(
    targets.map(({ cause, url, trigger }) => [cause, url, trigger]),
    [
      ['fetch', 'https://fake.test/stat.php?p=win', 'handler'],
      ['click', 'https://dl.test/go.php?p=win', 'handler'],
    ],
  );
  assert.deepEqual(
    targets[1]!.places.map(({ what, name, source, offset }) => [what, name, source, offset]),
    [
      ['handler', '', 1, 0],
      ['function', 'getWallet', 0, script.indexOf('getWallet')],
      ['request', 'window.location', 0, script.indexOf('window.location')],
    ],
  );
});

test('a click listener is a click', () => {
  const targets = findTargets(
    [
      {
        kind: 'script',
        code: `b.addEventListener('click', () => { location.href = '//x.test/' }); c.onclick = function () { window.open('//y.test/') }`,
      },
    ],
    PAGE,
  );
  assert.deepEqual(
    targets.map(({ cause, url, trigger }) => [cause, url, trigger]),
    [
      ['click', 'https://x.test/', 'listener'],
      ['window.open', 'https://y.test/', 'listener'],
    ],
  );
});

test('any code: never throws, in bounded work', () => {
  const pieces = [
    'fetch(',
    ')',
    '"/a"',
    'function f(p){',
    '}',
    'f(',
    'p',
    '+',
    '=',
    'location',
    '.href',
    ',',
    '`${',
    '`',
    '?',
    ':',
    '=>',
    '[',
    ']',
    '{a:',
    'return ',
    ';',
    'var x=',
    'x',
    '||',
    'new URL(',
    '.join(',
    "'<img src=/i>'",
    'el.innerHTML',
    'constructor',
    '__proto__',
  ];
  let seed = 99;
  const random = (below: number): number =>
    (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) % below;
  for (let round = 0; round < 3_000; round++) {
    const code = Array.from({ length: random(60) }, () => pieces[random(pieces.length)]).join('');
    for (const { places } of findTargets(
      [
        { kind: 'handler', code },
        { kind: 'script', code },
      ],
      PAGE,
    )) {
      for (const { offset, source } of places) assert.ok(offset >= 0 && offset <= code.length && source >= 0);
    }
  }
  for (const piece of [
    'x=>',
    'f(',
    'a=a+',
    'function f(p){f(p);fetch(p)}',
    'a.',
    '`${',
    'x.src=y;',
    'a?b:',
    '[x,',
    'x=x+x;fetch(x);',
    '(function(){',
    'f(f,f);',
    'a["b"]',
  ]) {
    findTargets([{ kind: 'script', code: piece.repeat(20_000) }], PAGE);
  }
});

const data = join(
  process.env['ADIT_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'),
  'js/script-requests.jsonl',
);
const row = z.object({
  url: z.string(),
  scripts: z.array(z.string()).nullish(),
  expected: z.array(z.object({ url: z.string() })).nullish(),
});

test(
  'scripts with the request that each would make',
  { skip: !existsSync(data) && 'ADIT_DATA is absent' },
  (t) => {
    let expected = 0;
    let found = 0;
    for (const line of readFileSync(data, 'utf8').trim().split('\n')) {
      const parsed = row.safeParse(JSON.parse(line));
      if (!parsed.success) continue;
      const { url, scripts, expected: requests } = parsed.data;
      const urls = findTargets(
        (scripts ?? []).map((code) => ({ kind: 'script', code })),
        url,
      ).map((target) => target.url);
      for (const request of requests ?? []) {
        expected++;
        const known = request.url.replace(/UNKNOWN.*/, '').replace(/[?#].*/, '');
        if (
          urls.some(
            (each) =>
              each.replace(/[?#].*/, '') === known ||
              (request.url.includes('UNKNOWN') && each.startsWith(known)),
          )
        )
          found++;
      }
    }
    t.diagnostic(`${found} of ${expected} requests found (host and path)`);
    assert.ok(found / expected >= 0.9);
  },
);
