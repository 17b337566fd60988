import { useEffect, type ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { changeQuery, useQueryParam } from '../../app/location.ts';
import type { Reply } from '../../client/call.ts';
import { useApi } from '../../client/use-api.ts';
import { useLiveAnswers } from '../../client/use-live.ts';
import controls from '../../design/controls.module.css';
import { Fault, Wait } from '../../design/states.tsx';
import { inertText } from '../../value/inert.ts';
import { figure, Time } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import { ArtifactList } from './artifact-list.tsx';
import { Expansion } from './expansion.tsx';
import { ExportMenu } from './export-menu.tsx';
import { History } from './history.tsx';
import { ProjectGraph } from './project-graph.tsx';
import styles from './project.module.css';

export type OpenProject = Reply<'getProject'>;
export type ProjectArtifact = OpenProject['artifacts'][number];

/** One investigation: what belongs to it, how it was found, what may belong to it besides. */
export function ProjectScreen({ params }: { readonly params: Readonly<Record<string, string>> }): ReactNode {
  const id = params['id'] ?? '';
  const project = useApi('getProject', { params: { id } });
  useLiveAnswers(['project-changed'], ['getProject', 'getHistory', 'listProjects']);
  const name = project.data?.name;
  useEffect(() => {
    if (name !== undefined) document.title = `${inertText(name).slice(0, 80)} · Adit`;
  }, [name]);
  if (project.error !== null) return <Fault error={project.error} onRetry={() => void project.refetch()} />;
  if (project.data === undefined) return <Wait label="Opening the project" />;
  return (
    <>
      <header className={styles.head}>
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
            Changed <Time at={project.data.updatedAt} />
          </p>
        </div>
        <ExportMenu id={id} />
      </header>
      <Views project={project.data} />
    </>
  );
}

function Views({ project }: { readonly project: OpenProject }): ReactNode {
  const [chosen] = useQueryParam('view');
  const views = [
    {
      id: 'artifacts',
      title: 'Artifacts',
      count: project.artifacts.length,
      content: () => <ArtifactList project={project} />,
    },
    { id: 'expansion', title: 'Expansion', content: () => <Expansion project={project} /> },
    { id: 'graph', title: 'Graph', content: () => <ProjectGraph project={project} /> },
    { id: 'history', title: 'History', content: () => <History id={project.id} /> },
  ];
  const current = views.find(({ id }) => id === chosen) ?? views[0]!;
  return (
    <Tabs
      selectedKey={current.id}
      onSelectionChange={(key) =>
        changeQuery({ view: key === 'artifacts' ? undefined : String(key), status: undefined })
      }
    >
      <TabList aria-label="Project" className={controls.tabs!}>
        {views.map(({ id, title, count }) => (
          <Tab key={id} id={id} className={controls.tab!}>
            {title} {count !== undefined && <span className={controls.count}>{figure(count)}</span>}
          </Tab>
        ))}
      </TabList>
      <TabPanel id={current.id} className={styles.panel!}>
        {current.content()}
      </TabPanel>
    </Tabs>
  );
}
