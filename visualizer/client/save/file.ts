/** Files that the page hands to the browser to save: made here, from what it has, without asking anybody. */

export function saveFile(name: string, type: string, content: string | Blob): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Not at once: some browsers begin to read only later.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** What this page's file is called, without its ending: other files are named after it. */
export function nameOfPage(): string {
  const last = location.pathname.split("/").at(-1) ?? "";
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // A name that is no UTF-8 stays as the address spells it.
  }
  return name.replace(/\.html?$/, "").replace(/[^\p{L}\p{N}._-]+/gu, "-") || "linlab";
}
