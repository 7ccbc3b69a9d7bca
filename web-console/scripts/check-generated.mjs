// Fails when src/api/schema.d.ts is not what openapi.json gives. `npm run generate` makes it so.

import { existsSync, readFileSync } from "node:fs";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

const document = new URL("../openapi.json", import.meta.url);
const schema = new URL("../src/api/schema.d.ts", import.meta.url);

if (!existsSync(document)) {
  console.error("web-console/openapi.json is missing: the hub writes it (centralita openapi).");
  process.exit(1);
}
const current =
  COMMENT_HEADER + astToString(await openapiTS(document, { defaultNonNullable: false }));
if (readFileSync(schema, "utf8") !== current) {
  console.error("web-console/src/api/schema.d.ts is not current: npm run generate");
  process.exit(1);
}
console.log("The API's types are current.");
