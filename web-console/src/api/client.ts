import createClient, { type Middleware } from "openapi-fetch";
import { problemFrom } from "./problem";
import type { paths } from "./schema";

let csrfToken: string | null = null;

/** Called with each session: the token is asked for on every unsafe request with a cookie. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

const csrf: Middleware = {
  onRequest({ request }) {
    if (csrfToken !== null && !SAFE_METHODS.has(request.method)) {
      request.headers.set("X-CSRF-Token", csrfToken);
    }
    return request;
  },
};

/** The typed client: paths, parameters and bodies as the OpenAPI document has them. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: "same-origin",
  // Looked up at each request, so that tests may put their own in place.
  fetch: (request) => globalThis.fetch(request),
});
api.use(csrf);

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer's body, or the problem thrown. */
export async function answer<T>(request: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await request;
  if (!response.ok) throw problemFrom(response.status, error);
  return data as T;
}
