/** Where the demo plays: what every act of it needs. */
export interface Stage {
  readonly folder: string;
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly columns: number | undefined;
  readonly print: (text: string) => void;
  readonly progress: (text: string) => void;
}
