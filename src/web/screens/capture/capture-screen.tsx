import { useState, type ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { changeQuery, useQueryParam } from '../../app/location.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import { useTitle } from '../../app/title.ts';
import { addressOf, type Reply } from '../../client/call.ts';
import { useAction, useApi } from '../../client/use-api.ts';
import controls from '../../design/controls.module.css';
import { Button, ButtonLink, showChosenTab } from '../../design/controls.tsx';
import { Fault, Wait } from '../../design/states.tsx';
import { say, sayFault } from '../../design/toasts.tsx';
import { figure, Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { DifferencesTab } from './differences-tab.tsx';
import { CertificatesTab, DownloadsTab, LinksTab } from './found-tabs.tsx';
import { HostsTab } from './hosts-tab.tsx';
import { OutcomeBadge } from './outcome.tsx';
import { RequestsTab } from './requests-tab.tsx';
import { SourceTab } from './source-tab.tsx';
import { ConsoleTab, CookiesTab, SocketsTab, StorageTab } from './state-tabs.tsx';
import { SummaryTab } from './summary-tab.tsx';
import { VisitsTab } from './visits-tab.tsx';
import styles from './capture.module.css';

export type Overview = Reply<'getCaptureOverview'>;

interface CaptureTab {
  readonly id: string;
  readonly title: string;
  readonly count?: (overview: Overview) => number | undefined;
  readonly body: (overview: Overview) => ReactNode;
}

const TABS: readonly CaptureTab[] = [
  { id: 'summary', title: 'Summary', body: (overview) => <SummaryTab overview={overview} /> },
  {
    id: 'requests',
    title: 'Requests',
    count: ({ counts }) => counts['exchanges'],
    body: ({ capture }) => <RequestsTab captureId={capture.id} />,
  },
  {
    id: 'hosts',
    title: 'Hosts',
    count: ({ counts }) => counts['hosts'],
    body: ({ capture }) => <HostsTab captureId={capture.id} />,
  },
  { id: 'source', title: 'Source', body: (overview) => <SourceTab overview={overview} /> },
  { id: 'differences', title: 'Differences', body: (overview) => <DifferencesTab overview={overview} /> },
  {
    id: 'downloads',
    title: 'Downloads',
    count: ({ counts }) => counts['downloads'],
    body: ({ capture }) => <DownloadsTab captureId={capture.id} />,
  },
  {
    id: 'links',
    title: 'Links',
    count: ({ counts }) => counts['links'],
    body: ({ capture }) => <LinksTab captureId={capture.id} />,
  },
  {
    id: 'console',
    title: 'Console',
    count: ({ counts }) => counts['console'],
    body: ({ capture }) => <ConsoleTab captureId={capture.id} />,
  },
  {
    id: 'cookies',
    title: 'Cookies',
    count: ({ counts }) => counts['cookies'],
    body: ({ capture }) => <CookiesTab captureId={capture.id} />,
  },
  {
    id: 'storage',
    title: 'Storage',
    count: ({ counts }) => counts['storage'],
    body: ({ capture }) => <StorageTab captureId={capture.id} />,
  },
  {
    id: 'certificates',
    title: 'Certificates',
    count: ({ counts }) => counts['certificates'],
    body: ({ capture }) => <CertificatesTab captureId={capture.id} />,
  },
  {
    id: 'sockets',
    title: 'Sockets',
    count: ({ counts }) => counts['messages'],
    body: ({ capture }) => <SocketsTab captureId={capture.id} />,
  },
  { id: 'visits', title: 'Visits', body: ({ capture }) => <VisitsTab captureId={capture.id} /> },
];

/** Parameters of the address that belong to one tab and go with it. */
const OF_A_TAB = {
  exchange: undefined,
  text: undefined,
  line: undefined,
  column: undefined,
  length: undefined,
  sort: undefined,
  contains: undefined,
  shot: undefined,
};

/** One visit, whole. */
export function CaptureScreen({ params }: { readonly params: Readonly<Record<string, string>> }): ReactNode {
  const id = params['id'] ?? '';
  const overview = useApi('getCaptureOverview', { params: { id } });
  useTitle(overview.data?.capture.title?.trim() || overview.data?.capture.url);
  const [chosen] = useQueryParam('tab');
  const tab = TABS.find((each) => each.id === chosen) ?? TABS[0]!;
  const show = (next: string): void => changeQuery({ ...OF_A_TAB, tab: next }, { replace: true });
  const step = (by: number): void => show(TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]!.id);
  useShortcuts([
    { keys: '[', title: 'Previous tab', run: () => step(-1) },
    { keys: ']', title: 'Next tab', run: () => step(1) },
  ]);
  if (overview.error !== null)
    return <Fault isWhole error={overview.error} onRetry={() => void overview.refetch()} />;
  if (overview.data === undefined) return <Wait label="Opening the capture" />;
  const { data } = overview;
  return (
    <>
      <Head overview={data} />
      <Tabs selectedKey={tab.id} onSelectionChange={(key) => show(String(key))} className={styles.tabs!}>
        <TabList ref={showChosenTab} aria-label="Parts of the capture" className={controls.tabs!}>
          {TABS.map(({ id: key, title, count }) => {
            const number = count?.(data);
            return (
              <Tab key={key} id={key} className={controls.tab!}>
                {title} {number !== undefined && <span className={controls.count}>{figure(number)}</span>}
              </Tab>
            );
          })}
        </TabList>
        <TabPanel id={tab.id} className={styles.panel!}>
          {tab.body(data)}
        </TabPanel>
      </Tabs>
    </>
  );
}

function Head({ overview }: { readonly overview: Overview }): ReactNode {
  const { capture, persona } = overview;
  const again = useAction('requestCaptures', ['listJobs']);
  const [isAsked, setAsked] = useState(false);
  const visitAgain = async (): Promise<void> => {
    try {
      await again.mutateAsync({ body: { urls: [capture.url], persona: persona.id } });
      setAsked(true);
      say('A virtual user is on the way there again.', { href: '/crawls', text: 'Watch' });
    } catch (error) {
      sayFault(error);
    }
  };
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <p className={styles.kicker}>
          <span>
            Capture · <Time at={capture.startedAt} precision="second" /> · {persona.title}
          </span>
          <OutcomeBadge kind={capture.outcome} />
        </p>
        <h1 className={styles.name}>
          {capture.title === undefined || capture.title.trim() === '' ? (
            <span className="soft">Without a title</span>
          ) : (
            <Inert text={capture.title} clamp={160} />
          )}
        </h1>
        <p className={styles.address}>
          <Value type="url" value={capture.url} />
        </p>
        {capture.finalUrl !== undefined && capture.finalUrl !== capture.url && (
          <p className={styles.address}>
            <span className="soft">led to</span> <Value type="url" value={capture.finalUrl} />
          </p>
        )}
      </div>
      <div className={styles.actions}>
        <Button onPress={() => void visitAgain()} isDisabled={again.isPending || isAsked}>
          Visit again
        </Button>
        <ButtonLink href={`/compare?a=${encodeURIComponent(capture.id)}`}>Compare…</ButtonLink>
        <ButtonLink href={addressOf('getBundle', { params: { id: capture.id } })} isDownload>
          Download WACZ
        </ButtonLink>
      </div>
    </header>
  );
}
