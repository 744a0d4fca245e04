import {useEffect, useRef, useState} from 'preact/hooks';
import type {Suggestion} from '../cards/cds_hooks';
import {CardsView} from './cards_view';
import {placeOf} from './json_place';
import {JsonTree} from './json_view';
import {Notice, useLoaded, Waiting} from './parts';
import {apply, dose, drafts, label, person, requestOn, uuid} from './request';
import {type Answer, type CaseFile, type Health, hookPath, type HookRequest, load, post, type Stories, type Story} from './service';

function StoryList({stories, chosen, choose}: {stories: Story[]; chosen: string; choose: (id: string) => void}) {
  const topics = [...new Set(stories.map((story) => story.topic))];
  return (
    <>
      <label class="story-select">Patient
        <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="" disabled>Choose a patient</option>
          {topics.map((topic) => (
            <optgroup key={topic} label={topic}>
              {stories.filter((story) => story.topic === topic)
                .map((story) => <option key={story.case} value={story.case}>{story.title}</option>)}
            </optgroup>
          ))}
        </select>
      </label>
      <nav class="story-list" aria-label="Patients">
        {topics.map((topic) => (
          <section key={topic}>
            <h2>{topic}</h2>
            {stories.filter((story) => story.topic === topic).map((story) => (
              <a key={story.case} href={`#try?case=${story.case}`}
                aria-current={story.case === chosen ? 'true' : undefined}>
                <strong>{story.title}</strong><span>{story.text}</span>
              </a>
            ))}
          </section>
        ))}
      </nav>
    </>
  );
}

function Chart({request}: {request: HookRequest}) {
  const patient = person(request);
  const list = drafts(request);
  return (
    <section class="chart" aria-label="Patient and draft orders">
      <p class="patient">{patient
        ? <><strong>{patient.name || 'Patient without a name'}</strong> <span>{patient.sex}, born {patient.born}</span></>
        : <strong>The request brings no Patient</strong>}</p>
      <h3>About to be signed</h3>
      {list.length === 0 && <p class="soft">No draft orders.</p>}
      <ul class="drafts">
        {list.map((draft, at) => (
          <li key={at}><strong>{label(draft)}</strong> <span>{dose(draft)}</span> <small>{draft.resourceType}</small></li>
        ))}
      </ul>
    </section>
  );
}

function curl(text: string): string {
  const body = text.replace(/'/g, `'\\''`);
  return `curl -H 'Content-Type: application/json' '${location.origin}${hookPath}' --data-binary '${body}'`;
}

function Copy({text, name}: {text: string; name: string}) {
  const [said, say] = useState('');
  return (
    <>
      <button type="button" class="quiet" onClick={() => {
        navigator.clipboard.writeText(text).then(() => say('Copied.'), () => say('The browser does not allow it.'));
      }}>{name}</button>
      <span role="status" class="soft">{said}</span>
    </>
  );
}

function parse(text: string): HookRequest | null {
  try {
    const value = JSON.parse(text) as unknown;
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as HookRequest) : null;
  } catch {
    return null;
  }
}

export function TryIt({wanted, text, setText}: {wanted: string; text: string; setText: (text: string) => void}) {
  const stories = useLoaded<Stories>('/stories.json');
  const [chosen, setChosen] = useState('');
  const [title, setTitle] = useState('');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [note, setNote] = useState('');
  const [failure, setFailure] = useState('');
  const [open, setOpen] = useState(!text);
  const [fired, setFired] = useState('');
  const editor = useRef<HTMLTextAreaElement>(null);
  const latest = useRef(0);
  const request = parse(text);

  const fire = async (body: string, because: string, from = '') => {
    const turn = ++latest.current;
    setFailure('');
    try {
      const received = await post(hookPath, body);
      if (turn !== latest.current) return;
      setAnswer(received);
      setNote(because);
      setFired(from);
      if (received.problem) setOpen(true);
    } catch {
      if (turn === latest.current) setFailure('The server cannot be reached. Does it still run?');
    }
  };

  const take = (body: string, name: string, from = '') => {
    setText(body);
    setTitle(name);
    setAnswer(null);
    setOpen(false);
    void fire(body, '', from);
  };

  // Back from another page: the request is still there, its cards are not.
  useEffect(() => { if (text.trim() && !wanted) void fire(text, ''); }, []);

  useEffect(() => {
    if (!wanted || wanted === chosen) return;
    setChosen(wanted);
    Promise.all([load<CaseFile>(`/cases/${encodeURIComponent(wanted)}.json`), load<Health>('/healthz')]).then(
      ([one, health]) => {
        const now = health.asOf ? new Date(health.asOf) : new Date();
        take(JSON.stringify(requestOn(one, now), null, 2), one.title, one.id);
      },
      (reason: unknown) => setFailure(String(reason)),
    );
  }, [wanted]);

  const carryOut = (suggestion: Suggestion) => {
    if (!request) return;
    const next = JSON.stringify(apply(request, suggestion), null, 2);
    setText(next);
    void fire(next, `“${suggestion.label}” was carried out, and the hook was fired again.`);
  };

  const read = (file: File | undefined) => {
    if (!file) return;
    file.text().then((body) => {
      setChosen('');
      take(body, file.name);
    }, () => setFailure('The file cannot be read.'));
  };

  const mark = (pointer: string) => {
    const range = placeOf(text, pointer);
    const area = editor.current;
    if (!range || !area) return;
    const fold = area.closest('details');
    if (fold) fold.open = true;
    area.focus();
    area.setSelectionRange(range.start, range.end);
    const line = text.slice(0, range.start).split('\n').length;
    area.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(area).lineHeight));
  };

  const story = stories.value?.stories.find((one) => one.case === chosen);
  return (
    <>
      <h1>Try a patient</h1>
      <div class="try">
        <div class="side">
          {stories.value
            ? <StoryList stories={stories.value.stories} chosen={chosen}
                choose={(id) => { location.hash = `#try?case=${id}`; }} />
            : <Waiting failure={stories.failure} />}
        </div>
        <div class="work" onDragOver={(event) => event.preventDefault()} onDrop={(event) => {
          event.preventDefault();
          read(event.dataTransfer?.files[0]);
        }}>
          {failure && <Notice tone="critical">{failure}</Notice>}
          {!text && <div class="blank"><p><strong>Choose a patient</strong>, or bring a request of your own: open it below,
            paste it, or drop a file here.</p></div>}
          {text && <h2>{story?.title ?? (title || 'A request of your own')}</h2>}
          {story && <p class="soft">{story.text}</p>}
          {request && <Chart request={request} />}
          {note && <Notice>{note}</Notice>}
          {answer?.problem && (
            <Notice tone="critical">
              <strong>Refused with status {answer.status}.</strong> {answer.problem.what}{' '}
              {answer.problem.place && <>At <code>{answer.problem.place}</code>. <button type="button" class="quiet"
                onClick={() => mark(answer.problem?.place ?? '')}>Mark the place</button></>}
            </Notice>
          )}
          {answer?.json && (
            <section aria-label="Cards" class="cards" data-case={fired}>
              <CardsView response={answer.json} onSuggestion={carryOut}
                onFeedback={(ok) => setFailure(ok ? '' : 'The feedback could not be stored; see the server’s log.')} />
              <p class="soft timing">Answered in {answer.milliseconds.toFixed(1)} ms with {answer.bytes} bytes;
                request id <code>{answer.requestId}</code>. <a href="#explain">Why these cards?</a></p>
            </section>
          )}
          <details class="panel" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>Request</summary>
            <div class="tools">
              <button type="button" class="main" disabled={!text.trim()} onClick={() => void fire(text, '')}>Fire the hook</button>
              <button type="button" class="quiet" disabled={!request} onClick={() => {
                if (request) setText(JSON.stringify({...request, hookInstance: uuid()}, null, 2));
              }}>Tidy</button>
              <label class="file">Open a file<input type="file" accept=".json,application/json"
                onChange={(event) => read(event.currentTarget.files?.[0])} /></label>
              {text && <Copy text={curl(text)} name="Copy as curl" />}
            </div>
            <label class="editor">The order-sign request, as JSON
              <textarea ref={editor} spellcheck={false} value={text} rows={18}
                onInput={(event) => setText(event.currentTarget.value)} />
            </label>
            {text && !request && <p class="soft" role="status">This is no JSON object yet.</p>}
          </details>
          {answer && (
            <details class="panel">
              <summary>Answer</summary>
              {answer.json ? <JsonTree value={answer.json} /> : <pre tabIndex={0}>{answer.text}</pre>}
            </details>
          )}
        </div>
      </div>
    </>
  );
}
