import { when } from "../format";

const ZONE = "Asia/Shanghai";
const CLOCK = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
const two = (n: number): string => String(n).padStart(2, "0");

/** "03:07", from an hour on "1:03:07". Never negative: clocks of two machines differ by a little. */
export function waited(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** "14:05" for today in China's time, else with the day. */
export function clock(iso: string, now: Date): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return DAY.format(date) === DAY.format(now) ? CLOCK.format(date) : when(iso, now);
}

/** The value of a datetime-local field, in China's time whatever the machine's zone is. */
export function toField(date: Date): string {
  return `${DAY.format(date)}T${CLOCK.format(date)}`;
}

/** ISO 8601 with +08:00 of a datetime-local field's value; null for none or half a one. */
export function fromField(value: string): string | null {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(value) ? `${value}:00+08:00` : null;
}
