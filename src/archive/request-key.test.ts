import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getSurt, postToGetUrl } from 'warcio';
import { SourceFixture } from './capture-source-fixture.ts';
import { requestKey } from './request-key.ts';
import { toSurt } from './surt.ts';

const requestOf = ({ capture }: SourceFixture): Parameters<typeof requestKey>[1] => {
  const { method, request } = capture.exchanges[0]!;
  return { method, headers: request.headers };
};

const BODIES: readonly (readonly [type: string, body: string])[] = [
  ['application/x-www-form-urlencoded', 'user=a%20b&pass=%C3%A4&x'],
  [
    'application/json',
    '{"type":"event","id":44.0,"values":[true,false,null,""],"source":{"type":"c","id":"a+b&c= d"}}',
  ],
  ['application/json', 'not json'],
  ['text/plain; charset=utf-8', '{"a":1}'],
  ['text/plain', 'hello'],
  ['application/octet-stream', '\0\x01\xff'],
  [
    'multipart/form-data; boundary=--xyz',
    '----xyz\r\nContent-Disposition: form-data; name="q"\r\n\r\nv 1\r\n----xyz--\r\n',
  ],
  ['', ''],
  ['text/xml', `<a>${'x'.repeat(10_000)}</a>`],
];

for (const [type, body] of BODIES) {
  test(`a POST of ${type || 'nothing'} ${body.slice(0, 10)} has the key that warcio gives it`, () => {
    for (const url of ['https://example.org/api', 'https://example.org/api?x=1']) {
      const bytes = Buffer.from(body, 'latin1');
      const source = new SourceFixture();
      source.exchange({ url, method: 'POST', requestHeaders: [['Content-Type', type]], requestBody: bytes });
      const expected = {
        url,
        method: 'POST',
        headers: new Headers({ 'content-type': type }),
        postData: bytes,
      };
      postToGetUrl(expected, 4096);
      const key = requestKey(url, requestOf(source), bytes);
      assert.equal(key.url, expected.url);
      assert.equal(key.requestBody ?? '', (expected as { requestBody?: string }).requestBody ?? '');
    }
  });
}

test('a GET is its URL', () => {
  const source = new SourceFixture();
  source.exchange({ url: 'https://example.org/' });
  assert.deepEqual(requestKey('https://example.org/', requestOf(source), undefined), {
    url: 'https://example.org/',
  });
});

test('sort keys are those of warcio', () => {
  for (const url of [
    'https://www.Example.org/Path?b=2&a=1',
    'http://www2.example.co.uk:8080/',
    'https://xn--bitcingold-hcb.org/a/b/?',
    'http://192.0.2.1/x',
    'http://[2001:db8::1]:81/x?y',
    'blob:https://example.org/1',
    'https://example.org/?q=%20&&z',
  ]) {
    assert.equal(toSurt(url), getSurt(url), url);
  }
});
