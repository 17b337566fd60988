import { ARTIFACT_STATUSES } from '#model';
import { useMemo, useState, type ReactNode } from 'react';
import { changeQuery, useQueryParam } from '../../app/location.ts';
import { focusSearch } from '../../app/search-box.tsx';
import { useShortcuts } from '../../app/shortcuts.ts';
import { useAction } from '../../client/use-api.ts';
import { Badge, Button, Choices } from '../../design/controls.tsx';
import { Empty } from '../../design/states.tsx';
import { sayFault } from '../../design/toasts.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { counted, figure, Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { ArtifactDrawer } from './artifact-drawer.tsx';
import { PathLine } from './path-line.tsx';
import type { OpenProject, ProjectArtifact } from './project-screen.tsx';
import styles from './project.module.css';

type Status = (typeof ARTIFACT_STATUSES)[number];

/** The artifacts of a project by status; opening one shows the path to it, its notes and tags. */
export function ArtifactList({ project }: { readonly project: OpenProject }): ReactNode {
  const [wanted] = useQueryParam('status');
  const [openValue, setOpenValue] = useState<string>();
  const put = useAction('putArtifact', ['getProject', 'getHistory', 'expandProject']);
  const status = ARTIFACT_STATUSES.find((each) => each === wanted);
  const shown = useMemo(
    () =>
      project.artifacts
        .filter((artifact) => status === undefined || artifact.status === status)
        .sort((a, b) => ARTIFACT_STATUSES.indexOf(a.status) - ARTIFACT_STATUSES.indexOf(b.status)),
    [project.artifacts, status],
  );
  const open = project.artifacts.find(({ value }) => value === openValue);
  const setStatus = (artifact: ProjectArtifact, next: Status): void =>
    put.mutate(
      { params: { id: project.id }, body: { type: artifact.type, value: artifact.value, status: next } },
      { onError: sayFault },
    );
  useShortcuts(
    open === undefined || project.may === 'read'
      ? []
      : ARTIFACT_STATUSES.map((each, index) => ({
          keys: String(index + 1),
          title: `Mark as ${each}`,
          run: () => setStatus(open, each),
        })),
  );
  const columns = useMemo<Column<ProjectArtifact>[]>(
    () => [
      {
        id: 'status',
        title: 'Status',
        width: '96px',
        cell: ({ status: each }) => <Badge kind={each}>{each}</Badge>,
      },
      {
        id: 'value',
        title: 'Artifact',
        width: 'minmax(150px, 3fr)',
        cell: ({ type, value }) => <Value type={type} value={value} />,
      },
      {
        id: 'path',
        title: 'Found by',
        width: 'minmax(120px, 4fr)',
        isSecondary: true,
        cell: ({ path, reason }) =>
          path.length > 0 ? <PathLine path={path} /> : <Inert isProse text={reason} clamp={160} />,
      },
      {
        id: 'tags',
        title: 'Tags',
        width: 'minmax(60px, 1fr)',
        isSecondary: true,
        cell: ({ tags }) =>
          tags.map((tag) => <Badge key={tag}>{<Inert isProse text={tag} clamp={24} />}</Badge>),
      },
      {
        id: 'added',
        title: 'Added',
        width: '122px',
        isSecondary: true,
        cell: ({ addedAt }) => <Time at={addedAt} />,
      },
    ],
    [],
  );
  const count = (each: Status): number =>
    project.artifacts.filter((artifact) => artifact.status === each).length;
  if (project.artifacts.length === 0)
    return (
      <Empty
        title="Nothing in it yet"
        actions={
          <Button kind="primary" onPress={focusSearch}>
            Search
          </Button>
        }
      >
        Look something up and add it with the key a, or paste the mail that it began with into the search.
      </Empty>
    );
  return (
    <>
      <div className={styles.filters}>
        <Choices
          label="Status"
          showLabel={false}
          value={status ?? 'all'}
          choices={[
            { id: 'all', name: `All ${figure(project.artifacts.length)}` },
            ...ARTIFACT_STATUSES.map((id) => ({
              id,
              name: `${id[0]!.toUpperCase()}${id.slice(1)} ${figure(count(id))}`,
            })),
          ]}
          onChange={(id) => changeQuery({ status: id === 'all' ? undefined : id })}
        />
      </div>
      {shown.length === 0 ? (
        <Empty title={`Nothing ${status}`}>Artifacts of this status will be listed here.</Empty>
      ) : (
        <DataTable
          label="Artifacts"
          columns={columns}
          rows={shown}
          rowKey={({ value }) => value}
          openKey={openValue}
          onOpen={({ value }) => setOpenValue(value)}
          footer={counted(shown.length, 'artifact')}
        />
      )}
      {open !== undefined && (
        <ArtifactDrawer
          key={open.value}
          project={project.id}
          isReadOnly={project.may === 'read'}
          artifact={open}
          onStatus={(next) => setStatus(open, next)}
          onClose={() => setOpenValue(undefined)}
        />
      )}
    </>
  );
}
