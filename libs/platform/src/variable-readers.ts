import { isIP } from 'node:net';

import { formatDuration, parseDuration } from './time';

/** What became of the text of a variable. */
export type Reading<T> = { readonly value: T } | { readonly wrong: string; readonly remedy: string };

/** Turns the text of a variable into its value, or says what is wrong with it. */
export type Reader<T> = (text: string) => Reading<T>;

/** A whole number within limits. */
export function wholeNumber(min: number, max: number): Reader<number> {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return { value };
    return {
      wrong: `"${text}" is not a whole number from ${min} to ${max}`,
      remedy: `use one, such as ${Math.max(min, 1)}`,
    };
  };
}

/** A duration within limits, in milliseconds. */
export function duration(minMs: number, maxMs: number): Reader<number> {
  const limits = `${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  return (text) => {
    const value = parseDuration(text);
    if (value === null) return { wrong: `"${text}" is not a duration`, remedy: 'write 250ms, 10s or 2m' };
    if (value >= minMs && value <= maxMs) return { value };
    return { wrong: `${text} is out of range`, remedy: `use ${limits}` };
  };
}

/** One of a few words. */
export function oneOf<T extends string>(words: readonly T[]): Reader<T> {
  return (text) => {
    const value = words.find((word) => word === text);
    if (value !== undefined) return { value };
    return { wrong: `"${text}" is not known`, remedy: `use one of ${words.join(', ')}` };
  };
}

/** Text of a given form. */
export function matching(pattern: RegExp, form: string): Reader<string> {
  return (text) =>
    pattern.test(text) ? { value: text } : { wrong: `"${text}" is not ${form}`, remedy: `use ${form}` };
}

/** An IP address, or null where there is none. */
export const ipAddress: Reader<string | null> = (text) => {
  if (text === '') return { value: null };
  if (isIP(text) !== 0) return { value: text };
  return { wrong: `"${text}" is not an IP address`, remedy: 'use one of this machine, such as 10.0.0.5' };
};

/** The URL of a Redis. It may hold a password, so it is not repeated. */
export const redisUrl: Reader<string> = (text) => {
  const remedy = 'write redis://host:port or rediss://user:password@host:port';
  if (!URL.canParse(text)) return { wrong: 'it is not a URL', remedy };
  const { protocol, hostname } = new URL(text);
  if (protocol !== 'redis:' && protocol !== 'rediss:')
    return { wrong: 'it does not start with redis:// or rediss://', remedy };
  if (hostname === '') return { wrong: 'it names no host', remedy };
  return { value: text };
};
