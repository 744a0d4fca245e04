// The answer of $explain (docs/explaining.md), as far as the page shows it.

export interface Row {
  resourceType?: string; id?: string; at?: string; query?: string; element?: string; value?: string; date?: string;
  label?: string; test?: string; drugs?: string[]; means?: string[]; status?: string; converted?: string;
  exposure?: {start?: string; ended?: string; ongoing?: boolean};
  [member: string]: unknown;
}

export interface LookUp {
  question: string; asked?: unknown; on?: string; found?: number; answer?: string; rows?: Row[];
  [member: string]: unknown;
}

export interface RuleAnswer {
  id: string; title: string; answer: string; indicator?: string; orders?: string[]; evidence?: Row[];
  lookUps?: LookUp[]; suppressedBy?: string; restsOn?: string[]; reason?: string; detail?: string;
  open?: {query: string; reason: string}[]; card?: {summary: string};
}

export interface Draft extends Row { role?: string; kind?: string; takesEffect?: string }

export interface Explanation {
  clock: {now: string; today: string; zone: string; frozen: boolean};
  context: {tolerated?: number};
  queries: {query: string; complete: boolean; reason?: string}[];
  orders: Draft[];
  facts: Record<string, Row[]>;
  discarded: {resourceType?: string; id?: string; at?: string; reason: string; detail?: string}[];
  rules: RuleAnswer[];
}

export const groupNames: Record<string, string> = {
  patient: 'Patient and encounter', medications: 'Medications', results: 'Results', bloodPressures: 'Blood pressure',
  conditions: 'Conditions', allergies: 'Allergies', procedures: 'Procedures', serviceRequests: 'Ordered tests and referrals',
};

export const answerNames: Record<string, string> = {
  yes: 'Yes: its card is in the answer', suppressed: 'Holds, but another card says so already',
  withheld: 'Holds, kept back by the site’s policy', unknown: 'Unknown: could not be decided',
  no: 'No: asked, and it does not hold', 'not-run': 'Not asked: none of these orders concerns it', off: 'Switched off',
};

/** What a fact says, in a line. */
export function factText(fact: Row): string {
  if (fact.systolic !== undefined) return `${String(fact.systolic)}/${String(fact.diastolic)} ${String(fact.unit ?? '')}`;
  const name = fact.label && fact.label !== fact.value ? `${fact.label}: ` : fact.resourceType === 'Patient' ? `${fact.element}: ` : '';
  return name + (fact.value ?? '');
}

export function day(date: string | undefined): string {
  return date?.slice(0, 10) ?? '';
}
