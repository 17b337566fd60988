import { DATASET_IDS } from '#model';
import { lazy, Suspense, type ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { changeQuery, useQueryParam } from '../../app/location.ts';
import controls from '../../design/controls.module.css';
import { showChosenTab } from '../../design/controls.tsx';
import { Wait } from '../../design/states.tsx';
import { figure } from '../../value/time.tsx';
import type { Summary } from './artifact-screen.tsx';
import { DatasetView } from './dataset-view.tsx';
import { parseTab, tabKey, tabTitle } from './dataset-tab.ts';
import styles from './artifact.module.css';

/** Parameters of the address that belong to one tab and go with it. */
const OF_A_TAB = {
  label: undefined,
  within: undefined,
  detail: undefined,
  seen: undefined,
  sort: undefined,
  contains: undefined,
  as: undefined,
};

const ArtifactGraph = lazy(async () => ({ default: (await import('./artifact-graph.tsx')).ArtifactGraph }));

const GRAPH: { readonly id: string; readonly title: string; readonly edges?: number } = {
  id: 'graph',
  title: 'Graph',
};

/** A tab for each dataset and direction in which there is anything. */
export function DatasetTabs({ summary }: { readonly summary: Summary }): ReactNode {
  const [chosen] = useQueryParam('tab');
  const tabs = [...summary.counts].sort(
    (a, b) =>
      DATASET_IDS.indexOf(a.dataset) - DATASET_IDS.indexOf(b.dataset) ||
      (a.direction === b.direction ? 0 : a.direction === 'reverse' ? -1 : 1),
  );
  const wanted = parseTab(chosen);
  const current = tabs.find((tab) => wanted !== undefined && tabKey(tab) === tabKey(wanted)) ?? tabs[0];
  if (current === undefined) return null;
  const isGraph = chosen === 'graph';
  const key = isGraph ? 'graph' : tabKey(current);
  return (
    <Tabs
      selectedKey={key}
      onSelectionChange={(key) => changeQuery({ ...OF_A_TAB, tab: String(key) }, { replace: true })}
      className={styles.tabs!}
    >
      <TabList
        ref={showChosenTab}
        aria-label="Datasets"
        className={controls.tabs!}
        items={[...tabs.map((tab) => ({ id: tabKey(tab), title: tabTitle(tab), edges: tab.edges })), GRAPH]}
      >
        {(tab) => (
          <Tab className={controls.tab!}>
            {tab.title}{' '}
            {tab.edges !== undefined && <span className={controls.count}>{figure(tab.edges)}</span>}
          </Tab>
        )}
      </TabList>
      <TabPanel id={key} className={styles.panel!}>
        {isGraph ? (
          <Suspense fallback={<Wait />}>
            <ArtifactGraph artifact={summary.artifact} />
          </Suspense>
        ) : (
          <DatasetView key={key} artifact={summary.artifact} tab={current} total={current.edges} />
        )}
      </TabPanel>
    </Tabs>
  );
}
