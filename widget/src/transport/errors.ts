/** What went wrong, in a sentence a buyer can read. `status` 0 means the network never answered. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Seconds the server asks us to wait, when it says so. */
    readonly retryAfter?: number,
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** Trying the very same request again can help (network, overload); a refused file stays refused. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 401 || this.status === 429 || this.status >= 500;
  }
}

const SENTENCES: Record<number, string> = {
  0: "网络没有连上，请检查网络后重试。",
  400: "这条内容没有被接受，请换个说法再试。",
  401: "会话已过期，请再试一次。",
  404: "内容不存在，可能已经被删除。",
  413: "内容太大了，请缩短文字或压缩文件后再试。",
  415: "不支持这种文件，请上传图片、PDF、视频或文本。",
  429: "发送得有点快，请稍等几秒再试。",
  503: "服务正忙，请稍后再试。",
};

/** Our own sentence for a status, for when the server sent none (a proxy's error page, say). */
export function sentenceFor(status: number): string {
  return SENTENCES[status] ?? "服务暂时出了点问题，请稍后再试。";
}

/** Builds the error from a response body that may or may not be the API's `{error: {code, message}}`. */
export function errorFromBody(status: number, body: string, retryAfter?: string | null): ApiError {
  let code = `http_${status}`;
  let message = sentenceFor(status);
  try {
    const parsed: unknown = JSON.parse(body);
    const error = (parsed as { error?: { code?: unknown; message?: unknown } } | null)?.error;
    if (typeof error?.code === "string") code = error.code;
    if (typeof error?.message === "string" && error.message) message = error.message;
  } catch {
    // Not JSON: keep our own sentence rather than show a buyer a proxy's page.
  }
  const seconds = retryAfter ? Number(retryAfter) : NaN;
  return new ApiError(status, code, message, Number.isFinite(seconds) ? seconds : undefined);
}
