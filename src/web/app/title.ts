import { useEffect } from 'react';
import { inertText } from '../value/inert.ts';

const LONGEST = 80;

/** The title of the page: what is shown, then whose page it is. */
export function setTitle(name: string): void {
  document.title = `${inertText(name).slice(0, LONGEST)} · Adit`;
}

/** Names what a screen shows in the title of the page, as soon as it is known; until then the screen's own title stands there. */
export function useTitle(name: string | undefined): void {
  useEffect(() => {
    if (name !== undefined && name.trim() !== '') setTitle(name);
  }, [name]);
}
