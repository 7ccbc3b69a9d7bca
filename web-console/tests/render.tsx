import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { keys } from "@/api/keys";
import { createQueryClient } from "@/api/queryClient";
import type { Session } from "@/api/types";
import { startTexts } from "@/i18n";

/** What the pretended hub answers at one `METHOD /path`; a number is a status without a body. */
type Answers = Record<string, unknown | ((body: unknown) => unknown)>;

export class Refusal {
  constructor(
    readonly status: number,
    readonly problem: { code: string; params?: object; field?: string },
  ) {}
}

export interface Asked {
  method: string;
  path: string;
  body: unknown;
  csrf: string | null;
}

/** Puts a pretended hub in place of `fetch`; every request is noted in the array it gives. */
export function pretendHub(answers: Answers): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname.replace("/api/v1", "");
    const text = await request.text();
    const body: unknown = text ? JSON.parse(text) : undefined;
    asked.push({ method: request.method, path, body, csrf: request.headers.get("X-CSRF-Token") });
    const found = answers[`${request.method} ${path}`];
    const answer = typeof found === "function" ? found(body) : found;
    if (answer === undefined) return Response.json({ code: "not_found" }, { status: 404 });
    if (answer instanceof Refusal) return Response.json(answer.problem, { status: answer.status });
    return Response.json(answer);
  });
  return asked;
}

/** Renders in English with everything around it that the application has. */
export async function show(content: ReactNode, session?: Session) {
  await startTexts();
  const cache = createQueryClient(() => undefined);
  if (session) cache.setQueryData(keys.session, session);
  const view = render(
    <QueryClientProvider client={cache}>
      <MantineProvider env="test">{content}</MantineProvider>
    </QueryClientProvider>,
  );
  return { ...view, cache };
}
