import { ClusterError, PlanError } from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import { PikaError } from '@slotferry/pika';
import { SlotferryError } from '@slotferry/platform';
import { ApiError } from './api-error';

/** Errors of the libraries by their code; what is not named is a failure of ours. */
const STATUS: Readonly<Record<string, number>> = {
  'cluster-not-found': 404,
  'group-not-found': 404,
  'plan-not-found': 404,
  'workflow-not-found': 404,
  'version-conflict': 409,
  'resource-held': 409,
  'command-id-reused': 409,
  'steering-refused': 409,
  CLUSTER_FILE_INVALID: 422,
  SLOTS_SYNTAX: 422,
  SLOTS_RANGE_REVERSED: 422,
  SLOTS_OUT_OF_RANGE: 422,
  SLOTS_DUPLICATE: 422,
  'log-unavailable': 503,
  'timed-out': 504,
};

/** The HTTP status of an error that has a code. */
export function statusOf(error: SlotferryError | ClusterError): number {
  if (error instanceof ApiError) return error.status;
  if (isOfTheCluster(error)) return error.code === 'timed-out' || error.code === 'proxy-hung' ? 504 : 502;
  if (error instanceof PlanError) return 422;
  return STATUS[error.code] ?? 500;
}

/** A part of the cluster is to blame, not the request and not this process. */
function isOfTheCluster(error: Error): error is PikaError | CodisError {
  return error instanceof PikaError || error instanceof CodisError;
}
