interface Instance {
  instanceId: string;
  sdkVersion?: string | null | undefined;
}

/**
 * Remembers with which SDK the instances of an application registered: they do so once, and Unleash (8.2) writes over it with
 * nothing when others register while they report. Only instances that Unleash still lists are remembered.
 */
export function createSdkVersions() {
  const known = new Map<string, Map<string, string>>();
  return {
    /** The instances of an application, with the version last read where Unleash tells none any more. */
    complete<I extends Instance>(application: string, environment: string, instances: readonly I[]): I[] {
      const key = JSON.stringify([application, environment]);
      const before = known.get(key);
      const complete = instances.map((one) => ({
        ...one,
        sdkVersion: one.sdkVersion ?? before?.get(one.instanceId) ?? null,
      }));
      known.set(
        key,
        new Map(complete.flatMap(({ instanceId, sdkVersion }) => (sdkVersion ? [[instanceId, sdkVersion]] : []))),
      );
      return complete;
    },
  };
}
