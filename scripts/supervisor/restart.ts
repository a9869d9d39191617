import { startConsole } from './world.ts';

/** A console that is started again when it ends by itself; after three ends in a minute it is left down. */
export async function keepConsoleUp(
  env: Record<string, string>,
  dataDir: string,
  log: (line: string) => void,
): Promise<{ stop(): Promise<void> }> {
  let stopping = false;
  let child = await startConsole(env, dataDir);
  const ends: number[] = [];
  const watch = async (): Promise<void> => {
    const code = await child.exited;
    if (stopping) return;
    const now = performance.now();
    ends.push(now);
    if (ends.filter((at) => at > now - 60_000).length > 3) {
      log(`The console ended again (code ${code}); see ${dataDir}/console.log`);
      return;
    }
    log(`The console ended (code ${code}) and is started again`);
    try {
      child = await startConsole(env, dataDir);
      void watch();
    } catch (error) {
      log((error as Error).message);
    }
  };
  void watch();
  return {
    async stop() {
      stopping = true;
      await child.stop(15_000);
    },
  };
}
