// <cds-cards>: renders a CDS Hooks response and reports what the user does with it (docs/web.md).
import type {Action, Card, HookResponse, Link, OverrideReason, Suggestion} from './cds_hooks';
import {appendInline, plain, safeUrl, sections} from './markdown';
import {style} from './style';

const levels = ['critical', 'warning', 'info'] as const;
type Level = (typeof levels)[number];
const levelNames: Record<Level, string> = {critical: 'Critical', warning: 'Warning', info: 'Information'};
const shapes: Record<Level, string> = {
  critical: 'M7 1h10l6 6v10l-6 6H7l-6-6V7zM12 6v8M12 17v1.5',
  warning: 'M12 2 23 21H1zM12 9v6M12 17.2v1.3',
  info: 'M12 1a11 11 0 1 0 .01 0zM12 10.5V18M12 6v1.6',
};
const verbs: Record<string, string> = {create: 'Add', update: 'Change', delete: 'Remove'};
const signs: Record<string, string> = {create: '+', update: '±', delete: '−'};
/// Parts of a detail that are opened by whoever wants them.
const folded = /^(limits|sources?|references)$/i;

let number = 0;

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name, className = '', text = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = plain(text);
  return made;
}

function icon(level: Level): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  for (const [name, value] of Object.entries({
    viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', 'stroke-width': '2.2', 'aria-hidden': 'true',
  })) svg.setAttribute(name, value);
  path.setAttribute('d', shapes[level]);
  svg.appendChild(path);
  return svg;
}

function levelOf(card: Card): Level {
  if (card.indicator === 'hard-stop') return 'critical';
  return levels.find((level) => level === card.indicator) ?? 'info';
}

/** `launch` and `iss` go onto smart links alone; null when the link cannot be used. */
export function launchUrl(link: Link, iss: string | null, launch: string | null): string | null {
  const address = safeUrl(link.url);
  if (!address || !/^https?:/.test(address)) return null;
  if (link.type !== 'smart') return address;
  if (!iss || !launch) return null;
  const url = new URL(address);
  url.searchParams.set('iss', iss);
  url.searchParams.set('launch', launch);
  return url.href;
}

export class CdsCards extends HTMLElement {
  static observedAttributes = ['iss', 'launch'];
  #response: HookResponse | null = null;
  #root = this.attachShadow({mode: 'open'});

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    this.#root.adoptedStyleSheets = [sheet];
  }

  /** The answer of a CDS service, as it came. */
  get response(): HookResponse | null { return this.#response; }
  set response(value: HookResponse | null) {
    this.#response = value;
    this.#render();
  }

  attributeChangedCallback(): void { if (this.#response) this.#render(); }

  #render(): void {
    this.#root.replaceChildren();
    if (!this.#response) return;
    const cards = Array.isArray(this.#response.cards) ? this.#response.cards : [];
    const sorted = levels.flatMap((level) => cards.filter((card) => levelOf(card) === level));
    if (sorted.length === 0)
      this.#root.appendChild(element('p', 'empty', this.getAttribute('empty-text') ?? 'No cards.'));
    for (const card of sorted) this.#root.appendChild(this.#card(card));
  }

  #card(card: Card): HTMLElement {
    const level = levelOf(card);
    const article = element('article', level);
    const heading = element('h3', '', String(card.summary ?? ''));
    heading.id = `cds-card-${++number}`;
    article.setAttribute('aria-labelledby', heading.id);
    article.dataset.rule = card.source?.topic?.code ?? '';
    const top = article.appendChild(element('header'));
    const badge = top.appendChild(element('span', 'badge'));
    badge.append(icon(level), levelNames[level]);
    const source = [card.source?.label, card.source?.topic?.display].filter(Boolean).join(': ');
    if (source) top.appendChild(element('span', 'topic', source));
    top.appendChild(heading);
    const body = article.appendChild(element('div', 'body'));
    if (card.detail) body.appendChild(this.#detail(String(card.detail)));
    const outcome = element('p', 'outcome');
    outcome.setAttribute('role', 'status');
    const answered = (text: string) => {
      outcome.textContent = text;
      article.classList.add('answered');
    };
    if (card.suggestions?.length) body.appendChild(this.#suggestions(card, answered));
    if (card.links?.length) body.appendChild(this.#links(card));
    body.append(outcome, this.#override(card, answered));
    return article;
  }

  #detail(markdown: string): HTMLElement {
    const shown = element('div', 'detail');
    const more = element('details', 'more');
    for (const {heading, body} of sections(markdown)) {
      const into = folded.test(heading) ? more : shown;
      if (heading) appendInline(into.appendChild(element('h4')), heading);
      into.appendChild(body);
    }
    if (more.childElementCount > 0) {
      more.prepend(element('summary', '', 'Limits and sources'));
      shown.appendChild(more);
    }
    return shown;
  }

  #suggestions(card: Card, answered: (text: string) => void): HTMLElement {
    const list = element('ul', 'suggestions');
    for (const suggestion of card.suggestions ?? []) {
      const item = list.appendChild(element('li'));
      const button = item.appendChild(element('button', '', String(suggestion.label ?? '')));
      button.type = 'button';
      if (suggestion.isRecommended) item.appendChild(element('span', 'tag', 'Recommended'));
      const actions = item.appendChild(element('ul', 'actions'));
      for (const action of suggestion.actions ?? []) actions.appendChild(this.#action(action));
      button.addEventListener('click', () => {
        const one = card.selectionBehavior !== 'any';
        for (const other of one ? list.querySelectorAll('button') : [button]) other.disabled = true;
        answered(`Done: ${plain(suggestion.label)}`);
        this.#tell('suggestion', {card, suggestion});
        void this.#accepted(card, suggestion);
      });
    }
    return list;
  }

  #action(action: Action): HTMLElement {
    const line = element('li');
    const sign = line.appendChild(element('b', '', signs[action.type] ?? '•'));
    sign.setAttribute('aria-hidden', 'true');
    line.append(' ', plain(action.description || (verbs[action.type] ?? String(action.type))));
    return line;
  }

  #links(card: Card): HTMLElement {
    const list = element('ul', 'links');
    for (const link of card.links ?? []) {
      const url = launchUrl(link, this.getAttribute('iss'), this.getAttribute('launch'));
      const item = list.appendChild(element('li'));
      if (!url) {
        const why = link.type === 'smart' ? ' (an app; it opens from an EHR)' : ' (no usable address)';
        item.appendChild(element('span', 'note', String(link.label ?? '') + why));
        continue;
      }
      const anchor = item.appendChild(element('a', '', String(link.label ?? url)));
      anchor.href = url;
      anchor.target = '_blank';
      anchor.rel = 'noopener noreferrer';
      anchor.addEventListener('click', (event) => {
        if (!this.#tell('link', {card, link, url})) event.preventDefault();
      });
    }
    return list;
  }

  #override(card: Card, answered: (text: string) => void): HTMLElement {
    const fold = element('details', 'override');
    const reasons = card.overrideReasons ?? [];
    fold.appendChild(element('summary', '', reasons.length ? 'Keep the order, with a reason' : 'Dismiss'));
    const form = fold.appendChild(element('form'));
    let choice: HTMLSelectElement | null = null;
    if (reasons.length) {
      const label = form.appendChild(element('label', '', 'Reason'));
      choice = label.appendChild(element('select'));
      choice.required = true;
      choice.add(new Option('Choose a reason', ''));
      reasons.forEach((reason, at) => choice?.add(new Option(plain(reason.display ?? reason.code), String(at))));
    }
    const words = form.appendChild(element('label', '', 'Comment (optional)')).appendChild(element('input'));
    words.autocomplete = 'off';
    const button = form.appendChild(element('button', '', reasons.length ? 'Keep the order' : 'Dismiss the card'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const reason = choice ? reasons[Number(choice.value)] : undefined;
      button.disabled = true;
      fold.open = false;
      answered(reason ? `Kept: ${plain(reason.display ?? reason.code)}` : 'Dismissed');
      this.#tell('override', {card, reason, comment: words.value});
      void this.#overridden(card, reason, words.value);
    });
    return fold;
  }

  #tell(name: string, detail: unknown): boolean {
    return this.dispatchEvent(new CustomEvent(name, {detail, bubbles: true, composed: true, cancelable: true}));
  }

  #accepted(card: Card, suggestion: Suggestion): Promise<void> {
    if (!suggestion.uuid) return Promise.resolve();
    return this.#send(card, {outcome: 'accepted', acceptedSuggestions: [{id: suggestion.uuid}]});
  }

  #overridden(card: Card, reason: OverrideReason | undefined, comment: string): Promise<void> {
    const overrideReason: Record<string, unknown> = {};
    if (reason) overrideReason.reason = {code: reason.code, system: reason.system, display: reason.display};
    if (comment) overrideReason.userComment = comment;
    const said = Object.keys(overrideReason).length > 0;
    return this.#send(card, {outcome: 'overridden', ...(said ? {overrideReason} : {})});
  }

  /** Posts to `feedback-url`, if there is one, and tells with the event `feedback` whether it arrived. */
  async #send(card: Card, report: Record<string, unknown>): Promise<void> {
    const url = this.getAttribute('feedback-url');
    if (!url || !card.uuid) return;
    const body = {feedback: [{card: card.uuid, ...report, outcomeTimestamp: new Date().toISOString()}]};
    let ok = false;
    try {
      const answer = await fetch(url, {
        method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body),
      });
      ok = answer.ok;
    } catch {
      ok = false;
    }
    this.#tell('feedback', {card, ok, body});
  }
}

if (!customElements.get('cds-cards')) customElements.define('cds-cards', CdsCards);
