/** Rows of letters and digits, from the top; each is set off half a key to the right of the one above. */
const LAYOUTS = {
  qwerty: ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
  qwertz: ['1234567890', 'qwertzuiop', 'asdfghjkl', 'yxcvbnm'],
  azerty: ['1234567890', 'azertyuiop', 'qsdfghjklm', 'wxcvbn'],
} as const;

export type Layout = keyof typeof LAYOUTS;

/** The keys that touch each key of a layout. */
function neighboursIn(layout: Layout): Map<string, string> {
  const rows = LAYOUTS[layout];
  const touching = new Map<string, string>();
  rows.forEach((row, depth) => {
    Array.from(row).forEach((key, at) => {
      const above = rows[depth - 1] ?? '';
      const below = rows[depth + 1] ?? '';
      const near = [row[at - 1], row[at + 1], above[at], above[at + 1], below[at - 1], below[at]];
      touching.set(key, near.filter((each) => each !== undefined).join(''));
    });
  });
  return touching;
}

const byLayout: Readonly<Record<Layout, ReadonlyMap<string, string>>> = {
  qwerty: neighboursIn('qwerty'),
  qwertz: neighboursIn('qwertz'),
  azerty: neighboursIn('azerty'),
};

/** Keys that a finger may hit instead, on the layouts given (all where none is); each once. */
export function keyboardNeighbours(key: string, ...layouts: readonly Layout[]): string[] {
  const asked = layouts.length === 0 ? (Object.keys(LAYOUTS) as Layout[]) : layouts; // its own keys
  return [...new Set(asked.flatMap((layout) => Array.from(byLayout[layout].get(key) ?? '')))];
}
