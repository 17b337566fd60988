import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Host } from '#model';
import { vendorOfHost } from './vendor-hosts.ts';

const nameOf = (host: string) => vendorOfHost(host as Host)?.name; // test names are hosts

test('a host that a rule knows a service by is its vendor’s', () => {
  assert.deepEqual(vendorOfHost('mc.yandex.ru' as Host), {
    name: 'Yandex Metrica',
    category: 'Analytics Service',
  });
  const known = {
    'www.google-analytics.com': 'Google Analytics',
    'cdn.jsdelivr.net': 'jsDelivr',
    'connect.facebook.net': 'Meta Pixel',
    'static.hotjar.com': 'Hotjar',
    'api.telegram.org': 'Telegram Bot API',
    'fonts.gstatic.com': 'Google Fonts',
    'a.tile.openstreetmap.org': 'OpenStreetMap', // any host below
    'cdn.tailwindcss.com': 'Tailwind CSS', // a rule without a path
  };
  for (const [host, name] of Object.entries(known)) assert.equal(nameOf(host), name, host);
});

test('a name made to look like a vendor’s host is nobody’s', () => {
  for (const host of [
    'evilgoogletagmanager.com',
    'www.google-analytics.com.evil.example',
    'mc.yandex.ru.evil.example',
    'cdn.tailwindcss.com.evil.example',
    'matomo.evil.example',
    'leaflet.evil.example',
    'cdn.example',
    'data-abcdefg.evil.example', // the shape of an audience meter's name on its customers' own domains
    'xn--bitcoingld-lcb.org',
    '203.0.113.9',
    'localhost',
    'com',
  ])
    assert.equal(nameOf(host), undefined, host);
});

test('the host of a CDN’s or a platform’s customer is the customer’s', () => {
  for (const host of ['d1234abcdefg.cloudfront.net', 'evil.b-cdn.net', 'evil.imgix.net', 'evil.unbounce.com'])
    assert.equal(nameOf(host), undefined, host);
  assert.equal(nameOf('d2wy8f7a9ursnm.cloudfront.net'), 'Bugsnag'); // this customer is a vendor
});
