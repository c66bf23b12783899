import { type RespSession } from '../resp';

/** Table that the client chose with SELECT. */
export function tableOf(session: RespSession): number {
  const table = session.state.get('table');
  return typeof table === 'number' ? table : 0;
}

export function selectTable(session: RespSession, table: number): void {
  session.state.set('table', table);
}

/** Whether the client gave the password. */
export function isLoggedIn(session: RespSession): boolean {
  return session.state.get('login') === true;
}

export function logIn(session: RespSession): void {
  session.state.set('login', true);
}
