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
