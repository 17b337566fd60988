import { png } from '../asset.ts';
import { htmlReply, jsonReply, pngReply, scriptReply } from '../reply.ts';
import type { Site } from '../site.ts';
import { expectCause, TRACKER, type ExpectedCause } from './fragment.ts';

const HOSTS = [
  'moving.example',
  'moving-2.example',
  'moving-3.example',
  'moving-4.example',
  'moving-5.example',
] as const;
const [FIRST, SECOND, THIRD, FOURTH, LAST] = HOSTS;

/**
 * A page that does not stay: script, meta refresh, Refresh header and a form sent by script lead on, each quickly, with
 * requests still under way and a beacon on leaving.
 */
export const MOVING_URL = `https://${FIRST}/`;

export const movingSites: readonly Site[] = [
  {
    host: FIRST,
    routes: {
      '/': htmlReply(`<!doctype html><title>Moving</title><script src="/loader.js"></script><img src="/image.png" alt="">
<script>addEventListener("pagehide", () => navigator.sendBeacon("https://${TRACKER}/moved", "leaving"));
setTimeout(() => location.replace("https://${SECOND}/landing"), 150);</script>`),
      '/loader.js': scriptReply('fetch("/track?x=1").then((answer) => answer.text());'),
      '/track': jsonReply({ tracked: true }),
      '/image.png': pngReply(png(100)),
    },
  },
  {
    host: SECOND,
    routes: {
      '/landing': htmlReply(
        `<!doctype html><meta http-equiv="refresh" content="0;url=https://${THIRD}/next"><img src="/image.png" alt="">`,
      ),
      '/image.png': pngReply(png(101)),
    },
  },
  {
    host: THIRD,
    routes: {
      '/next': htmlReply('<!doctype html><p>on to the next', {
        headers: { refresh: `0; url=https://${FOURTH}/form` },
      }),
    },
  },
  {
    host: FOURTH,
    routes: {
      '/form': htmlReply(
        `<!doctype html><form action="https://${LAST}/end" method="post"><input name="token" value="t"></form><script>document.forms[0].submit();</script>`,
      ),
    },
  },
  {
    host: LAST,
    routes: {
      '/end': htmlReply('<!doctype html><title>The end</title><h1>End</h1><img src="/image.png" alt="">'),
      '/image.png': pngReply(png(102)),
    },
  },
  { host: TRACKER, routes: { '/moved': { status: 204 } } },
];

export const movingCauses: readonly ExpectedCause[] = [
  ...expectCause(undefined, undefined, [MOVING_URL]),
  ...expectCause('script.src', FIRST, [`${MOVING_URL}loader.js`]),
  ...expectCause('img.src', FIRST, [`${MOVING_URL}image.png`]),
  ...expectCause('fetch', FIRST, [`${MOVING_URL}track?x=1`]),
  ...expectCause('beacon', FIRST, [`https://${TRACKER}/moved`], { method: 'POST' }),
  ...expectCause('topLevelRedirect', FIRST, [`https://${SECOND}/landing`]),
  ...expectCause('img.src', SECOND, [`https://${SECOND}/image.png`], { isOptional: true }),
  ...expectCause('meta.refresh', SECOND, [`https://${THIRD}/next`]),
  ...expectCause('location.refresh', THIRD, [`https://${FOURTH}/form`]),
  ...expectCause('form.action', FOURTH, [`https://${LAST}/end`], { method: 'POST' }),
  ...expectCause('img.src', LAST, [`https://${LAST}/image.png`]),
  ...HOSTS.flatMap((host) =>
    expectCause('link.href', host, [`https://${host}/favicon.ico`], { isOptional: true }),
  ),
];
