// What the workbench asks of the server that it came from.
import type {FhirResource, HookResponse} from '../cards/cds_hooks';

export const serviceId = 'immunosuppressant-safety';
export const hookPath = `/cds-services/${serviceId}`;

export interface Health {
  version: string;
  knowledge: {version: string; digest: string; reviewBy: string};
  policy: {version: string; reviewBy: string} | null;
  codeLists: {snomedCt: boolean; atc: boolean};
  asOf: string | null;
}

export interface Threshold { name: string; value: number; unit: string; source: string }

export interface Rule {
  id: string; title: string; kind: string; tier: string; enabled: boolean; safetyCritical: boolean;
  indicators: string[]; catalogue: string; summary: Record<string, string>;
  found: string[]; why: string[]; consider: string[]; limits: string[]; suggestions: Record<string, string>;
  thresholds: Threshold[]; overrideReasons: {code: string; display?: string}[]; evidence: string[];
  attributes: Record<string, string>;
}

export interface Evidence { id: string; citation: string; url?: string; shows: string; limits: string }

export interface Catalogue {
  title: string; version: string; reviewBy: string; rules: Rule[]; evidence: Evidence[];
  notCovered: {with: string; what: string; examples: string[]; why: string}[];
}

export interface Story { case: string; title: string; text: string; topic: string; expect: Record<string, string> }
export interface Stories { stories: Story[]; examples: Record<string, string> }

export interface HookRequest {
  hook?: string; hookInstance?: string;
  context?: {patientId?: string; draftOrders?: {resourceType: string; type?: string; entry?: {resource?: FhirResource}[]}};
  prefetch?: Record<string, unknown>;
  [member: string]: unknown;
}

export interface CaseFile { id: string; title: string; now: string; expect: Record<string, string>; request: HookRequest }

/** What came back for a body that was posted. */
export interface Answer {
  status: number; milliseconds: number; bytes: number; requestId: string; text: string;
  json: HookResponse | null; problem: Problem | null;
}

/** A refusal in the words of the service; `place` is a JSON pointer into the request, or empty. */
export interface Problem { what: string; place: string }

const kept = new Map<string, Promise<unknown>>();

/** GET of JSON that does not change while the page is open. */
export function load<T>(path: string): Promise<T> {
  let waiting = kept.get(path);
  if (!waiting) {
    waiting = fetch(path).then((answer) => {
      if (!answer.ok) throw new Error(`${path} was answered with status ${answer.status}.`);
      return answer.json();
    });
    kept.set(path, waiting);
    waiting.catch(() => kept.delete(path));
  }
  return waiting as Promise<T>;
}

function problemOf(json: unknown, status: number): Problem {
  const issue = (json as {issue?: {details?: {text?: string}; diagnostics?: string}[]} | null)?.issue?.[0];
  const place = /^At (\/\S*?)\. Request/.exec(issue?.diagnostics ?? '');
  return {what: issue?.details?.text ?? `The service answered with status ${status}.`, place: place?.[1] ?? ''};
}

export async function post(path: string, body: string): Promise<Answer> {
  const start = performance.now();
  const answer = await fetch(path, {method: 'POST', headers: {'Content-Type': 'application/json'}, body});
  const text = await answer.text();
  const milliseconds = performance.now() - start;
  let json: HookResponse | null = null;
  try {
    json = JSON.parse(text) as HookResponse;
  } catch {
    json = null;
  }
  return {
    status: answer.status, milliseconds, bytes: new TextEncoder().encode(text).length,
    requestId: answer.headers.get('X-Request-Id') ?? '', text, json: answer.ok ? json : null,
    problem: answer.ok ? null : problemOf(json, answer.status),
  };
}
