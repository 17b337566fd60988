import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Host } from '#model';
import { sharedService } from './shared-service.ts';

const kindOf = (host: string) => sharedService(host as Host)?.kind; // test names are hosts

test('what sites of all kinds link to, call or load from is known as a service', () => {
  const known = {
    'mc.yandex.ru': 'analytics service',
    't.me': 'messenger',
    'www.twitter.com': 'social network',
    'gist.github.com': 'code host',
    'raw.githubusercontent.com': 'code host',
    'docs.google.com': 'search engine or portal',
    'bit.ly': 'link shortener',
  };
  for (const [host, kind] of Object.entries(known)) assert.equal(kindOf(host), kind, host);
});

test('tenants, and names that merely look like a service’s, are not', () => {
  for (const host of [
    'evil.github.io',
    'evil.blogspot.com',
    'somebody.githubusercontent.com',
    'somebody.typeform.com',
    'notgithub.com',
    't.me.evil.example',
    'paypal.com.evil.example',
    '203.0.113.9',
    'localhost',
  ])
    assert.equal(kindOf(host), undefined, host);
});
