import type { Evidence } from './evidence.ts';
import type { Display, Letter } from './verdict.ts';

/** The findings in words, one sentence each. */
export function reasonsFor(
  evidence: Evidence,
  part: string,
  letters: readonly Letter[],
  display: Display,
): string[] {
  const { hit, edits, form, place } = evidence;
  const meant = hit.brandLabel.text;
  const reasons = [
    part === meant ? `“${part}” is the brand’s name` : `“${part}” reads as “${meant}”`,
    ...letters.map(letterReason),
  ];
  for (const { kind, text, meant: left } of edits)
    if (kind === 'omission') reasons.push(`${left} is left out`);
    else if (kind === 'insertion' || kind === 'repetition') reasons.push(`${text} is added`);
    else if (kind === 'transposition') reasons.push(`${left} is turned round to ${text}`);
  if (evidence.hyphens > 0) reasons.push('hyphens are put into it');
  if (evidence.isFollowedBySuffix)
    reasons.push('a suffix follows it inside the name, as if the domain ended there');
  if (form === 'affixed') reasons.push('what belongs around a domain is grown to it');
  if (evidence.pressing.length > 0) reasons.push(`beside it: ${[...new Set(evidence.pressing)].join(', ')}`);
  if (place === 'subdomain') reasons.push('it stands in front of a domain that is not the brand’s');
  if (place === 'hosting') reasons.push('anyone can have a name there');
  if (place === 'registrable' && form === 'whole' && !evidence.brand.suffixes.has(evidence.suffix))
    reasons.push(
      `the brand’s domain ends in .${[...evidence.brand.suffixes].join(' or .')}, this one in .${evidence.suffix}`,
    );
  for (const { label, rule } of display.refused)
    reasons.push(`a browser shows ${label} in Punycode: ${rule}`);
  return reasons;
}

function letterReason({ text, codePoint, name, standsFor }: Letter): string {
  return `“${text}” (${name === undefined ? codePoint : `${codePoint} ${name}`}) stands for ${standsFor}`;
}
