import type { LoaderFunctionArgs } from '@remix-run/node';
import { AppError, refusal } from '../errors.ts';

/** Every address that no other route knows: the sign-in for a stranger, "not found" for everybody else. */
export function loader({ context }: LoaderFunctionArgs) {
  context.require('read');
  throw refusal(new AppError('not_found'));
}

/** Never shown: the loader always throws, and the error page stands in. */
export default function Nowhere() {
  return null;
}
