import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { openDialog } from '../../app/dialogs.ts';
import { navigate } from '../../app/location.ts';
import { readPasted } from '../../app/pasted.ts';
import { href } from '../../app/screens.ts';
import { ApiError, call, type Reply } from '../../client/call.ts';
import { useAction } from '../../client/use-api.ts';
import { Button, Choices } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { say, sayFault } from '../../design/toasts.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { counted, figure } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import styles from './search.module.css';

type Named = Reply<'recognise'>['artifacts'][number];
type Kind = 'all' | 'hosts' | 'urls' | 'new';

const MAX_CAPTURES = 200;
const KINDS: readonly { readonly id: Kind; readonly name: string }[] = [
  { id: 'all', name: 'All' },
  { id: 'hosts', name: 'Hosts' },
  { id: 'urls', name: 'URLs' },
  { id: 'new', name: 'Not yet seen' },
];
const IS_KIND: Readonly<Record<Kind, (named: Named) => boolean>> = {
  all: () => true,
  hosts: ({ artifact: { type } }) => type === 'host' || type === 'domain' || type === 'ip',
  urls: ({ artifact: { type } }) => type === 'url',
  new: ({ isKnown }) => !isKnown,
};

/** What a pasted mail, report or list names, and what to do with it. */
export function PastedText({ name }: { readonly name: string }): ReactNode {
  const text = readPasted(name);
  const [kind, setKind] = useState<Kind>('all');
  const found = useQuery<Reply<'recognise'>, ApiError>({
    queryKey: ['recognise', name],
    queryFn: ({ signal }) => call('recognise', { body: { text: text ?? '' } }, signal),
    enabled: text !== undefined,
  });
  const capture = useAction('requestCaptures', ['listJobs', 'status']);
  const columns = useMemo<Column<Named>[]>(
    () => [
      {
        id: 'artifact',
        title: 'Artifact',
        width: 'minmax(180px, 3fr)',
        cell: ({ artifact }) => <Value {...artifact} />,
      },
      { id: 'type', title: 'Kind', width: '88px', cell: ({ artifact }) => artifact.type },
      {
        id: 'where',
        title: 'Where',
        width: 'minmax(70px, 1fr)',
        isSecondary: true,
        cell: ({ where }) => where ?? '',
      },
      {
        id: 'written',
        title: 'As written',
        width: 'minmax(100px, 2fr)',
        isSecondary: true,
        cell: ({ written }) => (written === undefined ? '' : <Inert text={written} clamp={120} />),
      },
      {
        id: 'known',
        title: 'Here',
        width: '96px',
        cell: ({ isKnown }) => (isKnown ? 'seen before' : <span className="soft">new</span>),
      },
    ],
    [],
  );
  if (text === undefined)
    return <Empty title="The pasted text is gone">It is kept only as long as its tab. Paste it again.</Empty>;
  if (found.error !== null) return <Fault error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Wait label="Reading the text" />;
  const all = found.data.artifacts;
  const shown = all.filter(IS_KIND[kind]);
  const urls = urlsOf(shown);
  const captureAll = (): void =>
    capture.mutate(
      { body: { urls: urls.slice(0, MAX_CAPTURES) } },
      {
        onSuccess: ({ jobs }) =>
          say(`${counted(jobs.length, 'virtual user')} on the way; captures show up by themselves.`, {
            href: href('crawls'),
            text: 'Watch',
          }),
        onError: sayFault,
      },
    );
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1>{counted(all.length, 'artifact')}</h1>
          <p className="soft">
            in the pasted {found.data.kind === 'mail' ? 'mail' : 'text'} of {figure(text.length)} characters
            {found.data.limits.map((limit) => ` · ${limit}`)}
          </p>
        </div>
        {all.length > 0 && (
          <div className={styles.actions}>
            <Button
              kind="primary"
              isDisabled={shown.length === 0}
              onPress={() =>
                openDialog({ kind: 'add-to-project', artifacts: shown.map(({ artifact }) => artifact) })
              }
            >
              Add {shown.length === all.length ? 'all' : figure(shown.length)} to project…
            </Button>
            <Button isDisabled={urls.length === 0 || capture.isPending} onPress={captureAll}>
              Capture {counted(Math.min(urls.length, MAX_CAPTURES), 'address', 'addresses')}
            </Button>
          </div>
        )}
      </header>
      {all.length === 0 && (
        <Empty title="Nothing recognised">
          The text names no host, address, URL, mail address or hash. Values may be defanged: hxxp://, [.] and
          the like are understood.
        </Empty>
      )}
      {all.length > 0 && (
        <>
          <div className={styles.filters}>
            <Choices label="Which" showLabel={false} choices={KINDS} value={kind} onChange={setKind} />
          </div>
          {shown.length === 0 ? (
            <Empty title="None of that kind" />
          ) : (
            <DataTable
              label="What the text names"
              columns={columns}
              rows={shown}
              rowKey={({ artifact }) => `${artifact.type} ${artifact.value}`}
              onOpen={({ artifact }) => navigate(href('artifact', {}, { value: artifact.value }))}
              footer={counted(shown.length, 'row')}
            />
          )}
        </>
      )}
      <details className={styles.text}>
        <summary>The text itself</summary>
        <pre>
          <Inert text={text} clamp={5_000} />
        </pre>
      </details>
    </>
  );
}

/** What a virtual user would visit: URLs as they are, hosts that no URL of the list names at their root. */
function urlsOf(named: readonly Named[]): string[] {
  const urls = new Set(named.flatMap(({ artifact }) => (artifact.type === 'url' ? [artifact.value] : [])));
  const hosts = new Set([...urls].flatMap((url) => (URL.canParse(url) ? [new URL(url).hostname] : [])));
  for (const { artifact } of named) {
    const isHost = artifact.type === 'host' || artifact.type === 'domain';
    if (isHost && !hosts.has(artifact.value)) urls.add(`https://${artifact.value}/`);
  }
  return [...urls];
}
