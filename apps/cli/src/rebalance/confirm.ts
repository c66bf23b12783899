import { createInterface } from 'node:readline/promises';
import { usageError } from '../cli-error';

/** Asks before slots are moved. Throws CliError when nobody is there to answer. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw usageError(
      'nobody can be asked: this is no terminal',
      'Give --yes to go on without a question, or --dry-run to see the plan alone.',
    );
  }
  // On stderr, so that what is printed for programs stays clean.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('\n')));
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    if (answer === '\n') process.stderr.write(answer);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
