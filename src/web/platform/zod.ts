/**
 * Stands for `zod` in the browser. #model and #api declare their shapes with it; the app uses only the types that come
 * from them, which are gone when it is built: checking is the server's work. So every schema is this one empty thing,
 * which saves a fifth of the script and the probe for `eval` that the page's policy would refuse.
 */
const schema: unknown = new Proxy(() => schema, {
  get(_target, name) {
    if (typeof name === 'string' && /parse/i.test(name)) throw new Error(`no ${name} in the browser`);
    return name === Symbol.toPrimitive ? () => '' : schema;
  },
});

export { schema as z };
