/** The fourteen causes that the trade's host pairs had. */
export const LEGACY_CAUSES = [
  'script.src',
  'link.href',
  'img.src',
  'iframe.src',
  'css.import',
  'a.href',
  'xmlhttprequest',
  'redirect',
  'topLevelRedirect',
  'finalRedirect',
  'location.refresh',
  'meta.refresh',
  'parentPage',
  'unknown',
] as const;

export type LegacyCause = (typeof LEGACY_CAUSES)[number];

/** Adit's own causes, each with the legacy cause that older clients see instead. */
const OWN_CAUSES = {
  'css.url': 'css.import',
  fetch: 'xmlhttprequest',
  websocket: 'xmlhttprequest',
  eventsource: 'xmlhttprequest',
  beacon: 'xmlhttprequest',
  'form.action': 'a.href',
  'frame.src': 'iframe.src',
  'object.data': 'iframe.src',
  'embed.src': 'iframe.src',
  'media.src': 'img.src',
  'script.import': 'script.src',
  worker: 'script.src',
  preconnect: 'link.href',
  'window.open': 'topLevelRedirect',
  click: 'a.href',
  download: 'a.href',
} as const satisfies Record<string, LegacyCause>;

/** Why a parent host made the browser reach a child host (or tells it to). */
export type Cause = LegacyCause | keyof typeof OWN_CAUSES;

export const CAUSES: readonly Cause[] = [...LEGACY_CAUSES, ...(Object.keys(OWN_CAUSES) as Cause[])]; // keys of the const above

/** The cause as the trade's fourteen-value vocabulary names it. */
export function toLegacyCause(cause: Cause): LegacyCause {
  return cause in OWN_CAUSES ? OWN_CAUSES[cause as keyof typeof OWN_CAUSES] : (cause as LegacyCause); // `in` decides which
}
