// Asking the hub. Every failure becomes one sentence that says what to do; a session that is over leads to the sign-in page and back.

import { known, text } from "../words.js";

/** A hub that takes longer to answer is not there. */
const ANSWER = 8000;
/** Passwords take their time: hashing is meant to, and after wrong ones the hub answers late on purpose. */
export const PATIENT = { wait: 30_000 };

/** Why a request failed: `message` is for the teacher, `code` and `status` for the page. */
export class Refused extends Error {
  constructor(message, { status = 0, code = null, retry = null, setupNeeded = false } = {}) {
    super(message);
    Object.assign(this, { status, code, retry, setupNeeded });
  }
}

/** The sentence for a problem document: our own words for its `code`, else the hub's own sentence. */
export function sentence(problem, status, retry) {
  const key = `problem-${String(problem.code ?? "").replaceAll("_", "-")}`;
  if (problem.code && known(key)) return text(key, { seconds: retry ?? 1 });
  return problem.detail || problem.title || text("problem-status", { status });
}

/** Asks the hub; the parsed JSON of its answer, or undefined if it has none. Throws `Refused`. */
export async function ask(method, path, body, { wait = ANSWER } = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      cache: "no-store",
      signal: AbortSignal.timeout(wait),
      ...(body === undefined ? {} : body instanceof Blob ? { body } : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
  } catch {
    throw new Refused(text("problem-no-hub"));
  }
  const json = (answer.headers.get("content-type") ?? "").includes("json");
  const content = json ? await answer.json().catch(() => ({})) : undefined;
  if (answer.ok) return content;
  const problem = content ?? {};
  const retry = Number(answer.headers.get("retry-after")) || null;
  throw new Refused(sentence(problem, answer.status, retry), {
    status: answer.status, code: problem.code ?? null, retry, setupNeeded: problem.setup_needed === true,
  });
}

export const lessonPath = (lesson, rest = "") => `/api/v1/lessons/${encodeURIComponent(lesson)}${rest}`;

/** Leads to the sign-in page, from which the way goes back here. */
export function signIn() {
  location.replace(`/login?next=${encodeURIComponent(location.pathname)}`);
}

/** As `ask`, for pages that only a teacher sees. */
export async function asTeacher(...request) {
  try {
    return await ask(...request);
  } catch (error) {
    if (error.status === 401) signIn();
    throw error;
  }
}

/** On the hub's own machine some browsers refuse the `Secure` cookie that plain HTTP gets there; those are given a plain one. */
export async function settle(password) {
  try {
    await ask("GET", "/api/v1/me");
  } catch (error) {
    if (error.status === 401) await ask("POST", "/api/v1/login", { password, plain_cookie: true }, PATIENT);
  }
}

/** Who is signed in: `{role, secure, phones, reachable}`; nobody leads to the sign-in page. */
export async function me() {
  return asTeacher("GET", "/api/v1/me");
}
