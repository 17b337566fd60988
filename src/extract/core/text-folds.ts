import {
  BETWEEN_WORDS,
  FOLDED_POINTS,
  INVISIBLE,
  MATHEMATICAL,
  MATHEMATICAL_END,
  WORD_OF_ITS_OWN,
} from './layout.ts';

/** Letters of other scripts that a reader takes for the ASCII letter after them. Capitals are folded before. */
const LOOK_ALIKES = new Map(
  [
    'аa еe оo рp сc уy хx іi јj ѕs ԁd һh ӏl вb кk мm нh тt ɡg ԛq ԝw ѵv үy ҽe ұy', // Cyrillic
    'αa οo ρp νv υu ιi κk τt χx ϲc ϳj ηn γy ωw βb εe', // Greek
    'օo սu հh ոn ցg ѕs գq', // Armenian
    'ɑa ɩi ıi ɪi ʀr ʏy ɴn ʙb ɢg ʟl øo đd łl ħh ŧt ßs',
  ]
    .join(' ')
    .split(' ')
    .map((pair) => [pair[0]!, pair[1]!]),
);

/** Scripts without spaces between words, below `FOLDED_POINTS`. */
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const UNSEEN = /[\p{M}\p{Default_Ignorable_Code_Point}]/u;

/** What each code point reads as, as `layout.ts` says of `TEXT_FOLDS`. */
export function textFolds(): Uint16Array {
  const folds = new Uint16Array(FOLDED_POINTS + MATHEMATICAL_END - MATHEMATICAL);
  for (let point = 0; point < FOLDED_POINTS; point++) folds[point] = foldOf(point);
  for (let point = MATHEMATICAL; point < MATHEMATICAL_END; point++)
    folds[FOLDED_POINTS + point - MATHEMATICAL] = foldOf(point);
  return folds;
}

function foldOf(point: number): number {
  const letter = String.fromCodePoint(point);
  if (UNSEEN.test(letter)) return INVISIBLE;
  const plain = letter.normalize('NFKD').toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
  const [first = ''] = plain;
  if (!/[\p{L}\p{N}]/u.test(first)) return BETWEEN_WORDS;
  if (UNSPACED.test(first)) return WORD_OF_ITS_OWN;
  return (LOOK_ALIKES.get(first) ?? first).codePointAt(0)!;
}
