/** A new element with children; texts stay texts. */
export function make(
  tag: string,
  { className = "" }: { readonly className?: string } = {},
  ...children: readonly (Node | string)[]
): HTMLElement {
  const it = document.createElement(tag);
  if (className !== "") it.className = className;
  it.append(...children);
  return it;
}
