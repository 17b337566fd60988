import type { ReactNode } from 'react';
import { useApi } from '../../client/use-api.ts';
import { Badge } from '../../design/controls.tsx';
import { Fault, Wait } from '../../design/states.tsx';
import { Inert, Value } from '../../value/value.tsx';

export function ProjectScreen({ params }: { readonly params: Readonly<Record<string, string>> }): ReactNode {
  const project = useApi('getProject', { params: { id: params['id'] ?? '' } });
  if (project.error !== null) return <Fault error={project.error} onRetry={() => void project.refetch()} />;
  if (project.data === undefined) return <Wait />;
  return (
    <>
      <h1>
        <Inert isProse text={project.data.name} />
      </h1>
      <ul>
        {project.data.artifacts.map(({ type, value, status }) => (
          <li key={value}>
            <Badge kind={status}>{status}</Badge> <Value type={type} value={value} />
          </li>
        ))}
      </ul>
    </>
  );
}
