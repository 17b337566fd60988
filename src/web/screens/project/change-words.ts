/** One change of a project in words. */
export interface ChangeWords {
  readonly kind: string;
  /** The artifact, or whoever it is about. */
  readonly value: string | undefined;
  readonly details: readonly string[];
}

/** Text that is longer is named, not shown: the notes themselves tell what they are now. */
const SHOWN = 80;
/** Said by the kind and the value already, or by no word that means something to people. */
const UNSAID = new Set(['kind', 'type', 'value', 'name', 'before', 'link', 'user']);

/** Reads a change as it was recorded: any JSON. */
export function changeWords(change: unknown): ChangeWords {
  if (typeof change !== 'object' || change === null)
    return { kind: String(change), value: undefined, details: [] };
  const { kind, value, name, status, before, fields, ...rest } = change as Record<string, unknown>; // any object
  const details: string[] = [];
  if (typeof status === 'string')
    details.push(typeof before === 'string' && before !== status ? `${before} → ${status}` : status);
  for (const [field, detail] of Object.entries(objectOf(fields) ?? {})) details.push(moved(field, detail));
  for (const [field, detail] of Object.entries(rest))
    if (!UNSAID.has(field) && !isNothing(detail)) details.push(moved(field, detail));
  const about = value ?? name;
  return {
    kind: typeof kind === 'string' ? kind.replaceAll('-', ' ') : '',
    value: typeof about === 'string' ? about : undefined,
    details,
  };
}

/** `tags: a → a, b`; a long text is only said to have changed. */
function moved(field: string, detail: unknown): string {
  const change = objectOf(detail);
  if (change === undefined || !('after' in change)) {
    const text = textOf(detail);
    return `${field}: ${text.length > 2 * SHOWN ? `${text.slice(0, 2 * SHOWN)}…` : text}`;
  }
  const [was, is] = [textOf(change['before']), textOf(change['after'])];
  return was.length > SHOWN || is.length > SHOWN
    ? `${field} changed`
    : `${field}: ${was || '–'} → ${is || '–'}`;
}

const objectOf = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>) // of that kind
    : undefined;

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

function textOf(value: unknown): string {
  if (isNothing(value)) return '';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
