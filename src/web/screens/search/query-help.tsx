import { useState, type ReactNode } from 'react';
import { href } from '../../app/screens.ts';
import { useApi } from '../../client/use-api.ts';
import { Button, Panel } from '../../design/controls.tsx';
import { Wait } from '../../design/states.tsx';
import styles from './search.module.css';

const EXAMPLES: readonly (readonly [query: string, says: string])[] = [
  ['parent:bitcoingold.org', 'hosts that bitcoingold.org makes the browser reach'],
  ['child:bitcoingold.org NOT host:*.bitcoingold.org', 'who else loads things from it'],
  ['tracker:UA-* AND component:nginx', 'both hold for one host'],
  ['ip:192.0.2.0/24 last:90d', 'resolved into a range, seen in the last 90 days'],
  ['(tracker:GTM-1 OR cookie:sid) NOT project:*', 'alternatives; in no project yet'],
];

/** The query language at a glance, and all its fields on demand. */
export function QueryHelp(): ReactNode {
  const [isWhole, setWhole] = useState(false);
  const fields = useApi('listFields', {}, { enabled: isWhole });
  return (
    <Panel title="Queries">
      <p className="soft">
        <code>field:value</code> over every dataset, with AND, OR, NOT, parentheses and <code>*</code>. Press{' '}
        <kbd>/</kbd> and type: fields and values are suggested.
      </p>
      <dl className={styles.examples}>
        {EXAMPLES.map(([query, says]) => (
          <div key={query}>
            <dt>
              <a href={href('search', {}, { q: query })}>
                <code>{query}</code>
              </a>
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
      <Button aria-expanded={isWhole} onPress={() => setWhole(!isWhole)}>
        {isWhole ? 'Hide the fields' : 'All fields'}
      </Button>
      {isWhole && fields.isPending && <Wait />}
      {isWhole && (
        <dl className={styles.examples}>
          {fields.data?.fields.map(({ name, text }) => (
            <div key={name}>
              <dt>
                <code>{name}:</code>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
