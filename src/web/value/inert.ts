/** A stretch of a captured string: shown as it is, or named because it would hide or reorder what stands around it. */
export interface Piece {
  readonly text: string;
  /** `control`: named, as `U+202E`; `odd`: a character outside ASCII in a host name. */
  readonly kind: 'plain' | 'control' | 'odd';
}

/**
 * Control and format characters (bidi, tags), separators of lines, lone surrogates, private use, unassigned, and what is
 * shown as nothing at all; not the mark that makes a character an emoji.
 */
const UNSEEN = /(?!\ufe0f)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/u;

const NAMES: Readonly<Record<string, string>> = { '\n': '⏎', '\t': '⇥', '\r': '␍', '\0': '␀', '\u007f': '␡' };

/** Any string in pieces that are safe to look at. `host`: also tells the characters that are no ASCII. */
export function inert(text: string, kind: 'text' | 'host' = 'text'): Piece[] {
  const pieces: Piece[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') pieces.push({ text: plain, kind: 'plain' });
    plain = '';
  };
  for (const character of text) {
    if (UNSEEN.test(character)) {
      flush();
      const code = character.codePointAt(0) ?? 0;
      pieces.push({
        text: NAMES[character] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`,
        kind: 'control',
      });
    } else if (kind === 'host' && character.charCodeAt(0) > 0x7f) {
      flush();
      pieces.push({ text: character, kind: 'odd' });
    } else plain += character;
  }
  flush();
  return pieces;
}

/** Text as one line that nothing in it can reorder: for titles, names read out, the clipboard's label. */
export const inertText = (text: string): string =>
  inert(text)
    .map(({ text: shown, kind }) => (kind === 'control' ? `⟨${shown}⟩` : shown))
    .join('');
