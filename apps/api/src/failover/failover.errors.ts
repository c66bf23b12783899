import { ApiError } from '../errors/api-error';

/** Only failovers take a node of an operator's choice. */
export class NoChoice extends ApiError {
  constructor(id: string, workflow: string) {
    super(409, {
      code: 'no-choice',
      message: `${id} is a ${workflow}: it takes no node of your choice`,
      remedy: 'Approve it without a choice, or name a failover: slotferry workflow list --workflow failover',
    });
  }
}
