/**
 * Puts a text on the clipboard and gives what to tell the reader. Browsers let only pages from https://
 * or from this machine do so; elsewhere the text is selected in `field` for the reader to copy.
 */
export async function copy(text: string, field: HTMLTextAreaElement): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    field.value = text;
    field.focus();
    field.select();
    return "The browser does not let this page copy; the text is selected: press Ctrl+C.";
  }
}
