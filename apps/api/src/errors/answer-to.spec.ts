import { NotFoundException } from '@nestjs/common';
import { SlotListError } from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import { PikaError } from '@slotferry/pika';
import { ResourceHeld } from '@slotferry/workflow';
import { answerTo } from './answer-to';

const pika = (code: 'timed-out' | 'unreachable'): PikaError =>
  new PikaError({ code, node: '127.0.0.1:1', command: null, message: 'm', remedy: 'r' });

describe('answerTo', () => {
  it.each([
    [new ResourceHeld('slot 1', 'mv-1'), 409, 'resource-held'],
    [new SlotListError('SLOTS_SYNTAX', 'm', 'r'), 422, 'SLOTS_SYNTAX'],
    [new NotFoundException('Cannot GET /x'), 404, 'route-not-found'],
    [Object.assign(new Error('too large'), { status: 413 }), 413, 'request-too-large'],
    [pika('unreachable'), 502, 'unreachable'],
    [pika('timed-out'), 504, 'timed-out'],
    [new CodisError({ code: 'group-not-found', message: 'm' }), 502, 'group-not-found'],
  ])('%s is answered by %d %s', (error, status, code) => {
    expect(answerTo(error)).toMatchObject({ status, body: { code, remedy: expect.any(String) } });
  });

  it('gives failures an id, and what is not the fault of this side none', () => {
    expect(answerTo(pika('unreachable')).body.errorId).toMatch(/^err-/);
    expect(answerTo(new ResourceHeld('slot 1', 'mv-1')).body.errorId).toBeUndefined();
  });

  it('tells nothing of an error it does not know', () => {
    const { status, body } = answerTo(new Error('secret of /etc/passwd'));
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'internal', errorId: expect.stringMatching(/^err-/) });
    expect(JSON.stringify(body)).not.toContain('secret');
  });
});
