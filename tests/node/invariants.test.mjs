// FHIRPath: the invariants of the logical models of CDS Hooks 3.0, on our answers.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import fhirpath from 'fhirpath';
import {acceptanceAnswers, actionsOf, suggestionsOf} from './messages.mjs';

const cardsOf = ({response}) => response.cards;
const authorizationsOf = ({request}) =>
    request.fhirAuthorization ? [request.fhirAuthorization] : [];

/// key, expression, where it holds, and a sample that must break it.
const invariants = [
    ['cds-r-1', 'fhirAuthorization.exists() implies fhirServer.exists()',
        ({request}) => [request], {fhirAuthorization: {access_token: 't'}}],
    ['cds-r-2', "scope.contains('patient/') implies patient.exists()",
        authorizationsOf, {scope: 'patient/Observation.rs'}],
    ['cds-resp-1', "selectionBehavior = 'at-most-one' implies " +
        'suggestions.where(isRecommended = true).count() <= 1',
        cardsOf, {selectionBehavior: 'at-most-one',
            suggestions: [{isRecommended: true}, {isRecommended: true}]}],
    ['cds-resp-2', "type = 'delete' implies (resourceId.exists() and resource.exists().not())",
        (one) => [...cardsOf(one).flatMap(actionsOf), ...(one.response.systemActions ?? [])],
        {type: 'delete', resource: {resourceType: 'Task'}}],
    ['cds-resp-3', "type != 'smart' implies appContext.exists().not()",
        (one) => cardsOf(one).flatMap((card) => card.links ?? []),
        {type: 'absolute', appContext: 'x'}],
    ['cds-resp-4', 'display.exists()',
        (one) => cardsOf(one).flatMap((card) => card.overrideReasons ?? []), {code: 'c'}],
    ['cds-resp-5', 'actions.all(description.exists())',
        (one) => cardsOf(one).flatMap(suggestionsOf), {actions: [{type: 'create'}]}],
    ['cds-resp-6', 'suggestions.exists() implies selectionBehavior.exists()',
        cardsOf, {suggestions: [{label: 'l'}]}],
    ['cds-resp-7', "actionSelectionBehavior.exists() implies " +
        "actionSelectionBehavior in ('all' | 'any' | 'at-most-one')",
        (one) => cardsOf(one).flatMap(suggestionsOf), {actionSelectionBehavior: 'some'}],
    ['cds-fb-1', "outcome = 'accepted' or outcome = 'overridden'",
        feedbackTo, {outcome: 'ignored'}],
    ['cds-fb-2', "outcome = 'accepted' implies acceptedSuggestions.exists()",
        feedbackTo, {outcome: 'accepted'}],
    ['cds-fb-3', 'overrideReason.exists() implies ' +
        '(overrideReason.reason.exists() or overrideReason.userComment.exists())',
        feedbackTo, {overrideReason: {note: 'n'}}],
    // The published pattern is no regular expression to a strict reader; this is what it means.
    ['ord-1', "userId.exists() implies userId.matches('^[A-Za-z0-9_]+/[A-Za-z0-9_.-]+$')",
        ({request}) => [request.context], {userId: 'dr'}],
];

/// What a client would report about an answer: its first suggestion accepted, else overridden.
function feedbackTo({response}) {
    return response.cards.map((card) => {
        const [first] = suggestionsOf(card);
        return first ? {card: card.uuid, outcome: 'accepted', acceptedSuggestions: [{id: first.uuid}]}
            : {card: card.uuid, outcome: 'overridden', overrideReason: {userComment: 'seen'}};
    });
}

const answers = acceptanceAnswers();
for (const [key, expression, places, broken] of invariants) {
    const holds = fhirpath.compile(expression);
    test(`${key} holds of every answer to an acceptance case`, () => {
        let looked = 0;
        for (const one of answers) {
            for (const fragment of places(one)) {
                ++looked;
                assert.deepEqual(holds(fragment), [true], `${one.id}: ${JSON.stringify(fragment)}`);
            }
        }
        assert.ok(looked > 0 || key === 'cds-r-2', 'nothing was looked at');
    });
    test(`${key} is false of what breaks it`, () => {
        assert.deepEqual(holds(broken), [false]);
    });
}
