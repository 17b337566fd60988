import { useState, type ReactNode } from 'react';
import { changeQuery, useQueryParam } from '../../app/location.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import type { Reply } from '../../client/call.ts';
import { useApi } from '../../client/use-api.ts';
import { Button, Check, Select } from '../../design/controls.tsx';
import controls from '../../design/controls.module.css';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { sizeWords } from '../../value/size.ts';
import { counted, figure } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import type { Overview } from './capture-screen.tsx';
import { TextView, type Mark } from './text-view.tsx';
import styles from './capture.module.css';

type Observed = Reply<'getTextMarks'>['marks'][number];

const PHASES = {
  delivered: 'as delivered',
  loaded: 'DOM after load',
  final: 'DOM at the end',
  visible: 'visible text',
} as const;

/** Every text of the documents by its name, with a title for people. */
export function textChoices({ documents }: Overview): { id: string; name: string; hint?: string }[] {
  return documents.flatMap(({ id, url, title, isMainFrame, isPopup, texts }) =>
    texts.map(({ name, phase }) => ({
      id: name,
      name: `${isMainFrame && !isPopup ? 'Page' : isPopup ? 'Window' : `Frame ${id}`}: ${PHASES[phase]}`,
      hint: (title === undefined || title === '' ? url : title).slice(0, 80),
    })),
  );
}

/** Documents, scripts and style sheets as text, with what was observed in them marked. */
export function SourceTab({ overview }: { readonly overview: Overview }): ReactNode {
  const choices = textChoices(overview);
  const [chosen] = useQueryParam('text');
  const name = chosen ?? choices[0]?.id;
  if (name === undefined)
    return (
      <Empty title="There is no text">
        No document of this capture has a text: look at the requests for what did come.
      </Empty>
    );
  const isListed = choices.some(({ id }) => id === name);
  const all = isListed ? choices : [{ id: name, name: textTitle(name) }, ...choices];
  return <Source key={name} overview={overview} name={name} choices={all} />;
}

const textTitle = (name: string): string =>
  name.startsWith('exchange:') ? `Body of request ${name.slice('exchange:'.length)}` : name;

function Source(props: {
  readonly overview: Overview;
  readonly name: string;
  readonly choices: readonly { id: string; name: string; hint?: string }[];
}): ReactNode {
  const { name } = props;
  const captureId = props.overview.capture.id;
  const [lineText] = useQueryParam('line');
  const [columnText] = useQueryParam('column');
  const [lengthText] = useQueryParam('length');
  const [words, setWords] = useState('');
  const [hit, setHit] = useState(0);
  const [showsObserved, setShowsObserved] = useState(true);
  const line = positive(lineText);
  const column = positive(columnText);
  const head = useApi('getText', {
    params: { id: captureId },
    query: { name, rows: 1, ...(line !== undefined && { line }), ...(column !== undefined && { column }) },
  });
  const observed = useApi('getTextMarks', { params: { id: captureId }, query: { name } });
  const found = useApi(
    'findInText',
    { params: { id: captureId }, query: { name, words } },
    { enabled: words !== '' },
  );
  const hits = words === '' ? [] : (found.data?.places ?? []);
  const asked: Mark | undefined =
    line === undefined || head.data?.at === undefined
      ? undefined
      : { row: head.data.at, line, column: column ?? 1, length: positive(lengthText) ?? 0 };
  const marks = observed.data?.marks ?? [];
  const here =
    asked === undefined
      ? undefined
      : marks.find((mark) => mark.line === asked.line && mark.column === asked.column);
  const current = hits[hit] ?? here ?? asked;
  const step = (by: number): void => {
    if (hits.length > 0) setHit((hit + by + hits.length) % hits.length);
  };
  useShortcuts([
    { keys: 'n', title: 'Next place found', run: () => step(1) },
    { keys: 'N', title: 'Place found before', run: () => step(-1) },
  ]);
  if (head.error !== null)
    return (
      <>
        <Choose {...props} />
        <Fault error={head.error} />
      </>
    );
  if (head.data === undefined) return <Wait label="Reading the text" />;
  const { rowCount, lineCount, sizeCharacters, isCut } = head.data;
  return (
    <>
      <div className={styles.filters}>
        <Choose {...props} />
        <input
          className={controls.input}
          type="search"
          aria-label="Find in this text"
          placeholder="Find…"
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            const wanted = event.currentTarget.value.slice(0, 200);
            if (wanted === words) step(event.shiftKey ? -1 : 1);
            else {
              setWords(wanted);
              setHit(0);
            }
          }}
        />
        {words !== '' && found.data !== undefined && (
          <span className={styles.found} role="status">
            {hits.length === 0 ? (
              'Not found'
            ) : (
              <>
                {figure(hit + 1)} of {found.data.isCut ? 'more than ' : ''}
                {figure(hits.length)}
                <Button kind="quiet" label="Place before (N)" onPress={() => step(-1)}>
                  ↑
                </Button>
                <Button kind="quiet" label="Next place (n)" onPress={() => step(1)}>
                  ↓
                </Button>
              </>
            )}
          </span>
        )}
        <Check isSelected={showsObserved} onChange={setShowsObserved}>
          Mark what was observed
        </Check>
        <span className="soft">
          {counted(lineCount, 'line')}, {sizeWords(sizeCharacters)}
          {isCut && ' (its beginning; the whole is in the bundle)'}
        </span>
      </div>
      <div className={styles.source}>
        <TextView
          captureId={captureId}
          name={name}
          rowCount={rowCount}
          lineCount={lineCount}
          marks={hits.length > 0 ? hits : showsObserved ? marks : []}
          current={current}
        />
        <ObservedHere marks={marks} isPending={observed.isPending} current={current} />
      </div>
    </>
  );
}

function Choose(props: {
  readonly name: string;
  readonly choices: readonly { id: string; name: string; hint?: string }[];
}): ReactNode {
  return (
    <Select
      label="Text"
      showLabel={false}
      choices={props.choices}
      value={props.name}
      onChange={(text) =>
        changeQuery({ text, line: undefined, column: undefined, length: undefined }, { replace: true })
      }
    />
  );
}

/** What was observed in this text; pressing one shows its line. */
function ObservedHere(props: {
  readonly marks: readonly Observed[];
  readonly isPending: boolean;
  readonly current: Mark | undefined;
}): ReactNode {
  const { marks, current } = props;
  return (
    <nav className={styles.observed} aria-label="Observed in this text">
      <h2>Observed here</h2>
      {props.isPending && <Wait />}
      {!props.isPending && marks.length === 0 && <p className="soft">Nothing was observed in this text.</p>}
      <ul>
        {marks.map((mark, index) => (
          <li key={index}>
            <button
              type="button"
              className={styles.observation}
              {...(current?.line === mark.line && current.column === mark.column && { 'aria-current': true })}
              onClick={() =>
                changeQuery({
                  line: String(mark.line),
                  column: String(mark.column),
                  length: String(mark.length),
                })
              }
            >
              <span className="soft">
                {mark.line} · {mark.label}
              </span>
              <Inert text={mark.target} kind={mark.dataset === 'host-pairs' ? 'host' : 'text'} clamp={80} />
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text);
  return text !== undefined && Number.isInteger(number) && number > 0 && number <= 100_000_000
    ? number
    : undefined;
}
