const ZONE = "Asia/Shanghai";

const DAY_AND_TIME = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  month: "long",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const YEAR = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, year: "numeric" });

/** "11月28日 18:00" in China's time wherever the buyer's phone is; the year only when it is another one. */
export function when(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const year = YEAR.format(date);
  return (year === YEAR.format(now) ? "" : year) + DAY_AND_TIME.format(date);
}

/** "还剩 2 天 3 小时", "已过 5 小时", or nothing for an unreadable time. */
export function remaining(iso: string, now: Date = new Date()): { text: string; late: boolean; soon: boolean } | null {
  const ms = new Date(iso).getTime() - now.getTime();
  if (Number.isNaN(ms)) return null;
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const span = days ? `${days} 天${hours ? ` ${hours} 小时` : ""}` : hours ? `${hours} 小时` : `${minutes} 分钟`;
  return { text: ms < 0 ? `已过 ${span}` : `还剩 ${span}`, late: ms < 0, soon: ms >= 0 && ms < 86_400_000 };
}

/** What stands in an agent's circle: the last character of a Chinese name (小王 -> 王), else the first letter. */
export function initial(name: string | null | undefined): string {
  const trimmed = (name ?? "").trim();
  const chinese = /^\p{Script=Han}+/u.exec(trimmed)?.[0];
  if (chinese) return Array.from(chinese).pop()!;
  return Array.from(trimmed)[0]?.toUpperCase() ?? "客";
}

export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
