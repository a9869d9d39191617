/** Ports that a host without one allows. */
const webPorts = ['80', '443'];

/** `host` or `host:port`, lower case, as they are declared and compared. */
export const hostPattern = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/;

/** `host:port` of an address, with the port that its scheme stands for. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

/** True when one of `hosts` is this address's: exactly, never by its end. A host without a port allows the web's two. */
export function isAllowedHost(url: URL, hosts: readonly string[]): boolean {
  const full = hostAndPort(url);
  const port = full.slice(full.lastIndexOf(':') + 1);
  return hosts.some((host) => host === full || (host === url.hostname && webPorts.includes(port)));
}
