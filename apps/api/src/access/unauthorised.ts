import { ApiError } from '../errors/api-error';

/** A request without a key, or with a wrong one. */
export class Unauthorised extends ApiError {
  constructor(why: string) {
    super(401, {
      code: 'unauthorised',
      message: why,
      remedy:
        'Send "Authorization: Bearer <key>". The key is in the file admin.key in the data directory of the API ' +
        '(SLOTFERRY_DATA_DIR, ./data unless set); slotferry takes it from --key-file or SLOTFERRY_API_KEY.',
    });
  }
}
