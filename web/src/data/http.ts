// http.ts - the one place that talks to the server. It adds the CSRF token to writes, gives up
// after a while, remembers what it was told with which ETag, and turns every failure into an
// ApiError.

const TIMEOUT_MS = 20_000;
const WAIT_MS_MAX = 5000;
const REMEMBERED_MAX = 80;

export class ApiError extends Error {
  readonly status: number; // 0: no answer came
  readonly code: string;
  readonly detail: string;
  readonly waitSeconds: number | null; // the server said when to try again

  constructor(status: number, code: string, detail: string, waitSeconds: number | null = null) {
    super(`${code}: ${detail}`);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.waitSeconds = waitSeconds;
  }
}

interface Watch {
  csrf: () => string;
  signedOut: () => void; // the server no longer knows the session
  heard: (reached: boolean) => void; // an answer came, or none did
  confirm: () => Promise<boolean>; // asks for the password; false: somebody would rather not
  askAgain: () => Promise<boolean>; // reads the session anew; true: its token is another
}

let watch: Watch = {
  csrf: () => '',
  signedOut: () => undefined,
  heard: () => undefined,
  confirm: () => Promise.resolve(false),
  askAgain: () => Promise.resolve(false),
};

export function watchHttp(next: Watch): void {
  watch = next;
}

const remembered = new Map<string, { etag: string; body: unknown }>();

export function forgetAnswers(): void {
  remembered.clear();
}

function remember(url: string, etag: string, body: unknown): void {
  remembered.delete(url);
  remembered.set(url, { etag, body });
  if (remembered.size <= REMEMBERED_MAX) return;
  const oldest = remembered.keys().next().value;
  if (oldest !== undefined) remembered.delete(oldest);
}

export type Params = Record<string, string | number | boolean | null | undefined>;

export function address(path: string, params: Params = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === null || value === undefined || value === '' || value === false) continue;
    search.set(name, value === true ? '1' : String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

async function fail(response: Response): Promise<never> {
  let code = response.status >= 500 ? 'internal' : 'invalid';
  let detail = `The server answered ${response.status}.`;
  try {
    const problem = (await response.json()) as { code?: string; detail?: string };
    if (typeof problem.code === 'string') code = problem.code;
    if (typeof problem.detail === 'string') detail = problem.detail;
  } catch {
    // Not a problem document; the status says enough.
  }
  const wait = response.headers.get('Retry-After') ?? '';
  throw new ApiError(response.status, code, detail, /^\d+$/.test(wait) ? Number(wait) : null);
}

async function send(url: string, init: RequestInit, outer?: AbortSignal): Promise<Response> {
  const timer = new AbortController();
  const abort = () => timer.abort();
  const timeout = setTimeout(abort, TIMEOUT_MS);
  if (outer?.aborted) abort();
  outer?.addEventListener('abort', abort);
  try {
    const response = await fetch(url, {
      ...init,
      signal: timer.signal,
      credentials: 'same-origin',
      redirect: 'error',
    });
    watch.heard(true);
    return response;
  } catch {
    if (outer?.aborted) throw new ApiError(0, 'aborted', 'No longer wanted.');
    watch.heard(false);
    throw new ApiError(0, 'network', 'The server did not answer.');
  } finally {
    clearTimeout(timeout);
    outer?.removeEventListener('abort', abort);
  }
}

// While the session gets a new secret, what was asked under the old one is asked once more.
let renewing: Promise<unknown> | null = null;
let renewedCount = 0;

async function sendRead(url: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
  const before = renewedCount;
  const response = await send(url, init, signal);
  if (response.status === 429) {
    // A long list is read page by page, faster than one session may; the server says how long.
    const waitMs = 1000 * Number(response.headers.get('Retry-After') ?? 1);
    await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, WAIT_MS_MAX)));
    return send(url, init, signal);
  }
  if (response.status !== 401 || (!renewing && before === renewedCount)) return response;
  await renewing?.catch(() => undefined);
  return send(url, init, signal);
}

export async function read<Body>(url: string, signal?: AbortSignal): Promise<Body> {
  const known = remembered.get(url);
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (known) headers['If-None-Match'] = known.etag;
  const response = await sendRead(url, { headers }, signal);
  if (response.status === 304 && known) return known.body as Body;
  if (response.status === 401) watch.signedOut();
  if (!response.ok) return fail(response);
  const body = (await response.json()) as Body;
  const etag = response.headers.get('ETag');
  if (etag) remember(url, etag, body);
  return body;
}

type Method = 'POST' | 'PUT' | 'DELETE';

async function writeOnce<Body>(method: Method, url: string, content?: unknown): Promise<Body> {
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Content-Type': 'application/json',
  };
  const csrf = watch.csrf();
  if (csrf) headers['X-CSRF'] = csrf;
  const init: RequestInit = { method, headers };
  if (content !== undefined) init.body = JSON.stringify(content);
  const response = await send(url, init);
  if (response.status === 401 && csrf) watch.signedOut();
  if (!response.ok) return fail(response);
  return (response.status === 204 ? undefined : await response.json()) as Body;
}

/** A refusal that somebody can lift at once, or that another tab of ours has brought about. */
function lift(refusal: ApiError): Promise<boolean> {
  if (refusal.code === 'password_confirm_required') return watch.confirm();
  if (refusal.code === 'csrf') return watch.askAgain();
  return Promise.resolve(false);
}

export async function write<Body>(method: Method, url: string, content?: unknown): Promise<Body> {
  try {
    return await writeOnce<Body>(method, url, content);
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || !(await lift(thrown))) throw thrown;
    return writeOnce<Body>(method, url, content);
  }
}

/** A write by which the session gets another secret. */
export async function renew<Body>(url: string, content: unknown): Promise<Body> {
  const asked = write<Body>('POST', url, content);
  renewing = asked;
  try {
    return await asked;
  } finally {
    renewing = null;
    renewedCount++;
  }
}
