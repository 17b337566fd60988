import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { useApi } from '../client/use-api.ts';
import type { Reply } from '../client/call.ts';
import { Key } from '../design/controls.tsx';
import { hostInUnicode } from '../value/host-name.ts';
import { Inert } from '../value/value.tsx';
import { navigate, usePlace } from './location.ts';
import { keepPasted } from './pasted.ts';
import { href } from './screens.ts';
import styles from './frame.module.css';

type Suggestion = Reply<'suggest'>['suggestions'][number];

const ID = 'search-box';
const TYPING_MS = 70;
const KINDS: Readonly<Record<Suggestion['kind'], string>> = {
  field: 'field',
  value: 'value',
  search: 'saved',
  project: 'project',
  tag: 'tag',
};

export function focusSearch(): void {
  const input = document.getElementById(ID);
  if (input instanceof HTMLInputElement) {
    input.focus();
    input.select();
  }
}

/** Where text from the search box leads: one artifact to its page, everything else to the results. */
async function open(text: string): Promise<void> {
  const { parseArtifact } = await import('./recognise.ts');
  const artifact = parseArtifact(text);
  navigate(
    artifact === undefined || artifact.type === 'text'
      ? href('search', {}, { q: text.trim() })
      : href('artifact', {}, { value: artifact.value }),
  );
}

/** The search box that is on every screen: an artifact, a query with suggestions, or a pasted text. */
export function SearchBox(): ReactNode {
  const { query } = usePlace();
  const asked = new URLSearchParams(query).get('q') ?? '';
  const [text, setText] = useState(asked);
  const [caret, setCaret] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => setText(asked), [asked]);
  const settled = useSettled(text, TYPING_MS);
  const suggested = useApi(
    'suggest',
    {
      query: { query: settled, ...(caret > 0 && { caret: Math.min(caret, settled.length || 1) }), limit: 10 },
    },
    { enabled: isOpen && settled.trim() !== '' && settled.length < 8_000, keepPrevious: true },
  );
  const options = isOpen && text.trim() !== '' ? (suggested.data?.suggestions ?? []) : [];
  const close = (): void => {
    setOpen(false);
    setActive(-1);
  };
  const take = (option: Suggestion): void => {
    const isWhole = option.start === 0 && option.end >= text.trimEnd().length;
    if (option.artifact !== undefined && option.kind === 'value' && isWhole && !option.insert.includes(':')) {
      close();
      input.current?.blur();
      navigate(href('artifact', {}, { value: option.artifact.value }));
      return;
    }
    const next = text.slice(0, option.start) + option.insert + text.slice(option.end);
    setText(next);
    setActive(-1);
    const place = option.start + option.insert.length;
    requestAnimationFrame(() => input.current?.setSelectionRange(place, place));
    setCaret(place);
    if (option.kind !== 'field') setOpen(false);
  };
  return (
    <form
      role="search"
      className={styles.search}
      onSubmit={(event) => {
        event.preventDefault();
        const option = options[active];
        if (option !== undefined) return take(option);
        if (text.trim() === '') return;
        close();
        input.current?.blur();
        void open(text);
      }}
    >
      <svg
        className={styles.glass}
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        aria-hidden="true"
      >
        <circle cx="7" cy="7" r="4.6" />
        <path d="m10.5 10.5 4 4" strokeLinecap="round" />
      </svg>
      <input
        id={ID}
        ref={input}
        role="combobox"
        className={styles.searchInput}
        aria-label="Search: a host, IP address, URL, mail address, hash, tracker, or a query"
        aria-expanded={options.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(active >= 0 && { 'aria-activedescendant': `${id}-${active}` })}
        placeholder="Host, IP, URL, hash, tracker id, pasted list, or a query"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={text}
        onFocus={() => setOpen(true)}
        onBlur={close}
        onChange={(event) => {
          setText(event.target.value);
          setCaret(event.target.selectionStart ?? 0);
          setOpen(true);
          setActive(-1);
        }}
        onKeyDown={(event) => {
          const moves: Readonly<Record<string, number>> = { ArrowDown: active + 1, ArrowUp: active - 1 };
          const to = moves[event.key];
          if (to !== undefined && options.length > 0) {
            event.preventDefault();
            setActive(to < -1 ? options.length - 1 : to >= options.length ? -1 : to);
          } else if (event.key === 'Tab' && active >= 0 && options[active] !== undefined) {
            event.preventDefault();
            take(options[active]);
          } else if (event.key === 'Escape') {
            if (options.length > 0) close();
            else event.currentTarget.blur();
          }
        }}
        onPaste={(event) => {
          // A list or a mail keeps its lines on the search screen; in this one line they would be lost.
          const pasted = event.clipboardData.getData('text');
          if (pasted.trim().split(/\r?\n/).length < 2) return;
          event.preventDefault();
          close();
          input.current?.blur();
          navigate(href('search', {}, { pasted: keepPasted(pasted) }));
        }}
      />
      <span className={styles.slash} aria-hidden="true">
        <Key>/</Key>
      </span>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Suggestions"
        className={styles.suggestions}
        hidden={options.length === 0}
      >
        {options.map((option, index) => (
          <div
            key={`${option.kind} ${option.insert}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            className={styles.suggestion}
            // Before the field loses the focus, which would close the list.
            onPointerDown={(event) => {
              event.preventDefault();
              take(option);
            }}
          >
            <span className={styles.insert}>
              <Inert text={option.insert.trim()} clamp={90} />
            </span>
            <span className={styles.about}>
              <Inert isProse text={option.text} clamp={110} />
              <InUnicode option={option} />
            </span>
            <span className={styles.kind}>{KINDS[option.kind]}</span>
          </div>
        ))}
      </div>
    </form>
  );
}

/** How a host that stands there in Punycode is written. */
function InUnicode({ option: { artifact } }: { readonly option: Suggestion }): ReactNode {
  const isHost = artifact?.type === 'host' || artifact?.type === 'domain';
  const unicode = isHost ? hostInUnicode(artifact.value) : undefined;
  if (unicode === undefined) return null;
  return (
    <>
      {' · '}
      <Inert text={unicode} kind="host" clamp={90} />
    </>
  );
}

/** A value once it has not changed for a while. */
function useSettled<T>(value: T, waitMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), waitMs);
    return () => clearTimeout(timer);
  }, [value, waitMs]);
  return settled;
}
