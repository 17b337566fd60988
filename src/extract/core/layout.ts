/**
 * Where things lie in the core's memory, in bytes. The scanner (`scan/`) is compiled twice, to WebAssembly and as it is,
 * and both forms work on memory of this layout, so that tables are filled and results read in one way. Nothing but
 * integer constants may stand here: AssemblyScript compiles this file, too.
 */

// Tables, filled once from the vocabulary.
/** 256 bytes: what a byte is, as bits of `SPACE` … `SCHEME`. */
export const CLASSES = 0x1000;
/** 256 bytes: what a byte is in CSS and in text, as bits of `CSS_MARK` … */
export const TEXT_CLASSES = 0x1100;
/** 256 bytes: each byte's own number. */
export const BYTES = 0x1200;
/** 4,096 bytes: hash of a name → number of its entry, 0 where empty; each name has a slot of its own. */
export const NAME_SLOTS = 0x2000;
export const NAME_SLOT_BITS = 12;
/** A cell: what that hash multiplies with, chosen so that no two names meet. */
export const NAME_FACTOR = 0x3000;
/**
 * 256 entries of 64 bytes: length, element, attribute, link type, whether a meta is named so, the element's kind in the
 * sketch (a byte each); at `NAME_HASH` a cell, `hashRange` of the name; at `NAME_TEXT` the name in lower case.
 */
export const NAMES = 0x4000;
export const NAME_ENTRY = 64;
export const NAME_HASH = 8;
export const NAME_TEXT = 16;
export const MAX_NAME = 32;
/** 256 cells: the attributes that matter, as bits, by element. */
export const INTEREST = 0x8000;
/** 256 bytes: bits of `RAW_TEXT` …, by element. */
export const ELEMENT_FLAGS = 0x8400;
/** 3 bytes: meaning of a link's address by class of its `rel`: named only, connected to, fetched. */
export const REL_MEANINGS = 0x8500;
/** 256 bytes: 1 where the browser fetches what has this meaning by itself. */
export const LOADED = 0x8600;
/** 256 × 32 bytes: meaning of an attribute by element and attribute, 0 where it names no URL. */
export const MEANINGS = 0x10000;

// Scratch space of one page.
/** Lists of cells: hashes of members of the sketch that wait (see `scan/members.ts`); before each the last ones of before. */
export const MEMBERS_KEPT = 8;
export const MAX_MEMBERS = 480;
export const WORD_MEMBERS = 0xa020;
export const VOCABULARY_MEMBERS = 0xa820;
export const WAY_MEMBERS = 0xb020;
export const TAG_MEMBERS = 0xb820;
export const CLASS_MEMBERS = 0xc020;
/** Rows of four cells: a value of `class` read before, by its length and two of its letters: start, end, names in it. */
export const CLASS_VALUES = 0xd000;
export const CLASS_VALUE_ROWS = 128;
/** 8,192 × 16 bit: hash of host and meaning → row of `PAIRS` plus one. */
export const PAIR_SLOTS = 0x14000;
export const PAIR_SLOT_BITS = 13;
/** 256 × 16 bit: the row of `PAIRS` counted last under each meaning, plus one. */
export const LAST_PAIRS = 0x18000;
/** 32 × two cells: value of each attribute of the tag at hand, by its number. */
export const VALUES = 0x18400;
/** 64 bytes: the stack of foreign content. */
export const FOREIGN = 0x18600;
export const MAX_FOREIGN = 60;

// Results of one page.
/** Cells: see `TAG_COUNT` … */
export const RESULT = 0x18700;
export const TAG_COUNT = 0x18700;
export const LINK_COUNT = 0x18704;
export const PAIR_COUNT = 0x18708;
export const SPAN_COUNT = 0x1870c;
/** Value range of the first `<base href>`; both 0 where there is none. */
export const BASE_START = 0x18714;
export const BASE_END = 0x18718;
/** 1 where a limit ended the scan. */
export const IS_CUT = 0x1871c;
/** Rows of `TAGS`, bytes of `STRUCTURE`; and 1 where either had no room for all. */
export const TAG_ROWS = 0x18720;
export const STRUCTURE_SIZE = 0x18724;
export const TAGS_ARE_CUT = 0x18728;
/** Rows of `MARKS`, and 1 where there were more. */
export const MARK_COUNT = 0x1872c;
export const MARKS_ARE_CUT = 0x18730;
/** Line and column, from 0, of the place that was asked for last. */
export const PLACE_LINE = 0x18738;
export const PLACE_COLUMN = 0x1873c;
export const RESULT_END = 0x18740;
export const NO_SHINGLE = 0x7fffffff;
/** A cell: 1 where the page is to be sketched (see `scan/sketch.ts`). */
export const IS_SKETCHING = 0x18a00;
/** Cells: words, word shingles, distinct-looking words, paths and class names of the sketch. */
export const SKETCH_COUNTS = 0x18a04;
export const WORDS_SKETCHED = 0x18a04;
export const SHINGLES_SKETCHED = 0x18a08;
export const VOCABULARY_SKETCHED = 0x18a0c;
export const PATHS_SKETCHED = 0x18a10;
export const CLASSES_SKETCHED = 0x18a14;
export const FILES_SKETCHED = 0x18a18;
/** 64 rows of the elements that are open: see `scan/sketch.ts`. */
export const OPEN_ELEMENTS = 0x18a40;
export const MAX_OPEN = 64;
/** The sketch: for each set its buckets, one cell each: the smallest hash, `NO_SHINGLE` where there is none. */
export const SKETCH = 0x19000;
export const TEXT_SKETCH = 0x19000;
export const TEXT_BUCKETS = 128;
export const WORD_SKETCH = 0x19200;
export const WORD_BUCKETS = 128;
export const PATH_SKETCH = 0x19400;
export const PATH_BUCKETS = 128;
export const TAG_SKETCH = 0x19600;
export const TAG_BUCKETS = 64;
export const CLASS_SKETCH = 0x19700;
export const CLASS_BUCKETS = 64;
export const SKETCH_END = 0x19800;
/** Filled when asked for, after the others. */
export const FILE_SKETCH = 0x19800;
export const FILE_BUCKETS = 64;
/** 16 bit for each code point below `FOLDED_POINTS`, then for the mathematical letters: what it reads as, or `BETWEEN_WORDS` …. */
export const TEXT_FOLDS = 0x19a00;
export const FOLDED_POINTS = 0x2e80;
export const MATHEMATICAL = 0x1d400;
export const MATHEMATICAL_END = 0x1d800;
/** Rows of eight cells: host start, host end, meaning, count, offset of the first tag, hash, number of the first link. */
export const PAIRS = 0x20000;
export const PAIR_ROW = 32;
export const MAX_PAIRS = 4_000;
/** Rows of three cells: kind, start, end. */
export const SPANS = 0x40000;
export const SPAN_ROW = 12;
export const MAX_SPANS = 65_536;
/** Rows of six cells: what (see `link.ts`), value start and end, tag start and end, row of the pair or `RELATIVE` …. */
export const LINKS = 0x100000;
export const LINK_ROW = 24;
export const MAX_LINKS = 131_072;

/** Rows of two cells: where the name of a tag begins and ends; of an end tag, the end is 0. */
export const TAGS = 0x400000;
export const TAG_ROW = 8;
export const MAX_TAGS = 262_144;
/** Names of the first tags in order, lower case, end tags as `/`, one space between: see `domShape`. Up to 16 bytes behind them are overwritten. */
export const STRUCTURE = 0x600000;
export const MAX_STRUCTURE_BYTES = 0x80000;
export const MAX_STRUCTURE_TAGS = 50_000;
/** Rows of two cells: number of a literal, and where it begins; or `KNOWN_LOAD` …, and the number of a link: see `findLoads`. */
export const MARKS = 0x681000;
export const MARK_ROW = 8;
export const MAX_MARKS = 65_536;
/** A link whose URL holds the literals of the rows behind it, and no others. */
export const KNOWN_LOAD = -1;
/** A link whose URL may hold any. */
export const UNKNOWN_LOAD = -2;
/** Rows of two cells for every `BLOCK` bytes of the page: line and column, from 0, where they begin. */
export const BLOCKS = 0x780000;
export const BLOCK_BITS = 11;
/** Rows of two cells: a block of bytes in which pieces of literals may stand, and where: see `sift`. */
export const SIFTED = 0x7a0000;
export const SIFTED_ROW = 8;
/** A URL being looked at, and a byte before it. */
export const SCRATCH = 0x7c0000;
export const MAX_URL = 4_096;

/** Sets of literals that are looked for: in pages, and in URLs. See `literal-set.ts`. */
export const PAGE_LITERALS = 0x800000;
export const URL_LITERALS = 0x900000;
// Offsets inside a set.
/** 2¹⁴ × 16 bit each: hash of five letters, and of three → number of the first entry. */
export const GRAM_SLOTS = 0;
export const TRIPLE_SLOTS = 0x8000;
export const SLOT_BITS = 14;
/** Two banks of six times 16 bytes: the three letters of short literals, by low and high half of the first byte, of the second, of the third. */
export const TRIPLE_CLASSES = 0x10000;
export const TRIPLE_BANK = 96;
/** 16 bytes: each has two bits, no two the same. */
export const FILTER_MASKS = 0x100c0;
/**
 * Rows of 16 bytes. Four × 16 bit: 1 where the next row is of the same slot, literal, where in it the letters stand plus one, where
 * from there other letters of it stand; two cells: these other letters, and which of their bits count. Number 0 is none.
 */
export const ENTRIES = 0x18000;
export const ENTRY_ROW = 16;
/** Rows of two cells: where the text of a literal begins, and its length. */
export const TEXTS = 0x70000;
export const TEXT_ROW = 8;
export const LETTERS = 0x80000;
export const LETTERS_END = 0xc0000;
/** 2¹⁶ bytes: whether five letters are part of a literal: where the byte of their hash has two bits, which the next four bits of it choose. */
export const FILTER = 0xc0000;
export const FILTER_SHIFT = 16;
export const LITERALS_END = 0x100000;

/** The page, followed by `PADDING` bytes of zero. */
export const INPUT = 0xa00000;
export const PADDING = 64;
export const MEMORY_BYTES = 0x2600000;

// Bits of CLASSES.
export const SPACE = 1;
export const SLASH_MARK = 2;
export const GREATER_MARK = 4;
export const EQUALS_MARK = 8;
export const LETTER = 16;
/** May stand in a host name as it is. */
export const HOST = 32;
/** Ends the host of a URL. */
export const HOST_END = 64;
export const SCHEME = 128;

// Bits of TEXT_CLASSES.
/** Begins something in CSS. */
export const CSS_MARK = 1;
/** Letter, digit or underscore. */
export const CSS_WORD = 2;
/** In CSS: ends a bare `url(` argument, or makes it a hard case. */
export const CSS_BARE_END = 4;
/** Letter or digit, ASCII alone. */
export const ALPHANUMERIC = 16;
/** Stands in a URL as it is: the URL parser neither drops nor encodes nor gives meaning to it (but for `/`, `?`, `#`). */
export const URL_PLAIN = 32;

// Bits of ELEMENT_FLAGS.
export const RAW_TEXT = 1;
export const SCRIPT_DATA = 2;
export const PLAIN_TEXT = 4;
export const FOREIGN_ROOT = 8;
export const INTEGRATION_POINT = 16;
export const BREAKOUT = 32;
/** Its end tag leaves foreign content. */
export const END_BREAKOUT = 64;
export const NOSCRIPT = 128;

// Kinds of elements in the sketch; groups from `FIRST_ITEM` on are ended by a sibling.
/** Head matter, scripts, and what a parser adds by itself. */
export const IGNORED = 1;
/** Has no content, or ends without being told. */
export const CHILDLESS = 2;
export const FIRST_ITEM = 3;
export const CELL_ITEM = 3;
export const ROW_ITEM = 4;

// Instead of a letter in TEXT_FOLDS.
export const BETWEEN_WORDS = 0;
/** As if it were not there: marks, soft hyphens. */
export const INVISIBLE = 1;
/** A word of its own: scripts that put no space between words. */
export const WORD_OF_ITS_OWN = 2;

// Elements that the scanner treats by name; the vocabulary numbers them first.
export const BASE = 1;
export const LINK = 2;
export const META = 3;
export const SCRIPT = 4;
export const STYLE = 5;
export const TITLE = 6;

// Attributes, likewise.
export const HREF = 1;
export const REL = 2;
export const HTTP_EQUIV = 3;
export const CONTENT = 4;
export const TYPE = 5;
export const STYLE_ATTRIBUTE = 6;
export const SRCDOC = 7;
export const PING = 8;
export const SRCSET = 9;
export const IMAGESRCSET = 10;
export const DATA_SRCSET = 11;
export const DATA_LAZY_SRCSET = 12;
/** Matters for the sketch alone. */
export const CLASS = 13;

// Meanings that the scanner gives itself.
export const CSS_URL = 1;
export const CSS_IMPORT = 2;

// What the value range of a link holds.
/** One URL, character references not decoded. */
export const ONE_URL = 0;
/** One URL, as it is: of a style element. */
export const PLAIN_URL = 1;
/** A hard case: a whole tag, or a script of speculation rules with its tag. */
export const MARKUP = 2;
/** A hard case: a stylesheet from here on. */
export const CSS_TEXT = 3;

// Instead of a pair's row.
/** It has no host of its own. */
export const RELATIVE = -1;
/** The WHATWG parsers must tell. */
export const HARD = -2;
/** It leads to no web host: mailto:, data:, javascript: …. */
export const NO_HOST = -3;

// Kinds of SPANS.
export const COMMENT_SPAN = 1;
export const SCRIPT_SPAN = 2;
export const STYLE_SPAN = 3;
export const TITLE_SPAN = 4;
/** A whole `<meta>` tag. */
export const META_SPAN = 5;
/** One whose name a rule may ask for. */
export const TELLING_META_SPAN = 6;
