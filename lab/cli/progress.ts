/** A progress line: on stderr, and only where somebody watches. */

export interface Progress {
  update(done: number, failed: number): void;
  end(): void;
}

const INTERVAL = 100;

/** The noun is what there are so many of. */
export function progress(total: number, noun = "runs"): Progress {
  const { stderr } = process;
  if (!stderr.isTTY || total === 1) return { update() {}, end() {} };
  let shownAt = 0;
  return {
    update(done, failed) {
      const now = Date.now();
      if (now - shownAt < INTERVAL) return;
      shownAt = now;
      stderr.write(`\r${done} of ${total} ${noun}, ${failed} failed`);
    },
    end() {
      stderr.write("\r\u001b[K");
    },
  };
}
