/**
 * The parts of ChatUI this page is made of, from their own folders: the package's index leaves out
 * MessageContainer and Composer, and would pull in what we do not use.
 */
export { Bubble } from "@chatui/core/es/components/Bubble";
export { Composer, type ComposerHandle } from "@chatui/core/es/components/Composer";
export { ConfigProvider } from "@chatui/core/es/components/ConfigProvider";
export type { MessageProps } from "@chatui/core/es/components/Message";
export { MessageContainer, type MessageContainerHandle } from "@chatui/core/es/components/MessageContainer";
export { QuickReplies } from "@chatui/core/es/components/QuickReplies";
export { Step, Stepper } from "@chatui/core/es/components/Stepper";
export { Typing } from "@chatui/core/es/components/Typing";
