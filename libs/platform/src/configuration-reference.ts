import { describeConfiguration } from './configuration';

const INTRODUCTION = `# Configuration

Slotferry is configured by environment variables. Every process reads them once, at its start, and refuses to start when one
is wrong or unknown, naming each of them. Durations are written as \`250ms\`, \`10s\`, \`2m\` or \`1h\`.
`;

const ENDING = `The command line tool reads \`SLOTFERRY_URL\` (where the API is) and \`SLOTFERRY_API_KEY\` (the key it shows there).
`;

/** The content of docs/reference/configuration.md. */
export function configurationReference(): string {
  const rows = describeConfiguration().map((entry) => [
    `\`${entry.name}\``,
    `\`${entry.default}\``,
    entry.meaning,
  ]);
  return [INTRODUCTION, table([['Variable', 'Default', 'Meaning'], ...rows]), ENDING].join('\n');
}

function table(rows: readonly string[][]): string {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  const [head = [], ...body] = rows;
  return [head, widths.map((width) => '-'.repeat(width)), ...body].map(line).join('');
}
