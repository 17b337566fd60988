import { useMemo, type ReactNode } from 'react';
import { useMay } from '../../account/session.ts';
import { openDialog } from '../../app/dialogs.ts';
import { navigate } from '../../app/location.ts';
import { href } from '../../app/screens.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import type { Reply } from '../../client/call.ts';
import { useApi } from '../../client/use-api.ts';
import { Button } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { Time } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';

type Project = Reply<'listProjects'>['projects'][number];

export function ProjectsScreen(): ReactNode {
  const projects = useApi('listProjects', {});
  const mayBegin = useMay('write');
  const begin = (): void => openDialog({ kind: 'new-project' });
  useShortcuts(mayBegin ? [{ keys: 'n', title: 'New project', run: begin }] : []);
  const columns = useMemo<Column<Project>[]>(
    () => [
      {
        id: 'name',
        title: 'Name',
        width: 'minmax(180px, 2fr)',
        cell: ({ id, name }) => (
          <a href={href('project', { id })} tabIndex={-1}>
            <Inert isProse text={name} clamp={120} />
          </a>
        ),
      },
      {
        id: 'description',
        title: 'Description',
        width: 'minmax(0, 3fr)',
        isSecondary: true,
        cell: ({ description }) => <Inert isProse text={description.split('\n')[0] ?? ''} clamp={160} />,
      },
      { id: 'updated', title: 'Changed', width: '132px', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
    ],
    [],
  );
  return (
    <>
      <header className="screen-head">
        <h1>Projects</h1>
        {mayBegin && (
          <Button kind="primary" onPress={begin}>
            New project
          </Button>
        )}
      </header>
      {projects.error !== null && <Fault error={projects.error} onRetry={() => void projects.refetch()} />}
      {projects.isPending && <Wait />}
      {projects.data?.projects.length === 0 && (
        <Empty
          title="No project yet"
          actions={
            mayBegin && (
              <Button kind="primary" onPress={begin}>
                Begin the first project
              </Button>
            )
          }
        >
          A project holds what belongs to one investigation: artifacts with their status, and the path that
          led to each.
        </Empty>
      )}
      {projects.data !== undefined && projects.data.projects.length > 0 && (
        <DataTable
          label="Projects"
          columns={columns}
          rows={projects.data.projects}
          rowKey={({ id }) => id}
          onOpen={({ id }) => navigate(href('project', { id }))}
        />
      )}
    </>
  );
}
