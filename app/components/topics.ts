/** True when a notice about `topics` concerns a page that listens to `wanted`; a wanted topic that ends in `/` stands for all below it. */
export function topicsConcern(topics: readonly string[], wanted: readonly string[]): boolean {
  return topics.some(
    (topic) => topic === '*' || wanted.some((want) => topic === want || (want.endsWith('/') && topic.startsWith(want))),
  );
}
