import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { profileOf, readerOfPage } from '#extract';
import { parseHost } from '#model';
import { judge, Percolator, signPage } from '#similar';
import { hasRealPages } from '../src/extract/core/oracle-fixture.ts';
import { dataFolder, falsePairs, hasCopies, mirrored, originals, recallByMutation } from './copy-quality.ts';

const skip = hasRealPages && hasCopies ? false : 'the collected pages are absent (ADIT_DATA)';

describe('copies of real pages', { skip }, () => {
  it('are found through the index whatever was done to them', () => {
    const pages = originals(17);
    assert.ok(pages.length > 40);
    // Of some four dozen pages two may be missed; the bench measures all of them.
    for (const [name, { found, missed }] of recallByMutation(pages, 5))
      assert.ok(found >= 0.93, `${name}: missed ${missed.join(', ')}`);
  });

  it('are not seen in the pages of other owners', () => {
    const { pairs, wrong } = falsePairs(originals(3));
    assert.ok(pairs > 30_000);
    assert.ok(wrong.length <= 1, JSON.stringify(wrong));
  });

  it('made by HTTrack find their original first, and are dated', () => {
    const { pairs, first, dated, missed } = mirrored(6);
    assert.ok(pairs >= 15);
    assert.deepEqual({ first, dated, missed }, { first: pairs, dated: pairs, missed: [] });
  });
});

describe('stamps that were seen on innocent pages', { skip }, () => {
  const text = readFileSync(join(dataFolder, 'copies/stamps-seen.md'), 'utf8');
  const named = [...text.matchAll(/(?:^|; )((?:[a-z0-9-]+\.)+[a-z]{2,})(\/\S*)?/gm)].map(
    ([, host, path = '/']) => `${host}${path.replaceAll('...', 'x')}`,
  );

  it('make no copy of whom they name', () => {
    assert.ok(named.length > 15, named.join(' '));
    const real = originals(31);
    const index = new Percolator();
    const profile = (html: string, url: string) => profileOf(readerOfPage(Buffer.from(html), { url }))!;
    // Real pages stand for those whom stamps name, others for the pages that bear them.
    const half = real.length >> 1;
    const pages = named.map((source, number) => {
      const owner = parseHost(source.split('/')[0]!)!;
      const genuine = real[number % half]!;
      const reference = { ...profile(genuine.html, `https://${source}`), owned: [owner] };
      index.add(reference);
      const stamp = `<!-- Mirrored from ${source} by HTTrack Website Copier/3.x [XR&CO'2014], Mon, 08 Jun 2021 10:11:12 GMT -->`;
      const { html } = real[half + (number % half)]!;
      return { reference, page: signPage(profile(stamp + html, `https://shop${number}.example/`)) };
    });
    for (const { reference, page } of pages) {
      assert.equal(page.stamps[0]?.sourceHost, reference.host, reference.url);
      const verdict = judge(page, signPage(reference));
      assert.deepEqual([verdict.isCopy, verdict.level], [false, 'LOW'], `${page.url} and ${reference.url}`);
      assert.deepEqual(index.query(page), []);
    }
  });

  it('are none where a page only quotes them, or says about:internet', () => {
    const quoted = `&lt;!-- Mirrored from bank.example/ by HTTrack Website Copier/3.x [XR&amp;CO'2014], Fri, 10 Nov 2017 14:47:19 GMT --&gt;`;
    for (const left of ['<!-- saved from url=(0014)about:internet -->', `<pre>${quoted}</pre>`]) {
      const page = profileOf(
        readerOfPage(Buffer.from(`<html>${left}<p>How to copy sites</p></html>`), {
          url: 'https://manual.example/',
        }),
      )!;
      assert.deepEqual(page.stamps, [], left);
    }
  });
});
