import { defang } from '#model';
import type { ReactNode } from 'react';
import ReactMarkdown from 'react-markdown';

/**
 * Notes that somebody wrote, as Markdown. Becomes elements, never HTML; HTML in it is left out. Its links are written out and lead
 * nowhere, as notes quote what attackers made, and its images are not fetched.
 */
export function Markdown({ text }: { readonly text: string }): ReactNode {
  return (
    <ReactMarkdown
      skipHtml
      components={{
        a: ({ href, children }) => (
          <span>
            {children} {href !== undefined && href !== '' && <code>{defang(href)}</code>}
          </span>
        ),
        img: ({ alt }) => <span>{alt}</span>,
        // The screen has its own heading above.
        h1: ({ children }) => <h3>{children}</h3>,
        h2: ({ children }) => <h3>{children}</h3>,
      }}
    >
      {text}
    </ReactMarkdown>
  );
}
