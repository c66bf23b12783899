import { CodisError } from '../codis.errors';
import { type Read, ShapeError } from './shape';

/** Reads JSON text. Throws CodisError `bad-answer` saying where it is not what was expected. */
export function readAnswer<T>(answer: string, read: Read<T>, asked: string): T {
  return readText(() => read(JSON.parse(answer), 'the answer'), asked);
}

/** The same for a reader that parses no more of the text than it needs. */
export function readText<T>(read: () => T, asked: string): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ShapeError) && !(error instanceof SyntaxError)) throw error;
    throw new CodisError({
      code: 'bad-answer',
      message: `${asked} was not answered as Codis 3.2 does: ${error instanceof ShapeError ? error.message : 'it is not JSON'}.`,
      cause: error,
    });
  }
}
