import type { SeenDocument } from '../record/frames.ts';
import type { Recorder } from '../record/recorder.ts';
import type { Target } from '../record/targets.ts';

const FETCH_MS = 3_000;
const FIND = `(() => {
  const links = [...document.querySelectorAll('link[rel~="icon" i]')];
  return links[0]?.href || new URL('/favicon.ico', location.href).href;
})()`;

/**
 * Asks for the page's icon through the page's own network, unless the browser has: the headless shell never does, and
 * other browsers remember for good which icon was not there.
 */
export async function fetchFavicon(
  { worlds, requests }: Recorder,
  page: Target,
  { frame }: SeenDocument,
): Promise<void> {
  const url = await worlds.evaluate(frame, FIND, FETCH_MS);
  if (typeof url !== 'string' || !/^https?:/.test(url)) return;
  if (requests.requests.some((request) => request.url === url)) return;
  const answer = await page.session.attempt(
    'Network.loadNetworkResource',
    { frameId: frame, url, options: { disableCache: false, includeCredentials: true } },
    FETCH_MS,
  );
  const handle = answer?.resource.stream;
  if (handle === undefined) return;
  for (let isWhole = false; !isWhole;) {
    const part = await page.session.attempt('IO.read', { handle }, FETCH_MS);
    isWhole = part?.eof !== false;
  }
  await page.session.attempt('IO.close', { handle });
}
