import type { Bundle, CaptureSource } from '#archive';

/** A kept capture as a crawl reads it: its facts, its bodies, and the documents that its links stand in. */
export function sourceOf(bundle: Bundle): CaptureSource {
  const { capture } = bundle;
  const paths = capture.documents.flatMap(({ loaded, final, text }) => [loaded, final, text]);
  const attachments = new Map(
    paths.flatMap((path) => {
      const bytes = path === undefined ? undefined : bundle.attachment(path);
      return bytes === undefined ? [] : [[path!, bytes] as const];
    }),
  );
  return {
    capture,
    attachments,
    responseBytes: (id) => bundle.rawExchange(id).response?.body,
    requestBytes: (id) => bundle.rawExchange(id).request?.body,
    downloadBytes: (id) => {
      const download = capture.downloads[id];
      return download && bundle.downloadBody(download);
    },
    [Symbol.asyncDispose]: () => bundle[Symbol.asyncDispose](),
  };
}
