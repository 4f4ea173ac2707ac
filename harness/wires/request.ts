// What the wires have in common when they look at a request. A body is parsed once, here.
import { parsed } from '../parsed-json.ts';
import { record, text } from './json.ts';
import type { RawRequest } from './wire.ts';

/** Stands for a body that is not a JSON object; known by identity. */
export const unreadable: Record<string, unknown> = Object.freeze({});

export function bodyOf(request: RawRequest): Record<string, unknown> {
  return record(parsed(request.body)) ?? unreadable;
}

/** Whether this is a POST to a path that ends so, whatever host, base path and query. */
export function posts(request: RawRequest, suffix: string): boolean {
  if (request.method !== 'POST') return false;
  return pathOf(request.url).endsWith(suffix);
}

/** The URL up to its query, without a slash at the end. */
export function pathOf(url: string): string {
  const cut = url.search(/[?#]/);
  const path = cut < 0 ? url : url.slice(0, cut);
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Azure names the model in the path, as a deployment; '' where nothing does. */
export function deploymentOf(url: string): string {
  const parts = pathOf(url).split('/');
  const at = parts.indexOf('deployments');
  return at < 0 ? '' : (parts[at + 1] ?? '');
}

/** The credential of an `Authorization: Bearer` header; empty where only the scheme was sent. */
export function bearerOf(request: RawRequest): string | null {
  const value = request.header('authorization');
  if (value === null) return null;
  return /^bearer(?:\s|$)/i.test(value) ? value.slice(6).trim() : value.trim();
}

/** The text of a message's content: a string, or parts of which those with text count. */
export function contentText(content: unknown, between = '\n'): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts: string[] = [];
  for (const part of content) {
    const found = typeof part === 'string' ? part : partText(record(part));
    if (found !== '') texts.push(found);
  }
  return texts.join(between);
}

function partText(part: Record<string, unknown> | null): string {
  if (part === null) return '';
  if (typeof part.text === 'string') return part.text;
  if (typeof part.refusal === 'string') return part.refusal;
  const source = record(part.source);
  return source?.type === 'text' ? text(source.data) : '';
}
