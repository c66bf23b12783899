export * from './definitions';
export type * from './store/types';
