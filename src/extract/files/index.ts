/**
 * Files: what a host served that is no page: downloads, and the bodies of scripts, images, archives and all else.
 * Bodies that were cut, or whose coding could not be undone, have no digest worth looking up and are left out.
 */
import { hostOfUrl, type Body, type Download, type Host, type Observation } from '#model';
import type { ExtractContext, ResponseView } from '../context.ts';
import { dispositionName, urlName } from './file-name.ts';

export { dispositionName, urlName } from './file-name.ts';

const PAGE_TYPES = new Set(['text/html', 'application/xhtml+xml']);

/** Observations of the dataset `files`. */
export function files(context: ExtractContext): Observation[] {
  const { capture } = context;
  const downloaded = new Set(capture.downloads.map(({ exchange }) => exchange));
  const pages = new Set(context.pages().map(({ exchange }) => exchange?.id));
  const observations = capture.downloads.flatMap((download) => ofDownload(context, download));
  for (const view of context.responses()) {
    if (downloaded.has(view.exchange.id) || pages.has(view.exchange.id)) continue;
    observations.push(...ofResponse(context, view));
  }
  return observations;
}

function ofDownload(context: ExtractContext, download: Download): Observation[] {
  const { capture } = context;
  const { file, url, state, suggestedName } = download;
  const exchange = download.exchange === undefined ? undefined : capture.exchanges[download.exchange];
  const host = hostOfUrl(url.replace(/^blob:/, '')) ?? frameHost(context, download) ?? hostOfUrl(capture.url);
  if (file === undefined || host === undefined || state !== 'completed' || !isWhole(file)) return [];
  const view = exchange === undefined ? undefined : context.response(exchange);
  const name = suggestedName === '' ? urlName(url) : suggestedName;
  return [
    context.observe('files', {
      source: host,
      label: exchange === undefined ? 'blob' : 'download',
      target: file.sha256,
      detail: { ...facts(file), url: url.slice(0, 4_096), name, mediaType: view?.mediaType },
      evidence: {
        ...(exchange !== undefined && { exchange: exchange.id }),
        ...(download.step !== undefined && { step: download.step }),
      },
    }),
  ];
}

function frameHost({ capture }: ExtractContext, { frame }: Download): Host | undefined {
  const document = capture.documents.findLast((candidate) => candidate.frame === frame);
  return document === undefined ? undefined : hostOfUrl(document.url);
}

function ofResponse(
  context: ExtractContext,
  { exchange, response, host, url, header, mediaType }: ResponseView,
): Observation[] {
  const { body, status } = response;
  const isAnswer = status >= 200 && status < 300 && status !== 206;
  if (!isAnswer || body === undefined || body.sizeBytes === 0 || !isWhole(body)) return [];
  if (mediaType !== undefined && PAGE_TYPES.has(mediaType)) return [];
  const name = dispositionName(header('content-disposition')) ?? urlName(url);
  return [
    context.observe('files', {
      source: host,
      label: 'response',
      target: body.sha256,
      detail: { ...facts(body), url, name, mediaType },
      evidence: { exchange: exchange.id },
    }),
  ];
}

const isWhole = (body: Body): boolean => body.truncated === undefined && body.decodeFault === undefined;

function facts({ sizeBytes, sha1, md5, magic }: Body): {
  sizeBytes: number;
  sha1: string;
  md5: string;
  magic: string | undefined;
} {
  return { sizeBytes, sha1, md5, magic };
}
