import {Notice, useLoaded, Waiting} from './parts';
import type {Catalogue, Health} from './service';

const steps = [
  {href: '#try', name: 'Try a patient', text: 'Choose a story, fire the hook, see the cards, apply a suggestion.'},
  {href: '#explain', name: 'See why', text: 'Timeline, facts, and the answer of each rule with what decided it.'},
  {href: '#rules', name: 'Read the rules', text: 'Thresholds, wording, evidence and limits, with an example each.'},
  {href: '#feedback', name: 'What became of the cards', text: 'Shown, accepted, overridden with which reason, ignored.'},
];

function State({health}: {health: Health}) {
  const {knowledge, policy, codeLists} = health;
  return (
    <dl class="facts">
      <dt>Program</dt><dd>{health.version}</dd>
      <dt>Knowledge</dt><dd>{knowledge.version} <code>{knowledge.digest.slice(0, 12)}</code>, review by {knowledge.reviewBy}</dd>
      <dt>Site policy</dt><dd>{policy ? `${policy.version}, review by ${policy.reviewBy}` : 'none: the rules hold as delivered'}</dd>
      <dt>Code lists</dt><dd>SNOMED CT {codeLists.snomedCt ? 'yes' : 'no'}, ATC {codeLists.atc ? 'yes' : 'no'}</dd>
      <dt>Clinical clock</dt><dd>{health.asOf ? `frozen at ${health.asOf}` : 'the time of day'}</dd>
    </dl>
  );
}

function NotChecked({catalogue}: {catalogue: Catalogue}) {
  return (
    <section aria-labelledby="not-checked">
      <h2 id="not-checked">What it does not check</h2>
      <p>No card means that none of the rules spoke. It is no clearance.</p>
      <ul class="plain-list">
        {catalogue.notCovered.map((one) => (
          <li key={one.with + one.what}>
            <details>
              <summary><strong>{one.with}</strong>: {one.what}</summary>
              <p>{one.examples.length > 0 && <>For example {one.examples.join(', ')}. </>}{one.why}.</p>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Home() {
  const health = useLoaded<Health>('/healthz');
  const catalogue = useLoaded<Catalogue>('/rules.json');
  const rules = catalogue.value?.rules ?? [];
  const count = (level: string) => rules.filter((rule) => rule.indicators.includes(level)).length;
  return (
    <>
      <h1>Checks drug orders before they are signed</h1>
      <p class="lead">An EHR sends the orders that are about to be signed and the chart. Countersign looks for
        dangerous combinations, contraindications, doses and missing monitoring around infliximab, ciclosporin,
        azathioprine and omalizumab, and answers with cards. Everything on these pages comes from this server;
        nothing leaves it.</p>
      <ul class="steps">
        {steps.map((step) => (
          <li key={step.href}><a href={step.href}><strong>{step.name}</strong><span>{step.text}</span></a></li>
        ))}
      </ul>
      <div class="halves">
        <section aria-labelledby="state">
          <h2 id="state">This server</h2>
          {health.value ? <State health={health.value} /> : <Waiting failure={health.failure} />}
          {health.value && !health.value.codeLists.snomedCt && (
            <Notice tone="warning">Without the SNOMED CT lists, drugs and conditions coded in it alone are not recognised.</Notice>
          )}
        </section>
        <section aria-labelledby="checks">
          <h2 id="checks">What it checks</h2>
          {catalogue.value ? (
            <dl class="facts">
              <dt>Rules</dt><dd>{rules.filter((rule) => rule.enabled).length} in force</dd>
              <dt>Critical</dt><dd>{count('critical')} can interrupt as critical</dd>
              <dt>Warning</dt><dd>{count('warning')} can warn</dd>
              <dt>Information</dt><dd>{count('info')} can inform</dd>
              <dt>Silence</dt><dd>what could not be checked stands on a card of its own</dd>
            </dl>
          ) : <Waiting failure={catalogue.failure} />}
        </section>
      </div>
      {catalogue.value && <NotChecked catalogue={catalogue.value} />}
    </>
  );
}
