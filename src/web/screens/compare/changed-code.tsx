import type { ReactNode } from 'react';
import { CodeLine } from '../../value/code-line.tsx';
import type { Comparison } from './compare-screen.tsx';
import styles from './compare.module.css';

/** What stands at the place of a difference in the original and in the copy. */
export function ChangedCode(props: {
  readonly difference: Comparison['differences'][number];
  readonly comparison: Comparison;
}): ReactNode {
  const { originalExcerpt, copyExcerpt, original, copy, attribute, from, to } = props.difference;
  return (
    <>
      {attribute !== undefined && (
        <p className="soft">
          Attribute {attribute}: {from ?? 'none'} → {to ?? 'none'}
        </p>
      )}
      <div className={styles.pair}>
        <figure>
          <figcaption className="soft">
            Original{original !== undefined && `, line ${original.line}`}
          </figcaption>
          {originalExcerpt === undefined ? (
            <p className={styles.absent}>not there</p>
          ) : (
            <CodeLine text={originalExcerpt} />
          )}
        </figure>
        <figure>
          <figcaption className="soft">Copy{copy !== undefined && `, line ${copy.line}`}</figcaption>
          {copyExcerpt === undefined ? (
            <p className={styles.absent}>not there</p>
          ) : (
            <CodeLine text={copyExcerpt} />
          )}
        </figure>
      </div>
    </>
  );
}
