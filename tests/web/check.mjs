// A list of tests, run one after the other; runs in Node and in a page.

/** Runs tests by name; gives how many passed and what went wrong. */
export async function runAll(tests) {
  let passed = 0;
  const failures = [];
  for (const [name, test] of Object.entries(tests)) {
    const started = performance.now();
    try {
      await test();
      passed += 1;
    } catch (error) {
      failures.push(`${name}: ${error?.stack ?? error}`);
    }
    if (globalThis.process?.env?.CRM_WEB_TIMES) console.log(`${Math.round(performance.now() - started)} ms: ${name}`);
  }
  return { passed, failures };
}

/** Fails unless both are the same as JSON. */
export function equal(got, expected, what = "value") {
  const [left, right] = [JSON.stringify(got), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: expected ${right}, got ${left}`);
}

/** Fails unless the promise is refused with an error of that code; gives the error. */
export async function refused(promise, code) {
  let error;
  try {
    await promise;
  } catch (caught) {
    error = caught;
  }
  if (!error) throw new Error(`expected ${code}, but the call succeeded`);
  if (error.code !== code) throw new Error(`expected ${code}, got ${error.code ?? error.stack ?? error}`);
  return error;
}
