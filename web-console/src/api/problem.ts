/** Why a request was refused: a problem document (RFC 9457), or that nobody answered. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly params: Readonly<Record<string, unknown>> = {},
    readonly field: string | null = null,
  ) {
    super(code);
    this.name = "ApiError";
  }
}

/** The request never reached the hub, or its answer never came back. */
export const UNREACHABLE = "unreachable";

/** Reads whatever an error answer carried. Proxies answer in their own words: those are `internal`. */
export function problemFrom(status: number, body: unknown): ApiError {
  if (typeof body === "object" && body !== null && "code" in body) {
    const { code, params, field } = body as { code: unknown; params?: unknown; field?: unknown };
    if (typeof code === "string") {
      return new ApiError(
        code,
        status,
        typeof params === "object" && params !== null ? (params as Record<string, unknown>) : {},
        typeof field === "string" ? field : null,
      );
    }
  }
  return new ApiError(status === 502 || status === 503 ? UNREACHABLE : "internal", status);
}

/** Any thrown value as an [`ApiError`]; what `fetch` throws means that nobody answered. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(error instanceof TypeError ? UNREACHABLE : "internal", 0);
}
