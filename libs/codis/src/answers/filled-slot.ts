import { field, object, type Read } from './shape';
import { slotId } from './slot-mapping';

/** A slot in the form in which a dashboard sends it to proxies; fields are passed on as they are. */
export interface FilledSlot {
  readonly id: number;
  readonly locked?: boolean;
  readonly [field: string]: unknown;
}

/** An item of `/topom/slots` and `/proxy/slots`. */
export const filledSlot: Read<FilledSlot> = (value, path) => {
  const fields = object(value, path);
  field(fields, 'id', slotId, path);
  return fields as FilledSlot;
};
