/** What the scanner does for others: all that its WebAssembly form exports. */
export { scan } from './tokenizer.ts';
export { clearMarks, findLiterals } from './literals.ts';
export { findLoads } from './loads.ts';
export { findPlace, measureLines } from './lines.ts';
export { sketchFiles } from './files.ts';
export { findWallet, walletEnd } from './wallets.ts';
/** Of its own: the compiler, which would draw it into `findLiterals`, then has too few registers for it. */
export { sift } from './sift.ts';
