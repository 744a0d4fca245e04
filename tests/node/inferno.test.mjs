// A client of the kind that the Inferno suite for CRD servers is, against a running server.
import assert from 'node:assert/strict';
import {generateKeyPairSync, randomBytes, sign} from 'node:crypto';
import {after, before, test} from 'node:test';
import {acceptanceAnswers, acceptanceCases, readJson, startServer} from './messages.mjs';
import {answerDepartures} from './schemas.mjs';
import {emptyMembers, responseFaults, strayTargets} from './inferno.mjs';

let server;
before(async () => { server = await startServer(); });
after(async () => { await server?.stop(); });

const key = generateKeyPairSync('ec', {namedCurve: 'P-384'}).privateKey;
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/// The token that the suite sends: ES384, five minutes, the endpoint as a plain `aud`.
function token(audience) {
    const now = Math.floor(Date.now() / 1000);
    const content = [
        {typ: 'JWT', alg: 'ES384', kid: 'k', jku: 'https://inferno.invalid/jwks.json'},
        {iss: 'https://inferno.invalid/custom/crd_server', aud: audience, iat: now, exp: now + 300,
            jti: randomBytes(32).toString('hex')},
    ].map(encoded).join('.');
    const signature = sign('sha384', Buffer.from(content), {key, dsaEncoding: 'ieee-p1363'});
    return `${content}.${signature.toString('base64url')}`;
}

async function discovered() {
    const answer = await fetch(`${server.base}/cds-services`, {headers: {Accept: 'application/json'}});
    assert.equal(answer.status, 200);
    return answer.json();
}

async function call(id, body) {
    const url = `${server.base}/cds-services/${id}`;
    return fetch(url, {method: 'POST', body: JSON.stringify(body), headers: {
        'Content-Type': 'application/json', Authorization: `Bearer ${token(url)}`}});
}

test('discovery lists services with hook, description and id', async () => {
    const {services} = await discovered();
    assert.ok(Array.isArray(services) && services.length > 0);
    for (const service of services) {
        for (const name of ['hook', 'description', 'id']) assert.equal(typeof service[name], 'string');
    }
    assert.deepEqual(emptyMembers({services}), []);
});

test('every valid call is answered with exactly 200 and JSON', async () => {
    const {services} = await discovered();
    for (const {id, request} of acceptanceCases()) {
        const service = services.find((one) => one.hook === request.hook);
        const answer = await call(service.id, request);
        assert.equal(answer.status, 200, id);
        assert.equal(answer.headers.get('content-type'), 'application/json');
        const response = await answer.json();
        assert.deepEqual(responseFaults(response, 'base'), [], id);
    }
});

test('every answer passes the checks of the response in the base profile', () => {
    for (const {id, request, response} of acceptanceAnswers()) {
        assert.deepEqual(responseFaults(response, 'base'), [], id);
        assert.deepEqual(emptyMembers(response), [], id);
        assert.deepEqual(strayTargets(response, request), [], id);
    }
});

test('every answer passes those of the CRD profile but for the switch systemActions', () => {
    for (const {id, response} of acceptanceAnswers()) {
        // The suite wants an empty array that CDS Hooks forbids (G4): for clients that ask for it.
        assert.deepEqual(responseFaults({systemActions: [], ...response}, 'crd'), [], id);
    }
});

test('some answer has a card with evidence links only, and some one without links or suggestions', () => {
    const cards = acceptanceAnswers().flatMap(({response}) => response.cards);
    assert.ok(cards.some((card) => card.links?.every((link) => link.type === 'absolute')));
    assert.ok(cards.some((card) => !card.links && !card.suggestions));
});

test('the checks find what they look for', () => {
    const card = {summary: 's', indicator: 'info', source: {label: 'l'}};
    assert.deepEqual(responseFaults({cards: [card]}, 'base'), []);
    assert.deepEqual(responseFaults({cards: [card]}, 'crd'), ['/cards/0: source.topic', '/systemActions']);
    for (const bad of [{summary: 'é'.repeat(140)}, {indicator: 'error'}, {links: []}, {detail: ''},
        {suggestions: [{label: 'l'}]}, {selectionBehavior: 'any', suggestions: [{label: 'l', actions: []}]},
        {overrideReasons: [{code: 'c', system: 's'}]},
        {links: [{label: 'l', url: 'doi.org', type: 'absolute'}]}]) {
        assert.notDeepEqual(responseFaults({cards: [{...card, ...bad}]}, 'base'), [], JSON.stringify(bad));
    }
    assert.deepEqual(emptyMembers({cards: [], a: [{b: null}], c: ''}), ['/a/0/b', '/c']);
});

test('errors are an OperationOutcome, also for a browser', async () => {
    const answer = await fetch(`${server.base}/cds-services/immunosuppressant-safety`,
        {method: 'POST', body: '{',
            headers: {'Content-Type': 'application/json', Origin: 'http://localhost:1'}});
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).resourceType, 'OperationOutcome');
    assert.equal(answer.headers.get('access-control-allow-origin'), 'http://localhost:1');
});

test('the Postman collection is answered as it and the OpenAPI document say', async () => {
    const collection = readJson('docs/countersign.postman_collection.json');
    const values = {...Object.fromEntries(collection.variable.map((one) => [one.key, one.value])),
        baseUrl: server.base};
    const filled = (text) => text.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
    for (const {name, request, response} of collection.item) {
        const headers = Object.fromEntries((request.header ?? []).map((one) => [one.key, one.value]));
        const answer = await fetch(filled(request.url), {method: request.method, headers,
            body: request.body ? filled(request.body.raw) : undefined});
        assert.equal(answer.status, response[0].code, name);
        const body = await answer.json();
        if (name.startsWith('Sign ')) assert.ok(body.cards.length > 0, name);
        assert.deepEqual(answerDepartures(new URL(answer.url).pathname, request.method, answer.status,
            answer.headers.get('content-type'), body), [], name);
    }
});
