const MAX_NAME = 255;

/** The file name in a Content-Disposition header (RFC 6266: `filename*` before `filename`), without any path. */
export function dispositionName(value: string | undefined): string | undefined {
  const header = value?.slice(0, 4_096);
  if (header === undefined) return undefined;
  const extended = /(?:^|;)\s*filename\*\s*=\s*(?:utf-8|iso-8859-1)'[^']{0,40}'([^;\s]{1,1024})/i.exec(
    header,
  )?.[1];
  const quoted = /(?:^|;)\s*filename\s*=\s*"((?:[^"\\]|\\.){1,1024})"/i
    .exec(header)?.[1]
    ?.replace(/\\(.)/g, '$1');
  const plain = /(?:^|;)\s*filename\s*=\s*([^;"\s]{1,1024})/i.exec(header)?.[1];
  return cleanName(extended === undefined ? (quoted ?? plain) : decoded(extended));
}

/** The last part of a URL's path; undefined where the path ends in a slash. */
export function urlName(url: string): string | undefined {
  const path = URL.parse(url)?.pathname;
  return cleanName(path === undefined ? undefined : decoded(path.slice(path.lastIndexOf('/') + 1)));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not UTF-8: kept as written
  }
}

function cleanName(text: string | undefined): string | undefined {
  const name = text
    ?.replace(/^.*[/\\]/s, '')
    .replace(/[\u0000-\u001f\u007f]/g, '')
    .trim()
    .slice(0, MAX_NAME);
  return name === '' ? undefined : name;
}
