/** Progress of the set-up: one line a stage, with a bar where the length is known. Plain lines when it is no terminal. */
export interface Progress {
  step<T>(title: string, run: () => T): T;
  wait<T>(title: string, run: () => Promise<T>): Promise<T>;
  /** 0 to 1. */
  bar(title: string, share: number): void;
  detail(line: string): void;
  done(): void;
  fail(message: string): void;
}

const width = 28;

export function createProgress(out: NodeJS.WriteStream): Progress {
  const started = performance.now();
  const live = out.isTTY === true;
  let barOpen = false;
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s`;
  const line = (text: string) => {
    if (barOpen) out.write('\n');
    barOpen = false;
    out.write(`${seconds()}  ${text}\n`);
  };
  let lastTenth = -1;
  return {
    step(title, run) {
      line(`${title} …`);
      return run();
    },
    async wait(title, run) {
      line(`${title} …`);
      return run();
    },
    bar(title, share) {
      const full = Math.round(Math.min(1, Math.max(0, share)) * width);
      const text = `${title} ${'█'.repeat(full)}${'░'.repeat(width - full)} ${Math.round(share * 100)} %`;
      if (live) {
        out.write(`\r${seconds()}  ${text}`);
        barOpen = true;
      } else if (Math.floor(share * 10) !== lastTenth) {
        lastTenth = Math.floor(share * 10);
        line(text);
      }
    },
    detail: (text) => line(`  ${text}`),
    done() {
      if (barOpen) out.write('\n');
      barOpen = false;
    },
    fail: (message) => line(`Failed: ${message}`),
  };
}
