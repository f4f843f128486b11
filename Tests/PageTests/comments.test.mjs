// Run with: node --test Tests/PageTests

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const page = new URL("../../Sources/MemScopeDashboard/Page/", import.meta.url);

test("types stand where the checker reads them: a tag behind other words of its line is prose to it", () => {
  const unread = [];
  for (const name of readdirSync(page).filter((each) => each.endsWith(".js"))) {
    for (const [comment] of readFileSync(new URL(name, page), "utf8").matchAll(/\/\*\*[^]*?\*\//g)) {
      for (const line of comment.split("\n")) {
        if (/[^\s*/].*\s@(param|returns|type|typedef|property|template)\b/.test(line)) unread.push(`${name}: ${line.trim()}`);
      }
    }
  }
  assert.deepEqual(unread, []);
});
