import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DIRECTORY = join(__dirname, '../../../../test/conformance/recordings/codis/http');

/** One request to a real Codis 3.2.2 and its answer. */
export interface RecordedCase {
  readonly case: string;
  readonly request: { readonly method: string; readonly url: string; readonly body: string | null };
  readonly status_line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body_json?: unknown;
  readonly body_text?: string;
}

/** The cases of one recording, such as `topom.stats`. */
export function recordedCases(name: string): RecordedCase[] {
  const recording = JSON.parse(readFileSync(join(DIRECTORY, `${name}.json`), 'utf8')) as {
    cases?: RecordedCase[];
  };
  return recording.cases ?? [];
}

export function recordedCase(name: string, caseName: string): RecordedCase {
  const found = recordedCases(name).find((recorded) => recorded.case === caseName);
  if (found === undefined) throw new Error(`${name} has no case ${caseName}`);
  return found;
}

/** Every recording whose name begins so. */
export function allRecordedCases(prefix: string): RecordedCase[] {
  const names = readdirSync(DIRECTORY).filter((file) => file.startsWith(prefix));
  return names.flatMap((file) => recordedCases(file.replace(/\.json$/, '')));
}

/** The body as it came over the wire: indented by four, with the slots that the recording leaves out put back. */
export function recordedBody(recorded: RecordedCase): string {
  if (recorded.body_text !== undefined) return recorded.body_text;
  return JSON.stringify(withAllSlots(recorded.body_json), null, 4).replaceAll('&', '\\u0026');
}

function withAllSlots(body: unknown): unknown {
  if (Array.isArray(body)) return completed(body, (id) => ({ id }));
  const slots = (body as { slots?: unknown } | null)?.slots;
  if (!Array.isArray(slots)) return body;
  return { ...(body as object), slots: completed(slots, (id) => ({ id, group_id: 0, action: {} })) };
}

function completed(slots: readonly unknown[], leftOut: (id: number) => object): unknown[] {
  if (!slots.some((slot) => typeof slot === 'string')) return [...slots];
  const shown = new Map(slots.map((slot) => [(slot as { id?: number }).id, slot]));
  return Array.from({ length: 1024 }, (_, id) => shown.get(id) ?? leftOut(id));
}
