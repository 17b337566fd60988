import type { DatasetId } from '#model';

/** A component's version is part of its edge; other fields of the detail are what the latest observation said. */
export const isVariant = (dataset: DatasetId, field: string): boolean =>
  dataset === 'components' && field === 'version';

/**
 * A field of the detail as text, out of a `latest` column, which is an instant, a blank and JSON. `field` is a
 * placeholder.
 */
export function detailColumn(column: string, field: string): string {
  const json = `substring(${column}, position(${column}, ' ') + 1)`;
  return `if(JSONType(${json}, 'd', ${field}) = 'String', JSONExtractString(${json}, 'd', ${field}), JSONExtractRaw(${json}, 'd', ${field}))`;
}
