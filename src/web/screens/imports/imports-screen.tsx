import { useState, type ReactNode } from 'react';
import { useQueryParam } from '../../app/location.ts';
import { useMay } from '../../account/session.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import type { Reply } from '../../client/call.ts';
import { useAction, useApi } from '../../client/use-api.ts';
import { Badge, Button, Check, Dialog, TextField } from '../../design/controls.tsx';
import { Drawer } from '../../design/drawer.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { say, sayFault } from '../../design/toasts.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { sizeWords } from '../../value/size.ts';
import { counted, figure, Time } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import styles from './imports.module.css';

type Import = Reply<'listImports'>['imports'][number];
type ImportedFile = Reply<'listImportFiles'>['files'][number];

const STATES = {
  waiting: { word: 'waiting', kind: 'plain' },
  running: { word: 'under way', kind: 'suspected' },
  done: { word: 'done', kind: 'good' },
  stopped: { word: 'stopped', kind: 'plain' },
  failed: { word: 'failed', kind: 'confirmed' },
} as const;

/** Archives that are read into the datasets: under way, over, and what was wrong with any. */
export function ImportsScreen(): ReactNode {
  const imports = useApi('listImports', { query: { limit: 200 } });
  const [open, setOpen] = useQueryParam('import');
  const [isStarting, setStarting] = useState(false);
  const isAdmin = useMay('admin');
  useShortcuts(isAdmin ? [{ keys: 'n', title: 'New import', run: () => setStarting(true) }] : []);
  const begin = isAdmin ? (
    <Button kind="primary" onPress={() => setStarting(true)}>
      New import
    </Button>
  ) : undefined;
  const chosen = imports.data?.imports.find(({ id }) => id === open);
  return (
    <>
      <header className="screen-head">
        <h1>Imports</h1>
        {begin}
      </header>
      {imports.error !== null && <Fault error={imports.error} onRetry={() => void imports.refetch()} />}
      {imports.data === undefined && imports.error === null && <Wait />}
      {imports.data?.imports.length === 0 && (
        <Empty title="Nothing was imported yet" actions={begin}>
          WARC, ARC, WACZ and HAR files of others become host pairs, trackers, components and all else that a
          visit would show. An administrator begins an import here, or with “adit import” on the server.
        </Empty>
      )}
      {imports.data !== undefined && imports.data.imports.length > 0 && (
        <DataTable
          label="Imports, newest first"
          columns={columnsBelow(imports.data.folders ?? [])}
          rows={imports.data.imports}
          rowKey={({ id }) => id}
          openKey={open}
          onOpen={({ id }) => setOpen(id)}
          footer={counted(imports.data.imports.length, 'import')}
        />
      )}
      {chosen !== undefined && (
        <ImportDrawer
          of={chosen}
          folders={imports.data?.folders ?? []}
          isAdmin={isAdmin}
          onClose={() => setOpen(undefined)}
        />
      )}
      {isStarting && <StartImport folder={imports.data?.folders?.[0]} onClose={() => setStarting(false)} />}
    </>
  );
}

/** A path as it was asked for: without the folder for imports that it lies in. */
const below = (folders: readonly string[], path: string): string => {
  const folder = folders.find((each) => path.startsWith(`${each}/`));
  return folder === undefined ? path : path.slice(folder.length + 1);
};

const columnsBelow = (folders: readonly string[]): readonly Column<Import>[] => [
  {
    id: 'state',
    title: 'State',
    width: '96px',
    cell: ({ state }) => <Badge kind={STATES[state].kind}>{STATES[state].word}</Badge>,
  },
  {
    id: 'paths',
    title: 'Archives',
    width: 'minmax(140px, 2fr)',
    cell: ({ request }) => (
      <Inert
        text={[...request.paths, ...(request.lists ?? [])].map((path) => below(folders, path)).join(', ')}
        clamp={120}
      />
    ),
  },
  { id: 'progress', title: 'Progress', width: 'minmax(120px, 1.2fr)', cell: (row) => <Progress of={row} /> },
  {
    id: 'pages',
    title: 'Pages',
    width: '80px',
    align: 'end',
    isSecondary: true,
    cell: ({ totals, progress }) => figure(totals?.pages ?? progress?.pages ?? 0),
  },
  {
    id: 'problems',
    title: 'Problems',
    width: '76px',
    align: 'end',
    isSecondary: true,
    cell: ({ totals }) => (totals === undefined ? '–' : figure(totals.problemCount)),
  },
  {
    id: 'began',
    title: 'Begun',
    width: '132px',
    isSecondary: true,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
];

function Progress({ of }: { readonly of: Import }): ReactNode {
  const { progress, totals, error } = of;
  if (error !== undefined)
    return (
      <span className={styles.bad}>
        <Inert text={error.message} clamp={80} />
      </span>
    );
  if (progress === undefined) return totals === undefined ? '–' : totalsWords(totals);
  const share = progress.totalBytes === 0 ? 0 : progress.doneBytes / progress.totalBytes;
  const words = `${Math.floor(share * 100)} % of ${sizeWords(progress.totalBytes)}`;
  return (
    <span className={styles.progress}>
      <progress max={1} value={share} aria-label={words} />
      {words}
    </span>
  );
}

function totalsWords({ files, skippedFiles = 0, records }: NonNullable<Import['totals']>): string {
  if (files > 0 && skippedFiles === files) return `${counted(files, 'file')}, stored before`;
  const before = skippedFiles === 0 ? '' : ` (${figure(skippedFiles)} stored before)`;
  return `${counted(files, 'file')}${before}, ${counted(records, 'record')}`;
}

/** The archives of an import, each with what was in it and what was wrong, at which byte. */
function ImportDrawer(props: {
  readonly of: Import;
  readonly folders: readonly string[];
  readonly isAdmin: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const { of, isAdmin, onClose } = props;
  const files = useApi('listImportFiles', { params: { id: of.id }, query: { limit: 500 } });
  const stop = useAction('stopImport', ['listImports']);
  const end = async (): Promise<void> => {
    try {
      await stop.mutateAsync({ params: { id: of.id } });
      say('It stops; what is stored stays. The same import begun again goes on from there.');
    } catch (error) {
      sayFault(error);
    }
  };
  return (
    <Drawer
      title="Import"
      onClose={onClose}
      actions={
        isAdmin &&
        (of.state === 'running' || of.state === 'waiting') && <Button onPress={() => void end()}>Stop</Button>
      }
    >
      <p>
        <Badge kind={STATES[of.state].kind}>{STATES[of.state].word}</Badge>{' '}
        <Time at={of.createdAt} precision="second" />
        {of.finishedAt !== undefined && (
          <>
            {' '}
            to <Time at={of.finishedAt} precision="second" />
          </>
        )}
      </p>
      {of.error !== undefined && (
        <p className={styles.bad}>
          <Inert text={of.error.message} />
        </p>
      )}
      {of.totals !== undefined && (
        <p className="soft">
          {totalsWords(of.totals)}, {counted(of.totals.pages, 'page')},{' '}
          {counted(of.totals.pairs, 'host pair')}, {counted(of.totals.problemCount, 'problem')}
          {of.totals.isPartial && '; not all was read'}
        </p>
      )}
      {files.error !== null && <Fault error={files.error} />}
      {files.data === undefined && files.error === null && <Wait />}
      <ul className={styles.files}>
        {files.data?.files.map((file) => (
          <FileItem key={file.seq} file={file} name={below(props.folders, file.file)} />
        ))}
      </ul>
    </Drawer>
  );
}

function FileItem({ file, name }: { readonly file: ImportedFile; readonly name: string }): ReactNode {
  const { problems = [], problemCount = 0 } = file;
  const isUnread = file.records !== undefined && file.format === undefined;
  const state = isUnread
    ? 'could not be read'
    : file.isSkipped
      ? 'stored before'
      : file.isDone
        ? 'stored'
        : 'not stored yet';
  return (
    <li>
      <p className={styles.fileName}>
        <Inert text={name} clamp={160} />
      </p>
      <p className="soft">
        {state}
        {!isUnread && ` · ${sizeWords(file.sizeBytes)}`}
        {file.format !== undefined && ` · ${file.format}`}
        {!isUnread && file.records !== undefined && ` · ${counted(file.records, 'record')}`}
        {!isUnread && file.pages !== undefined && ` · ${counted(file.pages, 'page')}`}
      </p>
      {problemCount > 0 && (
        <details open={isUnread}>
          <summary>{counted(problemCount, 'problem')}</summary>
          <ol className={styles.problems}>
            {problems.slice(0, 200).map(({ offset, what }, index) => (
              <li key={index}>
                <span className="soft">byte {figure(offset)}</span> <Inert text={what} clamp={200} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}

function StartImport(props: {
  readonly folder: string | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { folder, onClose } = props;
  const [paths, setPaths] = useState('');
  const [verifies, setVerifies] = useState(false);
  const start = useAction('startImport', ['listImports']);
  const wanted = paths
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const begin = async (): Promise<void> => {
    try {
      await start.mutateAsync({ body: { paths: wanted, verify: verifies } });
      say('The import has begun; its progress shows up here.');
      onClose();
    } catch {
      // shown in the dialog
    }
  };
  return (
    <Dialog
      title="Import archives"
      onClose={onClose}
      onSubmit={() => void begin()}
      submitLabel="Import"
      isBusy={start.isPending}
      isReady={wanted.length > 0}
    >
      <TextField
        label="Files or folders on the server"
        hint={
          folder === undefined
            ? 'This server has no folder for imports; “adit import” on it reads any.'
            : `One a line, below ${folder}: WARC, ARC, WACZ or HAR. What is stored already is passed over.`
        }
        rows={4}
        value={paths}
        onChange={setPaths}
        placeholder="crawl-2017.warc.gz"
        autoFocus
        isRequired
      />
      <Check isSelected={verifies} onChange={setVerifies}>
        Check the digests of every record
      </Check>
      {start.error !== null && <Fault error={start.error} />}
    </Dialog>
  );
}
