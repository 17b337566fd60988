import type { Artifact, ArtifactType } from '#model';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { ACTIONS, isOffered } from '../value/actions.ts';
import { openValueMenu } from '../value/value-menu-state.ts';

/** A key, or two after each other (`g s`), and what they do on the screen that is shown. */
export interface Shortcut {
  readonly keys: string;
  readonly title: string;
  readonly run: () => void;
}

const SEQUENCE_MS = 1_200;
const groups = new Set<{ current: readonly Shortcut[] }>();
let first: { key: string; at: number } | undefined;

/** The shortcuts of everything that is on screen now, for the help. */
export const activeShortcuts = (): Shortcut[] => [...groups].flatMap(({ current }) => [...current]);

/** Keys of a screen while it is shown. The latest that claims a key has it. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const group = useRef(shortcuts);
  useEffect(() => {
    group.current = shortcuts;
  });
  useEffect(() => {
    groups.add(group);
    return () => void groups.delete(group);
  }, []);
}

const KEY = 'adit.keys';
const changed = new EventTarget();
let areOn = readAreOn();

function readAreOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true; // no storage
  }
}

/** Keys of one letter get in the way of who dictates: they can be switched off, and stay so in this browser. */
export function setKeysOn(is: boolean): void {
  areOn = is;
  try {
    if (is) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, 'off');
  } catch {
    // no storage: it holds until the page is closed
  }
  changed.dispatchEvent(new Event('change'));
}

export const useKeysOn = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      changed.addEventListener('change', listener);
      return () => changed.removeEventListener('change', listener);
    },
    () => areOn,
  );

/** Listens for the whole page. Keys typed into a field, or while a dialog or menu is open, are left alone. */
export function startShortcuts(): () => void {
  const listener = (event: KeyboardEvent): void => {
    if (
      !areOn ||
      event.defaultPrevented ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.isComposing
    )
      return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (
      target.closest(
        'input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]',
      )
    )
      return;
    if (run(event.key, target)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  addEventListener('keydown', listener);
  return () => removeEventListener('keydown', listener);
}

function run(key: string, target: Element): boolean {
  const now = performance.now();
  const sequence = first !== undefined && now - first.at < SEQUENCE_MS ? `${first.key} ${key}` : undefined;
  first = undefined;
  const all = activeShortcuts().reverse();
  const shortcut = all.find(({ keys }) => keys === sequence) ?? all.find(({ keys }) => keys === key);
  if (shortcut !== undefined) {
    shortcut.run();
    return true;
  }
  if (all.some(({ keys }) => keys.startsWith(`${key} `))) {
    first = { key, at: now };
    return true;
  }
  if (key === 'j' || key === 'k') return focusTable(target);
  return actOnValue(key, target);
}

/** `j` and `k` from anywhere lead into the table of the screen; the table itself handles them from there. */
function focusTable(target: Element): boolean {
  const grid = document.querySelector<HTMLElement>('main [role=grid]');
  if (grid === null || grid.contains(target)) return false;
  grid.focus();
  return true;
}

/** Keys of the value that has the focus, or is current in the active row. */
function actOnValue(key: string, target: Element): boolean {
  const element = target.matches('[role=grid]')
    ? target.querySelector('[data-active] [data-current]')
    : target.closest('[data-artifact-value]');
  const artifact = element === null ? undefined : artifactOf(element);
  if (element === null || artifact === undefined) return false;
  if (key === 'm') {
    openValueMenu(element, artifact);
    return true;
  }
  const action = ACTIONS.find((each) => each.key === key && isOffered(each, artifact));
  action?.run(artifact, element);
  return action !== undefined;
}

/** The artifact that an element shows, by the attributes that `Value` gives it. */
function artifactOf(element: Element): Artifact | undefined {
  const type = element.getAttribute('data-artifact-type');
  const value = element.getAttribute('data-artifact-value');
  return type === null || value === null ? undefined : { type: type as ArtifactType, value }; // `Value` wrote it
}
