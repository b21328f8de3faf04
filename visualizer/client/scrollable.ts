/** What is wider than its place can be scrolled by keys as well; what fits is no stop on the way through the page. */

export function makeScrollable(): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) settle(target as HTMLElement);
  });
  for (const each of document.querySelectorAll<HTMLElement>(".scroll")) {
    observer.observe(each);
    settle(each);
  }
}

function settle(place: HTMLElement): void {
  if (place.scrollWidth > place.clientWidth) {
    place.tabIndex = 0;
    place.setAttribute("role", "region");
    place.setAttribute("aria-label", "Table, scrolls sideways");
    return;
  }
  for (const name of ["tabindex", "role", "aria-label"]) place.removeAttribute(name);
}
