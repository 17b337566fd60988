import { scriptOf } from '../letters.ts';

/** Letters beside a–z, digits and hyphen that a registry takes. */
type Letters = 'none' | ReadonlySet<string>;

const letters = (text: string): ReadonlySet<string> => new Set(text.replace(/\s/g, ''));

const LATIN_1 = 'ßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ';
const LATIN_EXTENDED_A = 'āăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĵķĸĺļľłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżž';

/**
 * What registries publish of the letters they take, for the suffixes where it is known. Suffixes that are not here are not
 * restricted.
 */
const RULES: Readonly<Record<string, Letters>> = {
  at: letters(`${LATIN_1}œšž`),
  au: 'none',
  be: letters('ßàáâãóôþüúðæåïçèõöÿýòäœêëìíøùîûñé'),
  br: letters('àáâãçéêíóôõúü'),
  ca: letters('éëêèâàæôœùûüçîïÿ'),
  ch: letters(`${LATIN_1.replace('ß', '')}œ`),
  cz: 'none',
  de: letters(`${LATIN_1}${LATIN_EXTENDED_A.replace('ĸ', '')}`),
  dk: letters('æøåöäüé'),
  es: letters('áàéèíïóòúüñç·'),
  fi: letters('åäöšžčđǥǧȟǩŋŧʒǯ'),
  fr: letters('ßàáâãäåæçèéêëìíîïñòóôõöùúûüýÿœ'),
  hu: letters('áéíóöőúüű'),
  il: 'none',
  it: letters('ßàâäèéêëìîïòôöùûüæœçÿ'),
  li: letters(`${LATIN_1.replace('ß', '')}œ`),
  lt: letters('ąčęėįšųūž'),
  mx: 'none',
  nl: 'none',
  no: letters('áàäčçđéèêŋńñóòôöšŧüžæøå'),
  pt: letters('àáâãçéêíóôõúü'),
  ru: 'none',
  se: letters('áâåäæçèéêëíðñóôöøúüýþąćčđęłńśšžźżğ'),
  sk: 'none',
  tr: letters('çğıöşü'),
  uk: 'none',
  us: 'none',
  za: 'none',
};

/** Registries under ICANN's guidelines: no mixing of scripts in a label. All suffixes of three letters and more are. */
const isGeneric = (top: string): boolean => top.length > 2;
/** Country registries known to forbid it too, though they take several scripts. */
const UNMIXED = new Set(['eu', 'bg', 'me', 'tv', 'cc', 'io', 'co', 'cn', 'tw', 'jp', 'kr']);

/** Whether the registry of the suffix takes the label's letters, as far as is known; plain ASCII is taken everywhere. */
export function isRegistrable(points: readonly number[], suffix: string): boolean {
  if (points.every((point) => point < 0x80)) return true;
  const top = suffix.slice(suffix.lastIndexOf('.') + 1);
  const rule = RULES[top];
  if (rule === 'none') return false;
  if (rule !== undefined)
    return points.every((point) => point < 0x80 || rule.has(String.fromCodePoint(point)));
  if (!isGeneric(top) && !UNMIXED.has(top)) return true;
  return !mixesScripts(points);
}

const scripts = new Map<number, string | undefined>();

function cachedScript(point: number): string | undefined {
  if (!scripts.has(point)) scripts.set(point, scriptOf(point));
  return scripts.get(point);
}

function mixesScripts(points: readonly number[]): boolean {
  let only: string | undefined;
  for (const point of points) {
    const script = cachedScript(point);
    if (script === undefined || script === only) continue;
    if (only !== undefined) return true;
    only = script;
  }
  return false;
}
