/** A command that a server of the sandbox got. */
export interface TappedCommand {
  /** The words of a Pika command in lower case, or method, path and body of a request to the dashboard. */
  readonly text: string;
  readonly moment: 'received' | 'executed';
  /** The body of the dashboard's answer, once there is one. */
  readonly answer: Buffer | null;
}

/** `drop` acts as if the line had been cut in that moment: a command received is not executed, one executed is not answered. */
export type TapVerdict = 'pass' | 'drop';

/** Is told of every command before it is executed, and again before its answer leaves. The command waits for the verdict. */
export type Tap = (command: TappedCommand) => TapVerdict | Promise<TapVerdict>;

/** Executes a command under the eyes of a tap. Undefined when it, or its answer, was dropped. */
export async function tapped<T>(
  tap: Tap,
  text: string,
  execute: () => T | Promise<T>,
  bodyOf: (result: T) => Buffer | null = () => null,
): Promise<T | undefined> {
  if ((await tap({ text, moment: 'received', answer: null })) === 'drop') return undefined;
  const result = await execute();
  const verdict = await tap({ text, moment: 'executed', answer: bodyOf(result) });
  return verdict === 'drop' ? undefined : result;
}
