/** What is wrong at a place of an archive. Reading went on behind it. */
export interface ArchiveProblem {
  readonly file: string;
  /** Byte offset in the file. */
  readonly offset: number;
  /** One phrase. */
  readonly what: string;
}
