export interface ServerEvent {
  event: string;
  data: string;
  id: string | null;
}

/**
 * Incremental parser of an event stream (WHATWG HTML, section 9.2.6), because EventSource cannot send an
 * Authorization header. Feed it text in pieces of any size; it calls back once per finished event.
 */
export function sseParser(onEvent: (event: ServerEvent) => void): (chunk: string) => void {
  let rest = "";
  let event = "";
  let id: string | null = null;
  let data: string[] = [];

  function line(text: string): void {
    if (text === "") {
      if (data.length > 0) onEvent({ event: event || "message", data: data.join("\n"), id });
      event = "";
      data = [];
      return;
    }
    if (text.startsWith(":")) return;
    const colon = text.indexOf(":");
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "event") event = value;
    else if (field === "data") data.push(value);
    else if (field === "id") id = value;
  }

  return (chunk) => {
    rest += chunk;
    // A lone CR at the end may be half of a CRLF: wait for what follows it.
    const held = rest.endsWith("\r") ? "\r" : "";
    const lines = rest.slice(0, rest.length - held.length).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? "") + held;
    lines.forEach(line);
  };
}
