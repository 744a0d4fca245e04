// The shapes of CDS Hooks 2.0 that a card is made of. What others send may lack any of it.

export interface Action {
  type: 'create' | 'update' | 'delete';
  description?: string;
  resource?: FhirResource;
  resourceId?: string | string[];
}

export interface FhirResource {
  resourceType: string;
  id?: string;
  [member: string]: unknown;
}

export interface Suggestion {
  label: string;
  uuid?: string;
  isRecommended?: boolean;
  actions?: Action[];
}

export interface OverrideReason {
  code: string;
  system?: string;
  display?: string;
}

export interface Link {
  label: string;
  url: string;
  type?: 'absolute' | 'smart';
  appContext?: string;
}

export interface Card {
  uuid?: string;
  summary: string;
  detail?: string;
  indicator?: string;
  source?: {label?: string; url?: string; topic?: {code?: string; display?: string}};
  suggestions?: Suggestion[];
  selectionBehavior?: 'at-most-one' | 'any';
  overrideReasons?: OverrideReason[];
  links?: Link[];
}

export interface HookResponse {
  cards?: Card[];
}
