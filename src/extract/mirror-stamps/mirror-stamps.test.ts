import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parseHost, type Host } from '#model';
import { CaptureFixture } from '../capture-fixture.ts';
import { openContext } from '../context.ts';
import { readPageFacts } from '../marks/page-facts.ts';
import { mhtmlStamp, mirrorStamps, stampsOf, type MirrorStamp } from './index.ts';
import { parseLocalDate } from './local-date.ts';

const CLONE = parseHost('clone.example') as Host; // a literal host

const stamps = (html: string, host: Host = CLONE): MirrorStamp[] =>
  stampsOf(readPageFacts(html, `https://${host}/`), host);

const page = (inside: string): string =>
  `<!DOCTYPE html>\n<html>\n<head>${inside}</head><body><p>x</p></body></html>`;

/** Tool, host, address and time of the only stamp. */
function only(html: string): [string, string, string | undefined, string | undefined] {
  const found = stamps(html);
  assert.equal(found.length, 1, html);
  const { tool, sourceHost, sourceUrl, copiedAt } = found[0]!;
  return [tool, sourceHost, sourceUrl, copiedAt];
}

const mirrored = (address: string, date: string, mark = "XR&CO'2014"): string =>
  `<!-- Mirrored from ${address} by HTTrack Website Copier/3.x [${mark}], ${date} -->`;

describe('HTTrack', () => {
  it('names host, address and second', () => {
    const html = page(`\n${mirrored('electrum.org/', 'Fri, 17 Nov 2017 03:27:29 GMT')}\n`);
    assert.deepEqual(only(html), ['HTTrack', 'electrum.org', 'electrum.org/', '2017-11-17T03:27:29Z']);
  });

  it('reads the address in all the forms of the wild', () => {
    const date = 'Fri, 06 May 2016 10:00:00 GMT';
    for (const [address, host] of [
      ['www.w3schools.com/html/tryit.asp?filename=tryhtml_div_capitals', 'www.w3schools.com'],
      [
        'www.productinfo.schneider-electric.com//portals/ui/Master+Bookmap+Content/17701_MAIN+(bookmap)_0000056628.xml',
        'www.productinfo.schneider-electric.com',
      ],
      ['bigdata.ypart.eu/page/Digitale_Datenerhebung_für_Medienbildung', 'bigdata.ypart.eu'],
      ['127.0.0.1:8098/p/0.html', '127.0.0.1'],
      ['example.org/a path > with blanks by hand', 'example.org'],
      ['https://www.idigic.net/trial/', 'www.idigic.net'],
      ['bücher.example/', 'xn--bcher-kva.example'],
    ] as const) {
      assert.equal(only(page(mirrored(address, date)))[1], host);
      assert.equal(only(page(mirrored(address, date)))[2], address);
    }
  });

  it('reads the marks of all versions', () => {
    for (const mark of [
      "XR&CO'2002",
      "XR&CO'2008",
      "XR&CO'2013",
      "XR&CO'2014",
      "XR&CO'2017",
      'XR&CO',
      'XR&amp;CO',
    ]) {
      const [tool, , , copiedAt] = only(page(mirrored('a.example/', 'Mon, 02 Feb 2015 23:59:59 GMT', mark)));
      assert.deepEqual([tool, copiedAt], ['HTTrack', '2015-02-02T23:59:59Z']);
    }
  });

  it('is read after a server-side preamble, and with other line ends', () => {
    const stamp = mirrored('www.gzsxt.cn/theme/table.jsp', 'Wed, 20 Jan 2016 14:19:04 GMT');
    assert.equal(
      only(`<%@ page contentType="text/html" %>\r\n<html>\r\n${stamp}\r\n</html>`)[1],
      'www.gzsxt.cn',
    );
  });

  it('is no stamp where it is quoted, in a script, or names nobody', () => {
    const stamp = mirrored('a.example/', 'Mon, 02 Feb 2015 23:59:59 GMT');
    for (const html of [
      page(`<textarea>${stamp}</textarea>`),
      page(`<script>var s = "${stamp}"</script>`),
      page(stamp.replaceAll('<', '&lt;')),
      page(mirrored('', 'Mon, 02 Feb 2015 23:59:59 GMT')),
      page('<!-- Added by HTTrack --><!-- /Added by HTTrack -->'),
    ]) {
      assert.deepEqual(stamps(html), []);
    }
  });

  it('keeps a stamp whose date is none', () => {
    assert.deepEqual(only(page(mirrored('a.example/', 'yesterday at noon'))), [
      'HTTrack',
      'a.example',
      'a.example/',
      undefined,
    ]);
  });

  it('shows by its renamed files where the comment was taken out', () => {
    const renamed = (name: string, extension: string, query: string): string =>
      `${name}${createHash('md5').update(query).digest('hex').slice(0, 4)}.${extension}?${query.replaceAll('&', '&amp;')}`;
    const form = '<form action="https://login.bank.example/in"></form>';
    const links = [
      `<link rel="stylesheet" href="css/${renamed('main', 'css', 'v=2')}">`,
      `<a href="${renamed('q', 'html', 'id=1&x=2')}">x</a>`,
    ];
    assert.ok(links[0]!.includes('main5e1f.css?v=2'));
    assert.deepEqual(only(page(links.join('') + form)), [
      'HTTrack',
      'login.bank.example',
      'https://login.bank.example/in',
      undefined,
    ]);
    assert.deepEqual(stamps(page(links[0]! + form)), []);
    assert.deepEqual(stamps(page(links[0]! + links[0]!.replace('main', 'other') + form)), []);
    assert.deepEqual(stamps(page(`<a href="a1234.css?v=2"></a><a href="b1234.css?v=3"></a>${form}`)), []);
  });

  it('counts the earliest time of a page, and keeps every stamp', () => {
    const fixture = new CaptureFixture('https://clone.example/');
    const [head, tail] = ['Thu, 22 Apr 2021 07:14:50 GMT', 'Thu, 22 Apr 2021 07:16:22 GMT'].map((date) =>
      mirrored('themes.pixelstrap.com/bigdeal/admin/', date),
    );
    const exchange = fixture.exchange({
      url: 'https://clone.example/',
      body: `<html>\n${tail}\n<head></head><body>\n${head}\n</body></html>`,
    });
    const [found, ...rest] = mirrorStamps(openContext(fixture.reader()));
    assert.deepEqual(rest, []);
    assert.deepEqual(
      [found?.source, found?.label, found?.target, found?.detail['copiedAt']],
      ['clone.example', 'HTTrack', 'themes.pixelstrap.com', '2021-04-22T07:14:50Z'],
    );
    assert.equal(found?.detail['stamp'], `${tail}\n${head}`);
    assert.deepEqual(found?.evidence, { exchange, line: 4, column: 1, length: head!.length });
  });
});

describe('mark of the web', () => {
  const saved = (address: string, length = address.length): string =>
    page(`<!-- saved from url=(${String(length).padStart(4, '0')})${address} -->`);

  it('names its address', () => {
    const address = 'https://captonebk.com/us/secure/view/?v=Statement';
    assert.deepEqual(only(saved(address)), ['Mark of the Web', 'captonebk.com', address, undefined]);
    assert.equal(only(saved('http://115.28.87.22:8888/finance/Bill.html'))[1], '115.28.87.22');
    assert.equal(only(saved('http://localhost:8080/mango/cart/list.jhtml'))[1], 'localhost');
    assert.equal(
      only(saved('id.sonyentertainmentnetwork.com/signin/'))[1],
      'id.sonyentertainmentnetwork.com',
    );
  });

  it('betrays an address that was changed afterwards', () => {
    const [edited] = stamps(saved('http://fol.zte.com.cn/Boe/Search/MyProposerIndex.aspx', 104));
    assert.equal(edited?.isEdited, true);
    const [genuine] = stamps(saved('http://fol.zte.com.cn/Boe/Search/MyProposerIndex.aspx'));
    assert.equal(genuine?.isEdited, undefined);
  });

  it('is no copy for about:internet, files and bare paths', () => {
    for (const address of ['about:internet', '/', 'file:///C:/Users/x/page.html', './index.html']) {
      assert.deepEqual(stamps(saved(address)), [], address);
    }
    assert.deepEqual(stamps(page('<!-- saved from url=(0013)about:internet -->')), []);
  });
});

describe('page savers', () => {
  it('SingleFile, now and before', () => {
    const comment = (head: string): string =>
      page(
        `<!--\n ${head} \n url: https://www.example.org/a?b=c \n saved date: Sat Jul 11 2020 18:37:39 GMT+0200 (heure d’été d’Europe centrale)\n-->`,
      );
    for (const head of ['Page saved with SingleFile', 'Archive processed by SingleFile']) {
      assert.deepEqual(only(comment(head)), [
        'SingleFile',
        'www.example.org',
        'https://www.example.org/a?b=c',
        '2020-07-11T16:37:39Z',
      ]);
    }
    assert.equal(
      only(page('<!--\n Page saved with SingleFile \n url: https://a.example/ \n-->'))[3],
      undefined,
    );
  });

  it('Save Page WE', () => {
    const metas =
      '<meta name="savepage-url" content="https://www.coinbase.com/signin"><meta name="savepage-date" content="Tue May 18 2021 09:01:02 GMT-0500 (Central Daylight Time)">';
    assert.deepEqual(only(page(metas)), [
      'Save Page WE',
      'www.coinbase.com',
      'https://www.coinbase.com/signin',
      '2021-05-18T14:01:02Z',
    ]);
  });

  it('WebScrapBook: milliseconds in UTC, or an older local time', () => {
    const html = (created: string): string =>
      `<html data-scrapbook-source="https://a.example/x" data-scrapbook-create="${created}"><head></head></html>`;
    assert.deepEqual(only(html('20220120130750123')), [
      'WebScrapBook',
      'a.example',
      'https://a.example/x',
      '2022-01-20T13:07:50.123Z',
    ]);
    const [older] = stamps(html('20220120130750'));
    assert.deepEqual([older?.copiedAt, older?.uncertaintyHours], ['2022-01-20T13:07:50Z', 14]);
  });

  it('monolith', () => {
    const comment = '<!-- Saved from https://a.example/ at 2024-03-01T10:20:30Z using monolith v2.8.1 -->';
    assert.deepEqual(only(`${comment}\n<html></html>`), [
      'monolith',
      'a.example',
      'https://a.example/',
      '2024-03-01T10:20:30Z',
    ]);
    assert.deepEqual(
      stamps('<!-- Saved from local source at 2024-03-01T10:20:30Z using monolith v2.8.1 -->'),
      [],
    );
  });

  it('Cyotek WebCopy: local time of unknown zone', () => {
    const [found] = stamps(
      '<!-- Copied from https://a.example/x by Cyotek WebCopy 1.7.0.600, Thursday, January 20, 2022, 1:07:50 PM -->',
    );
    assert.deepEqual(
      [found?.tool, found?.sourceHost, found?.copiedAt, found?.uncertaintyHours],
      ['Cyotek WebCopy', 'a.example', '2022-01-20T13:07:50Z', 14],
    );
  });

  it('Teleport: the host of most rewritten links', () => {
    const html = page(
      '<a href="b.htm" tppabs="http://www.genuine.example/b.htm">b</a><img src="x.gif" tppabs="http://cdn.example/x.gif"><a href="javascript:if(confirm(%27http://www.genuine.example/big.zip  \n\nThis file was not retrieved by Teleport Pro, because it is too large.%27))window.location=%27x%27">z</a>',
    );
    assert.deepEqual(only(html), [
      'Teleport',
      'www.genuine.example',
      'http://www.genuine.example/b.htm',
      undefined,
    ]);
  });

  it('bazhan.wang: the source is what the page says it is', () => {
    const comment = '<!-- This web page is copied by the "https://bazhan.wang" -->';
    assert.equal(
      only(page(`${comment}<link rel="canonical" href="https://www.genuine.example/">`))[1],
      'www.genuine.example',
    );
    assert.deepEqual(stamps(page(`${comment}<link rel="canonical" href="https://clone.example/">`)), []);
  });

  it('MHTML of Blink and of Internet Explorer', () => {
    const blink = mhtmlStamp(
      'From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/x\r\nSubject: =?utf-8?Q?x?=\r\nDate: Thu, 4 Mar 2021 14:47:19 -0000\r\nMIME-Version: 1.0\r\n\r\n',
    );
    assert.deepEqual(
      [blink?.sourceHost, blink?.sourceUrl, blink?.copiedAt],
      ['a.example', 'https://a.example/x', '2021-03-04T14:47:19Z'],
    );
    const explorer = mhtmlStamp(
      'From: <Saved by Windows Internet Explorer 7>\nSubject: x\nDate: Thu, 4 Mar 2010 15:47:19 +0100\n\n--b\nContent-Type: text/html\nContent-Location: http://b.example/y\n\n',
    );
    assert.deepEqual([explorer?.sourceHost, explorer?.copiedAt], ['b.example', '2010-03-04T14:47:19Z']);
    assert.equal(
      mhtmlStamp('From: Jane <jane@a.example>\nContent-Location: http://b.example/\n\n'),
      undefined,
    );
  });
});

describe('Wayback Machine', () => {
  const closing = (captured: string, retrieved: string): string =>
    `<!--\n     FILE ARCHIVED ON ${captured} AND RETRIEVED FROM THE\n     INTERNET ARCHIVE ON ${retrieved}.\n-->`;
  const image = '<img src="https://web.archive.org/web/20210304144719im_/https://genuine.example/a.png">';

  it('gives the time of the copy, not of the capture', () => {
    const html = page(image) + closing('14:47:19 Mar 04, 2021', '14:48:16 Jul 13, 2025');
    assert.deepEqual(only(html), [
      'Wayback Machine',
      'genuine.example',
      'https://genuine.example/a.png',
      '2025-07-13T14:48:16Z',
    ]);
  });

  it('reads older and localised dates', () => {
    const html = page(image) + closing('8:14:30 Oct 7, 2014', '9:01:02 Okt 20, 2014');
    assert.equal(only(html)[3], '2014-10-20T09:01:02Z');
  });

  it('shows by files that the page loads from there', () => {
    assert.equal(only(page(image + image.replace('a.png', 'b.png')))[1], 'genuine.example');
  });

  it('is no copy where a page only links there, nor in the archive itself', () => {
    assert.deepEqual(
      stamps(page('<a href="https://web.archive.org/web/2021/https://genuine.example/">1</a>'.repeat(3))),
      [],
    );
    assert.deepEqual(stamps(page(image + image), parseHost('web.archive.org')), []);
  });
});

describe('residue', () => {
  it('wget keeps queries in file names', () => {
    const html = page(
      '<link rel="canonical" href="https://genuine.example/"><link rel="stylesheet" href="main.css%3Fv=2.css"><a href="q%3Fid=1&amp;x=2.html">x</a>',
    );
    assert.deepEqual(only(html), ['wget', 'genuine.example', 'https://genuine.example/', undefined]);
    assert.deepEqual(
      stamps(
        page(
          '<link rel="canonical" href="https://genuine.example/"><a href="https://x.example/?u=a%3Fb.html">x</a>',
        ),
      ),
      [],
    );
  });

  it('a base of another site', () => {
    assert.deepEqual(only(page('<base href="https://login.genuine.example/"/>')), [
      'Document base',
      'login.genuine.example',
      'https://login.genuine.example/',
      undefined,
    ]);
    assert.deepEqual(stamps(page('<base href="https://www.clone.example/"/>')), []);
    assert.deepEqual(stamps(page('<base href="/app/">')), []);
  });
});

describe('parseLocalDate', () => {
  for (const [text, expected] of [
    ['Thursday, January 20, 2022, 1:07:50 PM', '2022-01-20T13:07:50'],
    ['11 August, 2019, 8:36:12 AM', '2019-08-11T08:36:12'],
    ['martes, 28 de julio de 2020, 02:30:35 a.m', '2020-07-28T02:30:35'],
    ['martes, 28 de julio de 2020, 02:30:35 p. m.', '2020-07-28T14:30:35'],
    ['Donnerstag, 20. Januar 2022, 13:07:50', '2022-01-20T13:07:50'],
    ['Mittwoch, 2. März 2022, 09:07:50', '2022-03-02T09:07:50'],
    ['jeudi 1 décembre 2022, 13:07:50', '2022-12-01T13:07:50'],
    ['quinta-feira, 20 de janeiro de 2022, 13:07:50', '2022-01-20T13:07:50'],
    ['giovedì 20 gennaio 2022, 13:07:50', '2022-01-20T13:07:50'],
    ['20 января 2022 г., 13:07:50', '2022-01-20T13:07:50'],
    ['20 Ağustos 2022 Perşembe, 13:07:50', '2022-08-20T13:07:50'],
    ['2022年1月20日, 13:07:50', '2022-01-20T13:07:50'],
    ['2022年1月20日, 下午 1:07:50', '2022-01-20T13:07:50'],
    ['Monday, January 3, 2022, 12:00:00 AM', '2022-01-03T00:00:00'],
  ] as const) {
    it(text, () => {
      assert.equal(new Date(parseLocalDate(text) ?? Number.NaN).toISOString().slice(0, 19), expected);
    });
  }

  it('takes no date that is none', () => {
    for (const text of [
      '',
      'January',
      '20 Smarch 2022, 13:07:50',
      'January 20, 2022',
      'January 40, 2022, 13:07:50',
      '1:2:3',
    ]) {
      assert.equal(parseLocalDate(text), undefined, text);
    }
  });
});

describe('real mirrors', () => {
  const folder = join(
    process.env['ADIT_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'),
    'copies/httrack',
  );
  const isThere = existsSync(folder);

  it(
    'every page that HTTrack copied has its two stamps',
    { skip: !isThere && 'copies/httrack of the shared data is absent' },
    () => {
      const pairs = readFileSync(join(folder, 'pairs.tsv'), 'utf8').trim().split('\n').slice(1);
      const names = readdirSync(folder).filter((name) => name.endsWith('.html.gz'));
      assert.equal(pairs.length, names.length);
      for (const pair of pairs) {
        const [name] = pair.split('\t') as [string, string]; // two columns
        const html = gunzipSync(readFileSync(join(folder, name))).toString('utf8');
        const found = stamps(html).filter(({ tool }) => tool === 'HTTrack');
        assert.deepEqual(
          found.map(({ sourceHost }) => sourceHost),
          ['127.0.0.1', '127.0.0.1'],
          name,
        );
        for (const { copiedAt, sourceUrl } of found) {
          assert.match(copiedAt ?? '', /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
          assert.match(sourceUrl ?? '', /^127\.0\.0\.1:\d+\/p\/\d+\.html$/);
        }
      }
    },
  );
});
