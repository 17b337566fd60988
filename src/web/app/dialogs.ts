import type { Artifact } from '#model';

/** A dialog that any screen may ask for; `app/dialog-host.tsx` shows it. */
export type OpenDialog =
  | { readonly kind: 'add-to-project'; readonly artifacts: readonly Artifact[] }
  | { readonly kind: 'new-project'; readonly artifacts?: readonly Artifact[] }
  | { readonly kind: 'tags'; readonly artifact: Artifact }
  | { readonly kind: 'shortcuts' };

const changed = new EventTarget();
let open: OpenDialog | undefined;

export function openDialog(dialog: OpenDialog): void {
  open = dialog;
  changed.dispatchEvent(new Event('change'));
}

export function closeDialog(): void {
  open = undefined;
  changed.dispatchEvent(new Event('change'));
}

export const subscribeToDialog = (listener: () => void): (() => void) => {
  changed.addEventListener('change', listener);
  return () => changed.removeEventListener('change', listener);
};
export const readDialog = (): OpenDialog | undefined => open;
