import type { ReactNode } from 'react';
import { href } from '../../app/screens.ts';
import { useApi } from '../../client/use-api.ts';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { sizeWords } from '../../value/size.ts';
import { counted } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import styles from './capture.module.css';

/** Hosts by what led to them, each below the one that caused it. */
export function HostsTab({ captureId }: { readonly captureId: string }): ReactNode {
  const tree = useApi('getHostTree', { params: { id: captureId } });
  if (tree.error !== null) return <Fault error={tree.error} onRetry={() => void tree.refetch()} />;
  if (tree.data === undefined) return <Wait />;
  const { nodes, isCut } = tree.data;
  if (nodes.length === 0) return <Empty title="No host was reached" />;
  return (
    <>
      <p className={styles.lead}>
        Each host stands below the one that led to it: by a redirect, a page, a style sheet or a script.
        Foreign ones are marked.
      </p>
      <ul className={styles.tree} aria-label="Hosts by what led to them">
        {nodes.map((node) => (
          <li
            key={node.id}
            className={styles.node}
            style={{ '--depth': Math.min(node.depth, 12) } as React.CSSProperties} // own properties are not in the type
          >
            <span className={styles.twig} aria-hidden="true">
              {node.depth > 0 ? '└' : ''}
            </span>
            <span className="only-for-readers">Level {node.depth + 1}:</span>
            <span className={node.isForeign ? styles.foreign : undefined}>
              <Value type="host" value={node.host} />
            </span>
            {node.causes.length > 0 && <span className="soft">{node.causes.join(', ')}</span>}
            <a
              className={styles.nodeCount}
              href={href('capture', { id: captureId }, { tab: 'requests', host: node.host })}
            >
              {counted(node.exchanges, 'request')}
            </a>
            <span className={`soft ${styles.nodeKinds}`}>
              {node.kinds
                .slice(0, 4)
                .map(({ value, count }) => `${count} × ${value.toLowerCase()}`)
                .join(', ')}{' '}
              · {sizeWords(node.sizeBytes)}
            </span>
            {node.downloads > 0 && <span className={styles.bad}>{counted(node.downloads, 'download')}</span>}
            {node.cookies > 0 && <span className="soft">{counted(node.cookies, 'cookie')}</span>}
            {node.failures > 0 && <span className={styles.bad}>{counted(node.failures, 'failure')}</span>}
            {node.urls.some(({ status }) => status !== undefined && status >= 300 && status < 400) && (
              <span className={styles.hops}>
                redirects:{' '}
                {node.urls
                  .filter(({ status }) => status !== undefined && status >= 300 && status < 400)
                  .slice(0, 3)
                  .map(({ exchange, url, status }) => (
                    <a
                      key={exchange}
                      href={href('capture', { id: captureId }, { tab: 'requests', exchange })}
                    >
                      {status} <Inert text={url} clamp={60} />
                    </a>
                  ))}
              </span>
            )}
          </li>
        ))}
      </ul>
      {isCut && <p className="soft">There are more hosts than are shown here; the requests have them all.</p>}
    </>
  );
}
