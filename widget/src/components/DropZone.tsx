import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { useController } from "./context";

const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");

/** The whole page takes dropped files. */
export function DropZone({ children }: { children: ReactNode }) {
  const controller = useController();
  const depth = useRef(0);
  const [over, setOver] = useState(false);

  function leave(): void {
    // Enter and leave fire for every child; only the last leave counts.
    depth.current = Math.max(0, depth.current - 1);
    if (depth.current === 0) setOver(false);
  }

  return (
    <div
      className="ChatApp app"
      onDragEnter={(event) => {
        if (!hasFiles(event)) return;
        depth.current += 1;
        setOver(true);
      }}
      onDragOver={(event) => {
        if (hasFiles(event)) event.preventDefault();
      }}
      onDragLeave={(event) => {
        if (hasFiles(event)) leave();
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        controller.uploads.add(Array.from(event.dataTransfer.files));
      }}
    >
      {children}
      {over && <div className="drop-cover">松手即可上传证据</div>}
    </div>
  );
}
