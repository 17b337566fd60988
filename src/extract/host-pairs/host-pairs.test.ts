import assert from 'node:assert/strict';
import test from 'node:test';
import type { Capture, Exchange, Observation } from '#model';
import { CaptureFixture, type FixtureExchange } from '../capture-fixture.ts';
import { openContext } from '../context.ts';
import { openEvidence } from '../evidence.ts';
import { hostPairs } from './index.ts';
import { nameCause } from './name-cause.ts';

const FAKE = 'https://xn--bitcingold-hcb.org/';
const pairs = (fixture: CaptureFixture): Observation[] => hostPairs(openContext(fixture.reader()));
const rows = (observations: readonly Observation[]): string[] =>
  observations.map(
    ({ source, label, target, detail }) =>
      `${source} ${label} ${target}${detail['isObserved'] === true ? '' : ' (named)'}`,
  );

/** A main document at the capture's address, with what DevTools says of it. */
function page(url: string, html: string, more: Partial<FixtureExchange> = {}): CaptureFixture {
  const fixture = new CaptureFixture(url);
  fixture.exchange({
    url,
    body: html,
    resourceType: 'Document',
    isMainFrame: true,
    frame: 'main',
    documentUrl: url,
    initiator: { type: 'other' },
    ...more,
  });
  fixture.document({ url, exchange: 0 });
  return fixture;
}

/** 0-based position of the end of the first tag that holds the text, as DevTools' initiator gives it. */
function parserAt(html: string, part: string, url: string): NonNullable<Exchange['initiator']> {
  const end = html.indexOf('>', html.indexOf(part)) + 1;
  const before = html.slice(0, end).split('\n');
  return { type: 'parser', url, lineNumber: before.length - 1, columnNumber: before.at(-1)!.length };
}

test('a clone that hotlinks: each pair opens its line of HTML', () => {
  const html = `<!doctype html>\n<title>Wallet</title>\n<link rel=stylesheet href="https://bitcoingold.org/main.css">
<script src="https://bitcoingold.org/app.js"></script>\n<p><img src="https://bitcoingold.org/logo.png">\n<a href="https://bitcoingold.org/exchanges">x</a>`;
  const fixture = page(FAKE, html);
  for (const [path, resourceType] of [
    ['main.css', 'Stylesheet'],
    ['app.js', 'Script'],
    ['logo.png', 'Image'],
  ] as const) {
    fixture.exchange({
      url: `https://bitcoingold.org/${path}`,
      body: 'x',
      resourceType,
      frame: 'main',
      documentUrl: FAKE,
      initiator: parserAt(html, path, FAKE),
    });
  }
  const found = pairs(fixture);
  assert.deepEqual(rows(found), [
    'xn--bitcingold-hcb.org link.href bitcoingold.org',
    'xn--bitcingold-hcb.org script.src bitcoingold.org',
    'xn--bitcingold-hcb.org img.src bitcoingold.org',
    'xn--bitcingold-hcb.org a.href bitcoingold.org (named)',
  ]);
  assert.deepEqual(found[2]!.evidence, { exchange: 0, element: 'img', attribute: 'src', line: 5, column: 4 });
  const opened = openEvidence(fixture.reader(), found[2]!);
  assert.equal(opened.text, '<p><img src="https://bitcoingold.org/logo.png">');
  assert.equal(
    opened.text.slice(opened.highlight!.start, opened.highlight!.start + opened.highlight!.length),
    '<img src="https://bitcoingold.org/logo.png">',
  );
  assert.deepEqual([opened.kind, opened.url, opened.line, opened.column], ['html', FAKE, 5, 4]);
  const context = openContext(fixture.reader());
  assert.deepEqual(
    context.capture.exchanges.map((each) => nameCause(context, each)?.basis),
    [undefined, 'position', 'position', 'position'],
  );
});

test('without DevTools the markup alone tells', () => {
  const fixture = new CaptureFixture(FAKE);
  fixture.exchange({
    url: FAKE,
    source: 'http',
    body: '<img src=//cdn.test/a.png><script src=//cdn.test/b.js></script><meta http-equiv=refresh content="0;url=//next.test/">',
  });
  fixture.exchange({ url: 'https://cdn.test/a.png', source: 'http', body: 'x' });
  assert.deepEqual(rows(pairs(fixture)), [
    'xn--bitcingold-hcb.org img.src cdn.test',
    'xn--bitcingold-hcb.org script.src cdn.test (named)',
    'xn--bitcingold-hcb.org meta.refresh next.test (named)',
  ]);
});

test('redirects: each hop by its answer, the chain as a whole', () => {
  const fixture = new CaptureFixture('http://a.test/');
  const document = {
    resourceType: 'Document',
    isMainFrame: true,
    frame: 'main',
    initiator: { type: 'other' as const },
  };
  fixture.exchange({
    url: 'http://a.test/',
    status: 301,
    headers: { Location: 'https://b.test/' },
    ...document,
  });
  fixture.exchange({
    url: 'https://b.test/',
    status: 302,
    headers: { location: 'https://c.test/' },
    redirectedFrom: 0,
    ...document,
  });
  fixture.exchange({ url: 'https://c.test/', body: '<img src=/i>', redirectedFrom: 1, ...document });
  fixture.document({ url: 'https://c.test/', exchange: 2 });
  fixture.exchange({
    url: 'https://c.test/i',
    status: 302,
    headers: { location: 'https://d.test/i' },
    resourceType: 'Image',
    frame: 'main',
    documentUrl: 'https://c.test/',
  });
  fixture.exchange({
    url: 'https://d.test/i',
    body: 'x',
    redirectedFrom: 3,
    resourceType: 'Image',
    frame: 'main',
    documentUrl: 'https://c.test/',
  });
  const found = pairs(fixture);
  assert.deepEqual(rows(found), [
    'a.test topLevelRedirect b.test',
    'b.test topLevelRedirect c.test',
    'c.test redirect d.test',
    'a.test finalRedirect c.test',
  ]);
  assert.deepEqual(found[0]!.evidence, { exchange: 0, header: 'Location' });
  assert.equal(
    openEvidence(fixture.reader(), found[0]!).text,
    'GET http://a.test/\n\n301\nLocation: https://b.test/',
  );
});

/** One request after the page, named. */
function causeOf(html: string, request: Partial<FixtureExchange>, more: Partial<Capture> = {}): string {
  const fixture = page(FAKE, html);
  fixture.set(more);
  const id = fixture.exchange({
    url: 'https://x.test/f',
    body: 'x',
    resourceType: 'Other',
    frame: 'main',
    documentUrl: FAKE,
    initiator: { type: 'other' },
    ...request,
  });
  const context = openContext(fixture.reader());
  const named = nameCause(context, context.capture.exchanges[id]!);
  return named === undefined ? 'opened' : `${named.cause} by ${named.basis}`;
}

const navigation = (reason: string): Partial<Capture> => ({
  navigations: [
    { frame: 'main', fromUrl: FAKE, url: 'https://x.test/f', reason, at: '2017-11-20T10:00:00.001Z' },
  ],
});
const toPage = { resourceType: 'Document', isMainFrame: true, documentUrl: 'https://x.test/f' } as const;
const byScript = {
  type: 'script' as const,
  stack: [{ url: 'https://s.test/s.js', functionName: 'go', lineNumber: 4, columnNumber: 2 }],
};

test('navigations of the main frame by the reason that the browser gives', () => {
  const click = { steps: [step('navigate'), step('click')] };
  assert.equal(causeOf('', toPage, navigation('anchorClick')), 'a.href by navigation');
  assert.equal(causeOf('', toPage, navigation('formSubmissionPost')), 'form.action by navigation');
  assert.equal(causeOf('', toPage, navigation('metaTagRefresh')), 'meta.refresh by navigation');
  assert.equal(causeOf('', toPage, navigation('httpHeaderRefresh')), 'location.refresh by navigation');
  assert.equal(causeOf('', toPage, navigation('scriptInitiated')), 'topLevelRedirect by navigation');
  assert.equal(
    causeOf('', { ...toPage, step: 1 }, { ...navigation('scriptInitiated'), ...click }),
    'click by navigation',
  );
  assert.equal(
    causeOf('', { ...toPage, isDownload: true }, navigation('anchorClick')),
    'download by navigation',
  );
  assert.equal(
    causeOf(
      '',
      { ...toPage, frame: 'popup' },
      { popups: [{ url: 'https://x.test/f', openerFrame: 'main', frame: 'popup', wasBlocked: false }] },
    ),
    'window.open by navigation',
  );
});

function step(kind: 'navigate' | 'click'): Capture['steps'][number] {
  const id = kind === 'navigate' ? 0 : 1;
  const caused = { exchanges: [], downloads: [], popups: [], dialogs: [] };
  const control = { frame: 'main', tag: 'button', text: 'Download', score: 1, x: 0, y: 0 };
  return {
    id,
    kind,
    startedAt: '2017-11-20T10:00:00.000Z',
    durationMs: 1,
    caused,
    ...(kind === 'click' && { control }),
  };
}

test('requests by their kind, by stylesheets, by elements', () => {
  assert.equal(causeOf('', { resourceType: 'XHR' }), 'xmlhttprequest by kind');
  assert.equal(causeOf('', { resourceType: 'Fetch' }), 'fetch by kind');
  assert.equal(causeOf('', { resourceType: 'EventSource' }), 'eventsource by kind');
  assert.equal(causeOf('', { resourceType: 'WebSocket', url: 'wss://x.test/f' }), 'websocket by kind');
  assert.equal(causeOf('', { resourceType: 'Ping' }), 'beacon by kind');
  assert.equal(causeOf('', { resourceType: 'Preflight', method: 'OPTIONS' }), 'fetch by kind');
  assert.equal(
    causeOf('', { resourceType: 'Script' }, { workers: [{ type: 'worker', url: 'https://x.test/f' }] }),
    'worker by kind',
  );
  assert.equal(causeOf('', { resourceType: 'Other', target: 'worker' }), 'script.import by kind');
  assert.equal(causeOf('', { resourceType: 'Image', initiator: byScript }), 'img.src by kind');
  assert.equal(causeOf('', { resourceType: 'Font' }), 'css.url by kind');
  assert.equal(
    causeOf('<iframe src=//x.test/f>', { resourceType: 'Document', isMainFrame: false, frame: 'inner' }),
    'iframe.src by markup',
  );
  assert.equal(
    causeOf('<frameset><frame src=//x.test/f>', {
      resourceType: 'Document',
      isMainFrame: false,
      frame: 'inner',
    }),
    'frame.src by markup',
  );
  assert.equal(
    causeOf('<object data=//x.test/f></object>', {
      resourceType: 'Document',
      isMainFrame: false,
      frame: 'inner',
    }),
    'object.data by markup',
  );
  assert.equal(
    causeOf('<link rel=prefetch href=//x.test/f>', { resourceType: 'Prefetch' }),
    'link.href by markup',
  );
  assert.equal(
    causeOf('<video poster=//x.test/f></video>', { resourceType: 'Image' }),
    'media.src by markup',
  );
  assert.equal(
    causeOf('<p style="background:url(//x.test/f)">', { resourceType: 'Image' }),
    'css.url by markup',
  );
  assert.equal(
    causeOf('<style>@import "//x.test/f"</style>', { resourceType: 'Stylesheet' }),
    'css.import by markup',
  );
  assert.equal(causeOf('', { resourceType: 'Other' }), 'parentPage by containment');
  assert.equal(
    causeOf(
      '',
      { resourceType: 'Script', initiator: byScript },
      {
        urlElements: [
          {
            frame: 'main',
            baseUrl: FAKE,
            element: 'script',
            attributes: { src: 'https://x.test/f' },
            how: 'script',
          },
        ],
      },
    ),
    'script.src by markup',
  );
  assert.equal(
    causeOf(
      '',
      { resourceType: 'Script', initiator: byScript },
      {
        urlElements: [
          { frame: 'main', baseUrl: FAKE, element: 'img', attributes: { src: 'y' }, how: 'script' },
        ],
      },
    ),
    'script.import by kind',
  );
});

test('what DevTools never saw, by the metadata that the browser sent', () => {
  const unseen = (headers: Record<string, string>, more: Partial<FixtureExchange> = {}): string =>
    causeOf('<a href=//x.test/f download>x</a>', {
      resourceType: undefined,
      initiator: undefined,
      documentUrl: undefined,
      requestHeaders: headers,
      ...more,
    });
  assert.equal(
    unseen({ 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'no-cors' }, { method: 'POST' }),
    'beacon by kind',
  );
  assert.equal(
    unseen({ 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }, { method: 'POST' }),
    'fetch by kind',
  );
  assert.equal(unseen({}, { isDownload: true }), 'download by navigation');
});

test('the parser position tells two tags with one URL apart', () => {
  const html = `<link rel=preload as=script href="//x.test/f">\n<script src="//x.test/f"></script>`;
  assert.equal(
    causeOf(html, { resourceType: 'Script', initiator: parserAt(html, '<link', FAKE) }),
    'link.href by position',
  );
  assert.equal(
    causeOf(html, { resourceType: 'Script', initiator: parserAt(html, '<script', FAKE) }),
    'script.src by position',
  );
});

test('a stylesheet is the parent of what it loads, at its own line', () => {
  const fixture = page(FAKE, '<link rel=stylesheet href=//css.test/m.css>');
  const css = `body{}\n.a{background:url("//img.test/b.png")}`;
  fixture.exchange({
    url: 'https://css.test/m.css',
    body: css,
    resourceType: 'Stylesheet',
    frame: 'main',
    documentUrl: FAKE,
  });
  fixture.exchange({
    url: 'https://img.test/b.png',
    body: 'x',
    resourceType: 'Image',
    frame: 'main',
    documentUrl: FAKE,
    initiator: { type: 'parser', url: 'https://css.test/m.css' },
  });
  const found = pairs(fixture);
  assert.deepEqual(rows(found), ['xn--bitcingold-hcb.org link.href css.test', 'css.test css.url img.test']);
  assert.deepEqual(found[1]!.evidence, { exchange: 1, line: 2, column: 20 });
  assert.equal(openEvidence(fixture.reader(), found[1]!).text, '.a{background:url("//img.test/b.png")}');
});

test('a script of another host is a second parent, with its own line', () => {
  const fixture = page(FAKE, '<script src=//tag.test/t.js></script>');
  fixture.exchange({
    url: 'https://tag.test/t.js',
    body: '\n\n  fetch("https://api.test/x")',
    resourceType: 'Script',
    frame: 'main',
    documentUrl: FAKE,
  });
  fixture.exchange({
    url: 'https://api.test/x',
    body: '{}',
    resourceType: 'Fetch',
    frame: 'main',
    documentUrl: FAKE,
    initiator: {
      type: 'script',
      stack: [{ url: 'https://tag.test/t.js', functionName: 'send', lineNumber: 2, columnNumber: 2 }],
    },
  });
  const found = pairs(fixture);
  assert.deepEqual(rows(found), [
    'xn--bitcingold-hcb.org script.src tag.test',
    'xn--bitcingold-hcb.org fetch api.test',
    'tag.test fetch api.test',
  ]);
  assert.deepEqual(found[2]!.evidence, {
    exchange: 1,
    script: 'https://tag.test/t.js',
    functionName: 'send',
    line: 3,
    column: 3,
  });
  assert.equal(openEvidence(fixture.reader(), found[2]!).text, '  fetch("https://api.test/x")');
});

test('a frame names its own pairs, one deeper; a srcdoc frame those of the page around it', () => {
  const fixture = page(
    FAKE,
    '<iframe src=//ads.test/f></iframe><iframe srcdoc="<img src=//pix.test/p>"></iframe>',
  );
  fixture.exchange({
    url: 'https://ads.test/f',
    body: '<img src=//deep.test/d>',
    resourceType: 'Document',
    isMainFrame: false,
    frame: 'ad',
    documentUrl: 'https://ads.test/f',
  });
  fixture.document({
    url: 'https://ads.test/f',
    frame: 'ad',
    parentFrame: 'main',
    isMainFrame: false,
    exchange: 1,
  });
  fixture.document({
    url: 'about:srcdoc',
    frame: 'doc',
    parentFrame: 'main',
    isMainFrame: false,
    final: '<img src=//pix.test/p>',
  });
  fixture.exchange({
    url: 'https://deep.test/d',
    body: 'x',
    resourceType: 'Image',
    frame: 'ad',
    documentUrl: 'https://ads.test/f',
  });
  fixture.exchange({
    url: 'https://pix.test/p',
    body: 'x',
    resourceType: 'Image',
    frame: 'doc',
    documentUrl: 'about:srcdoc',
  });
  const found = pairs(fixture);
  assert.deepEqual(
    found.map(({ source, label, target, detail }) => [source, label, target, detail['depth']]),
    [
      ['xn--bitcingold-hcb.org', 'iframe.src', 'ads.test', 1],
      ['ads.test', 'img.src', 'deep.test', 2],
      ['xn--bitcingold-hcb.org', 'img.src', 'pix.test', 1], // where it was sent: the srcdoc of the page's own frame tag
    ],
  );
});

test('named only: preconnects not made, canonical links left out, headers opened', () => {
  const fixture = page(
    FAKE,
    '<link rel=canonical href=//canon.test><link rel=preconnect href=//pre.test><link rel=preconnect href=//done.test>',
    {
      headers: {
        Link: '<https://fonts.test/a.css>; rel=preload; as=style',
        Refresh: '5;url=https://next.test/',
      },
    },
  );
  fixture.set({
    resolutions: [{ host: 'done.test', type: 'A', value: '93.184.216.34', at: '2017-11-20T10:00:00.000Z' }],
  });
  assert.deepEqual(rows(pairs(fixture)), [
    'xn--bitcingold-hcb.org preconnect pre.test (named)',
    'xn--bitcingold-hcb.org preconnect done.test',
    'xn--bitcingold-hcb.org location.refresh next.test (named)',
    'xn--bitcingold-hcb.org link.href fonts.test (named)',
  ]);
});

test('no pair of a host with itself, and an observed pair outranks a named one', () => {
  const fixture = page(FAKE, `<img src="/own.png"><img src="//x.test/1"><img src="//x.test/2">`);
  fixture.exchange({
    url: `${FAKE}own.png`,
    body: 'x',
    resourceType: 'Image',
    frame: 'main',
    documentUrl: FAKE,
  });
  fixture.exchange({
    url: 'https://x.test/2',
    body: 'x',
    resourceType: 'Image',
    frame: 'main',
    documentUrl: FAKE,
  });
  const found = pairs(fixture);
  assert.deepEqual(rows(found), ['xn--bitcingold-hcb.org img.src x.test']);
  assert.equal(found[0]!.detail['url'], 'https://x.test/2');
});

test('what stands in noscript is not what a script asked for', () => {
  const html = `<script>new Image().src="https://x.test/p"</script>\n<noscript><img src="https://x.test/p"></noscript>`;
  const fixture = page(FAKE, html);
  const stack = [{ url: FAKE, functionName: '', lineNumber: 0, columnNumber: 19 }];
  fixture.exchange({
    url: 'https://x.test/p',
    body: 'x',
    resourceType: 'Image',
    frame: 'main',
    documentUrl: FAKE,
    initiator: { type: 'script', stack },
  });
  const [pair] = pairs(fixture);
  assert.deepEqual(pair?.evidence, { exchange: 0, script: 'inline', line: 1, column: 20 });
});

test('forms, preflights, preloads by header, imports of a worker', () => {
  assert.equal(
    causeOf(
      '<form action="//x.test/f">',
      { ...toPage, url: 'https://x.test/f?q=1' },
      {
        navigations: [
          {
            frame: 'main',
            fromUrl: FAKE,
            url: 'https://x.test/f?q=1',
            reason: 'formSubmissionGet',
            at: '2017-11-20T10:00:00.001Z',
          },
        ],
      },
    ),
    'form.action by navigation',
  );
  const fixture = page(FAKE, '', { headers: { Link: '<https://x.test/s.css>; rel="preload"; as=style' } });
  const common = { frame: 'main', documentUrl: FAKE };
  fixture.exchange({
    url: 'https://x.test/s.css',
    body: '',
    resourceType: 'Stylesheet',
    initiator: { type: 'other' },
    ...common,
  });
  fixture.exchange({
    url: 'https://api.test/x',
    method: 'PUT',
    resourceType: 'Fetch',
    initiator: byScript,
    ...common,
  });
  fixture.exchange({
    url: 'https://api.test/x',
    method: 'OPTIONS',
    resourceType: 'Preflight',
    documentUrl: 'https://api.test/x',
    initiator: { type: 'preflight' },
  });
  fixture.exchange({
    url: 'https://x.test/i.js',
    requestHeaders: { referer: 'https://x.test/w.js', 'sec-fetch-dest': 'script' },
  });
  fixture.set({ workers: [{ type: 'service_worker', url: 'https://x.test/w.js' }] });
  const context = openContext(fixture.reader());
  const named = context.capture.exchanges.slice(1).map((exchange) => nameCause(context, exchange));
  assert.deepEqual(
    named.map((each) => [each?.cause, each?.basis, each?.parentUrl]),
    [
      ['link.href', 'header', FAKE],
      ['fetch', 'kind', FAKE],
      ['fetch', 'kind', FAKE],
      ['script.import', 'kind', 'https://x.test/w.js'],
    ],
  );
  assert.deepEqual(named[0]?.evidence, { exchange: 0, header: 'Link' });
});
