import { sideArtifact } from '#model';
import type { ReactNode } from 'react';
import { Rarity } from '../../value/rarity.tsx';
import { inertText } from '../../value/inert.ts';
import { Inert, Value } from '../../value/value.tsx';
import type { Hit } from './search-results.tsx';
import styles from './search.module.css';

const SHOWN = 2;

/** The conditions that an answer meets, and by what: the first few, a line each. */
export function Why({ hit: { why, artifact } }: { readonly hit: Hit }): ReactNode {
  if (why.length === 0) return null;
  return (
    <ul className={styles.why}>
      {why.slice(0, SHOWN).map(({ term, by, edges }) => {
        const edge = edges[0];
        const other = edge === undefined ? undefined : edge.source === artifact.value ? 'target' : 'source';
        return (
          <li key={`${term.start} ${term.text}`}>
            <span className={styles.term}>
              <Inert text={term.text} clamp={44} />
            </span>
            {edge !== undefined && other !== undefined ? (
              <>
                <span className={styles.label} title={inertText(edge.label)}>
                  <Inert text={edge.label} clamp={60} />
                </span>
                {!term.text.includes(edge[other]) && (
                  <Value {...sideArtifact(edge.dataset, other, edge[other])} showAscii={false} />
                )}
                <Rarity shared={edge.shared} what="host" />
              </>
            ) : (
              <span className="soft">
                {by === 'name' ? 'by its name' : by === 'mark' ? 'as it was marked' : ''}
              </span>
            )}
            {edges.length > 1 && (
              <span className="soft" title={`and ${edges.length - 1} more`}>
                +{edges.length - 1}
              </span>
            )}
          </li>
        );
      })}
      {why.length > SHOWN && <li className="soft">{why.length - SHOWN} more conditions</li>}
    </ul>
  );
}
