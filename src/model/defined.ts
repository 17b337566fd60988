type Defined<Fields> = { [Name in keyof Fields]: Exclude<Fields[Name], undefined> };

/** The fields that are not undefined; the object itself where none is left out. */
export function definedOnly<Fields extends object>(fields: Fields): Defined<Fields> {
  const kept: Partial<Fields> = {};
  let isWhole = true;
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined) isWhole = false;
    else kept[name] = value;
  }
  return (isWhole ? fields : kept) as Defined<Fields>; // none is undefined
}
