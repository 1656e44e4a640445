// Numbers that a group typed, on their way to its Thing.

import { text } from "../words.js";
import { sentence } from "./problem.js";

/** Sends numbers by their names (`null` takes one back); answers what went wrong, `undefined` when the hub has them. */
export async function enter({ thing, token }, numbers) {
  try {
    const answer = await fetch(`/api/v1/things/${encodeURIComponent(thing)}`, {
      method: "PATCH",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(numbers),
    });
    return answer.ok ? undefined : await sentence(answer);
  } catch {
    return text("no-hub");
  }
}
