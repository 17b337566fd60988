type Defined<Fields> = { [Name in keyof Fields]: Exclude<Fields[Name], undefined> };

/** The fields that are not undefined; the object itself where none is left out. */
export function definedOnly<Fields extends object>(fields: Fields): Defined<Fields> {
  for (const name in fields) if (fields[name] === undefined) return withoutUndefined(fields);
  return fields as Defined<Fields>; // none is undefined
}

function withoutUndefined<Fields extends object>(fields: Fields): Defined<Fields> {
  const kept: Partial<Fields> = {};
  for (const name in fields) if (fields[name] !== undefined) kept[name] = fields[name];
  return kept as Defined<Fields>; // none is undefined
}
