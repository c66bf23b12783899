import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One line of a recorded conversation with real servers. */
export type TranscriptStep =
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'sleep'; readonly seconds: number }
  | {
      readonly kind: 'command';
      /** Number of the line in the file. */
      readonly line: number;
      readonly node: string;
      readonly send: readonly string[];
      /** The command was repeated until its reply held this text. */
      readonly until: string | undefined;
      /** The raw reply; `{pika1.port}` stands for a node's port. */
      readonly reply: string;
    };

const FOLDER = join(__dirname, '..', 'recordings', 'pika');

/** The recorded transcripts, sorted. */
export function transcriptNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => file.replace(/\.jsonl$/, ''))
    .sort();
}

/** Reads a transcript, for example `3.4.1-slots`. */
export function readTranscript(name: string): TranscriptStep[] {
  return readFileSync(join(FOLDER, `${name}.jsonl`), 'utf8')
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => toStep(JSON.parse(line) as RawStep, number));
}

interface RawStep {
  readonly note?: string;
  readonly sleep?: number;
  readonly node?: string;
  readonly send?: readonly string[];
  readonly until?: string;
  readonly reply?: string;
}

function toStep(raw: RawStep, line: number): TranscriptStep {
  if (raw.note !== undefined) return { kind: 'note', text: raw.note };
  if (raw.sleep !== undefined) return { kind: 'sleep', seconds: raw.sleep };
  if (raw.node === undefined || raw.send === undefined || raw.reply === undefined) {
    throw new Error(`Line ${line} is no step of a transcript`);
  }
  return { kind: 'command', line, node: raw.node, send: raw.send, until: raw.until, reply: raw.reply };
}
