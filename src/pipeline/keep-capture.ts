import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openBundle, writeBundle, type CaptureSource } from '#archive';
import { extractObservations, profileOf } from '#extract';
import type { Capture, LimitReached, Observation, Sha256 } from '#model';
import { hostOfUrl } from '#model';
import { signPage, type PageSignature } from '#similar';

/** A capture whose bundle is on disk, with the observations that follow from it. */
export interface KeptCapture {
  readonly bundle: string;
  readonly sha256: Sha256;
  readonly sizeBytes: number;
  readonly capture: Capture;
  readonly observations: readonly Observation[];
  /** Signature of the page that it ended on; undefined where it holds none. */
  readonly page: PageSignature | undefined;
  /** Limits that the extraction reached; the capture's own stand in `capture.limits`. */
  readonly extractionLimits: readonly LimitReached[];
}

/**
 * Writes the bundle and derives the observations from it.
 * `byHash`: below `folder`, at `ab/abcd….wacz` by the SHA-256 of the bundle. `byName`: in `folder`, under time, host and persona.
 */
export async function keepCapture(
  source: CaptureSource,
  folder: string,
  naming: 'byHash' | 'byName',
): Promise<KeptCapture> {
  await mkdir(folder, { recursive: true });
  const named = join(folder, `${readableName(source.capture)}.wacz`);
  const { sha256, sizeBytes } = await writeBundle(source, named);
  const path = naming === 'byName' ? named : bundlePath(folder, sha256);
  if (path !== named) {
    await mkdir(dirname(path), { recursive: true });
    await rename(named, path);
  }
  return { ...(await readCapture(path)), sha256, sizeBytes };
}

/** Where the bundle of that hash lies below `folder`. */
export function bundlePath(folder: string, sha256: string): string {
  return join(folder, sha256.slice(0, 2), `${sha256}.wacz`);
}

/** Opens a bundle and derives its observations. */
export async function readCapture(path: string): Promise<Omit<KeptCapture, 'sha256' | 'sizeBytes'>> {
  await using bundle = await openBundle(path);
  const { observations, limits } = extractObservations(bundle);
  const profile = bundle.capture.outcome.kind === 'ok' ? profileOf(bundle) : undefined;
  return {
    bundle: path,
    capture: bundle.capture,
    observations,
    page: profile === undefined ? undefined : signPage(profile),
    extractionLimits: limits,
  };
}

/** A capture's name for people, without ending: letters, digits, dots and hyphens only. */
export function readableName(capture: Capture): string {
  const time = capture.startedAt.replace(/[-:]|\.\d+/g, '');
  const host = (hostOfUrl(capture.url) ?? 'unknown').replaceAll(':', '-');
  return `${time}-${host}-${capture.persona.id.replace(/[^a-z0-9-]/gi, '')}-${capture.id.slice(-8)}`;
}
