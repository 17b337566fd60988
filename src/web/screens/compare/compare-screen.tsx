import { useState, type ReactNode } from 'react';
import { changeQuery, useQueryParam } from '../../app/location.ts';
import { href } from '../../app/screens.ts';
import { addressOf, type Reply } from '../../client/call.ts';
import { useApi } from '../../client/use-api.ts';
import { Badge, Button, ButtonLink, Panel, TextField } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { counted, figure, Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { ChangedCode } from './changed-code.tsx';
import { Screens } from './screens.tsx';
import styles from './compare.module.css';

export type Comparison = Reply<'comparePages'>;
type Difference = Comparison['differences'][number];

/** Two pages side by side: does one copy the other, and what was done to it. */
export function CompareScreen(): ReactNode {
  const [a] = useQueryParam('a');
  const [b] = useQueryParam('b');
  const isReady = a !== undefined && b !== undefined;
  const comparison = useApi('comparePages', { query: { a: a ?? '', b: b ?? '' } }, { enabled: isReady });
  return (
    <>
      <header className="screen-head">
        <h1>Compare two pages</h1>
        {comparison.data !== undefined && isReady && (
          <ButtonLink href={addressOf('getCopyReport', { query: { a, b } })} isDownload>
            Report as HTML
          </ButtonLink>
        )}
      </header>
      <Choose key={`${a ?? ''} ${b ?? ''}`} a={a} b={b} />
      {!isReady && (
        <Empty title="Name two pages">
          A capture’s id, or an address or host that was captured. The genuine one first: then what was added
          to the other, taken away and kept is told.
        </Empty>
      )}
      {comparison.error !== null && isReady && (
        <Fault error={comparison.error} onRetry={() => void comparison.refetch()} />
      )}
      {isReady && comparison.data === undefined && comparison.error === null && <Wait label="Comparing" />}
      {comparison.data !== undefined && <Result comparison={comparison.data} />}
    </>
  );
}

function Choose(props: { readonly a: string | undefined; readonly b: string | undefined }): ReactNode {
  const [a, setA] = useState(props.a ?? '');
  const [b, setB] = useState(props.b ?? '');
  return (
    <form
      className={styles.choose}
      onSubmit={(event) => {
        event.preventDefault();
        changeQuery({ a: a.trim(), b: b.trim() });
      }}
    >
      <TextField label="Original" value={a} onChange={setA} placeholder="capture, address or host" />
      <TextField label="May be its copy" value={b} onChange={setB} placeholder="capture, address or host" />
      <Button kind="primary" type="submit" isDisabled={a.trim() === '' || b.trim() === ''}>
        Compare
      </Button>
      <Button
        kind="quiet"
        label="Swap the two"
        isDisabled={props.a === undefined || props.b === undefined}
        onPress={() => changeQuery({ a: props.b, b: props.a })}
      >
        ⇄
      </Button>
    </form>
  );
}

const LEVEL = { HIGH: 'confirmed', MEDIUM: 'suspected', LOW: 'plain', NONE: 'plain' } as const;

function Result({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const [chosen, setChosen] = useState<number>();
  const { verdict, differences } = comparison;
  return (
    <div className={styles.result}>
      <Verdict comparison={comparison} />
      <Screens comparison={comparison} chosen={chosen} onChoose={setChosen} />
      <Panel title={`What was changed (${figure(comparison.differenceCount)})`}>
        {differences.length === 0 && <p className="soft">Nothing: both are the same.</p>}
        <ol className={styles.differences}>
          {differences.map((difference, index) => (
            <DifferenceItem
              key={index}
              difference={difference}
              number={index + 1}
              isOpen={index === chosen}
              onToggle={() => setChosen(index === chosen ? undefined : index)}
              comparison={comparison}
            />
          ))}
        </ol>
        {comparison.differences.length < comparison.differenceCount && (
          <p className="soft">
            {counted(comparison.differenceCount, 'difference')} in all; the weightiest are shown.
          </p>
        )}
        {comparison.isCut && (
          <p className="soft">The pages are large: what lies near their ends was not compared.</p>
        )}
      </Panel>
      <Hotlinks comparison={comparison} />
      {verdict.counterEvidence.length > 0 && (
        <Panel title="What speaks against it">
          <ul>
            {verdict.counterEvidence.map((says) => (
              <li key={says}>
                <Inert text={says} clamp={300} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function Verdict({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const { verdict, shares, version, stamps } = comparison;
  return (
    <Panel title="Verdict">
      <p className={styles.verdict}>
        <Badge kind={LEVEL[verdict.level]}>{verdict.level.toLowerCase()}</Badge>
        <strong>
          {verdict.isCopy
            ? 'One is a copy of the other'
            : 'They are not copies of each other, as far as is seen'}
        </strong>
        <span className="soft">
          text {percent(shares.text)} · markup {percent(shares.markup)} · resources{' '}
          {percent(shares.resources)} the same
        </span>
      </p>
      <ul className={styles.evidence}>
        {verdict.evidence.map(({ kind, says }, index) => (
          <li key={index}>
            <span className={styles.kind}>{kind}</span> <Inert text={says} clamp={300} />
          </li>
        ))}
        {stamps.map(({ tool, sourceHost, copiedAt }, index) => (
          <li key={`s${index}`}>
            <span className={styles.kind}>mirror stamp</span> {tool} copied it from{' '}
            <Value type="host" value={sourceHost} />
            {copiedAt !== undefined && (
              <>
                {' '}
                at <Time at={copiedAt} precision="second" />
              </>
            )}
          </li>
        ))}
      </ul>
      {version.says !== '' && (
        <p className="soft">
          <Inert isProse text={version.says} clamp={300} />
        </p>
      )}
    </Panel>
  );
}

const SIGN = { added: '+', removed: '−', moved: '↕', changed: '≠' } as const;

function DifferenceItem(props: {
  readonly difference: Difference;
  readonly number: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly comparison: Comparison;
}): ReactNode {
  const { difference, isOpen, comparison } = props;
  const { kind, what, says, leadsTo = [], handler } = difference;
  return (
    <li className={styles.difference} data-kind={kind}>
      <button type="button" className={styles.differenceHead} aria-expanded={isOpen} onClick={props.onToggle}>
        <span className={styles.number}>{props.number}</span>
        <span className={styles.sign} aria-hidden="true">
          {SIGN[kind]}
        </span>
        <span className={styles.kind}>
          {what} {kind}
        </span>
        <span className={styles.says}>
          <Inert text={says} clamp={220} />
        </span>
      </button>
      {isOpen && (
        <div className={styles.differenceBody}>
          <ChangedCode difference={difference} comparison={comparison} />
          {handler !== undefined && (
            <p>
              <span className="soft">What it runs:</span> <Inert text={handler} clamp={400} />
            </p>
          )}
          {leadsTo.map(({ url, steps }, index) => (
            <div key={index}>
              <p>
                <span className="soft">Leads to</span> <Value type="url" value={url} />
              </p>
              <ol className={styles.steps}>
                {steps.map(({ what: step, name, code }, at) => (
                  <li key={at}>
                    <span className="soft">{step}</span> <Inert text={name} clamp={80} />
                    <code>
                      <Inert text={code} clamp={200} />
                    </code>
                  </li>
                ))}
              </ol>
            </div>
          ))}
        </div>
      )}
    </li>
  );
}

/** What the copy still loads from the original. */
function Hotlinks({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const { hotlinks, copy } = comparison;
  if (hotlinks.length === 0) return null;
  const side = comparison[copy];
  return (
    <Panel title={`Still loaded from the original (${figure(hotlinks.length)})`}>
      <ul className={styles.hotlinks}>
        {hotlinks.slice(0, 200).map(({ url, element, place }, index) => (
          <li key={index}>
            <span className={styles.kind}>{element}</span>
            <Value type="url" value={url} />
            {side.captureId !== undefined && (
              <a
                href={href(
                  'capture',
                  { id: side.captureId },
                  { tab: 'source', line: place.line, column: place.column },
                )}
              >
                line {place.line}
              </a>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
