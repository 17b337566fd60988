import { DATASETS } from '#model';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { useShortcuts } from '../../app/shortcuts.ts';
import { ApiError, call, type Reply } from '../../client/call.ts';
import { useAction, useApi } from '../../client/use-api.ts';
import { Button, TextField } from '../../design/controls.tsx';
import { Drawer } from '../../design/drawer.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { sayFault } from '../../design/toasts.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { hostInUnicode } from '../../value/host-name.ts';
import { Rarity } from '../../value/rarity.tsx';
import { counted } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { PathSteps } from './path-line.tsx';
import type { OpenProject } from './project-screen.tsx';
import styles from './project.module.css';

type Found = Reply<'expandProject'>;
type Suspect = Found['suspects'][number];
type Verdict = 'confirmed' | 'suspected' | 'dismissed';
const LIMIT = 200;

const short = (value: string): string => (value.length > 28 ? `${value.slice(0, 27)}…` : value);

/** Hosts that share rare values with the confirmed ones: ranked, each with why, to be confirmed or dismissed. */
export function Expansion({ project }: { readonly project: OpenProject }): ReactNode {
  const brands = useApi('listBrands', { query: { limit: 500 } });
  // What brands call their own is no suspect, unless somebody says otherwise.
  const ofBrands = (brands.data?.brands ?? [])
    .flatMap((brand) => [...brand.domains, ...brand.owned])
    .join(', ');
  const [typed, setOwned] = useState<string>();
  const [chosen, setAsked] = useState<string>();
  const owned = typed ?? ofBrands;
  const asked = chosen ?? ofBrands;
  const [openValue, setOpenValue] = useState<string>();
  const put = useAction('putArtifact', ['getProject', 'getHistory', 'expandProject']);
  const confirmed = project.artifacts.filter(({ status }) => status === 'confirmed').length;
  const genuine = asked.split(/[\s,]+/).filter((host) => host !== '');
  const found = useQuery<Found, ApiError>({
    queryKey: ['expandProject', project.id, genuine],
    queryFn: ({ signal }) =>
      call(
        'expandProject',
        { params: { id: project.id }, body: { limit: LIMIT, ...(genuine.length > 0 && { owned: genuine }) } },
        signal,
      ),
    enabled: confirmed > 0 && !brands.isPending,
    placeholderData: (before) => before,
  });
  const known = new Set(project.artifacts.map(({ value }) => value));
  const suspects = (found.data?.suspects ?? []).filter(({ artifact }) => !known.has(artifact.value));
  const open = suspects.find(({ artifact }) => artifact.value === openValue);
  const decide = (suspect: Suspect, status: Verdict): void => {
    const lead = suspect.leads[0];
    const next = suspects[suspects.indexOf(suspect) + 1];
    put.mutate(
      {
        params: { id: project.id },
        body: {
          ...suspect.artifact,
          status,
          reason: reasonOf(suspect),
          ...(lead !== undefined && { path: lead.path }),
        },
      },
      {
        onError: sayFault,
        onSuccess: () => setOpenValue(openValue === undefined ? undefined : next?.artifact.value),
      },
    );
  };
  useShortcuts(
    open === undefined
      ? []
      : [
          { keys: '1', title: 'Confirm the open suspect', run: () => decide(open, 'confirmed') },
          { keys: '2', title: 'Keep it as suspected', run: () => decide(open, 'suspected') },
          { keys: '3', title: 'Dismiss it', run: () => decide(open, 'dismissed') },
        ],
  );
  const columns = useMemo<Column<Suspect>[]>(
    () => [
      {
        id: 'score',
        title: 'Score',
        width: '64px',
        align: 'end',
        cell: ({ score }) => score.toFixed(2),
      },
      {
        id: 'value',
        title: 'Suspect',
        width: 'minmax(150px, 2fr)',
        cell: ({ artifact }) => <Value {...artifact} />,
      },
      {
        id: 'leads',
        title: 'Shares',
        width: 'minmax(120px, 3fr)',
        cell: ({ leads }) => (
          <span className={styles.path}>
            {leads.slice(0, 2).map(({ dataset, label, value, shared }) => (
              <span key={`${dataset} ${label} ${value}`} className={styles.step}>
                <span className="soft">{DATASETS[dataset].title.toLowerCase()}</span>
                <Inert text={short(hostInUnicode(value) ?? value)} />
                <Rarity shared={shared} what="host" />
              </span>
            ))}
            {leads.length > 2 && <span className="soft">+{leads.length - 2}</span>}
          </span>
        ),
      },
    ],
    [],
  );
  if (confirmed === 0)
    return (
      <Empty title="Nothing confirmed yet">
        Expansion starts from what is confirmed. Mark an artifact as confirmed, and hosts that share rare
        values with it are listed here, with the path to each.
      </Empty>
    );
  return (
    <>
      <form
        className={styles.filters}
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(owned);
        }}
      >
        <div className={styles.wide}>
          <TextField
            label="Genuine domains, never suspects"
            placeholder="bitcoingold.org, electrum.org"
            value={owned}
            onChange={setOwned}
          />
        </div>
        <Button type="submit" isDisabled={found.isFetching}>
          {found.isFetching ? 'Looking…' : 'Look again'}
        </Button>
      </form>
      {found.error !== null && <Fault error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Wait label="Following what the confirmed share" />}
      {found.data !== undefined && suspects.length === 0 && (
        <Empty title="No suspects">
          No other host shares a rare value with the {counted(confirmed, 'confirmed artifact')}. New captures
          may change that.
        </Empty>
      )}
      {suspects.length > 0 && (
        <DataTable
          label="Suspects, the most likely first"
          columns={columns}
          rows={suspects}
          rowKey={({ artifact }) => artifact.value}
          openKey={openValue}
          onOpen={({ artifact }) => setOpenValue(artifact.value)}
          footer={counted(suspects.length, 'suspect')}
        />
      )}
      {found.data !== undefined && found.data.tooCommon.length > 0 && <TooCommon found={found.data} />}
      {open !== undefined && (
        <Drawer key={open.artifact.value} title="Suspect" onClose={() => setOpenValue(undefined)}>
          <Value {...open.artifact} />
          <div className={styles.verdicts}>
            <Button kind="primary" isDisabled={put.isPending} onPress={() => decide(open, 'confirmed')}>
              Confirm
            </Button>
            <Button isDisabled={put.isPending} onPress={() => decide(open, 'suspected')}>
              Keep as suspected
            </Button>
            <Button isDisabled={put.isPending} onPress={() => decide(open, 'dismissed')}>
              Dismiss
            </Button>
          </div>
          <section>
            <h3>{counted(open.leads.length, 'reason')}</h3>
            {open.leads.map(({ dataset, label, value, score, path }) => (
              <div key={`${dataset} ${label} ${value}`} className={styles.lead}>
                <p className="soft">
                  {DATASETS[dataset].title}, adds <span className="figure">{score.toFixed(2)}</span>
                </p>
                <PathSteps path={path} />
              </div>
            ))}
          </section>
        </Drawer>
      )}
    </>
  );
}

/** A sentence for the report, from the strongest leads. */
function reasonOf({ leads }: Suspect): string {
  return leads
    .slice(0, 3)
    .map(
      ({ dataset, value, shared }) =>
        `${DATASETS[dataset].title}: shares ${value} (${counted(shared, 'host')})`,
    )
    .join('; ')
    .slice(0, 2_000);
}

function TooCommon({ found }: { readonly found: Found }): ReactNode {
  return (
    <details className={styles.common}>
      <summary>{counted(found.tooCommon.length, 'value')} not followed: too common to say anything</summary>
      <ul>
        {found.tooCommon.map(({ artifact, dataset, shared, reason }) => (
          <li key={`${dataset} ${artifact.value}`}>
            <span className="soft">{DATASETS[dataset].title}</span> <Value {...artifact} />{' '}
            <Rarity shared={shared} what="host" /> <Inert text={reason} />
          </li>
        ))}
      </ul>
    </details>
  );
}
