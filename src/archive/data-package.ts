import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ZipResource } from './zip-writer.ts';

/** `datapackage.json`: the manifest of a WACZ (WACZ 1.1.1 §5.2.4). Foreign ones may have more fields, and do leave some out. */
export const dataPackageSchema = z.object({
  profile: z.literal('data-package'),
  wacz_version: z.string(),
  software: z.string().optional(),
  created: z.string().optional(),
  title: z.string().optional(),
  mainPageUrl: z.string().optional(),
  mainPageDate: z.string().optional(),
  resources: z.array(
    z.object({
      name: z.string().optional(),
      path: z.string(),
      hash: z.string(),
      bytes: z.number().optional(),
    }),
  ),
});
export type DataPackage = Readonly<z.infer<typeof dataPackageSchema>>;

/** The two files that close a bundle: the manifest of all others, and the digest of the manifest. */
export function dataPackageFiles(
  about: Pick<DataPackage, 'software' | 'created' | 'title' | 'mainPageUrl' | 'mainPageDate'>,
  resources: readonly ZipResource[],
): readonly { readonly name: string; readonly text: string }[] {
  const manifest: DataPackage = {
    profile: 'data-package',
    wacz_version: '1.1.1',
    ...about,
    resources: resources.map(({ path, sizeBytes, sha256 }) => ({
      // names must be unique: only the folders of the standard hold one file of a name
      name: path.startsWith('adit/') ? path : path.slice(path.lastIndexOf('/') + 1),
      path,
      hash: `sha256:${sha256}`,
      bytes: sizeBytes,
    })),
  };
  const text = JSON.stringify(manifest, undefined, 2);
  const hash = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return [
    { name: 'datapackage.json', text },
    {
      name: 'datapackage-digest.json',
      text: JSON.stringify({ path: 'datapackage.json', hash }, undefined, 2),
    },
  ];
}
