/** Majors below these are called old: more than one behind the SDK that Firebreak runs itself. */
const oldest: Record<string, number> = { 'unleash-client-node': 5, 'unleash-node-sdk': 5 };

/** True for an SDK, as it names itself (`unleash-client-node:4.1.0`), that is known to be old. */
export function isOldSdk(sdk: string): boolean {
  const [, name = '', major] = /^([\w-]+):v?(\d+)\./.exec(sdk) ?? [];
  return major !== undefined && Number(major) < (oldest[name] ?? 0);
}

/** "2 × unleash-client-node:6.12.1, 1 × unleash-client-node:4.1.0, old"; empty where no SDK says what it is. */
export function sdkWords(sdks: Record<string, number>): string {
  return Object.entries(sdks)
    .filter(([sdk]) => sdk !== 'unknown')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([sdk, count]) => `${count} × ${sdk}${isOldSdk(sdk) ? ', old' : ''}`)
    .join(', ');
}
