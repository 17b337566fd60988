import { usePlace } from '../../app/location.ts';
import { useApi } from '../../client/use-api.ts';
import { Empty } from '../../design/states.tsx';
import type { ReactNode } from 'react';

export function SearchScreen(): ReactNode {
  const { query } = usePlace();
  const status = useApi('status', {});
  return (
    <>
      <h1>Search</h1>
      <Empty title="Search">{new URLSearchParams(query).get('q') ?? status.data?.version}</Empty>
    </>
  );
}
