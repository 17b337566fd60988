import { hostOfUrl, nothingListed, sha256, type Capture, type CaptureReader, type Exchange } from '#model';

/** Where a file's page is taken to lie when nobody says. */
export const NOWHERE = 'http://file.invalid/';
const EPOCH = '1970-01-01T00:00:00.000Z';
const NOBODY: Capture['persona'] = {
  id: 'none',
  title: 'Nobody',
  userAgent: '',
  platform: '',
  languages: ['en'],
  timeZone: 'UTC',
  viewport: { width: 1, height: 1, deviceScaleFactor: 1, isMobile: false, hasTouch: false },
};

/**
 * One HTML file as a capture of one exchange, so that whatever reads captures reads it, too. Of the page's address it
 * believes what it is told; else the page lies on the reserved host `file.invalid`.
 */
export function readerOfPage(
  bytes: Uint8Array,
  options: { readonly url?: string | undefined; readonly contentType?: string | undefined } = {},
): CaptureReader {
  const url = options.url !== undefined && hostOfUrl(options.url) !== undefined ? options.url : NOWHERE;
  const exchange: Exchange = {
    id: 0,
    url,
    method: 'GET',
    startedAt: EPOCH,
    request: { headers: [] },
    response: {
      status: 200,
      statusText: 'OK',
      headers: [['content-type', options.contentType ?? 'text/html']],
      body: {
        sizeBytes: bytes.length,
        encodedSizeBytes: bytes.length,
        sha256: sha256(bytes),
        sha1: '',
        md5: '',
      },
    },
    source: 'http',
    isMainFrame: true,
  };
  const capture: Capture = {
    ...nothingListed(),
    version: 1,
    id: '00000000-0000-7000-8000-000000000000',
    software: 'adit',
    url,
    finalUrl: url,
    lane: 'http',
    persona: NOBODY,
    startedAt: EPOCH,
    finishedAt: EPOCH,
    outcome: { kind: 'ok' },
    exchanges: [exchange],
  };
  return {
    capture,
    responseBody: ({ id }) => (id === 0 ? bytes : undefined),
    requestBody: () => undefined,
    downloadBody: () => undefined,
    attachment: () => undefined,
  };
}
