// JSON Schema: our messages against the schemas of /openapi.json.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {acceptanceAnswers} from './messages.mjs';
import {departures} from './schemas.mjs';

test('every answer to an acceptance case is a Response', () => {
    const answers = acceptanceAnswers();
    assert.ok(answers.length > 800, `${answers.length} answers`);
    for (const {id, response} of answers) assert.deepEqual(departures('Response', response), [], id);
});

test('every acceptance request is a Request', () => {
    for (const {id, request} of acceptanceAnswers()) {
        assert.deepEqual(departures('Request', request), [], id);
    }
});

test('the schemas refuse what the specification refuses', () => {
    const card = {
        uuid: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea', summary: 's', indicator: 'info',
        source: {label: 'l', topic: {code: 'c', system: 'urn:x'}},
    };
    assert.deepEqual(departures('Response', {cards: [card]}), []);
    const bad = [
        {},
        {cards: [{...card, summary: 'x'.repeat(140)}]},
        {cards: [{...card, indicator: 'hard-stop'}]},
        {cards: [{...card, links: []}]},
        {cards: [{...card, suggestions: [{label: 'l', uuid: card.uuid, actions: []}]}]},
        {cards: [{...card, links: [{label: 'l', url: 'https://a.b', type: 'absolute', appContext: 'x'}]}]},
    ];
    for (const one of bad) assert.notDeepEqual(departures('Response', one), [], JSON.stringify(one));
    assert.notDeepEqual(departures('Feedback', {feedback: [{card: card.uuid, outcome: 'accepted',
        outcomeTimestamp: '2026-03-10T09:00:00Z'}]}), []);
    assert.notDeepEqual(departures('Request', {hook: 'order-sign', hookInstance: card.uuid,
        context: {patientId: 'p'}}), []);
});
