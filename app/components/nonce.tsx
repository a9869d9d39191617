import { createContext, useContext } from 'react';

/** The request's CSP nonce; empty in the browser, where React must not compare it. */
export const NonceContext = createContext('');

/** Nonce for inline scripts and styles of the document. */
export function useNonce(): string {
  return useContext(NonceContext);
}
