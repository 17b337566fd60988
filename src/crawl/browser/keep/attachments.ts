/** Files of the capture besides the exchanges, by their paths in the bundle. */
export class Attachments {
  readonly files = new Map<string, Uint8Array>();

  /** Keeps the bytes below adit/ and answers their path. */
  add(path: string, content: Uint8Array | string): string {
    const full = `adit/${path}`;
    this.files.set(full, typeof content === 'string' ? Buffer.from(content) : content);
    return full;
  }
}
