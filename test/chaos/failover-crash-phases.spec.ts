import { describeStruckWorkers } from '../support/struck-workers';

/** One of each kind; all phases are in the tests of endurance. */
describeStruckWorkers([
  { phase: 'promote', fault: 'killed' },
  { phase: 'reroute', fault: 'frozen' },
]);
