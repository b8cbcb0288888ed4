// What the editor asks of the server. A refusal is thrown with the server's words; a network that
// is not there is thrown as `Unreachable`.
export class Refused extends Error {
  constructor(status, body) {
    super(body.error ?? interpolate(gettext("The server answered %s."), [status]));
    Object.assign(this, { status, body });
  }
}

export class Unreachable extends Error {}

// The cookie, not the page: after a new login in another window the page's own is stale.
const token = () =>
  /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

async function ask(url, options) {
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...options });
  } catch {
    throw new Unreachable(gettext("The server cannot be reached."));
  }
  // A session that ended leads to the login page: the work stays here until somebody is back.
  if (answer.redirected) throw new Refused(401, { error: gettext("You are logged out. Log in again in another window; nothing is lost.") });
  return answer;
}

export async function post(url, body, { keepalive = false } = {}) {
  const answer = await ask(url, {
    method: "POST",
    keepalive,
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}

export async function get(url) {
  const answer = await ask(url, { headers: { Accept: "application/json" } });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}

// The BPMN text with the number of the save that it is.
export async function getText(url) {
  const answer = await ask(url, { cache: "no-store" });
  if (!answer.ok) throw new Refused(answer.status, {});
  return { xml: await answer.text(), rev: Number(answer.headers.get("Draft-Rev") ?? 0) };
}
