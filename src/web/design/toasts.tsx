import { useSyncExternalStore, type ReactNode } from 'react';
import { ApiError } from '../client/call.ts';
import { Button } from './controls.tsx';
import styles from './controls.module.css';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isFault: boolean;
  readonly link?: { readonly href: string; readonly text: string };
}

const STAYS_MS = 6_000;
const changed = new EventTarget();
let toasts: readonly Toast[] = [];
let lastId = 0;

function show(toast: Omit<Toast, 'id'>): void {
  const id = ++lastId;
  toasts = [...toasts.slice(-2), { ...toast, id }];
  changed.dispatchEvent(new Event('change'));
  if (!toast.isFault) setTimeout(() => dismiss(id), STAYS_MS);
}

function dismiss(id: number): void {
  toasts = toasts.filter((toast) => toast.id !== id);
  changed.dispatchEvent(new Event('change'));
}

/** Says that something is done, in a corner, for a few seconds. */
export const say = (text: string, link?: Toast['link']): void =>
  show({ text, isFault: false, ...(link !== undefined && { link }) });

/** Says what went wrong; stays until it is closed. */
export function sayFault(error: unknown): void {
  const problem = error instanceof ApiError ? error.problem : undefined;
  const text =
    problem === undefined
      ? 'That did not work.'
      : `${problem.detail ?? problem.title} ${problem.advice ?? ''}`;
  show({ text: text.trim(), isFault: true });
}

export function Toasts(): ReactNode {
  const shown = useSyncExternalStore(
    (listener) => {
      changed.addEventListener('change', listener);
      return () => changed.removeEventListener('change', listener);
    },
    () => toasts,
  );
  return (
    <div className={styles.toasts} role="status">
      {shown.map(({ id, text, isFault, link }) => (
        <div key={id} className={`${styles.toast} ${isFault ? styles.toastFault : ''}`}>
          <span>
            {text} {link !== undefined && <a href={link.href}>{link.text}</a>}
          </span>
          <Button kind="quiet" label="Close this message" onPress={() => dismiss(id)}>
            ✕
          </Button>
        </div>
      ))}
    </div>
  );
}
