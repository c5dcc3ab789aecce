import { useEffect, useRef, useState } from "react";
import { Icon } from "./icons";

const SIDE = 112;

export function fileIcon(mime: string): string {
  return mime.startsWith("video/") ? "video" : "file";
}

/**
 * Thumbnail of a file that is still on its way, drawn on a canvas: the page's content security policy allows
 * images from our own origin only, so a blob: address in an <img> would be refused.
 */
export function LocalPreview({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = file.type.startsWith("image/") && typeof createImageBitmap === "function";
  const [drawn, setDrawn] = useState(image);

  useEffect(() => {
    if (!image) return undefined;
    let gone = false;
    createImageBitmap(file)
      .then((bitmap) => {
        const context = canvas.current?.getContext("2d");
        if (gone || !context) return;
        const scale = Math.max(SIDE / bitmap.width, SIDE / bitmap.height);
        const [width, height] = [bitmap.width * scale, bitmap.height * scale];
        context.drawImage(bitmap, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
        bitmap.close();
      })
      .catch(() => setDrawn(false)); // HEIC, or a broken picture: the icon will do.
    return () => {
      gone = true;
    };
  }, [file, image]);

  if (!drawn) {
    return (
      <span className="file-thumb">
        <Icon name={fileIcon(file.type)} size={26} />
      </span>
    );
  }
  return <canvas className="file-thumb" width={SIDE} height={SIDE} ref={canvas} aria-hidden="true" />;
}
