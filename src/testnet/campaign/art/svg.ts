import { seededNumbers } from '../../asset.ts';

/** A coin seen from above with a rim and three bars, for headers (40) as for posters (300). */
export function coin(size: number, light = '#ffd76a', dark = '#b9790a'): string {
  const bars = [0, 1, 2]
    .map((n) => `<rect x="${34 - n * 4}" y="${33 + n * 13}" width="${32 + n * 8}" height="9" rx="2"/>`)
    .join('');
  return svg(
    100,
    100,
    `<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></linearGradient></defs>` +
      `<circle cx="50" cy="50" r="48" fill="url(#g)"/><circle cx="50" cy="50" r="40" fill="none" stroke="#fff" stroke-opacity=".55" stroke-width="2" stroke-dasharray="5 3"/>` +
      `<g fill="#fff">${bars}</g>`,
    size,
  );
}

/** A lattice of nodes joined by lines, its layout chosen by the seed. */
export function network(seed: number, hue: number, width = 640, height = 320): string {
  const next = sequence(seed);
  const nodes = Array.from(
    { length: 22 },
    () => [Math.round(next() * width), Math.round(next() * height)] as const,
  );
  const lines = nodes.flatMap(([x1, y1], index) =>
    nodes
      .slice(index + 1)
      .filter(([x2, y2]) => Math.hypot(x2 - x1, y2 - y1) < width / 4)
      .map(([x2, y2]) => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`),
  );
  const dots = nodes.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="${4 + Math.round(next() * 5)}"/>`);
  return svg(
    width,
    height,
    `<rect width="${width}" height="${height}" fill="hsl(${hue},45%,22%)"/><g stroke="hsl(${hue},60%,70%)" stroke-opacity=".5">${lines.join('')}</g><g fill="hsl(${hue},75%,65%)">${dots.join('')}</g>`,
  );
}

/** Hills under a sky: a picture for anything. */
export function landscape(seed: number, hue: number, width = 640, height = 360): string {
  const next = sequence(seed);
  const hills = [0, 1, 2, 3].map((n) => {
    const top = height * (0.4 + n * 0.14);
    const points = Array.from(
      { length: 9 },
      (_, index) => `${Math.round((index * width) / 8)},${Math.round(top + (next() - 0.5) * 70)}`,
    );
    return `<polygon fill="hsl(${(hue + n * 14) % 360},${38 + n * 6}%,${62 - n * 13}%)" points="0,${height} ${points.join(' ')} ${width},${height}"/>`;
  });
  const sun = `<circle cx="${Math.round(width * (0.2 + next() * 0.6))}" cy="${Math.round(height * 0.24)}" r="34" fill="hsl(45,90%,80%)"/>`;
  return svg(
    width,
    height,
    `<rect width="${width}" height="${height}" fill="hsl(${hue},55%,86%)"/>${sun}${hills.join('')}`,
  );
}

/** One or two letters on a rounded square: the logo of everybody else. */
export function monogram(letters: string, hue: number): string {
  return svg(
    64,
    64,
    `<rect width="64" height="64" rx="14" fill="hsl(${hue},60%,42%)"/><text x="32" y="43" font-family="Georgia,serif" font-size="32" font-weight="700" text-anchor="middle" fill="#fff">${letters}</text>`,
  );
}

export function svg(width: number, height: number, shapes: string, size = width): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${Math.round((size * height) / width)}" viewBox="0 0 ${width} ${height}">${shapes}</svg>\n`;
}

/** Numbers in [0, 1) that depend on the seed alone. */
function sequence(seed: number): () => number {
  const next = seededNumbers(seed);
  return () => next() / 2 ** 32;
}
