import { hostOfUrl, type CapturedDocument, type Exchange, type Host } from '#model';
import type { ExtractContext } from '../context.ts';
import { hostOfDocument } from '../context.ts';

const MAX_DEPTH = 32;

/** Frames and the documents shown in them, one after another. */
export class Frames {
  readonly #context: ExtractContext;
  readonly #byFrame: ReadonlyMap<string, readonly CapturedDocument[]>;

  constructor(context: ExtractContext) {
    this.#context = context;
    this.#byFrame = Map.groupBy(context.capture.documents, ({ frame }) => frame);
  }

  /** The document that the frame showed when the exchange began: the last one delivered before it. */
  documentAt(frame: string | undefined, exchange: Exchange): CapturedDocument | undefined {
    if (frame === undefined) return undefined;
    const documents = this.#byFrame.get(frame) ?? [];
    return documents.findLast((document) => (document.exchange ?? -1) < exchange.id) ?? documents[0];
  }

  /** The document around the frame, or the one that opened it, when the exchange began. */
  documentAround(frame: string | undefined, exchange: Exchange): CapturedDocument | undefined {
    const own = this.#byFrame.get(frame ?? '')?.[0];
    const popup = this.#context.capture.popups.find((each) => frame !== undefined && each.frame === frame);
    return this.documentAt(own?.parentFrame ?? own?.openerFrame ?? popup?.openerFrame, exchange);
  }

  isPopup(frame: string | undefined): boolean {
    const { popups } = this.#context.capture;
    if (frame === undefined) return false;
    return (
      popups.some((popup) => popup.frame === frame) ||
      this.#byFrame.get(frame)?.[0]?.openerFrame !== undefined
    );
  }

  /** 0 for a main frame, 1 for a frame in it, … */
  depth(frame: string | undefined): number {
    let current = frame;
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      const parent: string | undefined = this.#byFrame.get(current ?? '')?.[0]?.parentFrame;
      if (parent === undefined) return depth;
      current = parent;
    }
    return MAX_DEPTH;
  }

  /** The host in whose name a document address acts: its own, that of a blob: address, or of the frame around it. */
  hostOf(url: string | undefined, frame: string | undefined): Host | undefined {
    const host = url === undefined ? undefined : hostOfUrl(url.replace(/^blob:/, ''));
    if (host !== undefined) return host;
    const document = this.#byFrame.get(frame ?? '')?.at(-1);
    return document === undefined ? undefined : hostOfDocument(this.#context.capture, document);
  }
}
