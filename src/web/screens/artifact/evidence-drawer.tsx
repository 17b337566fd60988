import type { ReactNode } from 'react';
import { sideArtifact } from '#model';
import { useApi } from '../../client/use-api.ts';
import { Drawer } from '../../design/drawer.tsx';
import { Fault, Wait } from '../../design/states.tsx';
import { CodeLine } from '../../value/code-line.tsx';
import { counted, figure, Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { labelTitle, type DatasetTab } from './dataset-tab.ts';
import type { Edge } from './dataset-view.tsx';
import styles from './artifact.module.css';

const PLACE = {
  html: 'HTML',
  css: 'Style sheet',
  script: 'Script',
  body: 'Response body',
  headers: 'Headers',
  mail: 'Mail',
  none: '',
};

/** What stands behind a row: the line of code or the exchange, and all that was kept of it. Escape closes it. */
export function EvidenceDrawer(props: {
  readonly edge: Edge;
  readonly tab: DatasetTab;
  readonly onClose: () => void;
}): ReactNode {
  const { edge, tab, onClose } = props;
  const details = Object.entries(edge.detail).filter(([, value]) => value !== '');
  return (
    <Drawer title="Evidence" onClose={onClose}>
      <div className={styles.edge}>
        <Value {...sideArtifact(edge.dataset, 'source', edge.source)} />
        <span className={styles.arrow}>
          <span aria-hidden="true">↓</span> <span className="soft">{labelTitle(tab.dataset)}</span>{' '}
          <Inert text={edge.label} />
        </span>
        <Value {...sideArtifact(edge.dataset, 'target', edge.target)} />
      </div>
      <Code edge={edge} />
      <dl className={styles.details}>
        <div>
          <dt>Seen</dt>
          <dd>
            {counted(edge.count, 'time')}, <Time at={edge.firstSeen} /> to <Time at={edge.lastSeen} />
          </dd>
        </div>
        {details.map(([field, value]) => (
          <div key={field}>
            <dt>{fieldTitle(field)}</dt>
            <dd>
              {field.endsWith('At') && typeof value === 'string' ? (
                <Time at={value} precision="second" />
              ) : typeof value === 'boolean' ? (
                value ? (
                  'yes'
                ) : (
                  'no'
                )
              ) : (
                <Inert text={String(value)} />
              )}
            </dd>
          </div>
        ))}
      </dl>
      {edge.captureId !== undefined && (
        <a href={`/captures/${encodeURIComponent(edge.captureId)}`}>Open the capture</a>
      )}
    </Drawer>
  );
}

/** `notBefore` → `Not before`, `parentUrl` → `Parent URL`. */
const fieldTitle = (field: string): string => {
  const words = field
    .replace(/([A-Z])/g, ' $1')
    .toLowerCase()
    .replace(/\burl\b/, 'URL');
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`;
};

/** The line or exchange, from the capture or the archive that showed the row last. */
function Code({ edge }: { readonly edge: Edge }): ReactNode {
  const { dataset, source, label, target } = edge;
  const evidence = useApi('getEdgeEvidence', { query: { dataset, source, label, target } });
  if (evidence.error?.problem.code === 'no-evidence')
    return (
      <p className="soft">It follows from what is stored: no capture, archive or mail shows it by itself.</p>
    );
  if (evidence.error !== null) return <Fault error={evidence.error} />;
  if (evidence.data === undefined) return <Wait label="Opening the evidence" />;
  const { archive, faults = [] } = evidence.data;
  const { kind, text, highlight, url, line, column, phase } = evidence.data;
  const from = archive !== undefined && (
    <div>
      <Inert text={archive.file} clamp={120} />, byte {figure(archive.offset)}
      {faults.length > 0 && ` · damaged: ${faults.join('; ')}`}
    </div>
  );
  if (kind === 'none' || text === '')
    return (
      <div className="soft">
        No line stands behind it: it was seen on the wire.
        {from}
      </div>
    );
  return (
    <figure className={styles.code}>
      <figcaption>
        {PLACE[kind]}
        {line !== undefined && ` line ${line}${column === undefined ? '' : `, column ${column}`}`}
        {phase !== undefined && ` · ${phase === 'final' ? 'after scripts' : 'as loaded'}`}
        {url !== undefined && (
          <div>
            <Inert text={url} clamp={160} />
          </div>
        )}
        {from}
      </figcaption>
      <CodeLine text={text} {...(highlight !== undefined && { highlight })} />
    </figure>
  );
}
