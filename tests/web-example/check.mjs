/** Small checks that count, and say what was there instead. */

let passed = 0;

/** How many checks have passed. */
export const count = () => passed;

/** Two values must be equal. */
export function equal(found, expected, what) {
  if (found !== expected) throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
  pass(what);
}

/** Something must hold. */
export function holds(truth, what) {
  equal(Boolean(truth), true, what);
}

/** Waits until a value is what it should be: views follow commits a moment later. */
export async function becomes(read, expected, what) {
  let found;
  for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((next) => setTimeout(next, 50))) {
    found = await read();
    if (found === expected) return pass(what);
  }
  throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}

function pass(what) {
  passed += 1;
  console.log(`ok ${what}`);
}
