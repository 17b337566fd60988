import { parseArtifact } from '#model';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Key } from '../design/controls.tsx';
import { navigate, usePlace } from './location.ts';
import { href } from './screens.ts';
import styles from './frame.module.css';

const ID = 'search-box';

export function focusSearch(): void {
  const input = document.getElementById(ID);
  if (input instanceof HTMLInputElement) {
    input.focus();
    input.select();
  }
}

/** Where text from the search box leads: one artifact to its page, everything else to the results. */
function addressOfSearch(text: string): string {
  const artifact = parseArtifact(text);
  return artifact === undefined || artifact.type === 'text'
    ? href('search', {}, { q: text })
    : href('artifact', {}, { value: artifact.value });
}

/** The search box that is on every screen. */
export function SearchBox(): ReactNode {
  const { query } = usePlace();
  const [text, setText] = useState('');
  const asked = new URLSearchParams(query).get('q') ?? '';
  useEffect(() => setText(asked.replaceAll(/\s+/g, ' ')), [asked]);
  const input = useRef<HTMLInputElement>(null);
  return (
    <form
      role="search"
      className={styles.search}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') navigate(addressOfSearch(text));
        input.current?.blur();
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
        className={styles.searchInput}
        aria-label="Search: a host, IP address, URL, mail address, hash, tracker, or a query"
        placeholder="Host, IP, URL, hash, tracker id, pasted list, or a query"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        onPaste={(event) => {
          // A list keeps its lines on the search screen; in this one line they would be lost.
          const pasted = event.clipboardData.getData('text');
          if (pasted.trim().split(/\r?\n/).length < 2) return;
          event.preventDefault();
          navigate(href('search', {}, { q: pasted.trim().slice(0, 100_000) }));
        }}
      />
      <span className={styles.slash} aria-hidden="true">
        <Key>/</Key>
      </span>
    </form>
  );
}
