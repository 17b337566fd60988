import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { changeQuery } from '../../app/location.ts';
import { ApiError, call, type Input, type Reply } from '../../client/call.ts';
import { hostInUnicode } from '../../value/host-name.ts';
import { inertText } from '../../value/inert.ts';
import { figure } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import { labelTitle, type DatasetTab } from './dataset-tab.ts';
import styles from './artifact.module.css';

type Facet = Reply<'getFacets'>['facets'][number];

const SHOWN = 8;
/** Fields whose values are all but unique say nothing as a filter. */
const NEVER = new Set([
  'isObserved',
  'detail.url',
  'detail.parentUrl',
  'detail.stamp',
  'detail.serial',
  'detail.sha1',
]);

/** What is chosen in each facet, as the address has it. */
export interface Chosen {
  readonly label: readonly string[];
  readonly within: readonly string[];
  readonly detail: readonly string[];
}

/** How many rows have each label, domain and detail; a value clicked is a filter, clicked again it is none. */
export function Facets(props: {
  readonly tab: DatasetTab;
  readonly filter: Input<'getFacets'>['query'];
  readonly chosen: Chosen;
}): ReactNode {
  const { tab, filter, chosen } = props;
  const facets = useQuery<Reply<'getFacets'>, ApiError>({
    queryKey: ['getFacets', filter],
    queryFn: ({ signal }) => call('getFacets', { query: filter }, signal),
    placeholderData: keepPreviousData,
  });
  const shown = (facets.data?.facets ?? []).filter(
    ({ field, values }) => !NEVER.has(field) && (values.length > 1 || isChosen(chosen, field)),
  );
  if (shown.length === 0) return null;
  return (
    <div className={styles.facets} aria-label="Filters by value" role="group">
      {shown.map((facet) => (
        <OneFacet key={facet.field} facet={facet} tab={tab} chosen={chosen} />
      ))}
    </div>
  );
}

function OneFacet({
  facet,
  tab,
  chosen,
}: {
  readonly facet: Facet;
  readonly tab: DatasetTab;
  readonly chosen: Chosen;
}): ReactNode {
  const [isWhole, setWhole] = useState(false);
  const { field, values, hasMore } = facet;
  return (
    <section>
      <h3>{titleOf(field, tab)}</h3>
      <ul>
        {values.slice(0, isWhole ? undefined : SHOWN).map(({ value, count }) => {
          const [name, entry] = parameterOf(field, value);
          const isOn = chosen[name].includes(entry);
          return (
            <li key={value}>
              <button
                type="button"
                aria-pressed={isOn}
                title={inertText(value)}
                onClick={() =>
                  changeQuery({
                    [name]: isOn ? chosen[name].filter((each) => each !== entry) : [...chosen[name], entry],
                  })
                }
              >
                <Inert
                  text={value === '' ? 'none' : (hostInUnicode(value) ?? value)}
                  kind={field === 'domain' ? 'host' : 'text'}
                  clamp={60}
                />
                <span className={styles.facetCount}>{figure(count)}</span>
              </button>
            </li>
          );
        })}
        {!isWhole && values.length > SHOWN && (
          <li>
            <button type="button" onClick={() => setWhole(true)}>
              <span className="soft">
                {values.length - SHOWN} more{hasMore ? ' and others' : ''}
              </span>
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

function parameterOf(field: string, value: string): readonly [keyof Chosen, string] {
  if (field === 'label') return ['label', value];
  if (field === 'domain') return ['within', value];
  return ['detail', `${field.replace(/^detail\./, '')}=${value}`];
}

const isChosen = (chosen: Chosen, field: string): boolean =>
  field === 'label'
    ? chosen.label.length > 0
    : field === 'domain'
      ? chosen.within.length > 0
      : chosen.detail.some((each) => each.startsWith(`${field.replace(/^detail\./, '')}=`));

function titleOf(field: string, { dataset }: DatasetTab): string {
  if (field === 'label') return labelTitle(dataset);
  if (field === 'domain') return 'Domain';
  const words = field
    .replace(/^detail\./, '')
    .replace(/([A-Z])/g, ' $1')
    .toLowerCase();
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`;
}
