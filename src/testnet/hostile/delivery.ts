import { noise, png } from '../asset.ts';
import { fileReply, htmlReply } from '../reply.ts';
import { endlessly, hostilePage, repeated, streamed, type HostilePage } from './hostile-page.ts';

const SPACES = Buffer.alloc(1024 * 1024, ' ');
const NOISE = noise(64 * 1024, 1);
const HTTP1 = { protocols: ['http/1.1'] } as const;
const PARAGRAPHS = Buffer.from('<p>There is always more of this page.</p>\n'.repeat(400));
const ENDLESS_FILE = streamed(
  'application/octet-stream',
  endlessly(() => NOISE),
  {
    headers: { 'content-disposition': 'attachment; filename="endless.bin"' },
  },
);

/** Answers that are endless, slow, swollen, broken or no HTTP at all. */
export const deliveryPages: readonly HostilePage[] = [
  hostilePage(
    'endless-page',
    'Sends HTML without end, as fast as it is read.',
    streamed(
      'text/html',
      endlessly((index) => (index === 0 ? '<!doctype html><title>Endless</title>' : PARAGRAPHS)),
    ),
    { limit: 'bodyBytes', outcomes: ['ok', 'tooLarge', 'crashed'] },
  ),
  hostilePage(
    'ten-gigabytes',
    'Announces a page of ten gigabytes and sends it.',
    streamed('text/html', repeated(SPACES, 10_240), {
      headers: { 'content-length': String(10 * 1024 ** 3) },
    }),
    { limit: 'bodyBytes', outcomes: ['ok', 'tooLarge', 'crashed'] },
  ),
  hostilePage(
    'endless-download',
    'Starts a download that never ends.',
    '<!doctype html><title>Download</title><p>Your download starts.<script>location.href = "/file";</script>',
    { limit: 'downloadBytes', routes: { '/file': ENDLESS_FILE } },
  ),
  hostilePage('endless-file', 'Is itself a download that never ends.', ENDLESS_FILE, {
    limit: 'downloadBytes',
    outcomes: ['notAPage', 'tooLarge'],
  }),
  hostilePage(
    'download-flood',
    'Starts fifty downloads.',
    `<!doctype html><title>Downloads</title>${Array.from({ length: 50 }, (_, index) => `<iframe src="/file?${index}"></iframe>`).join('')}`,
    {
      limit: 'downloads',
      routes: {
        '/file': fileReply('application/octet-stream', NOISE, {
          headers: { 'content-disposition': 'attachment; filename="one-of-many.bin"' },
        }),
      },
    },
  ),
  hostilePage(
    'endless-image',
    'Shows a picture that never ends.',
    '<!doctype html><title>Picture</title><p>A picture:<img src="/picture.png" alt="">',
    {
      limit: 'bytesDown',
      routes: {
        '/picture.png': streamed(
          'image/png',
          endlessly((index) => (index === 0 ? png(1) : NOISE)),
        ),
      },
    },
  ),
  hostilePage(
    'no-answer',
    'Takes the request and never answers.',
    { fault: 'hang' },
    {
      limit: 'loadMs',
      outcomes: ['timeout'],
    },
  ),
  hostilePage(
    'byte-a-second',
    'Sends its page one byte a second.',
    streamed('text/html', Array.from('<!doctype html><title>Slow</title>'.repeat(100)), {
      chunkDelayMs: 1000,
    }),
    { limit: 'loadMs', outcomes: ['ok', 'timeout'] },
  ),
  hostilePage(
    'gzip-bomb',
    'Is 300 KB of gzip that unfold to 300 MB of HTML.',
    streamed('text/html', repeated(SPACES, 300), { encoding: 'gzip' }),
    { limit: 'decodedBodyBytes', outcomes: ['ok', 'tooLarge'] },
  ),
  hostilePage(
    'brotli-bomb',
    'Is a few kilobytes of Brotli that unfold to 1 GB.',
    '<!doctype html><title>Brotli</title><script>fetch("/bomb").then((answer) => answer.blob());</script><p>text',
    {
      limit: 'decodedBodyBytes',
      routes: { '/bomb': streamed('application/octet-stream', repeated(SPACES, 1024), { encoding: 'br' }) },
    },
  ),
  hostilePage(
    'huge-header',
    'Answers with a header field of 300 KB.',
    htmlReply('<p>page', { headers: { 'x-huge': 'h'.repeat(300 * 1024) } }),
    { ...HTTP1, limit: 'headerBytes', outcomes: ['protocolFault', 'failed', 'tooLarge'] },
  ),
  hostilePage(
    'garbage',
    'Answers with bytes that are no HTTP.',
    { fault: 'garbage' },
    { ...HTTP1, outcomes: ['protocolFault'] },
  ),
  hostilePage(
    'reset',
    'Resets the connection instead of answering.',
    { fault: 'reset' },
    { outcomes: ['connectionFailure'] },
  ),
  hostilePage(
    'cut-page',
    'Announces a page, sends half of it and closes.',
    htmlReply(`<!doctype html><title>Cut</title>${'<p>half of this arrives'.repeat(500)}`, {
      fault: 'cut',
      encoding: 'identity',
    }),
    { ...HTTP1, outcomes: ['ok', 'protocolFault', 'connectionFailure'] },
  ),
  hostilePage(
    'wrong-length',
    'Announces ten bytes and sends many more.',
    htmlReply('<!doctype html><title>Wrong length</title><p>longer than announced', {
      headers: { 'content-length': '10' },
      encoding: 'identity',
    }),
    { ...HTTP1, outcomes: ['ok', 'protocolFault'] },
  ),
  hostilePage(
    'false-encoding',
    'Says that its page is gzip, which it is not.',
    htmlReply('<!doctype html><title>Not gzip</title>', { headers: { 'content-encoding': 'gzip' } }),
    { outcomes: ['protocolFault', 'failed'] },
  ),
  hostilePage('no-page', 'Is a program, and no page.', fileReply('application/x-msdownload', NOISE), {
    outcomes: ['notAPage'],
  }),
];
