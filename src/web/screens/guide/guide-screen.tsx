import type { ReactNode } from 'react';
import ReactMarkdown from 'react-markdown';
import brands from '../../../../docs/guide/brands-and-look-alikes.md?raw';
import campaign from '../../../../docs/guide/campaign-from-a-mail.md?raw';
import captures from '../../../../docs/guide/captures-and-evidence.md?raw';
import first from '../../../../docs/guide/first-look-up.md?raw';
import sharing from '../../../../docs/guide/sharing-and-publishing.md?raw';
import { useQueryParam } from '../../app/location.ts';
import { href } from '../../app/screens.ts';
import { useTitle } from '../../app/title.ts';
import styles from './guide.module.css';

const PAGES = [
  { id: 'first-look-up', title: 'A first look-up', text: first },
  { id: 'campaign-from-a-mail', title: 'A campaign from a mail', text: campaign },
  { id: 'brands-and-look-alikes', title: 'Brands and look-alikes', text: brands },
  { id: 'captures-and-evidence', title: 'Captures and evidence', text: captures },
  { id: 'sharing-and-publishing', title: 'Sharing and publishing', text: sharing },
] as const;

/** Addresses of the pictures as they are served, by their path in the guide. */
const PICTURES: Readonly<Record<string, string>> = import.meta.glob<string>(
  '../../../../docs/guide/images/*.webp',
  { eager: true, query: '?url', import: 'default' },
);
const pictureAt = (path: string): string | undefined => PICTURES[`../../../../docs/guide/${path}`];

/** The user guide: the Markdown files of docs/guide, as they are. */
export function GuideScreen(): ReactNode {
  const [chosen] = useQueryParam('page');
  const page = PAGES.find(({ id }) => id === chosen) ?? PAGES[0];
  useTitle(page.title);
  const next = PAGES[PAGES.indexOf(page) + 1];
  return (
    <div className={styles.guide}>
      <nav aria-label="Pages of the guide" className={styles.pages}>
        <ol>
          {PAGES.map(({ id, title }) => (
            <li key={id}>
              <a
                href={href('guide', {}, { page: id })}
                {...(id === page.id && { 'aria-current': 'page' as const })}
              >
                {title}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <article className={styles.article}>
        <ReactMarkdown
          components={{
            img: ({ src, alt }) => {
              const address = typeof src === 'string' ? pictureAt(src) : undefined;
              return address === undefined ? null : <img src={address} alt={alt ?? ''} loading="lazy" />;
            },
          }}
        >
          {page.text}
        </ReactMarkdown>
        {next !== undefined && (
          <p className={styles.next}>
            Next: <a href={href('guide', {}, { page: next.id })}>{next.title}</a>
          </p>
        )}
      </article>
    </div>
  );
}
