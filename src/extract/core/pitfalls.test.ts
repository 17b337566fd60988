import assert from 'node:assert/strict';
import test from 'node:test';
import { MEANINGS, openCore, type EngineKind } from './index.ts';
import * as layout from './layout.ts';
import { hasSimd } from './oracle-fixture.ts';
import { MEMORY } from './scan/bytes.ts';
import { hashRange, mix } from './scan/names.ts';

/** What readers of HTML in bulk get wrong: markup, and the hosts that it names. `no.test` is named nowhere. */
const PITFALLS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'script data ends where the standard ends it': {
    '<script>"<!-- <script> </script> <img src=//no.test>"</script><img src=//a.test>': ['a.test'],
    '<script><!-- <script>x</script>y --></script><img src=//a.test>': ['a.test'],
    '<script>"</scriptx><img src=//no.test>"</script ><img src=//a.test>': ['a.test'],
    '<script></script/><img src=//a.test>': ['a.test'],
    '<script>"</script\x0b<img src=//no.test>"</script\t><img src=//a.test>': ['a.test'],
    '<script><!-- </script><img src=//a.test>': ['a.test'],
    '<script><!-- --><script></script><img src=//a.test>': ['a.test'],
    '<script><!--><script></script><img src=//a.test>': ['a.test'],
    '<script><!--<script></script></script><img src=//a.test>': ['a.test'],
  },
  'raw text and character data hold no tags': {
    '<title><img src=//no.test></title><img src=//a.test>': ['a.test'],
    '<textarea><img src=//no.test></textarea><img src=//a.test>': ['a.test'],
    '<style><img src=//no.test></style><img src=//a.test>': ['a.test'],
    '<xmp><img src=//no.test></xmp><img src=//a.test>': ['a.test'],
    '<iframe><img src=//no.test></iframe><img src=//a.test>': ['a.test'],
    '<noembed><img src=//no.test></noembed><img src=//a.test>': ['a.test'],
    '<noframes><img src=//no.test></noframes><img src=//a.test>': ['a.test'],
    '<img src=//a.test><plaintext><img src=//no.test>': ['a.test'],
  },
  'what stands in noscript and select counts': {
    '<noscript><img src=//a.test><style>a{b:url(//b.test)}</style></noscript>': ['a.test', 'b.test'],
    '<select><option><a href=//a.test></a><img src=//b.test></select>': ['a.test', 'b.test'],
  },
  'foreign content has its own rules': {
    '<svg><title><image href=//a.test /></title></svg><img src=//b.test>': ['a.test', 'b.test'],
    '<svg><style/><image href=//a.test /></svg>': ['a.test'],
    '<svg><script/><image href=//a.test /></svg>': ['a.test'],
    '<svg><![CDATA[<img src=//no.test>]]></svg><img src=//a.test>': ['a.test'],
    '<svg><![CDATA[ > <image href=//no.test /> ]]></svg><img src=//a.test>': ['a.test'],
    '<![CDATA[ > <img src=//a.test> ]]>': ['a.test'],
    '<image src=//a.test>': ['a.test'],
    '<svg/><title><img src=//no.test></title><img src=//a.test>': ['a.test'],
    '<svg></p><title><img src=//no.test></title><img src=//a.test>': ['a.test'],
    '<svg><p><title><img src=//no.test></title><img src=//a.test>': ['a.test'],
    '<svg><desc><title><img src=//no.test></title></desc><style><image href=//a.test /></style>': ['a.test'],
    // Nested deeper than any page: what is open is followed to some depth, and links count all the same.
    [`${'<svg><g>'.repeat(2_000)}<image href=//a.test />`]: ['a.test'],
    [`${'<svg>'.repeat(2_000)}${'</svg>'.repeat(2_000)}<title><img src=//no.test></title><img src=//a.test>`]:
      ['a.test'],
  },
  'comments end where browsers end them': {
    '<!-- <img src=//no.test> --!><img src=//a.test>': ['a.test'],
    '<!--><img src=//a.test>': ['a.test'],
    '<!---><img src=//a.test>': ['a.test'],
    '<!-- -> <img src=//no.test> --><img src=//a.test>': ['a.test'],
    '<!-- > <img src=//no.test> --><img src=//a.test>': ['a.test'],
    '</><img src=//a.test>': ['a.test'],
    '<?x <img src=//no.test><img src=//a.test>': ['a.test'],
    '<!x <img src=//no.test><img src=//a.test>': ['a.test'],
    '</3 <img src=//no.test><img src=//a.test>': ['a.test'],
  },
  'tags and attributes': {
    '</p a="><img src=//no.test>"><img src=//a.test>': ['a.test'],
    '<p a"b><img src=//a.test>': ['a.test'],
    '<img =src=//no.test src=//a.test>': ['a.test'],
    '<img src=//a.test src=//no.test>': ['a.test'],
    '<img src=//a.test><img src=//no.test': ['a.test'],
    '<img src=//a.test><img src="//no.test': ['a.test'],
    '<img src=//a.test><img src="//no.test" ': ['a.test'],
  },
  'URLs are those of browsers': {
    '<a href=" \t\nhttps://a.test/ ">': ['a.test'],
    '<a href="\x01http://a.test/"><a href="\x1f //b.test">': ['a.test', 'b.test'],
    '<a href="/\t/a.test"><a href="\n//b.test">': ['a.test', 'b.test'],
    '<a href="ht\ntps:/\t/a.te\nst/">': ['a.test'],
    '<a href="https:\\\\a.test\\x">': ['a.test'],
    '<a href="\\\\a.test"><a href="/\\b.test"><a href="http:/\\c.test">': ['a.test', 'b.test', 'c.test'],
    '<a href="https:a.test/x"><a href="http:no.test/x">': ['a.test'], // of the page's own scheme it is a path
    '<a href="http://good.test@a.test/">': ['a.test'],
    '<a href="http://good.test:80@a.test/"><a href="http://b.test\\@no.test/">': ['a.test', 'b.test'],
    '<a href="https://a.test:8443/"><a href="https://no.test:99999/"><a href="http://no.test:80x/">': [
      'a.test',
    ],
    '<a href="http://0x7f.1/">': ['127.0.0.1'],
    '<a href="http://2130706433/"><a href="http://1.2.3/">': ['1.2.0.3', '127.0.0.1'],
    '<a href="http://a.test./">': ['a.test'],
    '<a href="http://%61.test/"><a href="http://b.te%73t/">': ['a.test', 'b.test'],
    '<a href="http://a&#46;test/">': ['a.test'],
    '<a href="http://a&period;test"><a href="http&colon;//b.test"><a href="//c.test&sol;x">': [
      'a.test',
      'b.test',
      'c.test',
    ],
    '<a href="http://bücher.test/">': ['xn--bcher-kva.test'],
    '<a href="http://XN--BCHER-KVA.test/">': ['xn--bcher-kva.test'],
    '<a href=one><base href="//a.test/">': ['a.test'],
    '<a href=one><base href="//a.test/"><base href="//no.test/">': ['a.test'],
    '<img srcset="//a.test/a 1x(,//no.test/) , //b.test 2x">': ['a.test', 'b.test'],
    '<base href="//a.test/"><img src="data:,x"><a href="DATA://no.test/"><a href="javascript://no.test/">':
      [],
    '<img srcset="//a.test/x,y.png 1x, data:image/png;base64,//no.test 2x, //b.test 3x">': [
      'a.test',
      'b.test',
    ],
  },
};

const KINDS: readonly EngineKind[] = hasSimd ? ['simd', 'plain'] : ['plain'];

for (const kind of KINDS)
  for (const [name, cases] of Object.entries(PITFALLS))
    test(`${kind}: ${name}`, () => {
      for (const [html, expected] of Object.entries(cases)) {
        const { host } = openCore(kind).page(Buffer.from(html), 'http://page.test/').hosts();
        const found = [...new Set(host)].filter((each) => each !== 'page.test');
        assert.deepEqual(found.sort(), [...expected], html);
      }
    });

/** Host names whose rows are all looked for from neighbouring slots of the core's table, so that they are in each other's way. */
function collidingHosts(count: number): string[] {
  const meaning = MEANINGS.findIndex(({ cause, pull }) => cause === 'a.href' && pull === 'follows');
  const hosts: string[] = [];
  for (let number = 0; hosts.length < count; number++) {
    const host = `h${number.toString(36)}.test`;
    MEMORY.set(Buffer.from(host), layout.SCRATCH);
    const hash = mix(hashRange(layout.SCRATCH, layout.SCRATCH + host.length), meaning);
    if (hash >>> (32 - layout.PAIR_SLOT_BITS) < 64) hosts.push(host);
  }
  return hosts;
}

test('names made to collide are told apart, and only so many are looked at for each', () => {
  const hosts = collidingHosts(2_000);
  const html = [...hosts, ...hosts].map((host) => `<a href=//${host}/>`).join('');
  for (const kind of KINDS) {
    const facts = openCore(kind).page(Buffer.from(html), 'http://page.test/');
    const found = facts.hosts();
    assert.deepEqual([...found.host].sort(), [...hosts].sort(), kind);
    assert.ok(
      found.count.every((count) => count === 2),
      kind,
    );
    const inTable = hosts.filter((_, link) => facts.hostRowOf(link) >= 0).length;
    assert.ok(inTable > 0 && inTable <= 2 * 64, `${kind}: ${inTable} stand in the table`);
  }
});

test('two names of one hash are two hosts', () => {
  const seen = new Map<number, string>();
  for (let number = 0; ; number++) {
    const host = `n${number.toString(36)}.test`;
    MEMORY.set(Buffer.from(host), layout.SCRATCH);
    const hash = hashRange(layout.SCRATCH, layout.SCRATCH + host.length);
    const other: string | undefined = seen.get(hash);
    seen.set(hash, host);
    if (other === undefined) continue;
    for (const kind of KINDS) {
      const html: string = `<a href=//${other}/><a href=//${host}/>`;
      const facts = openCore(kind).page(Buffer.from(html), 'http://page.test/');
      assert.deepEqual(facts.hosts().host, [other, host]);
    }
    return;
  }
});
