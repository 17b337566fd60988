import type { ReactNode } from 'react';
import ReactMarkdown from 'react-markdown';
import styles from './value.module.css';

/**
 * Markdown that people wrote. HTML in it is text; images are left out, since each would be a request; links leave nothing of
 * where they were followed from.
 */
export function Markdown({ text }: { readonly text: string }): ReactNode {
  return (
    <div className={styles.markdown}>
      <ReactMarkdown
        skipHtml={false}
        disallowedElements={['img']}
        unwrapDisallowed
        components={{
          a: ({ href, children }) => (
            <a href={href} rel="noopener noreferrer nofollow" target="_blank">
              {children}
            </a>
          ),
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
