import { isIP } from 'node:net';
import { encodePunycode } from './punycode.ts';
import type { Fault } from './verdict.ts';

const MAX_NAME = 253;
const MAX_LABEL = 63;
/** Longer texts are not even looked at. */
const MAX_TEXT = 2_048;

const DOT = 0x2e;
const HYPHEN = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);

/** 1 for what may stand in a DNS name as one meets them (hosts and service names). */
const IS_NAME_BYTE = new Uint8Array(128);
for (const letter of 'abcdefghijklmnopqrstuvwxyz0123456789-_.') IS_NAME_BYTE[letter.charCodeAt(0)] = 1;

/**
 * A name as bytes with its labels, read from text without making a string or an array: one is filled again and again. Takes what
 * lists have: capitals, a trailing dot, `*.` of certificates, Unicode.
 */
export class HostScan {
  /** The name as it counts: lower-case ASCII, no `*.`, no trailing dot. */
  name = '';
  readonly bytes = new Uint8Array(MAX_NAME + 1);
  length = 0;
  readonly labelStarts = new Uint8Array(128);
  readonly labelEnds = new Uint8Array(128);
  labelCount = 0;
  /** Whether a label begins with `xn--`. */
  hasAce = false;

  /** Undefined: the name was read. */
  read(text: string): Fault | undefined {
    const isPlain = this.#readAscii(text);
    if (isPlain !== 'unicode') return isPlain;
    const ascii = toAsciiName(text);
    if (ascii === undefined) return 'bad-character';
    const fault = this.#readAscii(ascii);
    return fault === 'unicode' ? 'bad-character' : fault;
  }

  #readAscii(text: string): Fault | 'unicode' | undefined {
    let from = 0;
    let to = text.length;
    if (to > MAX_TEXT) return 'name-too-long';
    while (from < to && isSpace(text.charCodeAt(from))) from++;
    while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
    if (to - from > 2 && text.charCodeAt(from) === 0x2a && text.charCodeAt(from + 1) === DOT) from += 2;
    if (to - from > 1 && text.charCodeAt(to - 1) === DOT) to--;
    if (from === to) return 'empty';
    const { bytes } = this;
    let hasCapitals = false;
    let length = 0;
    for (let at = from; at < to; at++) {
      let code = text.charCodeAt(at);
      if (code >= 0x41 && code <= 0x5a) {
        code |= 0x20;
        hasCapitals = true;
      }
      if (code > 0x7f) return 'unicode';
      if (IS_NAME_BYTE[code] === 0) return isAddress(text.slice(from, to)) ? 'ip-address' : 'bad-character';
      if (length === MAX_NAME) return 'name-too-long';
      bytes[length++] = code;
    }
    this.length = length;
    const plain = from === 0 && to === text.length ? text : text.slice(from, to);
    this.name = hasCapitals ? plain.toLowerCase() : plain;
    return this.#splitLabels();
  }

  #splitLabels(): Fault | undefined {
    const { bytes, length } = this;
    let start = 0;
    let count = 0;
    this.hasAce = false;
    for (let at = 0; at <= length; at++) {
      if (at < length && bytes[at] !== DOT) continue;
      if (at === start) return 'empty-label';
      if (at - start > MAX_LABEL) return 'label-too-long';
      this.labelStarts[count] = start;
      this.labelEnds[count++] = at;
      if (bytes[start + 2] === HYPHEN && bytes[start + 3] === HYPHEN && at - start >= 4)
        if (bytes[start] === 0x78 && bytes[start + 1] === 0x6e) this.hasAce = true;
      start = at + 1;
    }
    this.labelCount = count;
    return isNumber(bytes, this.labelStarts[count - 1], length) ? numericFault(this.name) : undefined;
  }
}

function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] < ZERO || bytes[at] > NINE) return false;
  return true;
}

const numericFault = (name: string): Fault => (isAddress(name) ? 'ip-address' : 'numeric-suffix');

function isAddress(text: string): boolean {
  return isIP(text.replace(/^\[|\]$/g, '').replace(/%.*$/, '')) !== 0;
}

const FORBIDDEN = /[\s\u0000-\u002c/\u007f-\u009f:-@[-^`{-\u007f]/;
const DOTS = /[.\u3002\uff0e\uff61]/;

/**
 * A Unicode name → ASCII by Punycode alone: characters that IDNA forbids stay, since names are to be judged as they were met.
 * Undefined where it holds what no name can: spaces, controls, lone surrogates.
 */
function toAsciiName(text: string): string | undefined {
  const labels = text.trim().replace(/^\*\./, '').normalize('NFC').toLowerCase().split(DOTS);
  if (labels.length > 128 || !text.isWellFormed()) return undefined;
  const ascii: string[] = [];
  for (const label of labels) {
    if (FORBIDDEN.test(label)) return undefined;
    const points: number[] = [];
    let isPlain = true;
    for (const letter of label) {
      const point = letter.codePointAt(0)!; // a letter has one
      if (point >= 0x80) isPlain = false;
      points.push(point);
    }
    if (points.length > MAX_NAME) return undefined;
    ascii.push(isPlain ? label : `xn--${encodePunycode(points)}`);
  }
  return ascii.join('.');
}
