import type { ReactNode } from 'react';
import { useQueryParam } from '../../app/location.ts';
import { useApi } from '../../client/use-api.ts';
import { Panel } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { Value } from '../../value/value.tsx';

export function ArtifactScreen(): ReactNode {
  const [value] = useQueryParam('value');
  const summary = useApi('getArtifact', { query: { value: value ?? '' } }, { enabled: value !== undefined });
  if (value === undefined)
    return <Empty title="Nothing to look up">The address names no value. Search for one.</Empty>;
  if (summary.error !== null) return <Fault error={summary.error} onRetry={() => void summary.refetch()} />;
  if (summary.data === undefined) return <Wait />;
  return (
    <>
      <h1>
        <Value {...summary.data.artifact} isLink={false} />
      </h1>
      <Panel title="Insights">
        <ul>
          {summary.data.insights.map(({ id, text }) => (
            <li key={id}>{text}</li>
          ))}
        </ul>
      </Panel>
    </>
  );
}
