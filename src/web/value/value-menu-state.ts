import type { Artifact } from '#model';

/** The one open menu: what it is about, and the element that it stands at. */
export interface OpenMenu {
  readonly anchor: Element;
  readonly artifact: Artifact;
}

const changed = new EventTarget();
let open: OpenMenu | undefined;

/** Thousands of values share one menu, which is made when it is asked for. */
export function openValueMenu(anchor: Element, artifact: Artifact): void {
  open = { anchor, artifact };
  changed.dispatchEvent(new Event('change'));
}

export function closeValueMenu(): void {
  open = undefined;
  changed.dispatchEvent(new Event('change'));
}

export const subscribeToMenu = (listener: () => void): (() => void) => {
  changed.addEventListener('change', listener);
  return () => changed.removeEventListener('change', listener);
};
export const readMenu = (): OpenMenu | undefined => open;
