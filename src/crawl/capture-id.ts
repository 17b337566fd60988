import { randomUUIDv7 } from 'node:crypto';
import packageFile from '../../package.json' with { type: 'json' };

/** Name and version as captures and WARC records carry them. */
export const SOFTWARE = `adit/${packageFile.version}`;

/** A new `Capture.id`: UUIDv7, so captures sort by time. */
export function newCaptureId(): string {
  return randomUUIDv7();
}
