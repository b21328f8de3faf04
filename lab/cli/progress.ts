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
  const began = Date.now();
  let shownAt = 0;
  return {
    update(done, failed) {
      const now = Date.now();
      if (now - shownAt < INTERVAL) return;
      shownAt = now;
      stderr.write(`\r${progressText(done, total, failed, (now - began) / 1000, noun)}\u001b[K`);
    },
    end() {
      stderr.write("\r\u001b[K");
    },
  };
}

/** Such as "250 of 1000 runs, 0 failed, 40.1/s, 19 s left". */
export function progressText(
  done: number,
  total: number,
  failed: number,
  seconds: number,
  noun = "runs",
): string {
  const told = `${done} of ${total} ${noun}, ${failed} failed`;
  if (done === 0 || seconds === 0) return told;
  const left = Math.round(((total - done) * seconds) / done);
  return `${told}, ${(done / seconds).toFixed(1)}/s, ${clock(left)} left`;
}

function clock(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
