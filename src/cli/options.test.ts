import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AditError } from '#model';
import { Command } from 'commander';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { parseDataset, parseMoment, wholeNumber } from './options.ts';
import { addPersonaOptions, personasOf, type PersonaOptions } from './persona-options.ts';

const parse = (...args: string[]): PersonaOptions => {
  const command = addPersonaOptions(new Command().exitOverride().configureOutput({ writeErr: () => {} }));
  return command.parse(args, { from: 'user' }).opts<PersonaOptions>();
};

test('a persona takes overrides; another user agent drops the client hints that would contradict it', () => {
  const [plain] = personasOf(parse());
  assert.equal(plain!.id, 'chrome-windows');
  const args =
    '--user-agent Test/1 --language ko-KR --language en --time-zone Asia/Seoul --viewport 800x600@2 ' +
    '--referrer https://mail.example/ --geolocation 37.5,127';
  const [persona] = personasOf(parse(...args.split(' ')));
  assert.equal(persona!.clientHints, undefined);
  assert.deepEqual(persona!.languages, ['ko-KR', 'en']);
  assert.equal(persona!.timeZone, 'Asia/Seoul');
  assert.deepEqual(persona!.viewport, {
    width: 800,
    height: 600,
    deviceScaleFactor: 2,
    isMobile: false,
    hasTouch: false,
  });
  assert.deepEqual(persona!.geolocation, { latitude: 37.5, longitude: 127, accuracy: 50 });
});

test('several personas come in the order given', () => {
  const ids = personasOf(parse('-p', 'safari-iphone', '-p', 'chrome-windows')).map(({ id }) => id);
  assert.deepEqual(ids, ['safari-iphone', 'chrome-windows']);
});

test('what an option cannot mean is refused', () => {
  for (const args of [
    ['--persona', 'nobody'],
    ['--viewport', 'wide'],
    ['--geolocation', '91,0'],
    ['--time-zone', 'Nowhere/Land'],
  ])
    assert.throws(() => parse(...args), { name: 'CommanderError' }, args.join(' '));
  const number = wholeNumber(1, 16);
  assert.equal(number('16'), 16);
  for (const text of ['0', '17', '1.5', 'x', ''])
    assert.throws(() => number(text), /whole number from 1 to 16/);
  assert.equal(parseMoment('2017-11-17T03:27:29Z'), '2017-11-17T03:27:29Z');
  for (const text of ['yesterday', '2017-13-01', '17.11.2017', ''])
    assert.throws(() => parseMoment(text), /Dates are/);
  assert.throws(() => parseDataset('nothing'), { code: 'unknown-dataset' });
});

test('the exit status tells wrong input from faults', () => {
  const statusOf = (code: string) => exitCodeOf(new AditError(code, ''));
  const wrongInput =
    'seed-empty seed-malformed seed-scheme-unsupported seed-host-invalid bad-date bad-request unknown-project not-found ' +
    'missing-file archive-damaged archive-not-an-archive query-too-broad';
  for (const code of wrongInput.split(' ')) assert.equal(statusOf(code), EXIT.usage, code);
  const faults =
    'store-in-use store-unreachable browser-not-found sandbox-missing bundle-missing server-gone archive-spool-lost ' +
    'not-writable fault';
  for (const code of faults.split(' ')) assert.equal(statusOf(code), EXIT.fault, code);
  assert.equal(exitCodeOf(new TypeError('x')), EXIT.fault);
});
