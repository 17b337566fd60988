import { Fragment, lazy, Suspense, type ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { changeQuery, useQueryParam } from '../../app/location.ts';
import { useTitle } from '../../app/title.ts';
import type { Reply } from '../../client/call.ts';
import { useApi } from '../../client/use-api.ts';
import controls from '../../design/controls.module.css';
import { Badge, showChosenTab } from '../../design/controls.tsx';
import { Fault, Wait } from '../../design/states.tsx';
import { figure, Time } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import { ArtifactList } from './artifact-list.tsx';
import { Expansion } from './expansion.tsx';
import { ExportMenu } from './export-menu.tsx';
import { History } from './history.tsx';
import { Notes } from './notes.tsx';
import { Sharing } from './sharing.tsx';
import { Timeline } from './timeline.tsx';
import styles from './project.module.css';

const ProjectGraph = lazy(async () => ({ default: (await import('./project-graph.tsx')).ProjectGraph }));

export type OpenProject = Reply<'getProject'>;
export type ProjectArtifact = OpenProject['artifacts'][number];

const VISIBILITY = { private: 'Private', team: 'Team', public: 'Public' } as const;

/** One investigation: what belongs to it, how it was found, what may belong to it besides. */
export function ProjectScreen({ params }: { readonly params: Readonly<Record<string, string>> }): ReactNode {
  const id = params['id'] ?? '';
  const project = useApi('getProject', { params: { id } });
  useTitle(project.data?.name);
  if (project.error !== null)
    return <Fault isWhole error={project.error} onRetry={() => void project.refetch()} />;
  if (project.data === undefined) return <Wait label="Opening the project" />;
  return (
    <>
      <header className="screen-head">
        <div className={styles.title}>
          <h1>
            <Inert isProse text={project.data.name} />
          </h1>
          {project.data.description !== '' && (
            <p className="soft">
              <Inert isProse text={project.data.description} clamp={300} />
            </p>
          )}
          <p className={styles.meta}>
            {VISIBILITY[project.data.visibility]} · changed <Time at={project.data.updatedAt} />
            {project.data.may === 'read' && ' · you may read it'}
            {project.data.tags.slice(0, 12).map((tag) => (
              <Fragment key={tag}>
                {' '}
                <Badge>
                  <Inert isProse text={tag} clamp={40} />
                </Badge>
              </Fragment>
            ))}
          </p>
        </div>
        <ExportMenu id={id} />
      </header>
      <Views project={project.data} />
    </>
  );
}

interface View {
  readonly id: string;
  readonly title: string;
  readonly count?: number;
  readonly content: () => ReactNode;
  /** Not for guests. */
  readonly isForPeople?: boolean;
}

function Views({ project }: { readonly project: OpenProject }): ReactNode {
  const [chosen] = useQueryParam('view');
  const session = useApi('getSession', {});
  const isGuest = session.data?.guestOf !== undefined || project.may === 'read';
  const all: readonly View[] = [
    {
      id: 'artifacts',
      title: 'Artifacts',
      count: project.artifacts.length,
      content: () => <ArtifactList project={project} />,
    },
    {
      id: 'expansion',
      title: 'Expansion',
      content: () => <Expansion project={project} />,
      isForPeople: true,
    },
    { id: 'graph', title: 'Graph', content: () => <ProjectGraph project={project} /> },
    { id: 'timeline', title: 'Timeline', content: () => <Timeline id={project.id} /> },
    { id: 'notes', title: 'Notes', content: () => <Notes project={project} /> },
    { id: 'sharing', title: 'Sharing', content: () => <Sharing project={project} />, isForPeople: true },
    { id: 'history', title: 'History', content: () => <History id={project.id} /> },
  ];
  // Who may only read is shown what there is to read.
  const views = all.filter(({ isForPeople }) => isForPeople !== true || !isGuest);
  const current = views.find(({ id }) => id === chosen) ?? views[0]!;
  return (
    <Tabs
      selectedKey={current.id}
      onSelectionChange={(key) =>
        changeQuery({ view: key === 'artifacts' ? undefined : String(key), status: undefined })
      }
    >
      <TabList ref={showChosenTab} aria-label="Project" className={controls.tabs!}>
        {views.map(({ id, title, count }) => (
          <Tab key={id} id={id} className={controls.tab!}>
            {title} {count !== undefined && <span className={controls.count}>{figure(count)}</span>}
          </Tab>
        ))}
      </TabList>
      <TabPanel id={current.id} className={styles.panel!}>
        <Suspense fallback={<Wait />}>{current.content()}</Suspense>
      </TabPanel>
    </Tabs>
  );
}
