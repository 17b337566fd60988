import { hostOfUrl, type Evidence, type Exchange, type StackFrame } from '#model';
import type { ExtractContext } from '../context.ts';
import type { Finding } from './finding.ts';
import { evidenceOf, withoutFragment, type Place } from './places.ts';

/** The delivered text before the script before the DOM: what was sent, else who did it, else what came of it. */
export function evidenceFor(
  context: ExtractContext,
  exchange: Exchange,
  { evidence, place }: Finding,
  script: StackFrame | undefined,
): Evidence {
  const step = exchange.step === undefined ? {} : { step: exchange.step };
  if (evidence !== undefined) return { ...evidence, ...step };
  const where = place?.text.where;
  const isSent = where === 'delivered' || where === 'stylesheet';
  const element = place === undefined ? {} : elementOf(place);
  if (place !== undefined && isSent) return { ...evidenceOf(place), ...step };
  if (script !== undefined) return { ...scriptEvidence(context, script, exchange), ...element, ...step };
  if (place?.text.source !== undefined) return { ...evidenceOf(place), ...step };
  return { exchange: exchange.id, isRequest: true, ...element, ...step };
}

function scriptEvidence(context: ExtractContext, script: StackFrame, exchange: Exchange): Evidence {
  const url = withoutFragment(script.url);
  const file = context.capture.exchanges.findLast(
    (each) => each.url === url && each.response?.body !== undefined && each.id < exchange.id,
  );
  const isInline = file !== undefined && context.pages().some((page) => page.exchange?.id === file.id);
  return {
    ...(file !== undefined && { exchange: file.id }),
    script: isInline ? 'inline' : url,
    ...(script.functionName !== '' && { functionName: script.functionName }),
    line: script.lineNumber + 1,
    column: script.columnNumber + 1,
  };
}

function elementOf({ reference: { element, attribute } }: Place): Pick<Evidence, 'element' | 'attribute'> {
  return { ...(element !== undefined && { element }), ...(attribute !== undefined && { attribute }) };
}

/** The script that asked for it: the innermost frame of the stack with a web address. */
export function innermostScript(exchange: Exchange): StackFrame | undefined {
  const { initiator } = exchange;
  const framed = initiator?.stack?.find(({ url }) => hostOfUrl(url) !== undefined);
  if (framed !== undefined || initiator?.type !== 'script' || initiator.url === undefined) return framed;
  if (hostOfUrl(initiator.url) === undefined) return undefined;
  const { url, lineNumber = 0, columnNumber = 0 } = initiator;
  return { url, functionName: '', lineNumber, columnNumber };
}
