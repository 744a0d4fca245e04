// Where a JSON pointer leads in a JSON text.

export interface Range { start: number; end: number }

class Scanner {
  at = 0;
  constructor(private text: string) {}

  blanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) ++this.at;
  }

  string(): string {
    const start = this.at++;
    while (this.at < this.text.length && this.text[this.at] !== '"') this.at += this.text[this.at] === '\\' ? 2 : 1;
    ++this.at;
    return JSON.parse(this.text.slice(start, this.at)) as string;
  }

  /** Passes over a value; returns the range of what `path` names in it. */
  value(path: string[] | null): Range | null {
    this.blanks();
    const start = this.at;
    const open = this.text[this.at];
    let found: Range | null = null;
    if (open === '{' || open === '[') {
      ++this.at;
      for (let index = 0; ; ++index) {
        this.blanks();
        if (this.at >= this.text.length || this.text[this.at] === '}' || this.text[this.at] === ']') break;
        let name = String(index);
        if (open === '{') {
          name = this.string();
          this.blanks();
          ++this.at;  // the colon
        }
        const inside = this.value(path && path.length > 0 && path[0] === name ? path.slice(1) : null);
        found = inside ?? found;
        this.blanks();
        if (this.text[this.at] === ',') ++this.at;
      }
      ++this.at;
    } else if (open === '"') {
      this.string();
    } else {
      while (this.at < this.text.length && !/[\s,\]}]/.test(this.text[this.at])) ++this.at;
    }
    return path?.length === 0 ? {start, end: this.at} : found;
  }
}

/** What the pointer names, or the nearest that is there around it; none when the text is no JSON. */
export function placeOf(text: string, pointer: string): Range | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const path = pointer.split('/').slice(1).map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
  for (; path.length > 0; path.pop()) {
    const range = new Scanner(text).value(path);
    if (range) return range;
  }
  return new Scanner(text).value([]);
}
