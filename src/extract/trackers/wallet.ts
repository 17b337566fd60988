import { decodeBase58, decodeBase58Check, encodeBase58 } from './base58.ts';
import { isSegwitAddress } from './bech32.ts';
import { keccak256 } from './keccak.ts';

/** A wallet address and where it stands. */
export interface WalletFinding {
  readonly type: string;
  readonly value: string;
  /** UTF-16 units from the start of the text. */
  readonly offset: number;
  readonly length: number;
}

/** Shortest and longest runs of letters and digits that are looked at: a Bitcoin address, Monero's integrated address. */
const MIN_RUN = 26;
const MAX_RUN = 106;

const isAlphanumeric = (unit: number): boolean =>
  (unit >= 48 && unit <= 57) || ((unit | 32) >= 97 && (unit | 32) <= 122);

/**
 * Wallet addresses in a text, those with a checksum proven by it. Every unit is looked at a bounded number of times:
 * a run of letters and digits shorter than 26 is mostly jumped over.
 */
export function walletFindings(text: string): WalletFinding[] {
  const findings: WalletFinding[] = [];
  let at = 0;
  while (at + MIN_RUN <= text.length) {
    // The run, if any, must cover the unit 25 ahead; if that one is no letter the search goes on behind it.
    if (!isAlphanumeric(text.charCodeAt(at + MIN_RUN - 1))) {
      at += MIN_RUN;
      continue;
    }
    let start = at + MIN_RUN - 1;
    while (start > at && isAlphanumeric(text.charCodeAt(start - 1))) start--;
    let end = at + MIN_RUN;
    while (end < text.length && isAlphanumeric(text.charCodeAt(end))) end++;
    at = end + 1;
    if (end - start < MIN_RUN || end - start > MAX_RUN) continue;
    const nearby = (): string => text.slice(Math.max(0, start - NEAR_UNITS), end + NEAR_UNITS);
    const around = {
      before: text.slice(Math.max(0, start - 1), start),
      after: text.slice(end, end + 2),
      nearby,
    };
    const finding = walletFinding(text.slice(start, end), start, around);
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

/** How far around a run it is looked what the text speaks of. */
export const NEAR_UNITS = 300;

/** The wallet that a whole run of letters and digits is, by it and what stands around it: one unit before, two behind. */
export function walletFinding(
  run: string,
  offset: number,
  around: { readonly before: string; readonly after: string; nearby(): string },
): WalletFinding | undefined {
  if (isPartOfMore(around)) return undefined;
  const type =
    walletType(run) ?? (isSolana(run) && speaksOfSolana(around.nearby()) ? 'SolanaAddress' : undefined);
  return type === undefined ? undefined : { type, value: normalise(type, run), offset, length: run.length };
}

/** Base64 and URL paths are full of runs of the right length: what is joined to more of the kind is no address. */
function isPartOfMore({ before, after }: { readonly before: string; readonly after: string }): boolean {
  return /^[+_-]/.test(before) || /^[+_-]|^==/.test(after);
}

function normalise(type: string, run: string): string {
  return type === 'EthereumAddress' ||
    run.toLowerCase().startsWith('bc1') ||
    run.toLowerCase().startsWith('ltc1')
    ? run.toLowerCase()
    : run;
}

/** The kind of wallet that an address belongs to, proven by its checksum; undefined where it is none. */
function walletType(run: string): string | undefined {
  const head = run[0]!;
  if (run.length === 42 && run.startsWith('0x'))
    return isEthereumAddress(run) ? 'EthereumAddress' : undefined;
  if (/^(?:bc1|BC1)/.test(run)) return isSegwitAddress(run, ['bc']) ? 'BitcoinAddress' : undefined;
  if (/^(?:ltc1|LTC1)/.test(run)) return isSegwitAddress(run, ['ltc']) ? 'LitecoinAddress' : undefined;
  if (run.length === 95 || run.length === 106) return isMoneroAddress(run) ? 'MoneroAddress' : undefined;
  if (run.length > 35 || !'13TLMDA9X'.includes(head)) return undefined;
  return base58Type(run);
}

const BASE58_VERSIONS: ReadonlyMap<number, string> = new Map([
  [0x00, 'BitcoinAddress'],
  [0x05, 'BitcoinAddress'],
  [0x41, 'TronAddress'],
  [0x30, 'LitecoinAddress'],
  [0x32, 'LitecoinAddress'],
  [0x1e, 'DogecoinAddress'],
  [0x16, 'DogecoinAddress'],
  [0x4c, 'DashAddress'],
]);

function base58Type(run: string): string | undefined {
  const decoded = decodeBase58Check(run);
  if (decoded === undefined || decoded.payload.length !== 20) return undefined;
  // Burn addresses of zeros show up in examples.
  return decoded.payload.every((byte) => byte === 0) ? undefined : BASE58_VERSIONS.get(decoded.version);
}

/** EIP-55: where both cases are used, each letter's case is a checksum bit. */
export function isEthereumAddress(text: string): boolean {
  const digits = text.slice(2);
  if (!/^[0-9a-fA-F]{40}$/.test(digits) || /^(.)\1{30}/.test(digits)) return false;
  const lower = digits.toLowerCase();
  if (digits === lower || digits === digits.toUpperCase()) return true;
  return checksumCase(lower) === digits;
}

/** The hexadecimal digits in the case that EIP-55 gives them. */
export function checksumCase(lower: string): string {
  const hash = Buffer.from(keccak256(Buffer.from(lower, 'latin1'))).toString('hex');
  return [...lower]
    .map((digit, i) => (Number.parseInt(hash[i]!, 16) >= 8 ? digit.toUpperCase() : digit))
    .join('');
}

const MONERO_NETWORKS = new Set([18, 19, 42]);
/** Monero encodes blocks of 8 bytes as 11 letters; the last block is shorter. */
const MONERO_BLOCK_LETTERS = 11;
const MONERO_TAIL_BYTES: ReadonlyMap<number, number> = new Map([
  [7, 5],
  [6, 4],
  [2, 1],
  [3, 2],
  [5, 3],
  [9, 6],
  [10, 7],
]);

function isMoneroAddress(text: string): boolean {
  if (!/^[48]/.test(text)) return false;
  const bytes = decodeMoneroBase58(text);
  if (bytes === undefined || !MONERO_NETWORKS.has(bytes[0]!)) return false;
  return Buffer.from(keccak256(bytes.subarray(0, -4)).subarray(0, 4)).equals(bytes.subarray(-4));
}

function decodeMoneroBase58(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += MONERO_BLOCK_LETTERS) {
    const block = text.slice(at, at + MONERO_BLOCK_LETTERS);
    const size = block.length === MONERO_BLOCK_LETTERS ? 8 : MONERO_TAIL_BYTES.get(block.length);
    const decoded = decodeBase58(block.replace(/^1+/, ''));
    if (size === undefined || decoded === undefined || decoded.length > size) return undefined;
    bytes.push(...Array.from({ length: size - decoded.length }, () => 0), ...decoded);
  }
  return Uint8Array.from(bytes);
}

/** The Monero form of bytes, for checks. */
export function encodeMoneroBase58(bytes: Uint8Array): string {
  const lettersOf = [0, 2, 3, 5, 6, 7, 9, 10, 11];
  let text = '';
  for (let at = 0; at < bytes.length; at += 8) {
    const block = bytes.subarray(at, at + 8);
    text += encodeBase58(block).replace(/^1+/, '').padStart(lettersOf[block.length]!, '1');
  }
  return text;
}

const isSolana = (run: string): boolean =>
  (run.length === 43 || run.length === 44) && decodeBase58(run)?.length === 32;

/** A Solana address has no checksum: it counts only where the text nearby is about Solana. */
function speaksOfSolana(nearby: string): boolean {
  return /solana|phantom|\bSOL\b|\bspl\b/.test(nearby);
}
