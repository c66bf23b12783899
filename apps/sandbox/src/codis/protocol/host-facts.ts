import { arch, hostname, platform, release } from 'node:os';

/** The version line of the Codis whose behaviour is reproduced. */
export const VERSION =
  '2018-11-04 16:22:35 +0800 @de1ad026e329561c22e2a3035fbfe89dc7fef764 @3.2.2-12-gde1ad026';
export const COMPILE = '2026-11-22 15:12:46 +0000 by go version go1.19.8 linux/amd64';

/** What a model says about the machine: `pid`, `pwd`, `sys`. */
export function hostFacts(): { pid: number; pwd: string; sys: string } {
  return { pid: process.pid, pwd: process.cwd(), sys: `${platform()} ${hostname()} ${release()} ${arch()}` };
}

export function hostName(): string {
  return hostname();
}
