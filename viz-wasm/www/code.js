// Join codes and numbers as people type them.

/** Six digits on a hub in a school, else eight characters without those that look alike (I L O U 0 1). */
const CODE = /^(\d{6}|[2-9A-HJKMNP-TV-Z]{8})$/;
const TOKEN = /^[\w-]{22}$/;

/** The code of a typed or pasted text, in capitals; undefined if it is none. Spaces and dashes are how people group. */
export function codeOf(typed) {
  const code = typed.replace(/[\s\-–—.]/g, "").toUpperCase();
  return CODE.test(code) ? code : undefined;
}

/** A code as it is easiest to read: 123 456, K7MF-2QXD. */
export const spaced = (code) => (code.length === 6 ? `${code.slice(0, 3)} ${code.slice(3)}` : `${code.slice(0, 4)}-${code.slice(4)}`);

/** Without percent signs; what was not encoded as UTF-8 stays as it is. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * What lets somebody in, `{code}` or `{token}`, from a typed or pasted text or an address's fragment: a code, a token, or
 * a whole address with one behind its #. Undefined if it is none of these.
 */
export function ticketOf(typed) {
  const text = typed.trim();
  const [, name, value] = /#(?:(t|c|code)=)?([^#&\s]+)$/.exec(text) ?? [];
  const bare = decoded(value ?? text);
  if (name !== "t") {
    const code = codeOf(bare);
    if (code) return { code };
  }
  return TOKEN.test(bare) ? { token: bare } : undefined;
}

/** A number as typed in German or English; undefined if it is none. */
export function numberOf(typed) {
  const plain = typed.trim().replace(",", ".").replace("−", "-");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : undefined;
}
