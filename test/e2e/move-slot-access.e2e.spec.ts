import { type ClusterDefinition } from '@slotferry/cluster';
import { expectMoved } from '../support/outcome';
import { Scene } from './scene';

const password = 'correct-horse';

describe('a cluster that asks for passwords', () => {
  let scene: Scene;
  beforeAll(async () => {
    process.env.SPEC_RIGHT_PASSWORD = password;
    process.env.SPEC_WRONG_PASSWORD = 'wrong-battery';
    scene = await Scene.start({ sandbox: { productAuth: password } });
  });
  afterAll(() => scene.stop());

  const passwords = (pika: string | null, product: string | null) => (definition: ClusterDefinition) => ({
    ...definition,
    pika: { auth: pika === null ? null : { env: pika } },
    router: { ...definition.router, productAuth: product === null ? null : { env: product } },
  });

  it('blocks on a password that is missing or wrong, and goes on with the right one', async () => {
    const id = await scene.lab.move(0);
    const missing = await scene.blocked(id, 'auth-required');
    expect(missing.blocked?.problem.message).toContain('127.0.0.1:');

    await scene.redefine(passwords('SPEC_WRONG_PASSWORD', 'SPEC_RIGHT_PASSWORD'));
    await scene.hurry(id);
    await scene.blocked(id, 'auth-failed');
    expect(await scene.sent(id)).toEqual([]);

    const right = passwords('SPEC_RIGHT_PASSWORD', 'SPEC_RIGHT_PASSWORD');
    await scene.redefine(right);
    await scene.hurry(id);
    await scene.completed(id);
    await expectMoved(scene.lab, id, 0);
    const story = await scene.lab.story(id);
    expect(story).not.toContain(password);
    expect(story).not.toContain('wrong-battery');
  });
});
