/** Values that have broken pages: each must be shown, none may run, all must come back exactly. */

export const HOSTILE: readonly string[] = [
  "</script><script>window.ran=1</script>",
  "<!--<script>",
  "]]>",
  '<img src=x onerror="window.ran=1">',
  "<svg onload=window.ran=1>",
  "\"><b>&amp;' onmouseover=window.ran=1 ",
  "</style><style>*{display:none}",
  "line\u2028separator\u2029paragraph",
  "__proto__",
  "lone \ud800 surrogate \udfff",
  "nul \u0000 escape \u001b[31m",
  "bidi \u202e evil \u2066 isolate \u200b zero",
  "https://example.invalid/beacon.png",
  "x".repeat(20_000),
];
