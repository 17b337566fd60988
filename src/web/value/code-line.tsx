import type { ReactNode } from 'react';
import { inert } from './inert.ts';
import styles from './value.module.css';

/** Characters around the marked place that are shown of a long line. */
const AROUND = 600;

/** Captured code or headers as text, with the place that matters marked and in view. */
export function CodeLine(props: {
  readonly text: string;
  readonly highlight?: { readonly start: number; readonly length: number };
}): ReactNode {
  const { text, highlight = { start: 0, length: 0 } } = props;
  const end = highlight.start + highlight.length;
  const from = Math.max(0, highlight.start - AROUND);
  const to = Math.min(text.length, end + AROUND);
  return (
    <pre className={styles.code} tabIndex={0} aria-label="Captured code">
      <bdo dir="ltr">
        {from > 0 && (
          <span className={styles.cut}>
            … {from} characters before{'\n'}
          </span>
        )}
        <Pieces text={text.slice(from, highlight.start)} />
        {highlight.length > 0 && (
          <mark>
            <Pieces text={text.slice(highlight.start, end)} />
          </mark>
        )}
        <Pieces text={text.slice(end, to)} />
        {to < text.length && (
          <span className={styles.cut}>
            {'\n'}… {text.length - to} characters after
          </span>
        )}
      </bdo>
    </pre>
  );
}

/** Line ends stay line ends here; what else cannot be seen is named. */
function Pieces({ text }: { readonly text: string }): ReactNode {
  return text.split(/(\r?\n|\t)/).map((part, index) =>
    index % 2 === 1 ? (
      part.replace('\r', '')
    ) : (
      <span key={index}>
        {inert(part).map((piece, at) =>
          piece.kind === 'plain' ? (
            piece.text
          ) : (
            <span key={at} className={styles.control}>
              {piece.text}
            </span>
          ),
        )}
      </span>
    ),
  );
}
