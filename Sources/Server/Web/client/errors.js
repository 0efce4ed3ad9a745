/** @module */

/** What the server refused, or this client. `Protocol/wire.md#errors`. */
export class ServerError extends Error {
  /** @param {{message?: string, code: string | number, data?: object}} error or its data */
  constructor({ message, data, ...others }) {
    super(message || String(data?.code ?? others.code));
    this.name = "ServerError";
    this.retryable = false;
    /** The name of the error, such as `notFound`. @type {string} */
    this.code = "internal";
    /** Beside it, as far as they are known: `path`, `allowed`, `value`, `retryAfterMs`. */
    Object.assign(this, data ?? others);
  }
}

/** Of a room that was left for such a reason: it can be joined again. */
export const passingCodes = new Set([
  "internal", "busy", "rate", "readOnly", "overloaded", "gap", "epoch", "unconfirmed", "access"]);
