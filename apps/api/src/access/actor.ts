/** Whoever holds the admin's key, as the event log names them. */
export const ADMIN = 'operator:admin';
