export { RespConnection, type RespAddress } from './connection';
export { decodeReply, decodeRequest } from './decode';
export { encodeReply, encodeRequest } from './encode';
export { RespConnectionError } from './errors';
export { ReplyFrames, RequestFrames } from './frames';
export { RespServer } from './server';
export { type RespReply, RespSession } from './session';
export { NULL_BULK, OK, type RespValue, array, bulk, failure, integer, simple } from './value';
