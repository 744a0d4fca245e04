// JSON to look at: every object and array folds. `Marked` shows a text with one place marked.
import {useEffect, useRef} from 'preact/hooks';
import {placeOf} from './json_place';

function Leaf({value}: {value: unknown}) {
  const kind = value === null ? 'null' : typeof value;
  return <span class={`json-${kind}`}>{JSON.stringify(value)}</span>;
}

export function JsonTree({name, value, depth = 0}: {name?: string; value: unknown; depth?: number}) {
  const head = name === undefined ? null : <span class="json-name">{name}: </span>;
  if (value === null || typeof value !== 'object')
    return <div class="json-line">{head}<Leaf value={value} /></div>;
  const members = Object.entries(value);
  const size = Array.isArray(value) ? `[${members.length}]` : `{${members.length}}`;
  if (members.length === 0) return <div class="json-line">{head}{size}</div>;
  return (
    <details class="json-fold" open={depth < 2}>
      <summary>{head}{size}</summary>
      {members.map(([key, member]) => <JsonTree key={key} name={key} value={member} depth={depth + 1} />)}
    </details>
  );
}

export function Marked({text, pointer, label}: {text: string; pointer: string; label: string}) {
  const mark = useRef<HTMLElement>(null);
  useEffect(() => mark.current?.scrollIntoView({block: 'nearest'}), [pointer]);
  const range = pointer ? placeOf(text, pointer) : null;
  return (
    <pre class="marked" tabIndex={0} role="region" aria-label={label}>
      {range ? <>{text.slice(0, range.start)}<mark ref={mark}>{text.slice(range.start, range.end)}</mark>
        {text.slice(range.end)}</> : text}
    </pre>
  );
}
