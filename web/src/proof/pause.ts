// Pauses in a long computation, so that the web page answers its reader meanwhile.

/** Lets others run, if they have waited for long. */
export type Pause = () => Promise<void>;

/** Milliseconds for which the web page may stand still. */
const LONGEST = 12;

/** Pauses of a computation that begins now. */
export function pauses(): Pause {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < LONGEST) return;
    await nextTask();
    last = performance.now();
  };
}

/** A timer would do, but browsers slow those of pages that nobody looks at. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
