import { htmlReply, jsonReply, redirectReply } from '../reply.ts';
import type { TestRequest } from '../site.ts';
import { hostilePage, scripted, type HostilePage } from './hostile-page.ts';

const next = ({ url }: TestRequest) => `/?n=${Number(url.searchParams.get('n') ?? 0) + 1}`;

/** Pages that never stay where they are, or ask for more and more. */
export const navigationPages: readonly HostilePage[] = [
  hostilePage(
    'redirect-chain',
    'Redirects to itself with a new number each time, for ever.',
    (request) => redirectReply(302, next(request)),
    { limit: 'navigations', outcomes: ['redirectLoop'] },
  ),
  hostilePage('redirect-loop', 'Redirects to itself.', redirectReply(301, '/'), {
    limit: 'navigations',
    outcomes: ['redirectLoop'],
  }),
  hostilePage(
    'script-redirect-loop',
    'Moves on by script as soon as it is parsed, for ever.',
    (request) =>
      htmlReply(scripted('Moving', `location.href = ${JSON.stringify(next(request))};`, 'parsing')),
    { limit: 'navigations', outcomes: ['ok', 'redirectLoop'] },
  ),
  hostilePage(
    'meta-refresh-loop',
    'Moves on by meta refresh, for ever.',
    (request) =>
      htmlReply(
        `<!doctype html><title>Refreshing</title><meta http-equiv="refresh" content="0;url=${next(request)}"><p>text`,
      ),
    { limit: 'navigations', outcomes: ['ok', 'redirectLoop'] },
  ),
  hostilePage(
    'history-flood',
    'Pushes states onto the history without pause.',
    scripted(
      'History',
      'let n = 0;\nsetInterval(() => { for (let i = 0; i < 100; i++) try { history.pushState({}, "", "/state/" + n++); } catch {} }, 5);',
    ),
    { limit: 'navigations' },
  ),
  hostilePage(
    'fetch-flood',
    'Sends 7,000 requests.',
    scripted('Requests', 'for (let i = 0; i < 7000; i++) fetch("/answer?" + i).catch(() => {});'),
    { limit: 'requests', routes: { '/answer': jsonReply({ more: true }) } },
  ),
  hostilePage(
    'frames-in-frames',
    'Shows itself in two frames, each of which does the same.',
    (request) => {
      const inner = next(request);
      return htmlReply(
        `<!doctype html><title>Frames</title><p>text<iframe src="${inner}&side=a${request.url.search.length}"></iframe><iframe src="${inner}&side=b${request.url.search.length}"></iframe>`,
      );
    },
    { limit: 'requests' },
  ),
];
