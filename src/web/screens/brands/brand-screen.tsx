import { DATASETS } from '#model';
import { useState, type ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { changeQuery, navigate, useQueryParam } from '../../app/location.ts';
import { href } from '../../app/screens.ts';
import { useTitle } from '../../app/title.ts';
import { call, type Reply } from '../../client/call.ts';
import { useAction, useApi } from '../../client/use-api.ts';
import controls from '../../design/controls.module.css';
import { Badge, Button, Dialog, Panel, Select, showChosenTab } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { say, sayFault } from '../../design/toasts.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { hostInUnicode } from '../../value/host-name.ts';
import { counted, Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import styles from './brands.module.css';

type Brand = Reply<'getBrand'>;
type Lookalike = Reply<'listLookalikes'>['lookalikes'][number];
type Edge = Reply<'pivot'>['edges'][number];

const TABS = [
  { id: 'lookalikes', title: 'Look-alikes' },
  { id: 'copies', title: 'Copies' },
  { id: 'hotlinks', title: 'Hot-linkers' },
  { id: 'ownership', title: 'Ownership' },
  { id: 'pages', title: 'Pages' },
] as const;

const LEVELS = [
  { id: 'LOW', name: 'all of them' },
  { id: 'MEDIUM', name: 'medium and high' },
  { id: 'HIGH', name: 'high only' },
] as const;

/** One brand: who imitates it, who copies it, who loads its files, and what else is its own. */
export function BrandScreen(): ReactNode {
  const [id = ''] = useQueryParam('id'); // named by a domain, which as a path would look like a file
  const brand = useApi('getBrand', { params: { id } });
  useTitle(brand.data?.name);
  const [chosen] = useQueryParam('tab');
  const tab = TABS.find((each) => each.id === chosen) ?? TABS[0];
  if (brand.error !== null) return <Fault isWhole error={brand.error} onRetry={() => void brand.refetch()} />;
  if (brand.data === undefined) return <Wait />;
  const { data } = brand;
  return (
    <>
      <Head brand={data} />
      <Tabs
        selectedKey={tab.id}
        onSelectionChange={(key) => changeQuery({ tab: String(key) }, { replace: true })}
      >
        <TabList ref={showChosenTab} aria-label="What concerns the brand" className={controls.tabs!}>
          {TABS.map(({ id: key, title }) => (
            <Tab key={key} id={key} className={controls.tab!}>
              {title}
            </Tab>
          ))}
        </TabList>
        <TabPanel id={tab.id} className={styles.panel!}>
          {tab.id === 'lookalikes' && <Lookalikes brand={data} />}
          {tab.id === 'copies' && <Edges brand={data} dataset="copies" />}
          {tab.id === 'hotlinks' && <Edges brand={data} dataset="host-pairs" />}
          {tab.id === 'ownership' && <Ownership brand={data} />}
          {tab.id === 'pages' && <Pages brand={data} />}
        </TabPanel>
      </Tabs>
    </>
  );
}

function Head({ brand }: { readonly brand: Brand }): ReactNode {
  const [isLeaving, setLeaving] = useState(false);
  const remove = useAction('removeBrand', ['listBrands']);
  const leave = async (): Promise<void> => {
    try {
      await remove.mutateAsync({ params: { id: brand.id } });
      say('It is protected no longer; what was observed stays.');
      navigate(href('brands'));
    } catch {
      // shown in the dialog
    }
  };
  return (
    <header className={styles.head}>
      <div>
        <p className="soft">Brand</p>
        <h1>
          <Inert text={brand.name} clamp={100} />
        </h1>
        <p className={styles.domains}>
          {brand.domains.slice(0, 12).map((domain) => (
            <Value key={domain} type="domain" value={domain} />
          ))}
        </p>
      </div>
      <Button kind="danger" onPress={() => setLeaving(true)}>
        Protect no longer…
      </Button>
      {isLeaving && (
        <Dialog
          title="Protect this brand no longer?"
          onClose={() => setLeaving(false)}
          onSubmit={() => void leave()}
          submitLabel="Protect no longer"
          isBusy={remove.isPending}
        >
          <p>What was found so far stays; nothing new is looked for.</p>
          {remove.error !== null && <Fault error={remove.error} />}
        </Dialog>
      )}
    </header>
  );
}

/** Names seen that imitate the brand, the surest first, each with why. */
function Lookalikes({ brand }: { readonly brand: Brand }): ReactNode {
  const [level, setLevel] = useQueryParam('level');
  const least = LEVELS.find(({ id }) => id === level)?.id ?? 'LOW';
  const found = useApi(
    'listLookalikes',
    { params: { id: brand.id }, query: { level: least, limit: 500 } },
    { keepPrevious: true },
  );
  const columns: readonly Column<Lookalike>[] = [
    {
      id: 'host',
      title: 'Name',
      width: 'minmax(240px, 2fr)',
      cell: ({ host }) => <Value type="host" value={host} />,
    },
    { id: 'score', title: 'Score', width: '84px', cell: ({ score }) => <Score score={score} /> },
    { id: 'technique', title: 'How', width: 'minmax(110px, 0.8fr)', cell: ({ technique }) => technique },
    {
      id: 'why',
      title: 'Why',
      width: 'minmax(0, 1.8fr)',
      isSecondary: true,
      cell: ({ detail }) => <Inert text={reasonOf(detail)} clamp={140} />,
    },
    {
      id: 'first',
      title: 'First seen',
      width: '132px',
      isSecondary: true,
      cell: ({ firstSeen }) => <Time at={firstSeen} />,
    },
    {
      id: 'capture',
      title: 'Capture',
      width: '88px',
      isSecondary: true,
      cell: ({ captureId }) =>
        captureId === undefined ? (
          <span className="soft" title="No visit of it is stored: the name was seen elsewhere.">
            not visited
          </span>
        ) : (
          <a href={href('capture', { id: captureId })} tabIndex={-1}>
            Open
          </a>
        ),
    },
  ];
  return (
    <>
      <div className={styles.filters}>
        <Select label="Show" showLabel={false} choices={LEVELS} value={least} onChange={setLevel} />
        <span className="soft">Names that were seen anywhere: visits, imports, certificates, mails.</span>
      </div>
      {found.error !== null && <Fault error={found.error} onRetry={() => void found.refetch()} />}
      {found.data === undefined && found.error === null && <Wait />}
      {found.data?.lookalikes.length === 0 && (
        <Empty title="No name seen so far imitates it">
          Each name that comes in is matched; what imitates the brand shows up here.
        </Empty>
      )}
      {found.data !== undefined && found.data.lookalikes.length > 0 && (
        <DataTable
          label="Look-alikes of the brand, the surest first"
          columns={columns}
          rows={found.data.lookalikes}
          rowKey={({ host }) => host}
          onOpen={({ host }) => navigate(href('artifact', {}, { value: host }))}
          footer={counted(found.data.lookalikes.length, 'name')}
        />
      )}
    </>
  );
}

function reasonOf(detail: Lookalike['detail']): string {
  const { reasons } = detail as { reasons?: unknown }; // as the dataset describes it
  return typeof reasons === 'string'
    ? reasons
    : Object.entries(detail)
        .filter(([name]) => name !== 'level' && name !== 'score')
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join(', ');
}

function Score({ score }: { readonly score: number }): ReactNode {
  const percent = Math.round(score <= 1 ? score * 100 : score);
  const kind = percent >= 75 ? 'confirmed' : percent >= 50 ? 'suspected' : 'plain';
  return <Badge kind={kind}>{percent} %</Badge>;
}

/** Hosts that copy the brand's pages, or load its files, by one of its domains; its own are left out. */
function Edges({
  brand,
  dataset,
}: {
  readonly brand: Brand;
  readonly dataset: 'copies' | 'host-pairs';
}): ReactNode {
  const own = [...brand.domains, ...brand.owned].slice(0, 50);
  const [chosen, setDomain] = useQueryParam('of');
  const domain = own.find((each) => each === chosen) ?? brand.id;
  const choose = own.length > 1 && (
    <div className={styles.filters}>
      <Select
        label="Of which of its domains"
        showLabel={false}
        choices={own.map((id) => ({ id, name: hostInUnicode(id) ?? id }))}
        value={domain}
        onChange={setDomain}
      />
    </div>
  );
  const edges = useApi('pivot', {
    query: {
      dataset,
      direction: 'reverse',
      value: domain,
      withSubdomains: 'true',
      foreignTo: own,
      ...(dataset === 'host-pairs' && { isObserved: 'true' as const }),
      sort: 'lastSeen',
      order: 'desc',
      limit: 500,
    },
  });
  const columns: readonly Column<Edge>[] = [
    {
      id: 'host',
      title: 'Host',
      width: 'minmax(160px, 1.5fr)',
      cell: ({ source }) => <Value type="host" value={source} />,
    },
    {
      id: 'label',
      title: dataset === 'copies' ? 'Evidence' : 'How',
      width: '150px',
      cell: ({ label }) => <Inert text={label} clamp={40} />,
    },
    {
      id: 'target',
      title: dataset === 'copies' ? 'Copies' : 'Loads from',
      width: 'minmax(120px, 1fr)',
      isSecondary: true,
      cell: ({ target }) => <Value type="host" value={target} />,
    },
    {
      id: 'seen',
      title: 'Last seen',
      width: '132px',
      isSecondary: true,
      cell: ({ lastSeen }) => <Time at={lastSeen} />,
    },
    {
      id: 'open',
      title: 'Open',
      width: '150px',
      cell: ({ captureId }) =>
        captureId !== undefined && (
          <span className={styles.links}>
            <a href={href('capture', { id: captureId })} tabIndex={-1}>
              Capture
            </a>
            <a href={href('compare', {}, { a: brand.pages[0]?.url ?? brand.id, b: captureId })} tabIndex={-1}>
              Compare
            </a>
          </span>
        ),
    },
  ];
  if (edges.error !== null) return <Fault error={edges.error} onRetry={() => void edges.refetch()} />;
  if (edges.data === undefined) return <Wait />;
  const rows = edges.data.edges;
  if (rows.length === 0)
    return (
      <>
        {choose}
        <Empty title={dataset === 'copies' ? 'No copy was seen' : 'Nobody else loads its files'}>
          {dataset === 'copies'
            ? 'Every page that comes in is compared with the pages of the brand.'
            : 'A page elsewhere that loads an image, a script or a style sheet of the brand shows up here: copies often do.'}
        </Empty>
      </>
    );
  return (
    <>
      {choose}
      <DataTable
        label={
          dataset === 'copies'
            ? 'Copies of the brand’s pages'
            : `${DATASETS['host-pairs'].title}: hosts that load files of the brand`
        }
        columns={columns}
        rows={rows}
        rowKey={({ source, label, target }) => JSON.stringify([source, label, target])}
        onOpen={({ source }) => navigate(href('artifact', {}, { value: source }))}
        footer={counted(rows.length, 'row')}
      />
    </>
  );
}

/** Domains that may be of the same owner: nothing counts until somebody says so. */
function Ownership({ brand }: { readonly brand: Brand }): ReactNode {
  const proposals = useApi('listProposals', { params: { id: brand.id } });
  const decide = useAction('setOwnership', ['getBrand', 'listProposals', 'listLookalikes', 'pivot']);
  const say_ = async (host: string, isOwned: boolean): Promise<void> => {
    try {
      await decide.mutateAsync({ params: { id: brand.id }, body: { hosts: [host], isOwned } });
      say(isOwned ? `${host} counts as the brand’s own.` : `${host} is not the brand’s own.`);
    } catch (error) {
      sayFault(error);
    }
  };
  const visit = async (): Promise<void> => {
    try {
      await call('requestCaptures', { body: { urls: [`https://${brand.id}/`] } });
      say('A virtual user is on the way there.', { href: href('crawls'), text: 'Watch' });
    } catch (error) {
      sayFault(error);
    }
  };
  return (
    <div className={styles.column}>
      <Panel title="May be its own">
        {proposals.error !== null && <Fault error={proposals.error} />}
        {proposals.data === undefined && proposals.error === null && <Wait />}
        {proposals.data?.proposals.length === 0 && (
          <p className="soft">
            Nothing points to further domains of the owner. What its pages redirect to and which names stand
            in its certificates is looked at:{' '}
            <button type="button" className={styles.textButton} onClick={() => void visit()}>
              visit its page now
            </button>
            .
          </p>
        )}
        <ul className={styles.proposals}>
          {proposals.data?.proposals.map(({ domain, score, reasons }) => (
            <li key={domain}>
              <div className={styles.proposal}>
                <Value type="domain" value={domain} />
                <Badge>{Math.round(score * 100)} %</Badge>
                <ul className="soft">
                  {reasons.map(({ kind, text }) => (
                    <li key={kind + text}>
                      <Inert text={text} clamp={200} />
                    </li>
                  ))}
                </ul>
              </div>
              <span className={styles.links}>
                <Button onPress={() => void say_(domain, true)} isDisabled={decide.isPending}>
                  It is its own
                </Button>
                <Button kind="quiet" onPress={() => void say_(domain, false)} isDisabled={decide.isPending}>
                  It is not
                </Button>
              </span>
            </li>
          ))}
        </ul>
      </Panel>
      <Hosts title="Its own" hosts={[...brand.domains, ...brand.owned]} empty="" />
      <Hosts title="Not its own, as somebody said" hosts={brand.disowned} empty="None." />
    </div>
  );
}

function Hosts(props: {
  readonly title: string;
  readonly hosts: readonly string[];
  readonly empty: string;
}): ReactNode {
  return (
    <Panel title={props.title}>
      {props.hosts.length === 0 && <p className="soft">{props.empty}</p>}
      <p className={styles.domains}>
        {props.hosts.slice(0, 200).map((host) => (
          <Value key={host} type="host" value={host} />
        ))}
      </p>
    </Panel>
  );
}

/** The pages that copies are compared with, in the versions that were captured. */
function Pages({ brand }: { readonly brand: Brand }): ReactNode {
  const pages = useApi('listBrandPages', { params: { id: brand.id } });
  if (pages.error !== null) return <Fault error={pages.error} onRetry={() => void pages.refetch()} />;
  if (pages.data === undefined) return <Wait />;
  if (pages.data.pages.length === 0)
    return <Empty title="No page is protected">Add the brand by the URL of a page, and it is.</Empty>;
  return (
    <div className={styles.column}>
      {pages.data.pages.map(({ url, kind, versions }) => (
        <Panel key={url} title={kind}>
          <p className={styles.domains}>
            <Value type="url" value={url} />
          </p>
          {versions.length === 0 ? (
            <p className="soft">No version was captured yet: visit it, so that copies can be told.</p>
          ) : (
            <ul className={styles.versions}>
              {versions.slice(0, 20).map(({ id, startedAt, title }) => (
                <li key={id}>
                  <a href={href('capture', { id })}>
                    <Time at={startedAt} />
                  </a>{' '}
                  <Inert text={title ?? ''} clamp={80} />
                </li>
              ))}
            </ul>
          )}
        </Panel>
      ))}
    </div>
  );
}
