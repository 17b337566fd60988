import type { ReactNode } from 'react';
import { href } from '../../app/screens.ts';
import { addressOf, call, type Reply } from '../../client/call.ts';
import { usePages } from '../../client/use-pages.ts';
import { ButtonLink, Panel } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import type { Column } from '../../table/data-table.tsx';
import { sizeWords } from '../../value/size.ts';
import { Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { ListTab } from './list-tab.tsx';
import styles from './capture.module.css';

interface OfCapture {
  readonly captureId: string;
}
type Download = Reply<'listDownloads'>['downloads'][number];

/** Files that the page gave, each with the way that led to it. Their bytes never reach this page. */
export function DownloadsTab({ captureId }: OfCapture): ReactNode {
  const pages = usePages(
    ['listDownloads', captureId],
    (cursor, signal) => call('listDownloads', { params: { id: captureId }, query: { cursor } }, signal),
    ({ downloads }) => downloads,
  );
  if (pages.error !== null) return <Fault error={pages.error} onRetry={pages.retry} />;
  if (pages.items === undefined) return <Wait />;
  if (pages.items.length === 0)
    return (
      <Empty title="The page gave no file">
        The virtual user presses the controls that look most like a download; none led to one.
      </Empty>
    );
  return (
    <div className={styles.column}>
      <p className={styles.zip}>
        <ButtonLink href={addressOf('getDownloads', { params: { id: captureId } })} isDownload>
          Download all as ZIP
        </ButtonLink>
        <span className="soft">
          Its password is <code>infected</code>. What is in it may harm your machine: open it only where it
          cannot.
        </span>
      </p>
      {pages.items.map((download) => (
        <Panel key={download.id} title={`File ${download.id + 1}`}>
          <dl className={styles.facts}>
            <div>
              <dt>Name</dt>
              <dd>
                <Inert text={download.suggestedName} clamp={160} />
              </dd>
            </div>
            <div>
              <dt>From</dt>
              <dd className={styles.wrapped}>
                <Value type="url" value={download.url} />
              </dd>
            </div>
            <div>
              <dt>State</dt>
              <dd>
                {download.state}
                {download.truncated !== undefined && `, cut (${download.truncated})`}
                {download.exchange !== undefined && (
                  <>
                    {' '}
                    ·{' '}
                    <a
                      href={href(
                        'capture',
                        { id: captureId },
                        { tab: 'requests', exchange: download.exchange },
                      )}
                    >
                      request {download.exchange}
                    </a>
                  </>
                )}
              </dd>
            </div>
            <div>
              <dt>Size, type</dt>
              <dd>
                {sizeWords(download.sizeBytes)}, by its first bytes{' '}
                <Inert text={download.magic ?? 'not known'} />
              </dd>
            </div>
            {(['sha256', 'sha1', 'md5'] as const).map((digest) => {
              const value = download[digest];
              return (
                value !== undefined && (
                  <div key={digest}>
                    <dt>{digest === 'sha256' ? 'SHA-256' : digest === 'sha1' ? 'SHA-1' : 'MD5'}</dt>
                    <dd className={styles.wrapped}>
                      {digest === 'sha256' ? <Value type="hash" value={value} /> : <Inert text={value} />}
                    </dd>
                  </div>
                )
              );
            })}
          </dl>
          <Chain download={download} />
        </Panel>
      ))}
    </div>
  );
}

/** From the control that was pressed to the file. */
function Chain({ download }: { readonly download: Download }): ReactNode {
  if (download.chain.length < 2) return null;
  return (
    <>
      <h3>How it came</h3>
      <ol className={styles.chain}>
        {download.chain.map((link, index) => (
          <li key={index}>
            {link['kind'] === 'control' && (
              <>
                The virtual user pressed “<Inert text={String(link['text'])} clamp={80} />” (
                {String(link['tag'])})
                {link['onclick'] !== undefined && (
                  <span className={styles.code}>
                    onclick: <Inert text={String(link['onclick'])} clamp={160} />
                  </span>
                )}
              </>
            )}
            {link['kind'] === 'function' && (
              <>
                <Inert text={`${String(link['name'])}()`} clamp={80} /> in{' '}
                <Inert text={String(link['script'])} clamp={100} />, line {link['line']}
                {link['code'] !== undefined && (
                  <span className={styles.code}>
                    <Inert text={String(link['code'])} />
                  </span>
                )}
              </>
            )}
            {link['kind'] === 'redirect' && (
              <>
                {link['status']} redirect to <Inert text={String(link['location'])} clamp={160} />
              </>
            )}
            {link['kind'] === 'download' && (
              <>
                The file “<Inert text={String(link['name'])} clamp={120} />”
              </>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

/** Addresses that the pages link to. */
export function LinksTab({ captureId }: OfCapture): ReactNode {
  type Link = Reply<'listLinks'>['links'][number];
  const pages = usePages(
    ['listLinks', captureId],
    (cursor, signal) => call('listLinks', { params: { id: captureId }, query: { cursor } }, signal),
    ({ links }) => links,
  );
  const columns: readonly Column<Link>[] = [
    {
      id: 'host',
      title: 'Host',
      width: 'minmax(120px, 1fr)',
      cell: ({ host, isForeign }) =>
        host === undefined ? (
          '–'
        ) : (
          <span className={isForeign ? styles.foreign : undefined}>
            <Value type="host" value={host} showAscii={false} />
          </span>
        ),
    },
    {
      id: 'url',
      title: 'Address',
      width: 'minmax(0, 3fr)',
      cell: ({ url }) => <Value type="url" value={url} />,
    },
  ];
  return <ListTab label="Links" one="link" empty="The pages link nowhere" columns={columns} pages={pages} />;
}

/** Certificates that servers presented. */
export function CertificatesTab({ captureId }: OfCapture): ReactNode {
  type Certificate = Reply<'listCertificates'>['certificates'][number];
  const pages = usePages(
    ['listCertificates', captureId],
    (cursor, signal) => call('listCertificates', { params: { id: captureId }, query: { cursor } }, signal),
    ({ certificates }) => certificates,
  );
  const columns: readonly Column<Certificate>[] = [
    {
      id: 'subject',
      title: 'Subject',
      width: 'minmax(140px, 1.6fr)',
      cell: ({ subject, sha256 }) => (
        <Inert text={subject ?? `unreadable: ${sha256.slice(0, 12)}`} clamp={120} />
      ),
    },
    {
      id: 'issuer',
      title: 'Issuer',
      width: 'minmax(0, 1fr)',
      isSecondary: true,
      cell: ({ issuer }) => <Inert text={issuer ?? '–'} clamp={100} />,
    },
    {
      id: 'hosts',
      title: 'Presented by',
      width: 'minmax(0, 1fr)',
      isSecondary: true,
      cell: ({ hosts }) => (
        <Inert
          text={hosts.length === 0 ? 'in a chain' : hosts.slice(0, 5).join(', ')}
          kind="host"
          clamp={120}
        />
      ),
    },
    {
      id: 'names',
      title: 'Names',
      width: '44px',
      align: 'end',
      isSecondary: true,
      cell: ({ names }) => <span title={names.slice(0, 20).join('\n')}>{names.length}</span>,
    },
    {
      id: 'from',
      title: 'Valid from',
      width: '76px',
      isSecondary: true,
      cell: ({ notBefore }) => <Time at={notBefore} precision="day" />,
    },
    { id: 'to', title: 'to', width: '76px', cell: ({ notAfter }) => <Time at={notAfter} precision="day" /> },
    {
      id: 'distrust',
      title: 'Trust',
      width: 'minmax(48px, 0.5fr)',
      isSecondary: true,
      cell: ({ distrust }) =>
        distrust === undefined ? (
          '–'
        ) : (
          <span className={styles.bad}>
            <Inert text={distrust} clamp={60} />
          </span>
        ),
    },
    {
      id: 'sha256',
      title: 'SHA-256',
      width: '92px',
      cell: ({ sha256 }) => <Value type="certificate" value={sha256} />,
    },
  ];
  return (
    <ListTab
      label="Certificates"
      one="certificate"
      empty="No server presented a certificate"
      columns={columns}
      pages={pages}
    />
  );
}
