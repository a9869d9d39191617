import { status } from '@grpc/grpc-js';

/** An error of a Google client in a sentence; anything that is not one is thrown on. */
export function googleFault(error: unknown): string {
  const { code, details, message } = error as { code?: unknown; details?: string; message?: string };
  if (typeof code === 'number' && status[code] !== undefined)
    return `Cloud Monitoring answered ${status[code]}: ${details || message}`;
  if (message?.includes('default credentials'))
    return 'There are no Google credentials here. Sign in with: gcloud auth application-default login.';
  throw error;
}
