// Small pieces that several pages show.
import type {ComponentChildren} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {load} from './service';

const names: Record<string, string> = {critical: 'Critical', warning: 'Warning', info: 'Information'};
const signs: Record<string, string> = {critical: '■', warning: '▲', info: '●'};

/** A weight in colour, shape and word. */
export function Indicator({level}: {level: string}) {
  return <span class={`indicator ${level}`}><span aria-hidden="true">{signs[level] ?? '●'}</span> {names[level] ?? level}</span>;
}

export function Notice({tone = 'info', children}: {tone?: string; children: ComponentChildren}) {
  return <div class={`notice ${tone}`} role={tone === 'critical' ? 'alert' : 'status'}>{children}</div>;
}

/** What GET of a path gives: the value, or why not. */
export function useLoaded<T>(path: string): {value: T | null; failure: string} {
  const [state, set] = useState<{value: T | null; failure: string}>({value: null, failure: ''});
  useEffect(() => {
    let wanted = true;
    load<T>(path).then(
      (value) => wanted && set({value, failure: ''}),
      (reason: unknown) => wanted && set({value: null, failure: String(reason)}),
    );
    return () => { wanted = false; };
  }, [path]);
  return state;
}

export function Waiting({failure}: {failure: string}) {
  return failure ? <Notice tone="critical">{failure}</Notice> : <p class="soft" role="status">Loading…</p>;
}
