import { type CustomDecorator, SetMetadata } from '@nestjs/common';

export const PUBLIC = 'slotferry:public';

/** Answers without a key. */
export const Public = (): CustomDecorator => SetMetadata(PUBLIC, true);
