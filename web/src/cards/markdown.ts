// Markdown of a card as DOM nodes. Nothing is ever parsed as HTML: text becomes text nodes, and the only
// elements are those made below. So whatever a card quotes from a chart stays inert.

/** Characters that turn the direction of text around or cannot be seen; they are left out. */
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

export function plain(text: string): string {
  return text.replace(invisible, '');
}

/** An address that may become a link; everything but http, https and mailto stays text. */
export function safeUrl(text: string): string | null {
  try {
    const url = new URL(text);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

const named: Record<string, string> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0'};

function entity(body: string): string {
  if (!body.startsWith('#')) return named[body] ?? `&${body};`;
  const hex = body[1] === 'x' || body[1] === 'X';
  const code = parseInt(body.slice(hex ? 2 : 1), hex ? 16 : 10);
  return code > 0 && code <= 0x10ffff ? plain(String.fromCodePoint(code)) : '';
}

// In this order: escape, character reference, code, strong, emphasis, link, bare address.
const inline =
  /\\([!-/:-@[-`{-~])|&(#?\w{1,12});|`([^`]+)`|\*\*(.+?)\*\*|\*([^*\s][^*]*)\*|\[([^\]]*)\]\(([^)\s]*)\)|(https?:\/\/[^\s<>()]+[^\s<>().,;:])/g;

/** Text with its marks; `depth` keeps marks within marks within bounds. */
export function appendInline(parent: Node, text: string, depth = 0): void {
  let from = 0;
  for (const found of text.matchAll(inline)) {
    const [all, escaped, reference, code, strong, emphasis, label, target, address] = found;
    parent.appendChild(document.createTextNode(text.slice(from, found.index)));
    from = (found.index ?? 0) + all.length;
    const marked = (name: string, inner: string) => {
      const element = document.createElement(name);
      if (depth < 4 && name !== 'code') appendInline(element, inner, depth + 1);
      else element.textContent = inner;
      parent.appendChild(element);
    };
    if (escaped !== undefined) parent.appendChild(document.createTextNode(escaped));
    else if (reference !== undefined) parent.appendChild(document.createTextNode(entity(reference)));
    else if (code !== undefined) marked('code', code);
    else if (strong !== undefined) marked('strong', strong);
    else if (emphasis !== undefined) marked('em', emphasis);
    else parent.appendChild(link(label ?? address, target ?? address) ?? document.createTextNode(all));
  }
  parent.appendChild(document.createTextNode(text.slice(from)));
}

function link(label: string, target: string): HTMLAnchorElement | null {
  const url = safeUrl(target);
  if (!url) return null;
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.target = '_blank';
  anchor.rel = 'noopener noreferrer';
  anchor.textContent = label;
  return anchor;
}

/** A part of a detail: the heading that it stood under (empty before the first) and its blocks. */
export interface Section {
  heading: string;
  body: HTMLElement;
}

/** The parts of a detail. A heading is a line with `#`, or a paragraph that is bold throughout. */
export function sections(markdown: string): Section[] {
  const out: Section[] = [];
  let list: HTMLElement | null = null;
  let paragraph: string[] = [];
  const current = () => {
    if (out.length === 0) out.push({heading: '', body: document.createElement('div')});
    return out[out.length - 1].body;
  };
  const endParagraph = () => {
    if (paragraph.length === 0) return;
    const element = document.createElement('p');
    appendInline(element, paragraph.join(' '));
    current().appendChild(element);
    paragraph = [];
  };
  for (const line of plain(markdown.replace(/\r\n?/g, '\n')).split('\n')) {
    const heading = /^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$/.exec(line) ?? /^\s{0,3}\*\*([^*]+)\*\*:?\s*$/.exec(line);
    const item = /^\s*(?:([-*+])|\d{1,3}[.)])\s+(.*)$/.exec(line);
    if (heading || item || line.trim() === '') endParagraph();
    if (heading) {
      list = null;
      out.push({heading: heading[1], body: document.createElement('div')});
    } else if (item) {
      const name = item[1] ? 'UL' : 'OL';
      if (!list || list.tagName !== name) list = current().appendChild(document.createElement(name));
      appendInline(list.appendChild(document.createElement('li')), item[2]);
    } else if (line.trim() !== '') {
      if (list && /^\s/.test(line) && list.lastElementChild) {
        list.lastElementChild.appendChild(document.createTextNode(' '));
        appendInline(list.lastElementChild, line.trim());
      } else {
        list = null;
        paragraph.push(line.trim());
      }
    }
  }
  endParagraph();
  return out;
}
