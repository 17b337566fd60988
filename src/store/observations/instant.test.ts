import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInstant } from './instant.ts';

test('instants are read as Date.parse reads them, and what is none as none', () => {
  const texts = [
    '2017-11-17T03:27:29.123Z',
    '2017-11-17T23:59:59.999Z',
    '2017-11-17T24:00:00.000Z',
    '2016-02-29T00:00:00.000Z',
    '2017-02-30T00:00:00.000Z',
    '2017-13-01T00:00:00.000Z',
    '1969-12-31T23:59:59.999Z',
    '2017-11-17T03:27:61.123Z',
    '2017-11-17T03:27:29Z',
    '2017-11-17T03:27:29.123+01:00',
    '2017-11-17',
    '2017-11-17T0a:27:29.123Z',
    '2017-11-17T03-27-29.123Z',
    'xxxx-xx-xxTxx:xx:xx.xxxZ',
    '',
  ];
  for (const text of [...texts, ...texts.toReversed()])
    assert.ok(Object.is(parseInstant(text), Date.parse(text)), `${text}: ${parseInstant(text)}`);
});
