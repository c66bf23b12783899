import { ConfigurationError, describeConfiguration, loadConfiguration } from './configuration';

function problemsOf(env: NodeJS.ProcessEnv): ConfigurationError {
  try {
    loadConfiguration(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('expected a ConfigurationError');
}

describe('loadConfiguration', () => {
  it('works without any variable', () => {
    expect(loadConfiguration({ PATH: '/bin' })).toEqual({
      redisUrl: 'redis://127.0.0.1:6379',
      namespace: 'slotferry',
      apiHost: '127.0.0.1',
      apiPort: 7800,
      dataDir: './data',
      logLevel: 'info',
      workerConcurrency: 50,
      attemptLeaseMs: 10_000,
      watchdogIntervalMs: 250,
      reconcileIntervalMs: 30_000,
      lockDurationMs: 20_000,
      healthPort: 0,
      workerName: expect.stringMatching(/-\d+$/),
      sourceAddress: null,
    });
  });

  it('takes every variable from the environment', () => {
    const configuration = loadConfiguration({
      SLOTFERRY_REDIS_URL: 'rediss://user:pw@redis.example:6380/2',
      SLOTFERRY_NAMESPACE: 'team-a',
      SLOTFERRY_API_HOST: '::1',
      SLOTFERRY_API_PORT: '80',
      SLOTFERRY_ATTEMPT_LEASE: '2m',
      SLOTFERRY_LOG_LEVEL: 'debug',
      SLOTFERRY_WORKER_NAME: 'w1',
      SLOTFERRY_SOURCE_ADDRESS: '10.0.0.5',
    });
    expect(configuration).toMatchObject({
      redisUrl: 'rediss://user:pw@redis.example:6380/2',
      namespace: 'team-a',
      apiHost: '::1',
      apiPort: 80,
      attemptLeaseMs: 120_000,
      logLevel: 'debug',
      workerName: 'w1',
      sourceAddress: '10.0.0.5',
    });
  });

  it('takes a variable set to nothing as not set', () => {
    expect(loadConfiguration({ SLOTFERRY_API_PORT: '', SLOTFERRY_NAMESPACE: ' ' })).toMatchObject({
      apiPort: 7800,
      namespace: 'slotferry',
    });
  });

  it.each([
    ['SLOTFERRY_REDIS_URL', 'localhost:6379'],
    ['SLOTFERRY_REDIS_URL', 'http://localhost'],
    ['SLOTFERRY_REDIS_URL', 'nothing'],
    ['SLOTFERRY_NAMESPACE', 'Team A'],
    ['SLOTFERRY_API_PORT', '70000'],
    ['SLOTFERRY_API_PORT', '1e3'],
    ['SLOTFERRY_WORKER_CONCURRENCY', '0'],
    ['SLOTFERRY_ATTEMPT_LEASE', '999ms'],
    ['SLOTFERRY_ATTEMPT_LEASE', '10'],
    ['SLOTFERRY_WATCHDOG_INTERVAL', '2s'],
    ['SLOTFERRY_LOG_LEVEL', 'loud'],
    ['SLOTFERRY_HEALTH_PORT', '-1'],
    ['SLOTFERRY_WORKER_NAME', 'a:b'],
    ['SLOTFERRY_SOURCE_ADDRESS', 'localhost'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value }).problems).toEqual([expect.objectContaining({ variable: name })]);
  });

  it('names all problems at once, with remedies', () => {
    const error = problemsOf({ SLOTFERRY_API_PORT: 'x', SLOTFERRY_LOG_LEVEL: 'loud', SLOTFERRY_REDIS: 'y' });
    expect(error.code).toBe('configuration-invalid');
    expect(error.problems.map((problem) => problem.variable)).toEqual([
      'SLOTFERRY_API_PORT',
      'SLOTFERRY_LOG_LEVEL',
      'SLOTFERRY_REDIS',
    ]);
    expect(error.message).toContain('SLOTFERRY_LOG_LEVEL: "loud" is not known; use one of trace');
    expect(error.message).toContain('SLOTFERRY_REDIS: there is no such variable');
  });

  it('leaves the variables of the command line tool and of tests alone', () => {
    expect(() =>
      loadConfiguration({ SLOTFERRY_API_KEY: 'k', SLOTFERRY_URL: 'u', SLOTFERRY_TEST_X: '1' }),
    ).not.toThrow();
  });

  it('does not repeat a Redis URL, which may hold a password', () => {
    expect(problemsOf({ SLOTFERRY_REDIS_URL: 'http://:hunter2@host' }).message).not.toContain('hunter2');
  });
});

describe('describeConfiguration', () => {
  it('does not show what depends on the machine', () => {
    expect(describeConfiguration()).toContainEqual(
      expect.objectContaining({ name: 'SLOTFERRY_WORKER_NAME', default: 'host name and process id' }),
    );
  });
});
