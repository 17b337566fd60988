import { registrableDomain, type Artifact, type Host } from '#model';
import { useState, type ReactNode } from 'react';
import { useQueryParam } from '../../app/location.ts';
import { href } from '../../app/screens.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import { useTitle } from '../../app/title.ts';
import type { Reply } from '../../client/call.ts';
import { useApi } from '../../client/use-api.ts';
import { Badge, Button, ButtonLink } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { ACTIONS, isOffered } from '../../value/actions.ts';
import { figure, Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { outcomeShort } from '../capture/outcome.tsx';
import { DatasetTabs } from './dataset-tabs.tsx';
import { Heatmap } from './heatmap.tsx';
import { Insights } from './insights.tsx';
import { Marks, Verdict } from './verdict.tsx';
import styles from './artifact.module.css';

export type Summary = Reply<'getArtifact'>;

const TYPE_NAMES: Readonly<Record<Artifact['type'], string>> = {
  host: 'Host',
  domain: 'Domain',
  ip: 'IP address',
  url: 'URL',
  mail: 'Mail address',
  hash: 'File hash',
  tracker: 'Tracker',
  component: 'Component',
  cookie: 'Cookie',
  certificate: 'Certificate',
  text: 'Text',
};

/** Everything known of one value. */
export function ArtifactScreen(): ReactNode {
  const [value] = useQueryParam('value');
  const summary = useApi('getArtifact', { query: { value: value ?? '' } }, { enabled: value !== undefined });
  useTitle(value);
  if (value === undefined || value === '')
    return (
      <Empty title="Nothing to look up" isWhole>
        The address names no value. Search for one.
      </Empty>
    );
  if (summary.error !== null)
    return <Fault isWhole error={summary.error} onRetry={() => void summary.refetch()} />;
  if (summary.data === undefined) return <Wait label="Looking it up" />;
  return <Known key={value} summary={summary.data} />;
}

function Known({ summary }: { readonly summary: Summary }): ReactNode {
  const { artifact, counts } = summary;
  useShortcuts(
    ACTIONS.filter(
      (action) => action.id !== 'pivot' && action.key !== undefined && isOffered(action, artifact),
    ).map(({ key, title, run }) => ({
      keys: key ?? '',
      title: `${title.replace('…', '')}: this ${TYPE_NAMES[artifact.type].toLowerCase()}`,
      run: () => run(artifact),
    })),
  );
  return (
    <>
      <Head summary={summary} />
      <div className={styles.facts}>
        <KeyFacts summary={summary} />
        <div className={styles.judged}>
          <Verdict verdict={summary.verdict} />
          <Insights insights={summary.insights} />
        </div>
        <Heatmap value={artifact.value} />
      </div>
      {counts.length > 0 ? (
        <DatasetTabs summary={summary} />
      ) : (
        <NothingSeen artifact={artifact} captures={summary.captures} />
      )}
    </>
  );
}

function Head({ summary }: { readonly summary: Summary }): ReactNode {
  const { artifact } = summary;
  // Tags stand beside the class, where they are changed, too.
  const actions = ACTIONS.filter(
    (action) => action.id !== 'pivot' && action.id !== 'tag' && isOffered(action, artifact),
  );
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <p className={styles.type}>{TYPE_NAMES[artifact.type]}</p>
        <div className={styles.nameLine}>
          <h1 className={styles.name}>
            <Value {...artifact} isLink={false} />
          </h1>
          <Marks summary={summary} />
        </div>
      </div>
      <div className={styles.actions}>
        {actions.map(({ id, title, run }) => (
          <Button key={id} kind={id === 'add' ? 'primary' : 'plain'} onPress={() => run(artifact)}>
            {title}
          </Button>
        ))}
      </div>
    </header>
  );
}

function KeyFacts({ summary }: { readonly summary: Summary }): ReactNode {
  const { artifact, counts, firstSeen, lastSeen, captures } = summary;
  const domain = artifact.type === 'host' ? registrableDomain(artifact.value as Host) : undefined; // of that type
  const host = artifact.type === 'url' ? URL.parse(artifact.value)?.hostname : undefined;
  const observations = counts.reduce((sum, count) => sum + count.observations, 0);
  return (
    <dl className={styles.keyFacts}>
      {(observations > 0 || captures.length === 0) && (
        <>
          <Fact name="First seen">
            <Time at={firstSeen} />
          </Fact>
          <Fact name="Last seen">
            <Time at={lastSeen} />
          </Fact>
          <Fact name="Observations">{figure(observations)}</Fact>
        </>
      )}
      {host !== undefined && host !== '' && (
        <Fact name="Host">
          <Value type="host" value={host} showAscii={false} />
        </Fact>
      )}
      {domain !== undefined && (
        <Fact name="Domain">
          <Value type="domain" value={domain} />
        </Fact>
      )}
      {summary.projects.length > 0 && (
        <Fact name={summary.projects.length === 1 ? 'Project' : 'Projects'}>
          <ul>
            {summary.projects.map(({ id, name, status }) => (
              <li key={id} className={styles.inProject}>
                <a href={href('project', { id })}>
                  <Inert isProse text={name} clamp={60} />
                </a>{' '}
                <Badge kind={status}>{status}</Badge>
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {captures.length > 0 && (
        <Fact name={captures.length === 1 ? 'Capture' : 'Captures'}>
          <Captures captures={captures} />
        </Fact>
      )}
    </dl>
  );
}

const SHOWN = 3;
function Captures({ captures }: Pick<Summary, 'captures'>): ReactNode {
  const [isWhole, setWhole] = useState(false);
  return (
    <ul>
      {captures.slice(0, isWhole ? undefined : SHOWN).map(({ id, startedAt, outcome }) => (
        <li key={id}>
          <a href={href('capture', { id })}>
            <Time at={startedAt} />
          </a>{' '}
          <span className="soft">{outcomeShort(outcome)}</span>
        </li>
      ))}
      {!isWhole && captures.length > SHOWN && (
        <li>
          <Button kind="quiet" onPress={() => setWhole(true)}>
            {captures.length - SHOWN} more
          </Button>
        </li>
      )}
    </ul>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** No dataset has a row of it; its captures, where there are any, say what is known. */
function NothingSeen({
  artifact,
  captures,
}: {
  readonly artifact: Artifact;
  readonly captures: Summary['captures'];
}): ReactNode {
  const capture = ACTIONS.find(({ id }) => id === 'capture');
  const newest = captures[0];
  if (newest !== undefined)
    return (
      <Empty
        title="It was captured"
        actions={
          <ButtonLink kind="primary" href={href('capture', { id: newest.id })}>
            Open the newest capture
          </ButtonLink>
        }
      >
        What was seen there stands in its captures, and in the datasets of its host.
      </Empty>
    );
  return (
    <Empty
      title="Nothing seen of it yet"
      actions={
        capture !== undefined &&
        isOffered(capture, artifact) && (
          <Button kind="primary" onPress={() => capture.run(artifact)}>
            Capture now
          </Button>
        )
      }
    >
      No capture and no import names this value. Captures and imports that do will show up here.
    </Empty>
  );
}
