/** Splits a report into its lines, without the empty ones at the end. */
export function reportLines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** Reads `name:value` or `name: value`; null when the line has another form. */
export function field(line: string): { readonly name: string; readonly value: string } | null {
  const colon = line.indexOf(':');
  if (colon < 0) return null;
  return { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() };
}
