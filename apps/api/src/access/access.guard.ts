import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Request } from 'express';
import { AdminKey } from './admin-key';
import { PUBLIC } from './public.decorator';
import { Unauthorised } from './unauthorised';

/** Lets nobody in without the key, except where the route is public. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly key: AdminKey,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) {
      return true;
    }
    const header = context.switchToHttp().getRequest<Request>().headers.authorization;
    if (header === undefined) throw new Unauthorised('this request carries no key');
    const presented = /^Bearer +(\S+) *$/i.exec(header)?.[1];
    if (presented === undefined)
      throw new Unauthorised('this request carries a key in another form than Bearer');
    if (!this.key.matches(presented)) throw new Unauthorised('the key of this request is not valid');
    return true;
  }
}
