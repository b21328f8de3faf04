/** A progress line: on stderr, and only where somebody watches. */

export interface Progress {
  update(done: number, failed: number): void;
  end(): void;
}

const INTERVAL = 100;

export function progress(total: number): Progress {
  const { stderr } = process;
  if (!stderr.isTTY || total === 1) return { update() {}, end() {} };
  let shownAt = 0;
  return {
    update(done, failed) {
      const now = Date.now();
      if (now - shownAt < INTERVAL) return;
      shownAt = now;
      stderr.write(`\r${done} of ${total} runs, ${failed} failed`);
    },
    end() {
      stderr.write("\r\u001b[K");
    },
  };
}
