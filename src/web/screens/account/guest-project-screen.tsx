import type { ArtifactStatus } from '#model';
import type { ReactNode } from 'react';
import { useWho } from '../../account/session.ts';
import { href } from '../../app/screens.ts';
import { useTitle } from '../../app/title.ts';
import { addressOf, ApiError, type Reply } from '../../client/call.ts';
import { useApi } from '../../client/use-api.ts';
import { useLiveAnswers } from '../../client/use-live.ts';
import { Badge, ButtonLink, Panel } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { Markdown } from '../../value/markdown.tsx';
import { Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { outcomeShort } from '../capture/outcome.tsx';
import { changeWords } from '../project/change-words.ts';
import styles from './account.module.css';

type Project = Reply<'getProject'>;

const STATUSES: readonly { readonly id: ArtifactStatus; readonly title: string }[] = [
  { id: 'confirmed', title: 'Confirmed' },
  { id: 'suspected', title: 'Suspected' },
  { id: 'dismissed', title: 'Dismissed' },
];
const FORMATS = [
  { id: 'csv', title: 'CSV' },
  { id: 'json', title: 'JSON' },
  { id: 'stix', title: 'STIX 2.1' },
  { id: 'markdown', title: 'Report' },
] as const;
const SHOWN = 200;

/** A project as a guest sees it: all of it to read, nothing to change, and nowhere else to go. */
export function GuestProjectScreen({
  params,
}: {
  readonly params: Readonly<Record<string, string>>;
}): ReactNode {
  const id = params['id'] ?? '';
  const project = useApi('getProject', { params: { id } });
  useLiveAnswers();
  const who = useWho();
  useTitle(project.data?.name);
  if (project.error !== null)
    return (
      <main id="main" className={styles.bare} tabIndex={-1}>
        {isOver(project.error) ? (
          <Empty title="This project is not open to you" isWhole>
            The link was revoked, or you have to open it again. Ask whoever gave it to you.
          </Empty>
        ) : (
          <Fault isWhole error={project.error} onRetry={() => void project.refetch()} />
        )}
      </main>
    );
  if (project.data === undefined) return <Wait />;
  const { name, description, notes, tags, artifacts, updatedAt } = project.data;
  return (
    <main id="main" className={styles.guest} tabIndex={-1}>
      <div className={styles.stack}>
        <header className="screen-head">
          <span className={styles.brand}>
            <img src="/icon.svg" alt="" width="20" height="20" />
            Adit <Badge>read only</Badge>
            {who?.user !== undefined && <a href={href('projects')}>All projects</a>}
          </span>
          <span className={styles.row}>
            {FORMATS.map((format) => (
              <ButtonLink
                key={format.id}
                isDownload
                href={addressOf('exportProject', { params: { id }, query: { format: format.id } })}
              >
                {format.title}
              </ButtonLink>
            ))}
          </span>
        </header>
        <h1>
          <Inert isProse text={name} />
        </h1>
        <p className="soft">
          Changed <Time at={updatedAt} />
        </p>
        {tags.length > 0 && (
          <p className={styles.row}>
            {tags.map((tag) => (
              <Badge key={tag}>
                <Inert isProse text={tag} />
              </Badge>
            ))}
          </p>
        )}
        {description !== '' && <Inert isProse text={description} clamp={2_000} />}
        {notes !== '' && (
          <Panel title="Notes">
            <Markdown text={notes} />
          </Panel>
        )}
        {artifacts.length === 0 && <Empty title="The project holds nothing yet" />}
        {STATUSES.map(({ id: status, title }) => (
          <Artifacts
            key={status}
            title={title}
            artifacts={artifacts.filter((artifact) => artifact.status === status)}
          />
        ))}
        <Captures project={id} />
        <Timeline project={id} />
        <History project={id} />
      </div>
    </main>
  );
}

const isOver = (error: unknown): boolean =>
  error instanceof ApiError && (error.problem.status === 401 || error.problem.status === 404);

function Artifacts(props: { readonly title: string; readonly artifacts: Project['artifacts'] }): ReactNode {
  if (props.artifacts.length === 0) return null;
  return (
    <Panel title={`${props.title} (${props.artifacts.length})`}>
      <ul className={styles.rows}>
        {props.artifacts.map(({ type, value, status, reason, tags, notes, path }) => (
          <li key={`${type} ${value}`} className={styles.entry}>
            <span className={styles.entryText}>
              <Value type={type} value={value} isLink={false} />
              {reason !== '' && <Inert isProse text={reason} />}
              {path.length > 0 && (
                <span className="soft">
                  found through{' '}
                  <Inert text={path.map(({ label, to }) => `${label} ${to.value}`).join(' → ')} clamp={300} />
                </span>
              )}
              {notes !== '' && <Markdown text={notes} />}
            </span>
            <span className={styles.row}>
              {tags.map((tag) => (
                <Badge key={tag}>
                  <Inert isProse text={tag} />
                </Badge>
              ))}
              <Badge kind={status}>{status}</Badge>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Captures({ project }: { readonly project: string }): ReactNode {
  const captures = useApi('listProjectCaptures', { params: { id: project }, query: { limit: 60 } });
  if (captures.data === undefined || captures.data.captures.length === 0) return null;
  return (
    <Panel title="Visits">
      <ul className={styles.shots}>
        {captures.data.captures.map(({ id, url, title, outcome, startedAt }) => (
          <li key={id} className={styles.shot}>
            <img
              loading="lazy"
              alt={`Screenshot of the visit, ${outcomeShort(outcome)}`}
              src={addressOf('getScreenshot', { params: { id, index: 0 } })}
            />
            <Inert text={url} clamp={120} />
            {title !== undefined && <Inert isProse text={title} clamp={120} />}
            <span className="soft">
              {outcomeShort(outcome)}, <Time at={startedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Timeline({ project }: { readonly project: string }): ReactNode {
  const timeline = useApi('getTimeline', { params: { id: project }, query: { limit: SHOWN } });
  if (timeline.data === undefined || timeline.data.entries.length === 0) return null;
  return (
    <Panel title="Timeline">
      <ol className={styles.rows}>
        {timeline.data.entries.map(({ at, kind, artifact, text }, index) => (
          <li key={index} className={styles.entry}>
            <span className={styles.entryText}>
              <Value type={artifact.type} value={artifact.value} isLink={false} />
              <span className="soft">
                {kind.replace('-', ' ')}: <Inert isProse text={text} clamp={200} />
              </span>
            </span>
            <Time at={at} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function History({ project }: { readonly project: string }): ReactNode {
  const history = useApi('getHistory', { params: { id: project }, query: { limit: SHOWN } });
  if (history.data === undefined || history.data.history.length === 0) return null;
  return (
    <Panel title="History">
      <ol className={styles.rows}>
        {history.data.history.map(({ at, change }, index) => (
          <li key={index} className={styles.entry}>
            <Inert isProse text={changeText(change)} />
            <Time at={at} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function changeText(change: unknown): string {
  const { kind, value, details } = changeWords(change);
  return [kind, ...(value === undefined ? [] : [value]), ...details].join(' · ');
}
