import { AditError, draftBrand, mergeBrand, toBrand, type Brand, type BrandDraft } from '#model';
import type { AnswerContext, Answers } from '../answer.ts';

export function brandAnswers({
  workbench: { workspace },
}: AnswerContext): Pick<Answers, 'listBrands' | 'addBrand' | 'getBrand' | 'changeBrand' | 'removeBrand'> {
  const { brands } = workspace;
  return {
    listBrands: async ({ query }) => ({
      brands: (await brands.list({ limit: query.limit, after: query.after })).map(brandJson),
      total: await brands.count(),
    }),
    addBrand: async ({ body: { url, ...given } }) => {
      const draft = url === undefined ? given : withDerived(given, draftBrand(url));
      const { id } = toBrand(draft);
      const { brand, isNew } = await brands.change(id, (before) =>
        before === undefined ? toBrand(draft) : mergeBrand(before, draft),
      );
      return { brand: brandJson(brand), isNew };
    },
    getBrand: async ({ params }) => brandJson(await brands.find(params.id)),
    changeBrand: async ({ params, body }) => {
      const { id } = await brands.find(params.id);
      const { brand } = await brands.change(id, (before) => {
        if (before === undefined) throw new AditError('unknown-brand', 'The brand is gone.');
        const content = toBrand({ ...before, ...definedOf(body) });
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

const definedOf = (draft: BrandDraft): BrandDraft =>
  Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined));

const brandJson = ({ createdAt, updatedAt, ...brand }: Brand) => ({
  ...brand,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
