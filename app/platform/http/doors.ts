/** What a knock at a door came to. */
export interface Knock {
  allowed: boolean;
  /** RateLimit fields, and Retry-After on a refusal: what the answer carries. */
  headers: Record<string, string>;
}

/** What routes stand behind that take no cookie: who signed, and how often a source may knock. */
export interface Doors {
  /** True when PagerDuty signed exactly these bytes with one of our webhook secrets. */
  signedByPagerDuty(rawBody: Uint8Array, signature: string | null): boolean;
  /** Counts one knock of `who` at a door. Signed webhooks never knock: a storm of real ones is when they matter. */
  knock(door: 'unsigned-webhook' | 'api', who: string): Promise<Knock>;
}
