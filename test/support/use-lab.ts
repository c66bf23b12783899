import { Crew } from './crew';
import { type Lab, type LabOptions, startLab } from './lab';

/** The lab of one test file, with as many workers as asked for at the beginning of every test, and a fresh slot for each. */
export interface LabInUse {
  readonly lab: Lab;
  readonly crew: Crew;
  /** A slot of group 1 that no earlier test has touched. */
  readonly slot: number;
}

/** Starts a lab before the tests of a file and ends it after them. `settings`: variables of its migrators. */
export function useLab(
  workers: number,
  settings: Readonly<Record<string, string>> = {},
  options: LabOptions = {},
): LabInUse {
  let parts: { lab: Lab; crew: Crew } | undefined;
  let slot = -1;
  const started = (): { lab: Lab; crew: Crew } => {
    if (!parts) throw new Error('the lab has not started');
    return parts;
  };
  beforeAll(async () => {
    const lab = await startLab(options);
    parts = { lab, crew: await Crew.start(lab, workers, settings) };
  });
  beforeEach(async () => {
    slot += 1;
    await started().crew.refill();
  });
  afterAll(async () => {
    await parts?.crew.stop();
    await parts?.lab.stop();
  });
  return {
    get lab() {
      return started().lab;
    },
    get crew() {
      return started().crew;
    },
    get slot() {
      return slot;
    },
  };
}
