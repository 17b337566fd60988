import { AditError, DATASET_IDS, type DatasetId } from '#model';
import { InvalidArgumentError } from 'commander';

/** Takes an option that may be given several times. */
export const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

/** Parser of an option that takes a whole number within bounds. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
    return value;
  };

/** A dataset by its id. */
export function parseDataset(text: string): DatasetId {
  const id = DATASET_IDS.find((each) => each === text);
  if (id === undefined)
    throw new AditError('unknown-dataset', `There is no dataset “${text}”.`, {
      advice: `There are ${DATASET_IDS.join(', ')}.`,
    });
  return id;
}

/** A day or an RFC 3339 instant. */
export function parseMoment(text: string): string {
  const isMoment = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text);
  if (!isMoment || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('Dates are written 2017-11-17 or 2017-11-17T03:27:29Z.');
  return text;
}

/** An http or https address without path, as in links to this server. */
export function httpUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '')
    throw new InvalidArgumentError('It takes an address such as https://adit.example.org.');
  return url.origin;
}
