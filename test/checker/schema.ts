/** As much of JSON Schema as our schema uses. It refuses keywords that it does not know, so none is passed over. */

export interface Schema {
  readonly [keyword: string]: unknown;
}

const ANNOTATIONS = ["$schema", "$id", "$defs", "title", "description"];

/** Why the data is not what the schema describes, or null. */
export function misfitOf(schema: Schema, data: unknown, root: Schema = schema): string | null {
  for (const [keyword, value] of Object.entries(schema)) {
    const flaw = flawOf(keyword, value, data, root);
    if (flaw !== null) return flaw;
  }
  return null;
}

function flawOf(keyword: string, value: unknown, data: unknown, root: Schema): string | null {
  const fields = data as Record<string, unknown>;
  switch (keyword) {
    case "$ref": {
      const name = String(value).replace("#/$defs/", "");
      return misfitOf((root.$defs as Record<string, Schema>)[name]!, data, root);
    }
    case "oneOf": {
      const fits = (value as Schema[]).filter((option) => misfitOf(option, data, root) === null);
      return fits.length === 1 ? null : `it is ${fits.length} of the alternatives`;
    }
    case "const":
      return data === value ? null : `it is not ${value}`;
    case "type":
      if (value === "integer") return Number.isInteger(data) ? null : "it is no integer";
      if (value === "object" && (data === null || Array.isArray(data))) return "it is no object";
      return typeof data === value ? null : `it is no ${value}`;
    case "required": {
      const missing = (value as string[]).find((name) => !Object.hasOwn(fields, name));
      return missing === undefined ? null : `it has no ${missing}`;
    }
    case "properties":
      for (const [name, part] of Object.entries(value as Record<string, Schema>)) {
        if (!Object.hasOwn(fields, name)) continue;
        const flaw = misfitOf(part, fields[name], root);
        if (flaw !== null) return `${name}: ${flaw}`;
      }
      return null;
    default:
      if (ANNOTATIONS.includes(keyword)) return null;
      throw new Error(`the keyword ${keyword} is not known here`);
  }
}
