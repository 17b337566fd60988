import { htmlReply, mergeSites, redirectReply, scriptReply } from '../reply.ts';
import type { Site } from '../site.ts';
import { CONTROL_IDS, controls } from './controls.ts';
import { additions, elements, styles } from './elements.ts';
import { expectCause, HOME, type ExpectedCause, type Fragment } from './fragment.ts';
import { frames } from './frames.ts';
import { MOVING_URL, movingCauses, movingSites } from './moving.ts';
import { REPORTING_POLICY, requests } from './requests.ts';
import { workers } from './workers.ts';

export type { ExpectedCause } from './fragment.ts';

/** A page that uses every way in which the web makes a browser fetch something, with what each request is due to. */
export interface HardPage {
  readonly sites: readonly Site[];
  /** The page itself, by way of two redirects from http. */
  readonly startUrl: string;
  /** A second address to visit: it moves on five times by itself. */
  readonly movingUrl: string;
  /** Ids of the elements of the page to press; all else happens by itself within four seconds, or on scrolling. */
  readonly controls: readonly string[];
  /** Every request of both visits. A URL and method that occur several times have one row. */
  readonly expectedCauses: readonly ExpectedCause[];
  /** Hosts that the page names and that do not exist. */
  readonly missingHosts: readonly string[];
}

/** In the order of the page: what is to be pressed at its top, what waits for scrolling at its end. */
const FRAGMENTS: readonly Fragment[] = [controls, styles, additions, frames, requests, workers, elements];
const BARE_HOST = 'hard.example';

export function hardPage(): HardPage {
  const share = (name: 'head' | 'body') => FRAGMENTS.map((fragment) => fragment[name] ?? '').join('');
  const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A hard page</title>${share('head')}
</head><body><h1>A hard page</h1>${share('body')}
<script src="/main.js"></script></body></html>`;
  const code = FRAGMENTS.map(({ script }) => (script === undefined ? '' : `{${script}\n}\n`)).join('');
  return {
    sites: mergeSites([
      ...FRAGMENTS.flatMap(({ sites }) => sites),
      ...movingSites,
      {
        host: BARE_HOST,
        routes: {
          '/': ({ isTls }) =>
            isTls
              ? redirectReply(301, `https://${HOME}/`, { headers: { 'set-cookie': 'came=bare; Path=/' } })
              : redirectReply(302, `https://${BARE_HOST}/`),
        },
      },
      {
        host: HOME,
        routes: {
          '/': htmlReply(page, {
            headers: {
              'set-cookie': [
                'sid=abc; HttpOnly; Secure; SameSite=Lax; Path=/',
                'lang=en; Path=/; Max-Age=3600',
              ],
              'content-security-policy-report-only': REPORTING_POLICY,
              link: '</preloaded-by-header.css>; rel=preload; as=style',
            },
          }),
          '/main.js': scriptReply(code),
          '/preloaded-by-header.css': { headers: { 'content-type': 'text/css' }, body: 'p { margin: 1px }' },
        },
      },
    ]),
    startUrl: `http://${BARE_HOST}/`,
    movingUrl: MOVING_URL,
    controls: CONTROL_IDS,
    expectedCauses: [
      ...expectCause(undefined, undefined, [`http://${BARE_HOST}/`]),
      ...expectCause('topLevelRedirect', BARE_HOST, [`https://${BARE_HOST}/`, `https://${HOME}/`]),
      ...expectCause('script.src', HOME, ['/main.js']),
      ...expectCause('link.href', HOME, ['/preloaded-by-header.css']),
      ...FRAGMENTS.flatMap(({ expected }) => expected),
      ...movingCauses,
    ],
    missingHosts: ['no-such-host.invalid'],
  };
}
