// Join codes as people type them.

/** The six digits of a typed or pasted code; undefined if it is none. Spaces and dashes are how people group digits. */
export function codeOf(typed) {
  const code = typed.replace(/[\s\-–.]/g, "");
  return /^\d{6}$/.test(code) ? code : undefined;
}

/** A number as typed in German or English; undefined if it is none. */
export function numberOf(typed) {
  const plain = typed.trim().replace(",", ".").replace("−", "-");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : undefined;
}
