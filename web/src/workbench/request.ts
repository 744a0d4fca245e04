// Order-sign requests: story patients brought to the service's day, and suggestions applied to drafts.
import type {Action, FhirResource, Suggestion} from '../cards/cds_hooks';
import type {CaseFile, HookRequest} from './service';

const dayMs = 86_400_000;
const dayPattern = /^\d{4}-\d\d-\d\d$/;
const instantPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)$/;

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** An instant moved by whole days: its wall clock and offset stay. */
function moveInstant(local: string, zone: string, days: number): string {
  const fraction = /\.\d+/.exec(local)?.[0] ?? '';
  const moved = new Date(Date.parse(`${local.replace(fraction, '')}Z`) + days * dayMs);
  return moved.toISOString().slice(0, 19) + fraction + zone;
}

/**
 * A case happens on its own day. Its request is moved by whole days, so that its day is the day of `now`; what
 * had happened by then stays in the past of `now`.
 */
export function requestOn(one: CaseFile, now: Date): HookRequest {
  const caseNow = Date.parse(one.now);
  const days = Math.floor(now.getTime() / dayMs) - Math.floor(caseNow / dayMs);
  if (days === 0 && now.getTime() >= caseNow) return one.request;
  const move = (text: string): string => {
    if (dayPattern.test(text)) return isoDay(Date.parse(text) + days * dayMs);
    const instant = instantPattern.exec(text);
    if (!instant) return text;
    const moved = moveInstant(instant[1], instant[2], days);
    const wasPast = Date.parse(text) <= caseNow;
    return wasPast && Date.parse(moved) > now.getTime() ? now.toISOString() : moved;
  };
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return move(value);
    if (Array.isArray(value)) return value.map(walk);
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member)]));
    return value;
  };
  return walk(one.request) as HookRequest;
}

export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function drafts(request: HookRequest): FhirResource[] {
  const entries = request.context?.draftOrders?.entry;
  return Array.isArray(entries) ? entries.flatMap((entry) => (entry?.resource ? [entry.resource] : [])) : [];
}

function nameOf(resource: FhirResource): string {
  return `${resource.resourceType}/${resource.id ?? ''}`;
}

function applyAction(list: FhirResource[], action: Action): FhirResource[] {
  if (action.type === 'delete') {
    const gone = ([] as string[]).concat(action.resourceId ?? []);
    return list.filter((draft) => !gone.includes(nameOf(draft)));
  }
  if (!action.resource) return list;
  const resource = action.resource;
  if (action.type === 'update')
    return list.map((draft) => (nameOf(draft) === nameOf(resource) ? resource : draft));
  // As an EHR does: what is created gets an id of its own.
  return [...list, resource.id ? resource : {...resource, id: `new-${uuid().slice(0, 8)}`}];
}

/** The request after the suggestion was carried out, as the next signing would send it. */
export function apply(request: HookRequest, suggestion: Suggestion): HookRequest {
  const list = (suggestion.actions ?? []).reduce(applyAction, drafts(request));
  const bundle = request.context?.draftOrders ?? {resourceType: 'Bundle', type: 'collection'};
  return {
    ...request, hookInstance: uuid(),
    context: {...request.context, draftOrders: {...bundle, entry: list.map((resource) => ({resource}))}},
  };
}

interface Concept { text?: string; coding?: {display?: string; code?: string}[] }

function words(concept: unknown): string {
  const {text, coding} = (concept ?? {}) as Concept;
  return text ?? coding?.find((one) => one.display)?.display ?? coding?.[0]?.code ?? '';
}

/** How an order is named in a list. */
export function label(resource: FhirResource): string {
  const contained = Array.isArray(resource.contained) ? (resource.contained as FhirResource[]) : [];
  const medication = contained.find((one) => one.resourceType === 'Medication');
  const reference = (resource.medicationReference as {display?: string} | undefined)?.display;
  return words(resource.medicationCodeableConcept) || reference || words(medication?.code) ||
    words(resource.vaccineCode) || words(resource.code) || String(resource.description ?? nameOf(resource));
}

interface Dosage {
  text?: string;
  timing?: {repeat?: {frequency?: number; period?: number; periodUnit?: string}};
  route?: Concept;
  doseAndRate?: {doseQuantity?: {value?: number; unit?: string}}[];
}

const units: Record<string, string> = {h: 'hour', d: 'day', wk: 'week', mo: 'month'};

/** The dose of an order in words; empty when it has none. */
export function dose(resource: FhirResource): string {
  const dosage = (resource.dosageInstruction as Dosage[] | undefined)?.[0];
  if (!dosage) return '';
  if (dosage.text) return dosage.text;
  const quantity = dosage.doseAndRate?.[0]?.doseQuantity;
  const repeat = dosage.timing?.repeat;
  const unit = units[repeat?.periodUnit ?? ''] ?? '';
  const span = repeat?.period === 1 ? unit : `${repeat?.period} ${unit}s`;
  const parts = [
    quantity?.value !== undefined ? `${quantity.value} ${quantity.unit ?? ''}` : '',
    repeat?.period && unit ? `${repeat.frequency ?? 1} × every ${span}` : '',
    words(dosage.route),
  ];
  return parts.filter(Boolean).join(', ');
}

export interface Person { name: string; sex: string; born: string }

/** The patient of the request, as far as the prefetch tells. */
export function person(request: HookRequest): Person | null {
  const found = Object.values(request.prefetch ?? {})
    .find((one) => (one as FhirResource | null)?.resourceType === 'Patient') as FhirResource | undefined;
  if (!found) return null;
  const name = (found.name as {text?: string; family?: string; given?: string[]}[] | undefined)?.[0];
  return {
    name: name?.text ?? [name?.given?.join(' '), name?.family].filter(Boolean).join(' '),
    sex: String(found.gender ?? 'sex not stated'), born: String(found.birthDate ?? 'not stated'),
  };
}
