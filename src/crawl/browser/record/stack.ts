import type { Protocol } from 'devtools-protocol';
import type { Initiator, StackFrame } from '#model';

const MAX_FRAMES = 32;

/** A stack across asynchronous boundaries as one list, innermost first. */
export function flattenStack(stack: Protocol.Runtime.StackTrace): StackFrame[] {
  const frames: StackFrame[] = [];
  for (let part: Protocol.Runtime.StackTrace | undefined = stack; part !== undefined; part = part.parent)
    for (const { url, functionName, lineNumber, columnNumber } of part.callFrames)
      if (frames.length < MAX_FRAMES) frames.push({ url, functionName, lineNumber, columnNumber });
  return frames;
}

const TYPES: Readonly<Record<string, Initiator['type']>> = {
  parser: 'parser',
  script: 'script',
  preload: 'preload',
  preflight: 'preflight',
  SignedExchange: 'signedExchange',
};

export function toInitiator({
  type,
  url,
  lineNumber,
  columnNumber,
  stack,
}: Protocol.Network.Initiator): Initiator {
  const frames = stack === undefined ? [] : flattenStack(stack);
  return {
    type: TYPES[type] ?? 'other',
    ...(url !== undefined && { url }),
    ...(lineNumber !== undefined && { lineNumber }),
    ...(columnNumber !== undefined && { columnNumber }),
    ...(frames.length > 0 && { stack: frames }),
  };
}
