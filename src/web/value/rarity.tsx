import type { ReactNode } from 'react';
import { counted, figure } from './time.tsx';
import styles from './rarity.module.css';

/** How few share a value, in four steps: what only a handful have says much, what thousands have says nothing. */
function step(shared: number): 1 | 2 | 3 | 4 {
  return shared <= 3 ? 4 : shared <= 20 ? 3 : shared <= 200 ? 2 : 1;
}
const WORDS = { 4: 'rare', 3: 'uncommon', 2: 'common', 1: 'everywhere' } as const;

/** How many share a value, as a figure and as a meter that one can read down a column. */
export function Rarity({ shared, what }: { readonly shared: number; readonly what: string }): ReactNode {
  const level = step(shared);
  const words =
    shared <= 1 ? `nobody else has it: ${WORDS[4]}` : `${counted(shared, what)} share it: ${WORDS[level]}`;
  return (
    <span className={styles.rarity} title={words}>
      <span className={`${styles.meter} ${styles[`step${level}`]}`} aria-hidden="true">
        <i />
        <i />
        <i />
        <i />
      </span>
      <span aria-hidden="true">{shared <= 1 ? 'only here' : figure(shared)}</span>
      <span className="only-for-readers">{words}</span>
    </span>
  );
}
