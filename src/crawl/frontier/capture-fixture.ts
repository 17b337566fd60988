import {
  CAPTURE_VERSION,
  nothingListed,
  sha256,
  type Capture,
  type CaptureReader,
  type Persona,
} from '#model';

/** What matters of a capture in tests of crawls and comparisons; all else is empty. */
export interface FixtureCapture {
  readonly url?: string;
  readonly persona?: Partial<Persona>;
  readonly html?: string;
  readonly outcome?: Capture['outcome'];
  readonly status?: number;
  /** Addresses of the main frame, the first being `url`; the last one is the page. */
  readonly way?: readonly string[];
  /** Other addresses asked for. */
  readonly requests?: readonly { readonly url: string; readonly resourceType: string }[];
  /** Contents of downloaded files. */
  readonly downloads?: readonly string[];
}

export const DESKTOP: Persona = {
  id: 'desktop',
  title: 'desktop',
  userAgent: 'Desktop/1.0',
  platform: 'Win32',
  languages: ['en-US', 'en'],
  timeZone: 'America/New_York',
  viewport: { width: 1366, height: 768, deviceScaleFactor: 1, isMobile: false, hasTouch: false },
};
export const PHONE: Persona = {
  ...DESKTOP,
  id: 'phone',
  platform: 'iPhone',
  viewport: { width: 390, height: 844, deviceScaleFactor: 3, isMobile: true, hasTouch: true },
};
export const GERMAN: Persona = { ...DESKTOP, id: 'german', languages: ['de-DE', 'de'] };

/** A capture as a reader would find it, made of these few facts. */
export function fixtureCapture(given: FixtureCapture): CaptureReader {
  const {
    url = 'http://site.example/',
    html = '',
    outcome = { kind: 'ok' },
    downloads = [],
    requests = [],
  } = given;
  const way = given.way ?? [url];
  const at = '2017-11-20T12:00:00.000Z';
  const digests = (text: string) => ({
    sizeBytes: text.length,
    encodedSizeBytes: text.length,
    sha256: sha256(text),
    sha1: '',
    md5: '',
  });
  const isAnswered = outcome.kind !== 'timeout' && outcome.kind !== 'dnsFailure';
  const documents = way.map((address, id) => {
    const isLast = id === way.length - 1;
    return exchangeOf(
      id,
      address,
      'Document',
      isAnswered
        ? { status: isLast ? (given.status ?? 200) : 302, body: isLast ? digests(html) : undefined }
        : undefined,
    );
  });
  const others = requests.map((request, index) =>
    exchangeOf(way.length + index, request.url, request.resourceType, { status: 200 }),
  );
  const page = documents.at(-1)!;
  const capture: Capture = {
    version: CAPTURE_VERSION,
    id: `capture-${sha256(JSON.stringify(given)).slice(0, 12)}`,
    software: 'test',
    url,
    lane: 'browser',
    persona: { ...DESKTOP, ...given.persona },
    startedAt: at,
    finishedAt: at,
    ...nothingListed(),
    outcome,
    finalUrl: page.url,
    exchanges: [...documents, ...others],
    documents: isAnswered
      ? [
          {
            id: 0,
            url: page.url,
            frame: 'main',
            isMainFrame: true,
            title: /<title>(.*?)<\/title>/.exec(html)?.[1],
            exchange: page.id,
          },
        ]
      : [],
    downloads: downloads.map((text, id) => ({
      id,
      url,
      suggestedName: 'file',
      state: 'completed',
      file: digests(text),
    })),
  };
  return {
    capture,
    responseBody: ({ id }) => (id === page.id && isAnswered ? Buffer.from(html) : undefined),
    requestBody: () => undefined,
    downloadBody: () => undefined,
    attachment: () => undefined,
  };
}

function exchangeOf(
  id: number,
  url: string,
  resourceType: string,
  response:
    | { status: number; body?: NonNullable<Capture['exchanges'][number]['response']>['body'] }
    | undefined,
): Capture['exchanges'][number] {
  return {
    id,
    url,
    method: 'GET',
    startedAt: '2017-11-20T12:00:00.000Z',
    source: 'wire',
    request: { headers: [] },
    response: response && {
      statusText: '',
      headers: [['content-type', 'text/html; charset=utf-8']],
      ...response,
    },
    resourceType,
    frame: 'main',
    isMainFrame: true,
  };
}
