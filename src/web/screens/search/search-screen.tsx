import type { ReactNode } from 'react';
import { useQueryParam } from '../../app/location.ts';
import { PastedText } from './pasted-text.tsx';
import { SearchHome } from './search-home.tsx';
import { SearchResults } from './search-results.tsx';

/** The answers to a query, what a pasted text names, or where to begin. */
export function SearchScreen(): ReactNode {
  const [query] = useQueryParam('q');
  const [pasted] = useQueryParam('pasted');
  if (query !== undefined && query.trim() !== '') return <SearchResults key={query} query={query} />;
  if (pasted !== undefined) return <PastedText key={pasted} name={pasted} />;
  return <SearchHome />;
}
