import { DATASET_IDS, type DatasetId } from '#model';
import type { NodeKind } from './graph-scene.ts';

/** The colours of a graph, as a canvas takes them: read from the page's tokens, so that they follow the theme. */
export interface Palette {
  readonly ground: string;
  readonly text: string;
  readonly soft: string;
  readonly accent: string;
  readonly font: string;
  readonly nodes: Readonly<Record<NodeKind, string>>;
  readonly datasets: Readonly<Record<DatasetId, string>>;
}

/** Colours of edges, by the place of the dataset in the registry; a later dataset begins anew. */
const EDGE_TOKENS = 8;

export const datasetToken = (dataset: DatasetId): string =>
  `--edge-${(DATASET_IDS.indexOf(dataset) % EDGE_TOKENS) + 1}`;

export function readPalette(element: Element): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  probe.style.setProperty('forced-color-adjust', 'none'); // a picture in one colour shows nothing
  element.append(probe);
  // Through an element, as `light-dark()` is resolved only there.
  const colour = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const palette: Palette = {
    ground: colour('--surface'),
    text: colour('--text'),
    soft: colour('--text-soft'),
    accent: colour('--accent'),
    font: getComputedStyle(element).fontFamily,
    nodes: {
      confirmed: colour('--confirmed'),
      suspected: colour('--suspected-mark'),
      dismissed: colour('--surface'),
      host: colour('--accent'),
      value: colour('--line-control'),
    },
    datasets: Object.fromEntries(
      DATASET_IDS.map((dataset) => [dataset, colour(datasetToken(dataset))]),
    ) as Record<DatasetId, string>, // of all ids
  };
  probe.remove();
  return palette;
}
