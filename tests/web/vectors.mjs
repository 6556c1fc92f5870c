// Runs the shared vectors (tests/vectors/README.md) over the package; in Node and in a page.

const DEFAULTS = {
  country: "DE",
  zone: "Europe/Berlin",
  clock: "2026-11-21T10:00:00Z",
  seed: `${"0".repeat(63)}1`,
  key: `${"0".repeat(63)}2`,
};

/** Whether what came matches what was expected. */
export function matches(expected, got) {
  got ??= null;
  if (expected === null || typeof expected !== "object") return expected === got;
  if (Array.isArray(expected)) {
    return Array.isArray(got) && got.length === expected.length && expected.every((item, at) => matches(item, got[at]));
  }
  const names = Object.keys(expected);
  if (names.length === 1) {
    const [name] = names;
    const value = expected[name];
    if (name === "$any") return got !== null;
    if (name === "$absent") return got === null;
    if (name === "$type") return typeOf(got) === value;
    if (name === "$length") return (typeof got === "string" ? [...got].length : Array.isArray(got) ? got.length : -1) === value;
    if (name === "$contains") return Array.isArray(got) && got.some((item) => matches(value, item));
  }
  if (typeOf(got) !== "object") return false;
  return names.every((name) => matches(expected[name], Object.hasOwn(got, name) ? got[name] : null));
}

function typeOf(value) {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Puts saved results, joined and repeated texts in the places that stand for them. */
export function filled(value, saved) {
  if (Array.isArray(value)) return value.map((item) => filled(item, saved));
  if (value === null || typeof value !== "object") return value;
  const names = Object.keys(value);
  if (names.length === 1) {
    const [name] = names;
    if (name === "$ref") return found(value.$ref, saved);
    if (name === "$join") return value.$join.map((part) => filled(part, saved)).join("");
    if (name === "$repeat") return value.$repeat[0].repeat(value.$repeat[1]);
  }
  return Object.fromEntries(names.map((name) => [name, filled(value[name], saved)]));
}

function found(path, saved) {
  const [name, ...members] = path.split(".");
  let at = saved.get(name);
  for (const member of members) at = at?.[member];
  if (at === undefined) throw new Error(`nothing is saved at ${path}`);
  return at;
}

/** An option by the name that this package has for it. */
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/** Runs every case of the files, `{path: document}`; gives how many passed and what went wrong. */
export async function runVectors({ open, CrmError }, files) {
  const failures = [];
  let passed = 0;
  for (const { expect, got, matches: should } of files["matcher.json"] ?? []) {
    if (matches(expect, got) !== should) {
      failures.push(`matcher.json: ${JSON.stringify(expect)} and ${JSON.stringify(got)} should ${should ? "" : "not "}match`);
    }
  }
  for (const [path, document] of Object.entries(files)) {
    if (path === "matcher.json") continue;
    for (const one of document.cases) {
      try {
        await runCase(open, CrmError, one);
        passed += 1;
      } catch (error) {
        failures.push(`${path}: ${one.name}: ${error?.message ?? error}`);
      }
    }
  }
  return { passed, failures };
}

async function runCase(open, CrmError, one) {
  const options = {};
  for (const [name, value] of Object.entries({ ...DEFAULTS, ...one.options })) options[camel(name)] = value;
  const outcome = async (promise) => {
    try {
      return { result: (await promise) ?? null };
    } catch (error) {
      if (!(error instanceof CrmError)) throw error;
      return { error: error.toJSON() };
    }
  };
  const compare = (where, expected, came) => {
    if ("error" in expected ? matches(expected.error, came.error) : "result" in came) return;
    throw new Error(`${where}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(came)}`);
  };
  const opening = await outcome(open(options));
  if (one.open_error) return compare("open", { error: one.open_error }, opening);
  compare("open", {}, opening);
  const crm = opening.result;
  try {
    const begun = await outcome(crm.session(one.session ?? {}));
    if (one.session_error) return compare("session", { error: one.session_error }, begun);
    compare("session", {}, begun);
    let session = begun.result;
    const saved = new Map();
    for (const [number, step] of one.steps.entries()) {
      const where = `step ${number}`;
      const expected = "error" in step ? { error: filled(step.error, saved) } : {};
      if (step.session) {
        const next = await outcome(crm.session(filled(step.session, saved)));
        compare(where, expected, next);
        if (next.result) session = next.result;
        continue;
      }
      const call =
        "text" in step ? session.callText(step.call, step.text) : session.call(step.call, filled(step.input ?? {}, saved));
      const came = await outcome(call);
      compare(where, expected, came);
      if ("expect" in step && !matches(filled(step.expect, saved), came.result)) {
        throw new Error(`${where}: expected ${JSON.stringify(step.expect)}, got ${JSON.stringify(came.result)}`);
      }
      if (step.as) saved.set(step.as, came.result);
    }
  } finally {
    await crm.close();
  }
}
