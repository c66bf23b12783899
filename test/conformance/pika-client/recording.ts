import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Step {
  readonly line: number;
  readonly node: string;
  readonly send: string[];
  readonly reply: string;
}

export interface Transcript {
  readonly name: string;
  readonly version: string;
  readonly lines: number;
  /** Notes and pauses: lines that ask nothing. */
  readonly remarks: number;
  readonly steps: Step[];
}

const FOLDER = join(__dirname, '..', 'recordings', 'pika');

/** All transcripts of Pika, one after the other. */
export function readTranscripts(): Transcript[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.jsonl'))
    .map(readTranscript);
}

/** Ports stand in the recordings as names; lengths of strings count four digits. */
function readTranscript(name: string): Transcript {
  const text = readFileSync(join(FOLDER, name), 'utf8').replace(/\{pika(\d)\.port\}/g, '922$1');
  const lines = text.split('\n').filter((line) => line !== '');
  const records = lines.map((line, index) => ({ line: index + 1, ...(JSON.parse(line) as Partial<Step>) }));
  const steps = records
    .filter((record): record is Step => record.send !== undefined)
    .map((step) => ({ ...step, reply: withLengthOfShortenedPath(step.reply) }));
  return {
    name,
    version: name.split('-')[0] ?? '',
    lines: lines.length,
    remarks: records.filter((record) => 'note' in record || 'sleep' in record).length,
    steps,
  };
}

/** The only reply that was edited after recording: its path of the configuration file is shorter than the length in front counts. */
function withLengthOfShortenedPath(reply: string): string {
  if (!reply.includes('\r\nconfig_file:')) return reply;
  const text = reply.slice(reply.indexOf('\r\n') + 2, -2);
  return `$${text.length}\r\n${text}\r\n`;
}
