import { brandPages, proposeOwned } from '#investigate';
import {
  AditError,
  definedOnly,
  draftBrand,
  mergeBrand,
  parseHost,
  toBrand,
  type Brand,
  type BrandDraft,
  type Host,
} from '#model';
import type { AnswerContext, Answers } from '../answer.ts';

export function brandAnswers({
  workbench,
}: AnswerContext): Pick<
  Answers,
  | 'listBrands'
  | 'addBrand'
  | 'getBrand'
  | 'changeBrand'
  | 'removeBrand'
  | 'listBrandPages'
  | 'listProposals'
  | 'setOwnership'
> {
  const { store } = workbench;
  const { brands } = workbench.workspace;
  return {
    listBrands: async ({ query }) => ({
      brands: (await brands.list({ limit: query.limit, after: query.after })).map(brandJson),
      total: await brands.count(),
    }),
    addBrand: async ({ body: { url, isSeenMatched = true, ...given } }) => {
      const draft = url === undefined ? given : withDerived(given, draftBrand(url));
      const { id } = toBrand(draft);
      const { brand, isNew } = await brands.change(id, (before) =>
        before === undefined ? toBrand(draft) : mergeBrand(before, draft),
      );
      const { found } = isSeenMatched ? await workbench.matchSeen({ brands: [id] }) : { found: 0 };
      const copies = isSeenMatched ? (await workbench.huntCopies([id])).length : 0;
      return { brand: brandJson(brand), isNew, found, copies };
    },
    getBrand: async ({ params }) => brandJson(await brands.find(params.id)),
    changeBrand: async ({ params, body }) => {
      const { id } = await brands.find(params.id);
      const { brand } = await brands.change(id, (before) => {
        if (before === undefined) throw new AditError('unknown-brand', 'The brand is gone.');
        const content = toBrand({ ...before, ...definedOnly(body) });
        if (content.id !== id)
          throw new AditError(
            'invalid-brand',
            `The first domain of this brand stays ${id}: it is named by it.`,
          );
        return content;
      });
      return brandJson(brand);
    },
    removeBrand: async ({ params }) => {
      const { id } = await brands.find(params.id);
      await brands.remove(id);
    },
    listBrandPages: async ({ params }) => ({ pages: await brandPages(store, await brands.find(params.id)) }),
    listProposals: async ({ params }) => ({
      proposals: await proposeOwned(store, await brands.find(params.id)),
    }),
    setOwnership: async ({ params, body: { hosts, isOwned } }) => {
      const { id } = await brands.find(params.id);
      const said = new Set(hosts.map(parseHost));
      const { brand } = await brands.change(id, (before) => {
        if (before === undefined) throw new AditError('unknown-brand', 'The brand is gone.');
        const { owned, disowned } = before;
        const others = (list: readonly Host[]): Host[] => list.filter((host) => !said.has(host));
        return toBrand(
          isOwned
            ? { ...before, owned: [...owned, ...hosts], disowned: others(disowned) }
            : { ...before, owned: others(owned), disowned: [...disowned, ...hosts] },
        );
      });
      return brandJson(brand);
    },
  };
}

/** What is given, with what follows from the URL in front of it. */
function withDerived(given: BrandDraft, derived: BrandDraft): BrandDraft {
  return {
    ...given,
    domains: [...(derived.domains ?? []), ...(given.domains ?? [])],
    pages: [...(derived.pages ?? []), ...(given.pages ?? [])],
  };
}

const brandJson = ({ createdAt, updatedAt, ...brand }: Brand) => ({
  ...brand,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
