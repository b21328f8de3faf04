/** EDN, read as the data that its JSON twin would be. */
import { expect, test } from "vitest";
import { type Data, readEdn, skipBlank } from "../../checker/formats/edn.ts";
import { ednElements, jsonElements } from "../../checker/formats/elements.ts";
import { END, Feed } from "../../checker/formats/feed.ts";

function read(...pieces: string[]): Data {
  const feed = new Feed(pieces, "some.edn");
  const value = readEdn(feed);
  skipBlank(feed, 0);
  expect(feed.peek()).toBe(END);
  return value;
}

const forms: readonly (readonly [text: string, value: Data])[] = [
  ["nil", null],
  ["true", true],
  ["false", false],
  ["-12", -12],
  ["+3", 3],
  ["42N", 42],
  ["2.5M", 2.5],
  ["1e3", 1000],
  ["9007199254740993", "9007199254740993"],
  ["1/3", "1/3"],
  ["##Inf", "Inf"],
  [":ok", "ok"],
  [":a.b/c-d?", "a.b/c-d?"],
  ["symbol", "symbol"],
  ['"a \\"b\\" \\n\\t\\\\ \\u00e9 [;]"', 'a "b" \n\t\\ é [;]'],
  ["\\a", "a"],
  ["\\newline", "\n"],
  ["\\u0041", "A"],
  ["\\)", ")"],
  ["[]", []],
  ["(1, 2,,3)", [1, 2, 3]],
  ["[1 [2 #{3 4}] ()]", [1, [2, [3, 4]], []]],
  ["{:a 1, :b {:c nil}, 3 4, [1] 2}", { a: 1, b: { c: null }, "3": 4, "[1]": 2 }],
  ["{}", {}],
  ["#jepsen.history.Op{:f :read}", { f: "read" }],
  ['#inst "1985-04-12"', "1985-04-12"],
  ["; a comment\n 7 ; another", 7],
  ["[1 #_2 3 #_[4 #_5] #_ #_ 6 7]", [1, 3]],
  ["^{:line 3} [1]", [1]],
  ['{"__proto__" 1}', JSON.parse('{"__proto__": 1}')],
];

for (const [text, value] of forms) {
  test(`${JSON.stringify(text)} is read`, () => {
    expect(read(text)).toEqual(value);
  });
}

test("a form that comes in pieces, cut anywhere, is read as if it came whole", () => {
  for (const [text, value] of forms) {
    for (let at = 1; at < text.length; at++) expect(read(text.slice(0, at), text.slice(at))).toEqual(value);
  }
});

const refused: readonly (readonly [text: string, message: string])[] = [
  ["", "some.edn:1: expected a value, found the end of the file"],
  ["\n\n; nothing", "some.edn:3: expected a value, found the end of the file"],
  ["[1\n 2\n", "some.edn:3: expected ] to close the [ of line 1, found the end of the file"],
  ["\n[1 2)", "some.edn:2: expected a value, found a closing ) that nothing opened"],
  ["{:a 1\n :b}", "some.edn:2: expected a value for every key of a map, found none for b"],
  ['"abc\n', 'some.edn:2: expected " to close the text of line 1, found the end of the file'],
  ['"\\q"', "some.edn:1: expected an escape such as \\n in a text, found \\q"],
  ['"\\u12"', 'some.edn:1: expected four hexadecimal digits after \\u, found 12"'],
  ["# x", "some.edn:1: expected a tag after #, found  x"],
  ["[".repeat(200), "some.edn:1: expected data nested at most 100 deep, found deeper data"],
];

for (const [text, message] of refused) {
  test(`${JSON.stringify(text.slice(0, 20))} is refused`, () => {
    expect(() => read(text)).toThrow(message);
  });
}

test("elements are told with their lines, from a list or bare, one at a time", () => {
  const lines = (text: string, elements: typeof ednElements) =>
    [...elements(new Feed(text, "f"))].map(({ value, line }) => [line, value]);
  for (const text of ["[{:a 1}\n ;\n {:a 2}]", "({:a 1}\n\n{:a 2})\n", "{:a 1}\n\n#op{:a 2}\n"]) {
    expect(lines(text, ednElements)).toEqual([
      [1, { a: 1 }],
      [3, { a: 2 }],
    ]);
  }
  expect(lines("[1 :a]\n[2 :b]", ednElements)).toEqual([
    [1, [1, "a"]],
    [2, [2, "b"]],
  ]);
  expect(lines("[[1 :a]\n[2 :b]]", ednElements)).toEqual([
    [1, [1, "a"]],
    [2, [2, "b"]],
  ]);
  for (const text of ['[{"a":1},\n\n{"a":"}]\\""}]\n', '{"a":1}\n\n{"a":"}]\\""}']) {
    expect(lines(text, jsonElements)).toEqual([
      [1, { a: 1 }],
      [3, { a: '}]"' }],
    ]);
  }
  for (const text of ["", "[]", " [ ] "]) expect([...jsonElements(new Feed(text, "f"))]).toEqual([]);
});

test("a list of everything that is not whole is refused where it breaks off", () => {
  const refusal = (text: string, elements: typeof ednElements) => () => [...elements(new Feed(text, "f"))];
  expect(refusal("[{:a 1}\n", ednElements)).toThrow(
    "f:2: expected ] at the end of the list, found the end of the file",
  );
  expect(refusal("[{:a 1}]\n{:a 2}", ednElements)).toThrow(
    "f:2: expected the end of the file after the list, found {:a 2}",
  );
  expect(refusal('[{"a":1}', jsonElements)).toThrow("f:1: expected ] at the end of the list");
  expect(refusal('[{"a":1}\n{"a":2}]', jsonElements)).toThrow(
    'f:2: expected , or ] after an element, found {"a":2}]',
  );
  expect(refusal('[{"a":1},]', jsonElements)).toThrow("f:1: expected { or [, found ]");
  expect(refusal('[{"a":1}\n,{"a":', jsonElements)).toThrow("expected the end of what begins in line 2");
  expect(refusal('\n{"a":01}', jsonElements)).toThrow('f:2: expected JSON, found {"a":01}');
  expect(refusal("[{}]]", jsonElements)).toThrow("f:1: expected the end of the file after the list, found ]");
});
