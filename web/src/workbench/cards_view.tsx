// The very component that /cds-cards.js serves, inside the workbench.
import '../cards/cds_cards';
import type {CdsCards} from '../cards/cds_cards';
import type {HookResponse, Suggestion} from '../cards/cds_hooks';
import {h} from 'preact';
import {useEffect, useRef} from 'preact/hooks';
import {hookPath} from './service';

export interface CardsEvents {
  onSuggestion: (suggestion: Suggestion) => void;
  onFeedback: (ok: boolean) => void;
}

export function CardsView({response, onSuggestion, onFeedback}: {response: HookResponse} & CardsEvents) {
  const cards = useRef<CdsCards>(null);
  const listeners = useRef({onSuggestion, onFeedback});
  listeners.current = {onSuggestion, onFeedback};
  useEffect(() => {
    const element = cards.current;
    if (!element) return;
    const suggested = (event: Event) =>
      listeners.current.onSuggestion((event as CustomEvent<{suggestion: Suggestion}>).detail.suggestion);
    const told = (event: Event) => listeners.current.onFeedback((event as CustomEvent<{ok: boolean}>).detail.ok);
    element.addEventListener('suggestion', suggested);
    element.addEventListener('feedback', told);
    return () => {
      element.removeEventListener('suggestion', suggested);
      element.removeEventListener('feedback', told);
    };
  }, []);
  useEffect(() => { if (cards.current) cards.current.response = response; }, [response]);
  return h('cds-cards', {
    ref: cards, 'feedback-url': `${hookPath}/feedback`,
    'empty-text': 'No cards: every check that these orders call for was done and found nothing.',
  });
}
