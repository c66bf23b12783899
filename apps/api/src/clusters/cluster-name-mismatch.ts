import { ApiError } from '../errors/api-error';

/** A file was sent to the address of another cluster. */
export class ClusterNameMismatch extends ApiError {
  constructor(fileName: string, inFile: string, inAddress: string) {
    super(422, {
      code: 'cluster-name-mismatch',
      message: `${fileName} describes the cluster "${inFile}", the address names "${inAddress}"`,
      remedy: `Send it to /clusters/${inFile}, or correct the name in the file.`,
    });
  }
}
