import { describe, expect, it } from "vitest";
import { pretendHub, Refusal } from "../../tests/render";
import { answer, api, setCsrfToken } from "./client";
import { ApiError, asApiError, problemFrom, UNREACHABLE } from "./problem";

describe("the client", () => {
  it("sends the CSRF token with what changes something, and only then", async () => {
    const asked = pretendHub({ "GET /dispositions": [], "POST /agent/wrap-up/finish": {} });
    setCsrfToken("token");
    await answer(api.GET("/api/v1/dispositions"));
    await answer(api.POST("/api/v1/agent/wrap-up/finish"));
    setCsrfToken(null);
    expect(asked.map(({ csrf }) => csrf)).toEqual([null, "token"]);
  });

  it("throws a problem with its code, parameters and field", async () => {
    pretendHub({
      "GET /agent": new Refusal(422, {
        code: "invalid",
        params: { reason: "empty" },
        field: "note",
      }),
    });
    await expect(answer(api.GET("/api/v1/agent"))).rejects.toMatchObject({
      code: "invalid",
      status: 422,
      params: { reason: "empty" },
      field: "note",
    });
  });
});

describe("a problem", () => {
  it("is read from whatever came back", () => {
    expect(problemFrom(404, { code: "not_found" }).code).toBe("not_found");
    expect(problemFrom(500, "<html>").code).toBe("internal");
    expect(problemFrom(502, undefined).code).toBe(UNREACHABLE);
    expect(problemFrom(400, { code: 7 }).code).toBe("internal");
    expect(asApiError(new TypeError("Failed to fetch")).code).toBe(UNREACHABLE);
    expect(asApiError(new ApiError("conflict", 409)).code).toBe("conflict");
  });
});
