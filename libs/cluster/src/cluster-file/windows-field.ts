import { type FailoverPolicy } from '../failover/failover-settings';
import { type Field } from './field';

type Window = FailoverPolicy['windows'][number];

const WINDOW = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;
const MINUTES_OF_DAY = 1440;

/** Reads times of day, each `hh:mm-hh:mm` in UTC, which may go past midnight. `00:00-24:00` is always. */
export function readWindows(field: Field): Window[] | undefined {
  return field.list()?.flatMap((entry) => readWindow(entry) ?? []);
}

function readWindow(field: Field): Window | undefined {
  const text = field.text();
  if (text === undefined) return undefined;
  const match = WINDOW.exec(text);
  const window = match && { from: minutes(match[1], match[2]), to: minutes(match[3], match[4]) };
  if (window && window.from !== window.to) return window;
  field.report(
    'WINDOW_INVALID',
    window ? 'The window ends when it begins' : 'This is no window of the day',
    'Write when it begins and ends, in UTC: "01:00-06:00", "22:00-04:00"; always is "00:00-24:00".',
  );
  return undefined;
}

/** Without hours it is the end of the day. */
function minutes(hour: string | undefined, minute: string | undefined): number {
  return hour === undefined ? MINUTES_OF_DAY : Number(hour) * 60 + Number(minute);
}
