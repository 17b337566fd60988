import { randomUUID } from 'node:crypto';
import type { CaptureSource } from '#archive';
import type { Host, Observation } from '#model';
import { SourceFixture } from '../../src/archive/capture-source-fixture.ts';

/** A batch whose name says how many observations it has, each of which bears that name as its label. */
export interface NamedBatch {
  readonly id: string;
  readonly observations: readonly Observation[];
}

export function makeBatch(size: number): NamedBatch {
  const id = `batch ${randomUUID()} ${size}`;
  return {
    id,
    observations: Array.from({ length: size }, (_, index) => ({
      dataset: 'trackers',
      source: `s${index % 97}.killed.example`,
      label: id,
      target: `T-${index}`,
      seenAt: new Date(1_500_000_000_000 + index).toISOString(),
      detail: { url: `https://s${index % 97}.killed.example/` },
      evidence: { exchange: index, line: 1 },
    })),
  };
}

export function sizeOfBatch(id: string): number {
  return Number(id.split(' ').at(-1));
}

/** The host that the page of a capture, and no other, loads a script from. */
export function hostOfCapture(id: string): Host {
  return `c-${id}.loaded.example` as Host; // a UUID is a label
}

/** A visit that takes no browser: a page with one script of its own. */
export function makeVisit(url: string): CaptureSource {
  const id = randomUUID();
  const source = new SourceFixture(url);
  const page = `<!doctype html><title>${id}</title>\n<script src="https://${hostOfCapture(id)}/a.js"></script>`;
  const exchange = source.exchange({
    url,
    status: 200,
    headers: [['Content-Type', 'text/html']],
    body: Buffer.from(page),
    resourceType: 'Document',
    isMainFrame: true,
    frame: 'main',
  });
  source.set({ id, documents: [{ id: 0, url, frame: 'main', isMainFrame: true, exchange }] });
  return source;
}
