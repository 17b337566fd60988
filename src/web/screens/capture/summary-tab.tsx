import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { addressOf } from '../../client/call.ts';
import { Panel } from '../../design/controls.tsx';
import { counted, figure, Time } from '../../value/time.tsx';
import { durationWords, sizeWords } from '../../value/size.ts';
import { Inert, Value } from '../../value/value.tsx';
import type { Overview } from './capture-screen.tsx';
import { limitWords, outcomeWords } from './outcome.tsx';
import styles from './capture.module.css';

type Screenshot = Overview['screenshots'][number];
type Step = Overview['steps'][number];

/** What was seen and done, and what became of it. */
export function SummaryTab({ overview }: { readonly overview: Overview }): ReactNode {
  return (
    <div className={styles.summary}>
      <Screenshots overview={overview} />
      <div className={styles.column}>
        <Became overview={overview} />
        <Steps overview={overview} />
        <Facts overview={overview} />
      </div>
    </div>
  );
}

function Screenshots({ overview }: { readonly overview: Overview }): ReactNode {
  const { screenshots, capture, steps } = overview;
  const [chosen, setChosen] = useState(0);
  const shot = screenshots[chosen] ?? screenshots[0];
  if (shot === undefined)
    return (
      <Panel title="Screenshots">
        <p className="soft">
          {capture.lane === 'http'
            ? 'This visit was made over plain HTTP, without a browser: there is nothing to see.'
            : 'Nothing was shown that could be taken.'}
        </p>
      </Panel>
    );
  const step = (by: number): void => setChosen((chosen + by + screenshots.length) % screenshots.length);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    step(event.key === 'ArrowLeft' ? -1 : 1);
  };
  const source = (each: Screenshot): string =>
    addressOf('getScreenshot', { params: { id: capture.id, index: each.index } });
  return (
    <figure className={styles.shots}>
      <a href={source(shot)} target="_blank" rel="noreferrer" className={styles.shot}>
        <img
          src={source(shot)}
          width={shot.width}
          height={shot.height}
          alt={`Screenshot: ${shotTitle(shot, steps)}`}
        />
      </a>
      <figcaption className={styles.caption}>
        {shotTitle(shot, steps)} · {figure(shot.width)} × {figure(shot.height)} ·{' '}
        <Time at={shot.at} precision="second" />
      </figcaption>
      {screenshots.length > 1 && (
        <div
          role="radiogroup"
          aria-label="Screenshots in the order in which they were taken; arrow keys move"
          className={styles.film}
          onKeyDown={onKeyDown}
        >
          {screenshots.map((each, index) => (
            <button
              key={each.index}
              type="button"
              role="radio"
              aria-checked={index === chosen}
              tabIndex={index === chosen ? 0 : -1}
              className={styles.frame}
              onClick={() => setChosen(index)}
              ref={(button) => {
                if (index === chosen && document.activeElement?.parentElement === button?.parentElement)
                  button?.focus();
              }}
            >
              <img src={source(each)} alt="" loading="lazy" />
              <span>{shotTitle(each, steps)}</span>
            </button>
          ))}
        </div>
      )}
    </figure>
  );
}

function shotTitle({ kind, step }: Screenshot, steps: readonly Step[]): string {
  if (kind === 'viewport') return 'As loaded';
  if (kind === 'fullPage') return 'Whole page';
  const done = steps.find(({ id }) => id === step);
  return done === undefined ? 'After a step' : `After step ${done.id}: ${done.kind}`;
}

/** The outcome in words, with every limit, refusal and missing wall. */
function Became({ overview }: { readonly overview: Overview }): ReactNode {
  const { outcome, limits, denied, missingWalls, counts } = overview;
  return (
    <Panel title="What became of it">
      <p>
        <strong>{outcomeWords(outcome.kind)}.</strong>{' '}
        {outcome.detail !== undefined && <Inert text={outcome.detail} />}{' '}
        {outcome.reason !== undefined && (
          <span className="soft">
            (<Inert text={outcome.reason} />)
          </span>
        )}
      </p>
      <p className="soft">
        {counted(counts['exchanges'] ?? 0, 'request')} to {counted(counts['hosts'] ?? 0, 'host')},{' '}
        {sizeWords(counts['bytes'])} received
        {(counts['failed'] ?? 0) > 0 && `, ${figure(counts['failed'] ?? 0)} without an answer`}.
      </p>
      {limits.length > 0 && (
        <ul className={styles.warnings} aria-label="Limits that were reached">
          {limits.map(({ limit, allowed, detail }, index) => (
            <li key={index}>
              {limitWords(limit)} ({figure(allowed)}).{' '}
              {detail !== undefined && (
                <span className="soft">
                  <Inert text={detail} clamp={120} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {denied.length > 0 && (
        <ul className={styles.warnings} aria-label="Connections that were refused">
          {denied.map(({ host, port, reason }, index) => (
            <li key={index}>
              Refused to connect to <Inert text={`${host}:${port}`} kind="host" />: <Inert text={reason} />
            </li>
          ))}
        </ul>
      )}
      {missingWalls.length > 0 && (
        <ul className={styles.warnings} aria-label="Missing walls of the sandbox">
          {missingWalls.map((wall) => (
            <li key={wall}>
              Made without a wall of the sandbox: <Inert text={wall} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Steps({ overview }: { readonly overview: Overview }): ReactNode {
  const { steps, dialogs, popups } = overview;
  if (steps.length === 0) return null;
  return (
    <Panel title="What the virtual user did">
      <ol className={styles.steps}>
        {steps.map((step) => (
          <li key={step.id}>
            <span className={styles.stepNumber}>{step.id}</span>
            <div>
              <p>{stepWords(step)}</p>
              {step.control?.onclick !== undefined && (
                <p className={styles.code}>
                  onclick: <Inert text={step.control.onclick} clamp={160} />
                </p>
              )}
              <p className="soft">{causedWords(step)}</p>
            </div>
          </li>
        ))}
      </ol>
      {dialogs.map(({ kind, message, answer }, index) => (
        <p key={index}>
          The page opened a dialog ({kind}): “
          <Inert text={message} clamp={200} />” – answered with {answer}.
        </p>
      ))}
      {popups.map(({ url, wasBlocked }, index) => (
        <p key={index}>
          {wasBlocked ? 'A window was kept from opening: ' : 'A window opened: '}
          <Value type="url" value={url} />
        </p>
      ))}
    </Panel>
  );
}

function stepWords(step: Step): ReactNode {
  const { control } = step;
  switch (step.kind) {
    case 'navigate':
      return (
        <>
          Went to <Inert text={step.url ?? 'the address'} clamp={120} />
        </>
      );
    case 'scroll':
      return 'Scrolled through the page';
    case 'back':
      return 'Went back';
    case 'dialog':
      return 'Answered a dialog';
    case 'click':
      return (
        <>
          Pressed “<Inert text={control?.text ?? ''} clamp={80} />”{' '}
          <span className="soft">({control?.tag ?? 'a control'})</span>
        </>
      );
  }
}

function causedWords({ caused, durationMs }: Step): string {
  const parts = [
    caused.exchanges.length > 0 && counted(caused.exchanges.length, 'request'),
    caused.downloads.length > 0 && counted(caused.downloads.length, 'download'),
    caused.popups.length > 0 && counted(caused.popups.length, 'window'),
    caused.navigatedTo !== undefined && 'another page',
  ].filter((part) => part !== false);
  return `${parts.length === 0 ? 'Nothing came of it' : `Led to ${parts.join(', ')}`} · ${durationWords(durationMs)}`;
}

function Facts({ overview }: { readonly overview: Overview }): ReactNode {
  const { persona, capture, browser, crawl, workers } = overview;
  return (
    <Panel title="How it was made">
      <dl className={styles.facts}>
        <Fact title="Persona">
          {persona.title} · {persona.languages.join(', ')} · {persona.timeZone} · {persona.viewport.width} ×{' '}
          {persona.viewport.height}
          {persona.viewport.isMobile ? ' (mobile)' : ''}
        </Fact>
        <Fact title="User agent">
          <Inert text={persona.userAgent} />
        </Fact>
        {persona.referrer !== undefined && (
          <Fact title="Referrer">
            <Inert text={persona.referrer} />
          </Fact>
        )}
        {persona.proxy !== undefined && (
          <Fact title="Way out">
            <Inert text={persona.proxy} />
          </Fact>
        )}
        <Fact title="Browser">{browser ?? 'none: plain HTTP'}</Fact>
        {crawl !== undefined && (
          <Fact title="Crawl">
            <Inert text={crawl.id} />, depth {crawl.depth}
            {crawl.parentCapture !== undefined && (
              <>
                , from <a href={`/captures/${encodeURIComponent(crawl.parentCapture)}`}>the page before</a>
              </>
            )}
          </Fact>
        )}
        {workers.length > 0 && (
          <Fact title="Workers">
            {workers.map(({ type, url }, index) => (
              <div key={index}>
                {type} <Inert text={url} clamp={100} />
              </div>
            ))}
          </Fact>
        )}
        <Fact title="Bundle">
          {sizeWords(overview.bundleBytes)}, SHA-256 <Value type="hash" value={capture.sha256} />
        </Fact>
        <Fact title="Made by">
          <Inert text={overview.software} />
        </Fact>
      </dl>
    </Panel>
  );
}

const Fact = ({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode => (
  <div>
    <dt>{title}</dt>
    <dd>{children}</dd>
  </div>
);
