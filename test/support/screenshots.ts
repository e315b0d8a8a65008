/** The pictures of the documentation, which test/real/diagnostics.test.ts takes. */
import { join } from "node:path";

export interface Screenshot {
  readonly file: string;
  /** Of the window, in pixels: one pixel of the picture each. */
  readonly width: number;
  readonly height: number;
  readonly colorScheme: "light" | "dark";
}

const images = join(import.meta.dirname, "..", "..", "docs", "images");

export const screenshots = {
  /** Nothing in the way. */
  well: { file: join(images, "diagnostics.png"), width: 900, height: 990, colorScheme: "light" },
  /** UDP dropped, on a phone. */
  phone: {
    file: join(images, "diagnostics-phone.png"),
    width: 360,
    height: 960,
    colorScheme: "dark",
  },
} as const satisfies Record<string, Screenshot>;
