import type { DatasetId } from '#model';
import { codeOf } from './field-codes.ts';

/** A component's version is part of its edge; other fields of the detail are what the latest observation said. */
export const isVariant = (dataset: DatasetId, field: string): boolean =>
  dataset === 'components' && field === 'version';

/** A field of the detail as text, out of a `latest` column, which is an instant, a blank and JSON. */
export function detailColumn(
  bindings: { readonly bind: (value: string) => string },
  column: string,
  field: string,
): string {
  const json = `substring(${column}, position(${column}, ' ') + 1)`;
  const at = `${json}, 'd', ${bindings.bind(codeOf(field))}`;
  return `if(JSONType(${at}) = 'String', JSONExtractString(${at}), JSONExtractRaw(${at}))`;
}
