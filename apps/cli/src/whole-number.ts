import { InvalidArgumentError } from 'commander';

/** Reads an option that is a whole number from `min`. */
export function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= min) return value;
    throw new InvalidArgumentError(`Write a whole number from ${min}.`);
  };
}
