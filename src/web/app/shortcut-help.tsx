import type { ReactNode } from 'react';
import { Check, Dialog, Key } from '../design/controls.tsx';
import { ACTIONS } from '../value/actions.ts';
import { activeShortcuts, setKeysOn, useKeysOn } from './shortcuts.ts';
import styles from './frame.module.css';

const IN_TABLES: readonly (readonly [string, string])[] = [
  ['j k', 'Next and previous row; arrow keys, Home, End, Page Up, Page Down too'],
  ['← →', 'Another value of the row'],
  ['Enter', 'Open the row: the evidence behind it'],
  ['m', 'Menu of the value'],
];

/** Every key that does something now. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }): ReactNode {
  const onValues = ACTIONS.flatMap(({ key, title }) =>
    key === undefined ? [] : [[key, title.replace('…', '')] as const],
  );
  const areOn = useKeysOn();
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div className={styles.keys}>
        <KeyList title="Here" keys={activeShortcuts().map(({ keys, title }) => [keys, title])} />
        <KeyList title="In tables" keys={IN_TABLES} />
        <KeyList title="On any value" keys={onValues} />
      </div>
      <Check isSelected={areOn} onChange={setKeysOn}>
        Keys of one letter act; arrow keys in tables always do
      </Check>
    </Dialog>
  );
}

function KeyList(props: {
  readonly title: string;
  readonly keys: readonly (readonly [string, string])[];
}): ReactNode {
  return (
    <section>
      <h3>{props.title}</h3>
      <dl className={styles.keyList}>
        {props.keys.map(([keys, title]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <Key key={key}>{key}</Key>
              ))}
            </dt>
            <dd>{title}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
