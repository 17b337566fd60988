import { isHostGraph } from './host-graph.ts';

/** Also of compressions that are not read: what lies in a folder by such a name is told, rather than passed over. */
const ARCHIVE_NAME = /\.(?:w?arc(?:\.gz|\.zst|\.lz4|\.xz|\.bz2|\.open)?|wacz|har(?:\.gz|\.zst)?)$/i;

/** Whether it is named as archives are, or as the edges of a web graph. */
export function isArchiveName(name: string): boolean {
  return ARCHIVE_NAME.test(name) || isHostGraph(name);
}
