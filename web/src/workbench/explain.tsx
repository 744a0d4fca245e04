import {useEffect, useState} from 'preact/hooks';
import {answerNames, day, type Explanation, factText, groupNames, type LookUp, type Row, type RuleAnswer} from './explanation';
import {Marked} from './json_view';
import {Indicator, Notice} from './parts';
import {hookPath, post} from './service';
import {Timeline} from './timeline';

const order = ['yes', 'unknown', 'suppressed', 'withheld', 'no', 'not-run', 'off'];

/** What the facts call a resource: `Observation/1` -> "creatinine". */
type Names = Map<string, string>;

function namesOf(explanation: Explanation): Names {
  return new Map((explanation.facts.results ?? []).map((fact) => [`${fact.resourceType}/${fact.id}`, fact.test ?? '']));
}

function rowText(row: Row, names: Names): string {
  const name = names.get(`${row.resourceType}/${row.id}`)?.replace(/_/g, ' ');
  return [name, row.value ?? `${row.resourceType ?? ''} ${row.id ?? ''}`, day(row.date)].filter(Boolean).join(', ');
}

function Deciding({lookUp, names}: {lookUp: LookUp; names: Names}) {
  const asked = lookUp.asked === undefined ? '' : typeof lookUp.asked === 'string' ? lookUp.asked : JSON.stringify(lookUp.asked);
  return (
    <li><strong>{lookUp.question.replace(/-/g, ' ')}</strong>{asked && `: ${asked.replace(/_/g, ' ')}`}{' '}
      <span class="soft">{lookUp.answer ?? (lookUp.found === 0 ? 'nothing found' : `${lookUp.found ?? ''} found`)}</span>
      {(lookUp.rows ?? []).length > 0 && <ul>{lookUp.rows?.map((row, at) => <li key={at}>{rowText(row, names)}</li>)}</ul>}
    </li>
  );
}

function RuleLine({rule, names}: {rule: RuleAnswer; names: Names}) {
  const [shown, show] = useState(false);
  return (
    <li>
      <details onToggle={(event) => show(event.currentTarget.open)}>
        <summary>{rule.indicator && <><Indicator level={rule.indicator} /> </>}<h3 class="rule-title">{rule.title}</h3> <code>{rule.id}</code></summary>
        {shown && (
          <div class="rule-body">
            {rule.suppressedBy && <p>Said by <code>{rule.suppressedBy}</code>.</p>}
            {rule.detail && <p>{rule.detail}</p>}
            {rule.open?.map((one) => <p key={one.query}>Open: <code>{one.query}</code>, {one.reason}.</p>)}
            {rule.evidence && rule.evidence.length > 0 && (
              <><h4>Rests on</h4><ul>{rule.evidence.map((row, at) => <li key={at}>{rowText(row, names)}</li>)}</ul></>
            )}
            {rule.lookUps && rule.lookUps.length > 0
              ? <><h4>Asked</h4><ul>{rule.lookUps.map((one, at) => <Deciding key={at} lookUp={one} names={names} />)}</ul></>
              : rule.answer !== 'not-run' && <p class="soft">Decided by the order alone.</p>}
            <p><a href={`#rules?rule=${encodeURIComponent(rule.id)}`}>The rule</a></p>
          </div>
        )}
      </details>
    </li>
  );
}

function RuleAnswers({rules, names}: {rules: RuleAnswer[]; names: Names}) {
  const groups = order.map((answer) => ({answer, some: rules.filter((rule) => rule.answer === answer)}))
    .filter((group) => group.some.length > 0);
  return (
    <section aria-labelledby="answers">
      <h2 id="answers">Each rule</h2>
      {groups.map(({answer, some}) => (
        <details key={answer} class="panel" open={answer === 'yes' || answer === 'unknown'}>
          <summary>{answerNames[answer] ?? answer} ({some.length})</summary>
          <ul class="rule-list">{some.map((rule) => <RuleLine key={rule.id} rule={rule} names={names} />)}</ul>
        </details>
      ))}
    </section>
  );
}

function Facts({explanation, look}: {explanation: Explanation; look: (at: string) => void}) {
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">Facts found</h2>
      {Object.entries(explanation.facts).filter(([, facts]) => facts.length > 0).map(([group, facts]) => (
        <details key={group} class="panel" open={group === 'medications' || group === 'conditions'}>
          <summary>{groupNames[group] ?? group} ({facts.length})</summary>
          <ul class="fact-list">
            {facts.map((fact, at) => {
              const means = [...(fact.drugs ?? []), ...(fact.means ?? []), fact.test ?? ''].filter(Boolean).join(', ').replace(/_/g, ' ');
              return (
                <li key={at}>
                  {fact.at
                    ? <button type="button" class="quiet" onClick={() => look(fact.at ?? '')}>{factText(fact) || fact.at}</button>
                    : <span>{factText(fact)}</span>}
                  <span class="soft">{[day(fact.date), means || 'means nothing to any rule'].filter(Boolean).join('; ')}</span>
                </li>
              );
            })}
          </ul>
        </details>
      ))}
      {explanation.discarded.length > 0 && (
        <details class="panel">
          <summary>Passed over ({explanation.discarded.length})</summary>
          <ul class="fact-list">
            {explanation.discarded.map((one, at) => (
              <li key={at}>
                <button type="button" class="quiet" onClick={() => look(one.at ?? '')}>{one.resourceType} {one.id}</button>
                <span class="soft">{one.reason.replace(/-/g, ' ')}{one.detail && `: ${one.detail}`}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** The text with line breaks, so that a marked place can be read. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function Explain({text, setText}: {text: string; setText: (text: string) => void}) {
  const [explanation, setExplanation] = useState<Explanation | null>(null);
  const [failure, setFailure] = useState('');
  const [at, look] = useState('');
  useEffect(() => {
    if (!text) return;
    let wanted = true;
    post(`${hookPath}/$explain`, text).then((answer) => {
      if (!wanted) return;
      setFailure(answer.problem ? `${answer.problem.what} ${answer.problem.place}` : '');
      setExplanation(answer.json as unknown as Explanation | null);
    }, () => wanted && setFailure('The server cannot be reached. Does it still run?'));
    return () => { wanted = false; };
  }, [text]);
  if (!text)
    return (
      <><h1>Explain</h1>
        <div class="blank"><p><a href="#try">Choose a patient</a> or bring a request of your own; this page then tells how its
          answer came about.</p></div></>
    );
  return (
    <>
      <h1>Explain</h1>
      {failure && <Notice tone="critical">{failure}</Notice>}
      {!explanation && !failure && <p class="soft" role="status">Loading…</p>}
      {explanation && (
        <>
          <p class="soft">As of {explanation.clock.now} ({explanation.clock.zone}{explanation.clock.frozen ? ', clock frozen' : ''}).
            {' '}<a href="#try">Back to the cards</a></p>
          {explanation.queries.some((query) => !query.complete) && (
            <Notice tone="warning">Not complete: {explanation.queries.filter((query) => !query.complete)
              .map((query) => `${query.query} (${query.reason ?? ''})`).join(', ')}.</Notice>
          )}
          {(explanation.context.tolerated ?? 0) > 0 && (
            <Notice>{explanation.context.tolerated} departures from CDS Hooks were read all the same.</Notice>
          )}
          <Timeline explanation={explanation} />
          <div class="halves">
            <div>
              <RuleAnswers rules={explanation.rules} names={namesOf(explanation)} />
              <Facts explanation={explanation} look={look} />
            </div>
            <section aria-labelledby="json" class="sticky">
              <h2 id="json">Request</h2>
              <p class="soft">{at ? <>Marked: <code>{at}</code></> : 'Choose a fact to mark it here.'}
                {' '}<button type="button" class="quiet" onClick={() => setText(pretty(text))}>Tidy</button></p>
              <Marked text={text} pointer={at} label="Request as JSON" />
            </section>
          </div>
        </>
      )}
    </>
  );
}
