/** Hands a file to the browser as a download. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** "维权对话记录-2026-11-21.txt" */
export function dated(name: string, extension: string, now: Date = new Date()): string {
  return `${name}-${now.toISOString().slice(0, 10)}.${extension}`;
}
