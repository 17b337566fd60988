import type { Protocol } from 'devtools-protocol';
import type { Capture, StackFrame } from '#model';
import type { LimitLog } from '../limits.ts';
import { flattenStack } from './stack.ts';
import type { Watcher } from './targets.ts';

type Entry = Capture['console'][number];

/** A cookie that a script set by `document.cookie`. */
export interface ScriptCookie {
  readonly text: string;
  readonly documentUrl: string | undefined;
  readonly setter: StackFrame | undefined;
}

const MAX_TEXT = 4_000;

/** Console messages, exceptions and the browser's own notes; and cookies that scripts set, which arrive the same way. */
export class ConsoleLog {
  readonly entries: Entry[] = [];
  readonly cookies: ScriptCookie[] = [];
  readonly #limits: LimitLog;
  /** First argument of the messages that `cookieWatch` writes. */
  readonly #cookieToken: string;

  constructor(limits: LimitLog, cookieToken: string) {
    this.#limits = limits;
    this.#cookieToken = cookieToken;
  }

  readonly watch: Watcher = ({ session, type }) => {
    let isOn = true;
    session.on('Runtime.consoleAPICalled', (event) => {
      if (event.args[0]?.value === this.#cookieToken) return this.#addCookie(event);
      const frame = event.stackTrace?.callFrames[0];
      const isWithin = this.#add({
        kind: event.type,
        text: event.args.map(toText).join(' '),
        ...placeOf(frame),
        at: instant(event.timestamp),
      });
      // Rendering floods of messages would keep both sides busy for nothing.
      if (!isWithin && isOn) void session.attempt('Runtime.disable');
      isOn &&= isWithin;
    });
    session.on('Runtime.exceptionThrown', ({ exceptionDetails, timestamp }) => {
      const { exception, text, url, lineNumber, columnNumber } = exceptionDetails;
      this.#add({
        kind: 'exception',
        text: exception?.description ?? `${text} ${exception === undefined ? '' : toText(exception)}`,
        ...(url !== undefined && { url }),
        lineNumber,
        columnNumber,
        at: instant(timestamp),
      });
    });
    session.on('Log.entryAdded', ({ entry }) => {
      this.#add({
        kind: entry.source,
        text: `${entry.level}: ${entry.text}`,
        ...(entry.url !== undefined && { url: entry.url }),
        ...(entry.lineNumber !== undefined && { lineNumber: entry.lineNumber }),
        at: instant(entry.timestamp),
      });
    });
    return [
      session.attempt('Runtime.enable'),
      session.attempt('Runtime.setAsyncCallStackDepth', { maxDepth: 8 }),
      ...(type === 'page' || type === 'iframe' ? [session.attempt('Log.enable')] : []),
    ];
  };

  #add(entry: Entry): boolean {
    if (!this.#limits.admits('console', this.entries.length)) return false;
    this.entries.push({ ...entry, text: entry.text.slice(0, MAX_TEXT) });
    return true;
  }

  #addCookie({ args, stackTrace }: Protocol.Runtime.ConsoleAPICalledEvent): void {
    const [, text, documentUrl] = args.map(({ value }) => (typeof value === 'string' ? value : undefined));
    if (text === undefined || !this.#limits.admits('cookies', this.cookies.length)) return;
    const setter =
      stackTrace === undefined ? undefined : flattenStack(stackTrace).find(({ url }) => url !== '');
    this.cookies.push({ text, documentUrl, setter });
  }
}

/** Seen by nobody but us: the page finds its own setter, native by name and text, and no message in its console. */
export function cookieWatch(token: string): string {
  return `(() => {
    const own = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
    if (!own) return;
    const tell = console.debug.bind(console), apply = Reflect.apply;
    const set = new Proxy(own.set, { apply(target, self, args) {
      try { tell(${JSON.stringify(token)}, String(args[0]).slice(0, 5000), location.href); } catch {}
      return apply(target, self, args);
    } });
    Object.defineProperty(Document.prototype, 'cookie', { ...own, set });
  })()`;
}

function toText(value: Protocol.Runtime.RemoteObject): string {
  if (value.value !== undefined)
    return typeof value.value === 'string' ? value.value : JSON.stringify(value.value);
  return value.unserializableValue ?? value.description ?? value.type;
}

function placeOf(frame: Protocol.Runtime.CallFrame | undefined): Partial<Entry> {
  return frame === undefined
    ? {}
    : { url: frame.url, lineNumber: frame.lineNumber, columnNumber: frame.columnNumber };
}

function instant(timestamp: number): string {
  return new Date(timestamp).toISOString();
}
