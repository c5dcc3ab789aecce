import type { ReactNode } from "react";

const PATHS: Record<string, ReactNode> = {
  shield: (
    <>
      <path d="M12 3l7 2.600v5.400c0 4.800-3 8-7 9.800-4-1.800-7-5-7-9.800V5.600z" />
      <path d="M8.700 11.800l2.400 2.400 4.200-4.600" />
    </>
  ),
  more: <path d="M12 5.500v.01M12 12v.01M12 18.500v.01" strokeWidth="3" />,
  close: <path d="M6 6l12 12M18 6L6 18" />,
  attach: (
    <path d="M20 11.500l-7.800 7.800a5 5 0 0 1-7.100-7.100l8.500-8.500a3.300 3.300 0 0 1 4.700 4.700l-8.500 8.500a1.700 1.700 0 0 1-2.400-2.400l7.800-7.800" />
  ),
  copy: (
    <>
      <rect x="9" y="9" width="11" height="11" rx="2" />
      <path d="M5 15H4V5a1 1 0 0 1 1-1h10v1" />
    </>
  ),
  check: <path d="M5 12.500l4.500 4.500L19 7.500" />,
  retry: <path d="M19.500 12a7.500 7.500 0 1 1-2.200-5.300M19.500 4v4.500H15" />,
  file: <path d="M14 3H7a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V7zM14 3v4h4M9 12h6M9 16h6" />,
  video: <path d="M4 6h11v12H4zM15 10.500l5-3v9l-5-3" />,
  clock: (
    <>
      <circle cx="12" cy="12" r="8.500" />
      <path d="M12 7v5l3.300 2" />
    </>
  ),
  book: <path d="M5 4h10a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h10" />,
};

/** Decoration only: hidden from assistive technology, so its button must have a name of its own. */
export function Icon({ name, size = 20 }: { name: string; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.800"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {PATHS[name]}
    </svg>
  );
}

const LINE = { fill: "none", stroke: "currentColor", strokeWidth: 2, strokeLinecap: "round" } as const;

/** The few symbols ChatUI's own parts refer to; it would otherwise load them from another host. */
export function ChatUiSprite() {
  return (
    <svg width="0" height="0" style={{ position: "absolute" }} aria-hidden="true" focusable="false">
      <symbol id="icon-chevron-double-down" viewBox="0 0 24 24">
        <path {...LINE} d="M6 6l6 6 6-6M6 12.500l6 6 6-6" />
      </symbol>
      <symbol id="icon-chevron-left" viewBox="0 0 24 24">
        <path {...LINE} d="M14.500 6l-6 6 6 6" />
      </symbol>
      <symbol id="icon-chevron-right" viewBox="0 0 24 24">
        <path {...LINE} d="M9.500 6l6 6-6 6" />
      </symbol>
      <symbol id="icon-spinner" viewBox="0 0 24 24">
        <path {...LINE} d="M12 4a8 8 0 1 1-8 8" />
      </symbol>
    </svg>
  );
}
