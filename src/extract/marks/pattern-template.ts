/** Quote as it stands in scripts, in JSON inside scripts, and in attributes. */
const QUOTE = String.raw`(?:\\?["']|&quot;)`;

/** What the templates abbreviate. */
const PARTS: Readonly<Record<string, string>> = {
  Q: QUOTE,
  S: String.raw`\s{0,8}`,
  /** Between a key and its value in object literals and assignments. */
  IS: String.raw`${QUOTE}?\s{0,4}[:=]\s{0,4}${QUOTE}?`,
  UUID: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
  HOST: String.raw`[a-z0-9](?:[a-z0-9-]{0,40}\.){1,4}[a-z]{2,12}`,
  /** A version number. */
  V: String.raw`v?(\d{1,4}(?:\.\d{1,8}){0,3}(?:-?(?:alpha|beta|rc|pre)[.-]?\d{0,3})?)`,
  END: String.raw`(?![\w-])`,
  START: String.raw`(?<![\w-])`,
  /** Between the parameters of a query, also inside attributes. */
  AND: '(?:&|&amp;|\\\\u0026)',
};

/** A pattern in which `<UUID>`, `<Q>`, `<S>` … stand for the parts above. Case counts. */
export function id(strings: TemplateStringsArray): RegExp {
  return new RegExp(expand(strings.raw[0]!));
}

/** The same without regard to case. */
export function anyCase(strings: TemplateStringsArray): RegExp {
  return new RegExp(expand(strings.raw[0]!), 'i');
}

function expand(source: string): string {
  return source.replace(/<([A-Z]+)>/g, (token, name: string) => PARTS[name] ?? token);
}
