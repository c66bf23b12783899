import { type CliError, usageError } from '../cli-error';
import { readFile } from '../read-file';

/** Size by slot. */
export type Sizes = Readonly<Record<string, number>>;

const SHAPE = 'Write a line slot,size for each slot, as 0,12; or one JSON object, as {"0": 12, "1": 7}.';
const LINE = /^(0|[1-9]\d{0,8})\s*,\s*(\d{1,16}(?:\.\d{1,9})?)$/;

/** Reads the sizes of slots from a file. Throws CliError. */
export function readSizes(path: string): Sizes {
  return parseSizes(readFile(path, 'Name a file with the sizes of the slots with --sizes.'), path);
}

/**
 * Sizes of slots as lines `slot,size`, a head and empty lines left out, or as one JSON object.
 * @param path for the messages of errors
 * Throws CliError.
 */
export function parseSizes(text: string, path: string): Sizes {
  // Some programs put a mark of the byte order in front of their CSV.
  const content = text.replace(/^\uFEFF/, '').trim();
  const sizes = content.startsWith('{') ? parseJson(content, path) : parseLines(content, path);
  if (Object.keys(sizes).length === 0) throw usageError(`${path} has no size in it`, SHAPE);
  return sizes;
}

function parseJson(text: string, path: string): Sizes {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw usageError(`${path} is no JSON: ${(error as Error).message}`, SHAPE);
  }
  const sizes = Object.entries(content as Record<string, unknown>);
  for (const [slot, size] of sizes) {
    if (typeof size !== 'number' || size < 0)
      throw notASize(`${path}: ${JSON.stringify(slot)}`, JSON.stringify(size));
  }
  return Object.fromEntries(sizes) as Sizes;
}

function parseLines(text: string, path: string): Sizes {
  const sizes = new Map<string, number>();
  text.split(/\r?\n/).forEach((line, index) => {
    const isHead = index === 0 && /^[a-z_ "]+,[a-z_ "]+$/i.test(line);
    if (line.trim() === '' || isHead) return;
    const [, slot, size] = LINE.exec(line.trim()) ?? [];
    if (slot === undefined) throw notASize(`${path}, line ${index + 1}`, JSON.stringify(line));
    if (sizes.has(slot)) {
      throw usageError(`${path}, line ${index + 1}: slot ${slot} has two sizes`, 'Give every slot one size.');
    }
    sizes.set(slot, Number(size));
  });
  return Object.fromEntries(sizes);
}

function notASize(where: string, text: string): CliError {
  return usageError(`${where}: ${text.slice(0, 60)} is not the size of a slot`, SHAPE);
}
