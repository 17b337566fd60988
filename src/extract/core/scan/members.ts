import {
  CLASSES_SKETCHED,
  CLASS_BUCKETS,
  CLASS_MEMBERS,
  CLASS_SKETCH,
  MAX_MEMBERS,
  MEMBERS_KEPT,
  NO_SHINGLE,
  PATHS_SKETCHED,
  PATH_BUCKETS,
  PATH_SKETCH,
  SHINGLES_SKETCHED,
  SKETCH,
  SKETCH_END,
  TAG_BUCKETS,
  TAG_MEMBERS,
  TAG_SKETCH,
  TEXT_BUCKETS,
  TEXT_SKETCH,
  VOCABULARY_MEMBERS,
  VOCABULARY_SKETCHED,
  WAY_MEMBERS,
  WORDS_SKETCHED,
  WORD_BUCKETS,
  WORD_MEMBERS,
  WORD_SKETCH,
} from '../layout.ts';
import { cellAt, clear, setCell } from './bytes.ts';
import { putRuns } from './runs.ts';

/**
 * The lists in which the hashes of words, elements and classes wait until they are put into the sketch, many at once. A set
 * whose members are some in a row keeps the last ones of a list that was emptied; they stand before its first.
 */
const SHINGLE = 4;
const WAYS = 3;
const TAGS = 6;

// Hashes in each list. The first words of a page begin no shingle: they stand before the first.
let words: i32 = 0;
let vocabulary: i32 = 0;
let elements: i32 = 0;
let classes: i32 = 0;
// What was emptied.
let wordsPut: i32 = 0;
let vocabularyPut: i32 = 0;
let elementsPut: i32 = 0;
let classesPut: i32 = 0;

export function clearMembers(): void {
  for (let at = SKETCH; at < SKETCH_END; at += 4) setCell(at, NO_SHINGLE);
  clear(WAY_MEMBERS - MEMBERS_KEPT * 4, WAY_MEMBERS);
  clear(TAG_MEMBERS - MEMBERS_KEPT * 4, TAG_MEMBERS);
  words = 1 - SHINGLE;
  vocabulary = elements = classes = 0;
  wordsPut = vocabularyPut = elementsPut = classesPut = 0;
}

/** Adds a word to the shingles. */
/* @inline */ export function addWord(word: i32): void {
  setCell(WORD_MEMBERS + words * 4, word);
  if (++words === MAX_MEMBERS) putWords();
}

/** The word that was added last. */
export function lastWord(): i32 {
  return cellAt(WORD_MEMBERS + (words - 1) * 4);
}

/** Adds a word to the vocabulary, if it is long enough. Most pages mix both kinds, so that a branch would be a guess. */
/* @inline */ export function addToVocabulary(word: i32, isLong: boolean): void {
  setCell(VOCABULARY_MEMBERS + vocabulary * 4, word);
  vocabulary += isLong ? 1 : 0;
  if (vocabulary === MAX_MEMBERS) putVocabulary();
}

/** Adds an element: its way, and its name. */
/* @inline */ export function addElement(way: i32, name: i32): void {
  setCell(WAY_MEMBERS + elements * 4, way);
  setCell(TAG_MEMBERS + elements * 4, name);
  if (++elements === MAX_MEMBERS) putElements();
}

/* @inline */ export function addClass(name: i32): void {
  setCell(CLASS_MEMBERS + classes * 4, name);
  if (++classes === MAX_MEMBERS) putClasses();
}

/** Counts classes that have been added before. */
export function countClasses(names: i32): void {
  classesPut += names;
}

/** Empties all lists, and notes how many members each set has. */
export function finishMembers(): void {
  putWords();
  putVocabulary();
  putElements();
  putClasses();
  const shingles = wordsPut;
  setCell(WORDS_SKETCHED, shingles + SHINGLE - 1);
  setCell(SHINGLES_SKETCHED, shingles > 0 ? shingles : 0);
  setCell(VOCABULARY_SKETCHED, vocabularyPut);
  setCell(PATHS_SKETCHED, elementsPut);
  setCell(CLASSES_SKETCHED, classesPut);
}

function putWords(): void {
  putRuns(WORD_MEMBERS, words, SHINGLE, TEXT_SKETCH, TEXT_BUCKETS);
  keepLast(WORD_MEMBERS, words);
  wordsPut += words;
  words = 0;
}

function putVocabulary(): void {
  putRuns(VOCABULARY_MEMBERS, vocabulary, 1, WORD_SKETCH, WORD_BUCKETS);
  vocabularyPut += vocabulary;
  vocabulary = 0;
}

function putElements(): void {
  putRuns(WAY_MEMBERS, elements, WAYS, PATH_SKETCH, PATH_BUCKETS);
  keepLast(WAY_MEMBERS, elements);
  putRuns(TAG_MEMBERS, elements, TAGS, TAG_SKETCH, TAG_BUCKETS);
  keepLast(TAG_MEMBERS, elements);
  elementsPut += elements;
  elements = 0;
}

function putClasses(): void {
  putRuns(CLASS_MEMBERS, classes, 1, CLASS_SKETCH, CLASS_BUCKETS);
  classesPut += classes;
  classes = 0;
}

/** Only what is full goes on. */
function keepLast(members: i32, count: i32): void {
  if (count !== MAX_MEMBERS) return;
  for (let kept = 1; kept <= MEMBERS_KEPT; kept++)
    setCell(members - kept * 4, cellAt(members + (count - kept) * 4));
}
