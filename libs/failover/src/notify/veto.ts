const MAX_LENGTH = 500;

/** The reason in a hook's JSON answer `{"veto": "reason"}`, or null when it says none. */
export function vetoIn(text: string): string | null {
  const veto = memberOf(parse(text), 'veto');
  return typeof veto === 'string' && veto.trim() !== '' ? oneLine(veto) : null;
}

/** One bounded line without control characters: it goes to logs, tables and the history. */
export function oneLine(text: string): string {
  const clean = [...text].map((char) => (isControl(char) ? ' ' : char)).join('');
  return clean.replace(/ +/g, ' ').trim().slice(0, MAX_LENGTH);
}

function isControl(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return code < 32 || (code >= 127 && code < 160);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
