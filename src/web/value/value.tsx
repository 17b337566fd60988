import type { ArtifactType } from '#model';
import { useContext, useState, type ReactNode } from 'react';
import { href } from '../app/screens.ts';
import { hostInUnicode } from './host-name.ts';
import { InTable } from './in-table.ts';
import { inert, inertText } from './inert.ts';
import { openValueMenu } from './value-menu-state.ts';
import styles from './value.module.css';

/** Characters of free text that are shown before "more". */
const CLAMP = 240;
const HARD_LIMIT = 20_000;

/** A captured string, inert: nothing in it hides, reorders or acts. */
export function Inert(props: {
  readonly text: string;
  readonly kind?: 'text' | 'host';
  readonly clamp?: number;
  /** Written by people, as a name or a sentence: in the font of the text around. */
  readonly isProse?: boolean;
}): ReactNode {
  const [isWhole, setWhole] = useState(false);
  const clamp = isWhole ? HARD_LIMIT : (props.clamp ?? CLAMP);
  const shown = props.text.length > clamp ? props.text.slice(0, clamp) : props.text;
  const hidden = props.text.length - shown.length;
  return (
    <bdi className={props.isProse === true ? styles.prose : styles.value}>
      {inert(shown, props.kind).map(({ text, kind }, index) =>
        kind === 'plain' ? (
          text
        ) : (
          <span key={index} className={kind === 'control' ? styles.control : styles.odd}>
            {text}
          </span>
        ),
      )}
      {hidden > 0 && (
        <button type="button" className={styles.more} onClick={() => setWhole(!isWhole)} disabled={isWhole}>
          {isWhole ? `… ${hidden} more characters in the data` : `… ${hidden} more`}
        </button>
      )}
    </bdi>
  );
}

interface ValueProps {
  readonly type: ArtifactType;
  readonly value: string;
  /** False: text alone, no link and no menu; for the value that the page is about. */
  readonly isLink?: boolean;
  /** False: an IDN is shown in Unicode alone. */
  readonly showAscii?: boolean;
}

/**
 * Any artifact, wherever it stands: a link to its page, with a menu of what one may do with it. Keys act on the value
 * that is focused, or on that of the active row: `p` its page, `a` add to project, `m` the menu (see `app/shortcuts`).
 */
export function Value({ type, value, isLink = true, showAscii = true }: ValueProps): ReactNode {
  const tabStop = useContext(InTable) ? { tabIndex: -1 } : {};
  const isHost = type === 'host' || type === 'domain';
  const unicode = isHost ? hostInUnicode(value) : undefined;
  const shown = <Inert text={unicode ?? value} kind={isHost ? 'host' : 'text'} />;
  const ascii = unicode !== undefined && showAscii && (
    <span className={styles.ascii} title={value}>
      {value}
    </span>
  );
  if (!isLink)
    return (
      <span className={styles.line} data-artifact-type={type} data-artifact-value={value}>
        {shown}
        {ascii}
      </span>
    );
  return (
    <span className={styles.line} data-artifact-type={type} data-artifact-value={value}>
      <a href={href('artifact', {}, { value })} className={styles.value} {...tabStop}>
        {shown}
      </a>
      {ascii}
      <button
        type="button"
        className={styles.dots}
        {...tabStop}
        aria-haspopup="menu"
        aria-label={`Actions for ${inertText(unicode ?? value).slice(0, 120)}`}
        onClick={(event) => openValueMenu(event.currentTarget, { type, value })}
      >
        ⋯
      </button>
    </span>
  );
}
