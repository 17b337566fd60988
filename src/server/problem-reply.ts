import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { QueryError } from '#investigate';
import { AditError } from '#model';
import { PROBLEM_STATUS, type Problem } from '#api';
import { z } from 'zod';

/** Codes that say that the request is wrong although they have no status of their own. */
const INPUT_ERROR =
  /^(bad|unknown|unsupported|missing|invalid)-|-(invalid|unsupported|malformed|empty|too-long|unknown)$/;

/** A fault as a problem document. What is not ours says nothing of its inside. */
export function toProblem(error: unknown): Problem {
  if (error instanceof z.ZodError) {
    const errors = error.issues.slice(0, 20).map(({ path, message }) => ({ path: path.join('.'), message }));
    return problem(400, 'bad-request', 'The request does not have the form that the route takes.', {
      errors,
    });
  }
  if (error instanceof QueryError) {
    const { code, message, advice, start, end } = error;
    return problem(400, code, message, {
      ...(advice !== undefined && { advice }),
      errors: [{ path: 'query', message, start, end }],
    });
  }
  if (error instanceof AditError) {
    const status = PROBLEM_STATUS[error.code] ?? (INPUT_ERROR.test(error.code) ? 400 : 500);
    return problem(
      status,
      error.code,
      error.message,
      error.advice === undefined ? {} : { advice: error.advice },
    );
  }
  const { statusCode } = error as { statusCode?: unknown }; // Fastify's own errors carry one
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return problem(statusCode, codeOf(statusCode), (error as Error).message);
  return problem(500, 'fault', 'Adit failed; its log says more.');
}

function codeOf(status: number): string {
  if (status === 413) return 'body-too-large';
  if (status === 415) return 'unsupported-media-type';
  return status === 404 ? 'not-found' : 'bad-request';
}

/** Answers what is no HTTP request, or one too long or too slow, before it reaches any route. */
export function refuseMalformed(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code] = MALFORMED[error.code ?? ''] ?? [400, 'bad-request'];
  const body = JSON.stringify(
    problem(status, code, 'The request is no HTTP request that this server takes.'),
  );
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const MALFORMED: Readonly<Record<string, readonly [status: number, code: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'head-too-large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request-timeout'],
};

function problem(status: number, code: string, detail: string, more: Partial<Problem> = {}): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Problem', status, code, detail, ...more };
}
